import { useQueryClient } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { useAgencies } from '@/modules/coordination/queries';
import { ErrorNote } from '@/ui/ErrorState';
import { count } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { useFilter } from '@/ui/useSearch';
import { BalanceLine } from '../Balance';
import { useSource } from '../queries';
import { words as up } from '../strings';
import { FilePart } from './FilePart';
import { LeaveGuard } from './LeaveGuard';
import { Mending } from './Mending';
import type { Edits } from './mending';
import { NextTable } from './NextTable';
import { PAGE, useRows, useSaveFile, useSendFile, useSummary, type State } from './queries';
import { Seen } from './Seen';
import { OnTheWay, Sending } from './Sending';
import { reasonWords, words } from './strings';
import '../resources.css';
import './grid.css';

type Summary = Schemas['QuarantineSummary'];
type Sent = Schemas['Sent'];

export function Component() {
  const { name = '', table = '' } = useParams();
  const summary = useSummary(table);
  const source = useSource(name).data;
  const [sent, setSent] = useState<Sent | null>(null);
  const save = useSaveFile(table);
  const back = useSendFile(table, setSent);
  const found = summary.data;
  const failed = save.error ?? back.error;
  const balance = source?.tables.find((one) => one.name === table)?.balance;
  return (
    <Page
      title={found ? words.title(found.title) : table}
      up={{ to: `/sources/${name}`, title: source?.source.title ?? up.source }}
      note={words.note}
      action={found?.mine && <FilePart save={save} back={back} rows={found.states.open ?? 0} />}
    >
      {failed && <ErrorNote error={asApiError(failed)} />}
      <Load query={summary} lines={10}>
        {(known) => (
          <>
            {balance && <BalanceLine balance={balance} />}
            {!known.mine && <Veiled agency={source?.source.agency} />}
            {sent && (sent.job ?? known.states.resent) ? (
              <Sending key={sent.job} table={table} sent={sent} close={() => setSent(null)} />
            ) : (
              Boolean(known.states.resent) && <OnTheWay rows={known.states.resent ?? 0} job={null} />
            )}
            <Rows key={table} table={table} summary={known} sent={setSent} />
          </>
        )}
      </Load>
    </Page>
  );
}

function Veiled({ agency }: { agency: string | undefined }) {
  const agencies = useAgencies();
  return (
    <p className="notice">
      <b>{words.veiledTitle}</b>
      <span>{words.veiled(agencies.title(agency))}</span>
    </p>
  );
}

const states = Object.keys(words.states) as State[];
const stateOf = (text: string): State => states.find((one) => one === text) ?? 'open';

function Rows({ table, summary, sent }: { table: string; summary: Summary; sent: (what: Sent) => void }) {
  const [{ state: said, reason, before }, set] = useFilter(['state', 'reason', 'before']);
  const state = stateOf(said);
  const rows = useRows(table, state, reason, Number(before) || null);
  const [edits, setEdits] = useState<Edits>({});
  const moving = Boolean(summary.states.resent);
  useArrived(table, moving);
  return (
    <>
      <LeaveGuard dirty={Object.keys(edits).length > 0} />
      <div className="filters">
        <Select
          aria-label={words.state}
          style={{ width: 210 }}
          value={state}
          onChange={(value: State) => set({ state: value === 'open' ? '' : value, reason: '', before: '' })}
          options={states
            .filter((one) => one === 'open' || one === state || summary.states[one])
            .map((value) => ({ value, label: `${words.states[value]} ${count(summary.states[value] ?? 0)}` }))}
        />
        {state === 'open' && <Reasons summary={summary} reason={reason} set={(value) => set({ reason: value, before: '' })} />}
      </div>
      <Load query={rows} lines={8}>
        {(found) => (
          <>
            {summary.mine && state === 'open' && found.length > 0 ? (
              <Mending table={table} rows={found} summary={summary} edits={edits} setEdits={setEdits} sent={sent} />
            ) : (
              <Seen rows={found} state={state} states={summary.states} />
            )}
            <Pages rows={found} before={before} />
            {summary.mine && !summary.states.open && <NextTable table={table} />}
          </>
        )}
      </Load>
    </>
  );
}

/** Rows that were on their way have come to rest, whoever sent them: the list is asked again. */
function useArrived(table: string, moving: boolean): void {
  const queries = useQueryClient();
  const was = useRef(moving);
  useEffect(() => {
    if (was.current && !moving) {
      for (const queryKey of [['quarantine', table], ['source']]) void queries.invalidateQueries({ queryKey });
    }
    was.current = moving;
  }, [queries, table, moving]);
}

function Reasons({ summary, reason, set }: { summary: Summary; reason: string; set: (reason: string) => void }) {
  const found = Object.entries(summary.reasons).sort(([, one], [, other]) => other - one);
  if (found.length < 2 && !reason) return null;
  const all = found.reduce((sum, [, rows]) => sum + rows, 0);
  return (
    <div className="chips" role="group" aria-label={words.reasons}>
      {([['', all], ...found] as [string, number][]).map(([code, rows]) => (
        <button key={code} className={code === reason ? 'chip chip-on' : 'chip'} aria-pressed={code === reason} onClick={() => set(code)}>
          {code ? (reasonWords[code] ?? code) : words.allReasons} <b>{count(rows)}</b>
        </button>
      ))}
    </div>
  );
}

/** Pages are addresses: the browser's way back is the way back. */
function Pages({ rows, before }: { rows: Schemas['Quarantined'][]; before: string }) {
  const [filter] = useFilter(['state', 'reason']);
  const address = (last: string) => {
    const search = new URLSearchParams(Object.entries({ ...filter, before: last }).filter(([, value]) => value));
    return `?${search.toString()}`;
  };
  const last = rows.length === PAGE ? rows.at(-1)?.id : undefined;
  if (!before && last === undefined) return null;
  return (
    <p className="pages">
      {before && <Link to={address('')}>‹ {words.newest}</Link>}
      {last !== undefined && <Link to={address(String(last))}>{words.older} ›</Link>}
    </p>
  );
}
