import { Link } from 'react-router';
import { dayOf, timeOf } from '@/ui/format';
import { useNow } from '@/ui/time';
import { words } from './strings';

interface Props {
  title: string;
  at: string | null;
  broken: boolean;
}

export function Header({ title, at, broken }: Props) {
  const now = new Date(useNow());
  return (
    <header className="ck-head">
      <h1>{title}</h1>
      <span className={broken ? 'ck-asof ck-bad' : 'ck-asof'}>
        {at && (broken ? words.stale(timeOf(at)) : words.asOf(timeOf(at)))}
      </span>
      <time className="ck-clock">
        {dayOf(now)} <b>{timeOf(now)}</b>
      </time>
      <nav className="ck-nav">
        <button onClick={() => void document.documentElement.requestFullscreen()}>{words.fullScreen}</button>
        <Link to="/">{words.leave}</Link>
      </nav>
    </header>
  );
}
