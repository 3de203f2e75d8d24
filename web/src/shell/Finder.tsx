import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { Icon } from '@/ui/Icon';
import { useFound, type Line } from './found';
import { words } from './strings';

interface Props {
  me: Schemas['Me'];
  close: () => void;
}

/** One box over everything: opened by `/`, steered by arrows, left by Esc. */
export function Finder({ me, close }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { lines, settled } = useFound(text, me);
  const here = Math.min(at, lines.length - 1);
  useEffect(() => box.current?.showModal(), []);
  useEffect(() => {
    document.getElementById(`found-${here}`)?.scrollIntoView({ block: 'nearest' });
  }, [here]);
  const open = (line: Line | undefined) => {
    if (!line) return;
    close();
    void navigate(line.to);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(lines.length - 1, here + step)));
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && settled) open(lines[here]);
  };
  return (
    <dialog
      ref={box}
      className="finder"
      aria-label={words.searchLabel}
      onClose={close}
      onClick={(event) => event.target === box.current && close()}
    >
      <div className="finder-box">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label={words.searchLabel}
          aria-expanded={lines.length > 0}
          aria-controls="found"
          aria-activedescendant={here >= 0 ? `found-${here}` : undefined}
          placeholder={words.searchHint}
          maxLength={100}
          value={text}
          onKeyDown={press}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
        />
      </div>
      <Lines lines={lines} here={here} open={open} none={settled && text.trim() !== '' ? text.trim() : null} />
      <p className="finder-foot">{words.searchFoot}</p>
    </dialog>
  );
}

function Lines({ lines, here, open, none }: { lines: Line[]; here: number; open: (line: Line) => void; none: string | null }) {
  if (!lines.length && none !== null) {
    return (
      <div className="finder-list finder-none">
        <p>{words.nothingFound(none)}</p>
        <p>{words.nothingFoundHint}</p>
      </div>
    );
  }
  return (
    <div className="finder-list" id="found" role="listbox" aria-label={words.searchLabel} tabIndex={-1}>
      {lines.map((line, index) => (
        <div key={`${line.group} ${line.to} ${line.title}`} role="presentation">
          {line.group !== lines[index - 1]?.group && <div className="finder-group">{line.group}</div>}
          <div
            id={`found-${index}`}
            className="finder-one"
            role="option"
            aria-selected={index === here}
            onClick={() => open(line)}
          >
            <b>{line.title}</b>
            <small>{line.note}</small>
          </div>
        </div>
      ))}
    </div>
  );
}
