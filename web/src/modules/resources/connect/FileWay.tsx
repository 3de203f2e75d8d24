import { Button, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { bytes } from '@/ui/format';
import { Section } from '@/ui/Page';
import { Progress } from '@/ui/Progress';
import { DropBox } from '../deliveries/DropBox';
import { FieldsForm } from './FieldsForm';
import { useSendFile, useTest } from './queries';
import { words } from './strings';
import { blockOf, startValues, type Values } from './values';

type Draft = Schemas['DraftView'];
type Kind = Schemas['ConnectKind'];

interface Props {
  way: 'upload' | 'push';
  kinds: Kind[];
  draft: Draft | undefined;
  set: (change: { kind?: string; draft?: string }) => void;
}

/** A file is handed in, and looked into at once by what its name says it is. */
export function FileWay({ way, kinds, draft, set }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [part, setPart] = useState(0);
  const send = useSendFile(way);
  const take = (chosen: File) => {
    setFile(chosen);
    setPart(0);
    send.mutate({ file: chosen, progress: setPart }, { onSuccess: (made) => set({ kind: made.kind, draft: made.id }) });
  };
  const suffixes = [...new Set(kinds.flatMap((one) => one.suffixes))].join(' ');
  return (
    <>
      <Section title={words.file} note={way === 'push' ? words.sampleNote : words.fileNote(`${suffixes} .zip`)}>
        <div className="connect-file">
          <DropBox file={file} disabled={send.isPending} take={take} />
          {send.isPending && <Progress part={part} label={words.sending} />}
        </div>
        {send.isError && <ErrorNote error={asApiError(send.error)} />}
      </Section>
      {draft?.upload && <Inside key={draft.id} way={way} kinds={kinds} draft={draft} />}
    </>
  );
}

function Inside({ way, kinds, draft }: { way: 'upload' | 'push'; kinds: Kind[]; draft: Draft }) {
  const [name, setName] = useState(draft.kind);
  const kind = kinds.find((one) => one.name === name) ?? kinds[0];
  const [values, setValues] = useState<Values>(() => startValues(kind?.fields ?? [], draft.connection as Values));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const test = useTest();
  const go = useNavigate();
  if (!kind) return null;
  const look = () => {
    const found = blockOf(kind.fields, values);
    setProblems(found.problems);
    if (Object.keys(found.problems).length) return;
    test.mutate(
      { way, kind: kind.name, connection: found.block, draft: draft.id },
      { onSuccess: (made) => void go(`/sources/connect/${made.id}/tables`) },
    );
  };
  return (
    <Section title={draft.upload?.file ?? ''} note={bytes(draft.upload?.bytes ?? 0)}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        {kinds.length > 1 && (
          <div className="field">
            <label htmlFor="file-kind">{words.whichKind}</label>
            <Select
              id="file-kind"
              style={{ width: '100%' }}
              value={name}
              onChange={(next: string) => {
                setName(next);
                setValues(startValues(kinds.find((one) => one.name === next)?.fields ?? []));
                setProblems({});
                test.reset();
              }}
              options={kinds.map((one) => ({ value: one.name, label: one.title }))}
            />
          </div>
        )}
        <FieldsForm key={name} fields={kind.fields} values={values} change={setValues} problems={problems} kept={[]} />
        {test.isError && <ErrorNote error={asApiError(test.error)} />}
        <div className="row fields-end">
          <Button type="primary" htmlType="submit" loading={test.isPending}>
            {words.look}
          </Button>
          {test.isPending && <span className="dim">{words.readingFile}</span>}
        </div>
      </form>
    </Section>
  );
}
