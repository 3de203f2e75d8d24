import { Popover } from 'antd';
import { Link, NavLink } from 'react-router';
import type { Schemas } from '@/api/client';
import { SignOut } from '@/modules/security/SignOut';
import { Icon } from '@/ui/Icon';
import { groups, type Item } from './menu';
import { words } from './strings';

type Me = Schemas['Me'];

interface Props {
  me: Me;
  open: boolean;
  toggle: () => void;
  find: () => void;
}

export function Menu({ me, open, toggle, find }: Props) {
  return (
    <header className={open ? 'side side-open' : 'side'}>
      <div className="side-top">
        <Link to="/" className="brand">
          <img src="/mark.svg" alt="" width={22} height={22} />
          {words.brand}
        </Link>
        <button className="side-toggle" aria-label={words.menu} aria-expanded={open} onClick={toggle}>
          <Icon name="menu" />
        </button>
      </div>
      <div className="side-rest">
        {me.permissions.includes('catalogue.read') && (
          <button className="side-search" onClick={find}>
            <Icon name="search" />
            <span>{words.search}</span>
            <kbd>/</kbd>
          </button>
        )}
        <nav aria-label={words.menu}>
          {groups.map((group, index) => (
            <Group key={index} title={group.title} items={group.items} me={me} />
          ))}
        </nav>
        <Person me={me} />
      </div>
    </header>
  );
}

function Group({ title, items, me }: { title?: string | undefined; items: Item[]; me: Me }) {
  const shown = items.filter((item) => !item.needs || me.permissions.includes(item.needs));
  if (!shown.length) return null;
  return (
    <>
      {title && <div className="side-group">{title}</div>}
      {shown.map((item) => (
        <NavLink key={item.to} to={item.to} end={item.to === '/'} className="side-item">
          <Icon name={item.icon} />
          {item.title}
        </NavLink>
      ))}
    </>
  );
}

function Person({ me }: { me: Me }) {
  const choices = (
    <div className="side-choices">
      <Link to="/change-password">{words.changePassword}</Link>
      <SignOut>{words.signOut}</SignOut>
    </div>
  );
  return (
    <Popover content={choices} trigger="click" placement="topLeft" arrow={false}>
      <button className="side-person">
        <span className="side-face">{me.title.slice(0, 1) || me.name.slice(0, 1)}</span>
        <span className="side-name">
          <b>{me.title || me.name}</b>
          <small>{me.role_titles.includes(me.title) ? words.account(me.name) : me.role_titles.join('、')}</small>
        </span>
      </button>
    </Popover>
  );
}
