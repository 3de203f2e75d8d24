import { Popover } from 'antd';
import { Link, NavLink } from 'react-router';
import type { Schemas } from '@/api/client';
import { SignOut } from '@/modules/security/SignOut';
import { Icon, type IconName } from '@/ui/Icon';
import { words } from './strings';

interface Item {
  to: string;
  title: string;
  icon: IconName;
  needs?: string;
}

const groups: { title?: string; items: Item[] }[] = [
  { items: [{ to: '/', title: words.workbench, icon: 'home' }] },
  {
    title: words.data,
    items: [
      { to: '/catalogue', title: words.catalogue, icon: 'book', needs: 'catalogue.read' },
      { to: '/services', title: words.services, icon: 'plug', needs: 'services.read' },
      { to: '/quality', title: words.quality, icon: 'check', needs: 'catalogue.read' },
      { to: '/cockpit', title: words.cockpit, icon: 'gauge', needs: 'cockpit.read' },
    ],
  },
  {
    title: words.operate,
    items: [
      { to: '/runs', title: words.runs, icon: 'play', needs: 'runs.read' },
      { to: '/arrivals', title: words.arrivals, icon: 'inbox', needs: 'catalogue.read' },
      { to: '/sources', title: words.sources, icon: 'database', needs: 'sources.read' },
      { to: '/system', title: words.system, icon: 'server', needs: 'system.read' },
    ],
  },
];

type Me = Schemas['Me'];

export function Menu({ me, open, toggle }: { me: Me; open: boolean; toggle: () => void }) {
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
        <Link to="/catalogue" state={{ focus: true }} className="side-search">
          <Icon name="search" />
          <span>{words.search}</span>
          <kbd>/</kbd>
        </Link>
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
          <small>{me.role_titles.includes(me.title) ? me.name : me.role_titles.join('、')}</small>
        </span>
      </button>
    </Popover>
  );
}
