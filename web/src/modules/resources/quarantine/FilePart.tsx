import { Button } from 'antd';
import { useRef } from 'react';
import { words } from './strings';
import type { useSaveFile, useSendFile } from './queries';

interface Props {
  save: ReturnType<typeof useSaveFile>;
  back: ReturnType<typeof useSendFile>;
  rows: number;
}

/** The rows as a file for a spreadsheet, and the file taken back. */
export function FilePart({ save, back, rows }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button disabled={!rows} loading={save.isPending} title={words.fileNote} onClick={() => save.mutate()}>
        {words.save}
      </Button>
      <Button loading={back.isPending} title={words.fileNote} onClick={() => input.current?.click()}>
        {words.sendBack}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,text/csv"
        aria-label={words.sendBack}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) back.mutate(file);
        }}
      />
    </>
  );
}
