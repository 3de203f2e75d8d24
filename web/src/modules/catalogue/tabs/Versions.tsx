import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { bytes, count, moment } from '@/ui/format';
import { RowsCount } from '@/ui/RowsCount';
import { useFilter } from '@/ui/useSearch';
import { words } from '../strings';
import { Difference } from './Difference';

type Version = Omit<Schemas['Version'], 'inputs' | 'schema'> & { inputs: (string | number)[][] };

export function Versions({ dataset, versions }: { dataset: string; versions: Version[] }) {
  const [{ compare }, set] = useFilter(['compare']);
  const [before, after] = compare.split('-').map(Number);
  const known = (number: number | undefined) => number !== undefined && versions.some((one) => one.version === number);
  const older = (version: Version) => versions[versions.indexOf(version) + 1];
  return (
    <>
      {before !== undefined && after !== undefined && known(before) && known(after) && (
        <Difference dataset={dataset} before={before} after={after} />
      )}
      <DataTable
        label={words.tabs.versions}
        rows={versions}
        rowKey={(one) => String(one.version)}
        empty={<EmptyState title={words.noVersions} text={words.noVersionsText} />}
        columns={[
          { title: words.version, width: 70, cell: (one) => `v${one.version}` },
          { title: words.at, width: 170, cell: (one) => moment(one.at) },
          { title: words.rows, width: 110, right: true, cell: (one) => <RowsCount rows={one.rows} /> },
          { title: words.stepRows, width: 90, right: true, cell: (one) => <Step rows={one.rows} before={older(one)?.rows} /> },
          { title: words.size, width: 100, right: true, cell: (one) => bytes(one.bytes) },
          { title: words.inputs, wrap: true, cell: (one) => <Inputs inputs={one.inputs} /> },
          { title: words.run, width: 90, cell: (one) => one.job && <Link to={`/runs/${one.job}`}>{words.seeRun}</Link> },
          {
            title: words.compare,
            width: 110,
            cell: (one) => <Compare version={one} older={older(one)} chosen={compare} choose={(value) => set({ compare: value })} />,
          },
        ]}
      />
    </>
  );
}

function Step({ rows, before }: { rows: number; before: number | undefined }) {
  if (before === undefined || rows === before) return <span className="faint">—</span>;
  return <span className="dim">{`${rows > before ? '+' : '−'}${count(Math.abs(rows - before))}`}</span>;
}

interface CompareProps {
  version: Version;
  older: Version | undefined;
  chosen: string;
  choose: (value: string) => void;
}

function Compare({ version, older, chosen, choose }: CompareProps) {
  if (!older) return <span className="faint">—</span>;
  const value = `${older.version}-${version.version}`;
  return (
    <button className="link" aria-expanded={chosen === value} onClick={() => choose(chosen === value ? '' : value)}>
      {chosen === value ? words.closeCompare : words.compareWith(older.version)}
    </button>
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
