import { useVirtualizer } from '@tanstack/react-virtual';
import { Switch } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '@/api/client';
import { timeOf } from './format';
import { words } from './strings';

type Line = Schemas['LogLine'];

/** A log of any length: only the lines in sight are drawn, the newest stays in sight if wished. */
export function LogView({ lines, quiet }: { lines: Line[]; quiet: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  // The list is long-lived and changes under us: react-virtual's own state is the truth here.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 22,
    overscan: 20,
  });
  useEffect(() => {
    if (follow && lines.length) rows.scrollToIndex(lines.length - 1);
  }, [follow, lines.length, rows]);
  if (!lines.length) return <p className="dim">{quiet}</p>;
  return (
    <>
      <div className="log-head">
        <span className="dim">
          {lines.length} {words.lines}
        </span>
        <label>
          <Switch size="small" checked={follow} onChange={setFollow} /> {words.follow}
        </label>
      </div>
      <div className="log" ref={box} tabIndex={0} role="log" aria-live="off">
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((row) => (
            <div
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              className={`log-line log-${lines[row.index]?.level}`}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <LogText line={lines[row.index]} />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

function LogText({ line }: { line: Line | undefined }) {
  if (!line) return null;
  return (
    <>
      <time>{timeOf(line.at)}</time>
      <span>{line.text}</span>
    </>
  );
}
