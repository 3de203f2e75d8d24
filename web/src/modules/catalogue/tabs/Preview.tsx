import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { AnswerTable } from '@/ui/AnswerTable';
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
        {(answer) => <AnswerTable answer={answer} titles={titles} label={words.tabs.preview} />}
      </Load>
    </>
  );
}
