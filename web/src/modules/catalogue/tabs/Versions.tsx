import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { bytes, moment } from '@/ui/format';
import { RowsCount } from '@/ui/RowsCount';
import { words } from '../strings';

type Version = Omit<Schemas['Version'], 'inputs' | 'schema'> & { inputs: (string | number)[][] };

export function Versions({ versions }: { versions: Version[] }) {
  return (
    <DataTable
      label={words.tabs.versions}
      rows={versions}
      rowKey={(one) => String(one.version)}
      empty={<EmptyState title={words.noVersions} text={words.noVersionsText} />}
      columns={[
        { title: words.version, width: 80, cell: (one) => `v${one.version}` },
        { title: words.at, width: 180, cell: (one) => moment(one.at) },
        { title: words.rows, width: 120, right: true, cell: (one) => <RowsCount rows={one.rows} /> },
        { title: words.size, width: 110, right: true, cell: (one) => bytes(one.bytes) },
        { title: words.inputs, wrap: true, cell: (one) => <Inputs inputs={one.inputs} /> },
        { title: words.run, width: 100, cell: (one) => one.job && <Link to={`/runs/${one.job}`}>{words.seeRun}</Link> },
      ]}
    />
  );
}

function Inputs({ inputs }: { inputs: (string | number)[][] }) {
  return (
    <span className="inputs">
      {inputs.map(([of, version]) => [String(of), version] as const).map(([name, version]) =>
        name.includes(':') ? (
          <code key={name}>{name.replace(':', ' ')}</code>
        ) : (
          <Link key={name} to={`/catalogue/${name}`}>
            <code>
              {name} v{version}
            </code>
          </Link>
        ),
      )}
    </span>
  );
}
