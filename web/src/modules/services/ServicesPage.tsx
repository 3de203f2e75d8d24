import { Input } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { LinkButton } from '@/ui/LinkButton';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { useFirst } from '@/ui/useFirst';
import { useFilter } from '@/ui/useSearch';
import { useServices } from './queries';
import { kindWords, words } from './strings';
import './services.css';

type Spec = Schemas['ServiceSpec'];

export function Component() {
  const services = useServices();
  const may = useMay();
  return (
    <Page
      title={words.title}
      note={words.note}
      action={
        may('services.steer') && (
          <>
            <LinkButton to="/services/keys">{words.keys}</LinkButton>{' '}
            <LinkButton to="/services/new" main>
              {words.publish}
            </LinkButton>
          </>
        )
      }
    >
      <Load query={services}>{(found) => <Services specs={found.map((one) => one.spec)} />}</Load>
    </Page>
  );
}

function Services({ specs }: { specs: Spec[] }) {
  const [{ text }, set] = useFilter(['text']);
  const told = text.trim().toLowerCase();
  const first = useFirst(specs.filter((one) => `${one.title} ${one.name} ${one.dataset}`.toLowerCase().includes(told)));
  if (!specs.length) return <EmptyState title={words.emptyTitle} text={words.emptyText} />;
  return (
    <>
      <div className="filters">
        <Input
          aria-label={words.find}
          placeholder={words.find}
          allowClear
          style={{ width: 280 }}
          value={text}
          onChange={(event) => set({ text: event.target.value })}
        />
      </div>
      <DataTable
        label={words.title}
        rows={first.rows}
        more={first.more}
        rowKey={(spec) => spec.name}
        to={(spec) => `/services/${spec.name}`}
        empty={<EmptyState title={words.noMatch} text={words.noMatchText} />}
        columns={columns}
      />
    </>
  );
}

const columns: Column<Spec>[] = [
  {
    title: words.service,
    cell: (spec) => (
      <Link className="two" to={`/services/${spec.name}`}>
        {spec.title}
        <small>/data/{spec.name}</small>
      </Link>
    ),
  },
  { title: words.kind, width: 110, cell: (spec) => kindWords[spec.kind] },
  { title: words.what, wrap: true, cell: (spec) => <span className="dim">{spec.summary}</span> },
  {
    title: words.dataset,
    cell: (spec) => (
      <Link to={`/catalogue/${spec.dataset}`}>
        <code>{spec.dataset}</code>
      </Link>
    ),
  },
  { title: words.limit, width: 130, right: true, cell: (spec) => words.perMinute(spec.per_minute) },
];
