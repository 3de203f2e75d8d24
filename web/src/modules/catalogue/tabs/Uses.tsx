import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Load } from '@/ui/Load';
import { useLineage } from '../queries';
import { words } from '../strings';

interface Line {
  kind: string;
  title: string;
  to: string | null;
}

/** Services and cockpits that read it, and the datasets that are made from it. */
export function linesOf(found: Schemas['Neighbours']): Line[] {
  const uses = found.uses.map((use) => {
    const [kind, name = ''] = use.user.split(':', 2);
    if (kind === 'service') return { kind: words.service, title: use.title, to: `/services/${name}` };
    if (kind === 'cockpit') return { kind: words.cockpit, title: use.title, to: '/cockpit' };
    return { kind: words.other, title: use.title, to: null };
  });
  const below = new Set(found.outputs.filter((edge) => !edge.item).map((edge) => edge.dataset));
  const datasets = [...below].sort().map((name) => ({ kind: words.downstream, title: name, to: `/catalogue/${name}` }));
  return [...uses, ...datasets];
}

export function Uses({ dataset }: { dataset: string }) {
  const lineage = useLineage(dataset);
  return (
    <Load query={lineage}>
      {(found) => (
        <DataTable
          label={words.tabs.uses}
          rows={linesOf(found)}
          rowKey={(line) => line.kind + line.title}
          empty={<EmptyState title={words.noUses} text={words.noUsesText} />}
          columns={[
            { title: words.kind, width: 160, cell: (line) => line.kind },
            { title: words.user, cell: (line) => (line.to ? <Link to={line.to}>{line.title}</Link> : line.title) },
          ]}
        />
      )}
    </Load>
  );
}
