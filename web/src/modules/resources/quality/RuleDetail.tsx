import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { AnswerTable } from '@/ui/AnswerTable';
import { Load } from '@/ui/Load';
import { count, moment } from '@/ui/format';
import { Line } from '@/ui/charts/Line';
import { useArrivals, useFailingRows, useVersionTrend } from '../queries';
import { useFailingRuns } from './queries';
import { words } from './strings';

type Check = Schemas['CheckResult'];

interface Props {
  check: Check;
  titles: Record<string, string>;
}

/** One rule: how it went, some keys, the rows that fail it, and the runs that brought them. */
export function RuleDetail({ check, titles }: Props) {
  const may = useMay();
  const raw = check.dataset.startsWith('ods.');
  return (
    <section className="rule-detail" aria-label={check.title}>
      <h2>{check.title}</h2>
      <RuleTrend check={check} />
      {!check.failed && <p className="tab-note">{words.allPass}</p>}
      {check.failed > 0 && (
        <>
          <h3>{words.keys}</h3>
          <p>{check.sample.length ? <code>{check.sample.join('  ')}</code> : words.noKeys}</p>
          {!raw && <p className="tab-note">{words.rowsElsewhere}</p>}
          {raw && !may('data.preview') && <p className="tab-note">{words.noRight}</p>}
          {raw && may('data.preview') && (
            <>
              <Brought check={check} />
              <Rows check={check} titles={titles} />
            </>
          )}
        </>
      )}
    </section>
  );
}

function RuleTrend({ check }: { check: Check }) {
  const versions = useVersionTrend(check.dataset, check.rule).data ?? [];
  if (versions.length < 2) return null;
  const points = versions.map((one) => ({
    name: `v${one.version}`,
    value: one.failed,
    text: one.failed === null ? words.notChecked : words.broughtRows(count(one.failed)),
  }));
  return (
    <>
      <h3>{words.ruleTrend}</h3>
      <Line points={points} label={words.ruleTrend} zero />
    </>
  );
}

function Brought({ check }: { check: Check }) {
  const found = useFailingRuns(check.dataset, check.rule);
  const table = check.dataset.split('.')[1] ?? '';
  const source = useArrivals().data?.find((one) => one.table === table)?.source;
  return (
    <>
      <h3>{words.brought}</h3>
      <Load query={found} lines={2}>
        {({ runs, why }) => (
          <>
            {why && <p className="tab-note">{why}</p>}
            {!why && !runs.length && <p className="tab-note">{words.noBrought}</p>}
            <ul className="brought">
              {runs.map((one) => (
                <li key={one.run}>
                  <Link to={`/runs/${one.run}`}>{words.seeRun}</Link>
                  <span>{words.broughtRows(count(one.rows))}</span>
                  <span className="dim">{one.loaded_at && moment(one.loaded_at)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Load>
      {source !== undefined && (
        <p className="row">
          <Link to={`/sources/${source}`}>{words.source}</Link>
          <Link to={`/sources/${source}/loads/${table}`}>{words.loads}</Link>
          <Link to={`/sources/${source}/quarantine/${table}`}>{words.quarantine}</Link>
        </p>
      )}
    </>
  );
}

function Rows({ check, titles }: Props) {
  const rows = useFailingRows(check.dataset, check.rule);
  return (
    <>
      <h3>{words.rows}</h3>
      <p className="tab-note">{words.rowsNote}</p>
      <Load query={rows}>{(answer) => <AnswerTable answer={answer} titles={titles} label={words.rows} />}</Load>
    </>
  );
}
