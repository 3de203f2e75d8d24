import { useRef, useState, type DragEvent } from 'react';
import { bytes } from '@/ui/format';
import { words } from './strings';

interface Props {
  file: File | null;
  take: (file: File) => void;
  disabled: boolean;
}

/** A file by click, by keyboard, or dropped. */
export function DropBox({ file, take, disabled }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const hover = (event: DragEvent, on: boolean) => {
    event.preventDefault();
    setOver(on && !disabled);
  };
  const drop = (event: DragEvent) => {
    hover(event, false);
    const [dropped] = event.dataTransfer.files;
    if (dropped && !disabled) take(dropped);
  };
  return (
    <>
      <button
        type="button"
        className={over ? 'drop drop-over' : 'drop'}
        disabled={disabled}
        onClick={() => input.current?.click()}
        onDragOver={(event) => hover(event, true)}
        onDragLeave={(event) => hover(event, false)}
        onDrop={drop}
      >
        {file ? (
          <>
            <b>{file.name}</b>
            <span>{words.chosen(bytes(file.size))}</span>
          </>
        ) : (
          <span>{words.dropHere}</span>
        )}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={words.file}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          if (chosen) take(chosen);
        }}
      />
    </>
  );
}
