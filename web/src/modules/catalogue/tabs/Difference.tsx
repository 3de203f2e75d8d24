import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { checkedName, useVersionTrend } from '@/modules/resources/queries';
import { Facts } from '@/ui/Facts';
import { count } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Figure, Figures } from '@/ui/Figure';
import { useDifference } from '../queries';
import { typeWords, words } from '../strings';

type Found = Schemas['Difference'];

/** What changed from one version to another. */
export function Difference({ dataset, before, after }: { dataset: string; before: number; after: number }) {
  const allowed = useMay()('data.preview');
  const found = useDifference(dataset, before, after);
  if (!allowed) return <p className="tab-note">{words.noRight}</p>;
  return (
    <section className="difference" aria-label={words.comparing(before, after)}>
      <h2>{words.comparing(before, after)}</h2>
      <Load query={found} lines={3}>
        {(one) => (
          <>
            <Rows found={one} />
            <Facts
              facts={[
                [words.rows, words.rowsNow(count(one.before.rows), count(one.after.rows))],
                [words.columnChanges, <Columns key="c" found={one} />],
                [words.inputChanges, <Inputs key="i" found={one} />],
                [words.run, <Runs key="r" found={one} />],
                [words.checkChange, <Checks key="q" found={one} />],
              ]}
            />
          </>
        )}
      </Load>
    </section>
  );
}

function Rows({ found }: { found: Found }) {
  if (!found.rows) return <p className="tab-note">{found.why}</p>;
  const { inserted, updated, deleted, equal } = found.rows;
  return (
    <>
      <Figures>
        <Figure title={words.inserted} value={inserted} />
        <Figure title={words.changedRows} value={updated} />
        <Figure title={words.deleted} value={deleted} />
        <Figure title={words.equalRows} value={equal} />
      </Figures>
      <p className="tab-note">{words.byKey}</p>
    </>
  );
}

function Columns({ found }: { found: Found }) {
  if (!found.columns.length) return <span className="dim">{words.noColumnChanges}</span>;
  const type = (name: string | null) => (name ? (typeWords[name] ?? name) : '');
  return (
    <ul>
      {found.columns.map((one) => (
        <li key={one.column}>
          {words.changeOf[one.change]} {one.title} <code>{one.column}</code> {[one.before, one.after].filter(Boolean).map(type).join(' → ')}
        </li>
      ))}
    </ul>
  );
}

function Inputs({ found }: { found: Found }) {
  if (!found.inputs.length) return <span className="dim">{words.noInputChanges}</span>;
  const version = (number: number | null) => (number === null ? '—' : `v${number}`);
  return (
    <ul>
      {found.inputs.map((one) => (
        <li key={one.dataset}>
          <code>{one.dataset}</code> {one.dataset.includes(':') ? '' : `${version(one.before)} → ${version(one.after)}`}
        </li>
      ))}
    </ul>
  );
}

function Runs({ found }: { found: Found }) {
  const runs = [found.before, found.after].filter((side) => side.run);
  return (
    <span className="row">
      {runs.map((side) => (
        <Link key={side.version} to={`/runs/${side.run}`}>
          v{side.version}
        </Link>
      ))}
    </span>
  );
}

/** A standard table is checked as the version of the raw one that it is made from. */
function Checks({ found }: { found: Found }) {
  const name = checkedName(found.dataset);
  const trend = useVersionTrend(name).data ?? [];
  const runs = [found.before, found.after];
  const failed = runs.map((side) => trend.find((one) => one.job === side.run)?.failed);
  const [before, after] = failed.map((rows) => (rows === null || rows === undefined ? words.notChecked : words.failedRows(count(rows))));
  return (
    <>
      {before} → {after}
    </>
  );
}
