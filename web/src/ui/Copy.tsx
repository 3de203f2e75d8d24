import { Button } from 'antd';
import { useState } from 'react';
import { words } from './strings';

export function Copy({ text, main }: { text: string; main?: boolean }) {
  const [said, say] = useState(words.copy);
  const copy = () => {
    // Absent on plain http from another machine.
    const done = navigator.clipboard as Clipboard | undefined;
    if (!done) return say(words.copyFailed);
    done.writeText(text).then(
      () => say(words.copied),
      () => say(words.copyFailed),
    );
  };
  return (
    <Button size="small" type={main ? 'primary' : 'default'} onClick={copy}>
      {said}
    </Button>
  );
}

export function Code({ text, label }: { text: string; label: string }) {
  return (
    <div className="code">
      <div className="code-copy">
        <Copy text={text} />
      </div>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
