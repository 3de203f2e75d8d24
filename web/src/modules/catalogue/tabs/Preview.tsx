import { Button } from 'antd';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { AnswerTable, type Answer } from '@/ui/AnswerTable';
import { EmptyState } from '@/ui/EmptyState';
import { Load } from '@/ui/Load';
import { usePreview } from '../queries';
import { words } from '../strings';

export function Preview({ dataset }: { dataset: Schemas['Dataset'] }) {
  const allowed = useMay()('data.preview');
  const made = dataset.current_version !== null;
  const preview = usePreview(dataset.name, allowed && made);
  if (!allowed) return <EmptyState title={words.noRight} text={words.noRightText} />;
  if (!made) return <EmptyState title={words.emptyPreview} text={words.emptyPreviewText} />;
  const titles = Object.fromEntries(dataset.items.map((item) => [item.name, item.title]));
  return (
    <>
      <p className="tab-note">{words.previewNote}</p>
      <Load query={preview} lines={10}>
        {(answer) => <Columns answer={answer} titles={titles} />}
      </Load>
    </>
  );
}

const WIDE = 40;

/** Hundreds of columns are shown some at a time. */
function Columns({ answer, titles }: { answer: Answer; titles: Record<string, string> }) {
  const [from, go] = useState(0);
  const size = answer.columns.length;
  const to = Math.min(size, from + WIDE);
  const part = {
    ...answer,
    columns: answer.columns.slice(from, to),
    rows: answer.rows.map((row) => row.slice(from, to)),
  };
  return (
    <>
      {size > WIDE && (
        <div className="filters">
          <Button disabled={from === 0} onClick={() => go(Math.max(0, from - WIDE))}>
            {words.columnsBefore}
          </Button>
          <Button disabled={to === size} onClick={() => go(to)}>
            {words.columnsAfter}
          </Button>
          <span className="dim">{words.columnsShown(from + 1, to, size)}</span>
        </div>
      )}
      <AnswerTable answer={part} titles={titles} label={words.tabs.preview} />
    </>
  );
}
