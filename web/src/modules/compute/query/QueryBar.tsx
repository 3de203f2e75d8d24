import { Button, Select } from 'antd';
import { useState } from 'react';
import { asApiError, type ApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { Elapsed } from '@/ui/Time';
import { exportCsv } from './queries';
import { words } from './strings';

const SIZES = [100, 1000, 10_000];

interface Props {
  text: string;
  rows: number;
  setRows: (rows: number) => void;
  started: string | null;
  stopping: boolean;
  run: () => void;
  cancel: () => void;
  answered: boolean;
}

export function QueryBar({ text, rows, setRows, started, stopping, run, cancel, answered }: Props) {
  return (
    <div className="query-bar">
      {started === null ? (
        <Button type="primary" onClick={run} disabled={!text.trim()}>
          {words.run}
        </Button>
      ) : (
        <Button danger onClick={cancel} disabled={stopping}>
          {stopping ? words.cancelling : words.cancel}
        </Button>
      )}
      {started === null ? (
        <kbd>{words.runHint}</kbd>
      ) : (
        <span className="dim" role="status">
          {words.running} <Elapsed from={started} to={null} />
        </span>
      )}
      <Select aria-label={words.rows} value={rows} style={{ width: 150 }} onChange={setRows} options={SIZES.map((value) => ({ value, label: words.rowsOf(value) }))} />
      {answered && <Export key={text} text={text} />}
      {text.trim() && <CopyLink key={`l${text}`} />}
    </div>
  );
}

function Export({ text }: { text: string }) {
  const [state, set] = useState<'idle' | 'busy' | 'whole' | 'part'>('idle');
  const [error, fail] = useState<ApiError | null>(null);
  const start = () => {
    set('busy');
    fail(null);
    exportCsv(text).then(
      (part) => set(part ? 'part' : 'whole'),
      (caught: unknown) => {
        set('idle');
        fail(asApiError(caught));
      },
    );
  };
  return (
    <>
      <Button onClick={start} loading={state === 'busy'}>
        {state === 'busy' ? words.exporting : words.exportCsv}
      </Button>
      {state === 'whole' && <span className="dim">{words.exported}</span>}
      {state === 'part' && <span className="dim">{words.exportedPart}</span>}
      {error && <ErrorNote error={error} />}
    </>
  );
}

function CopyLink() {
  const [said, say] = useState(words.link);
  const copy = () => {
    // Absent on plain http from another machine.
    const copier = navigator.clipboard as Clipboard | undefined;
    if (!copier) return say(words.linkFailed);
    return void copier.writeText(location.href).then(
      () => say(words.linkCopied),
      () => say(words.linkFailed),
    );
  };
  return <Button onClick={copy}>{said}</Button>;
}
