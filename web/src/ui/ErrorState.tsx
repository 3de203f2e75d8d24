import { Button } from 'antd';
import type { Trouble } from '@/api/errors';
import { Icon } from './Icon';
import { words } from './strings';

/** An error in its place: sentence, way out, code, and another try. */
export function ErrorState({ error, retry }: { error: Trouble; retry?: () => void }) {
  return (
    <div className="error" role="alert">
      <Icon name="warn" size={18} />
      <div className="error-words">
        <b>{error.message}</b>
        {error.hint && <p>{error.hint}</p>}
        <p className="dim">
          {words.code} <code>{error.code}</code>
          {error.field && (
            <>
              {' '}
              · {words.field} <code>{error.field}</code>
            </>
          )}
        </p>
      </div>
      {retry && <Button onClick={retry}>{words.retry}</Button>}
    </div>
  );
}

/** The same inside a form. */
export function ErrorNote({ error }: { error: Trouble }) {
  return (
    <div className="error error-small" role="alert">
      <Icon name="warn" />
      <div className="error-words">
        <b>{error.message}</b>
        {error.hint && <p>{error.hint}</p>}
      </div>
    </div>
  );
}
