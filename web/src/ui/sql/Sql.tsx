import { lazy, Suspense } from 'react';
import { Copy } from '@/ui/Copy';
import type { EditorProps } from './Editor';
import './sql.css';

// CodeMirror is heavy: it comes with the first SQL that is shown, never with the first page.
const Editor = lazy(() => import('./Editor'));

/** SQL that is only read: its plain text stands there until the colours come. */
export function SqlView({ text, label }: { text: string; label: string }) {
  return (
    <div className="code sql-view">
      <div className="code-copy">
        <Copy text={text} />
      </div>
      <Suspense fallback={<Plain text={text} />}>
        <Editor key={text} text={text} label={label} />
      </Suspense>
    </div>
  );
}

export function SqlEditor(props: EditorProps) {
  return (
    <Suspense fallback={<div className="sql-write"><Plain text={props.text} /></div>}>
      <Editor {...props} />
    </Suspense>
  );
}

function Plain({ text }: { text: string }) {
  return <pre className="sql-plain" data-waits>{text}</pre>;
}
