import { Link } from 'react-router';
import { useMay } from '@/modules/security/queries';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { LinkButton } from '@/ui/LinkButton';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { useServices } from './queries';
import { kindWords, words } from './strings';
import './services.css';

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
      <Load query={services}>
        {(found) => (
          <DataTable
            label={words.title}
            rows={found.map((one) => one.spec)}
            rowKey={(spec) => spec.name}
            to={(spec) => `/services/${spec.name}`}
            empty={<EmptyState title={words.emptyTitle} text={words.emptyText} />}
            columns={[
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
            ]}
          />
        )}
      </Load>
    </Page>
  );
}
