import { Button, Popconfirm } from 'antd';
import { useEffect, useState } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import { asApiError } from '@/api/errors';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { LinkButton } from '@/ui/LinkButton';
import { Outline } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { FirstLoad } from './FirstLoad';
import { Mode } from './Mode';
import { isWhole, startPlan, type Draft, type Plan } from './plan';
import { useDraft, useGiveUp } from './queries';
import { Steps } from './Steps';
import { words } from './strings';
import { Tables } from './Tables';
import '../resources.css';
import './connect.css';

const steps = ['tables', 'mode', 'load'];

/** From the tables on: the address names the draft and the step, and survives a reload. */
export function Component() {
  const { draft: id = '', step = 'tables' } = useParams();
  const draft = useDraft(id);
  const found = draft.data;
  if (found?.made && step !== 'load') return <Navigate to={`/sources/connect/${id}/load`} replace />;
  if (found && !found.made && step === 'load') return <Navigate to={`/sources/connect/${id}/mode`} replace />;
  const at = 2 + Math.max(0, steps.indexOf(step));
  const behind = found && !found.made ? [connectionOf(found), connectionOf(found), `/sources/connect/${id}/tables`, `/sources/connect/${id}/mode`] : [];
  const gone = draft.isError && asApiError(draft.error).status === 404;
  return (
    <Page title={found?.made ? words.done : words.title} up={{ to: '/sources', title: words.up }} action={found && !found.made && <GiveUp draft={found} />}>
      <Steps at={at} to={behind} />
      {gone ? <Lost /> : draft.isError ? <ErrorState error={asApiError(draft.error)} retry={() => void draft.refetch()} /> : null}
      {draft.isPending && <Outline lines={8} />}
      {found && (found.made ? <FirstLoad draft={found} /> : <Planned key={found.id} draft={found} step={step} />)}
    </Page>
  );
}

function connectionOf(draft: Draft): string {
  return `/sources/connect?${new URLSearchParams({ way: draft.way, kind: draft.kind, draft: draft.id }).toString()}`;
}

function Lost() {
  return (
    <EmptyState title={words.lost} text={words.lostText}>
      <LinkButton to="/sources/connect" main>
        {words.fromStart}
      </LinkButton>
    </EmptyState>
  );
}

function GiveUp({ draft }: { draft: Draft }) {
  const giveUp = useGiveUp();
  const go = useNavigate();
  const leave = () =>
    giveUp.mutate(draft.id, {
      onSettled: () => {
        sessionStorage.removeItem(keyOf(draft));
        void go('/sources');
      },
    });
  return (
    <Popconfirm title={words.giveUp} description={words.giveUpText} okText={words.giveUp} cancelText={words.keepOn} onConfirm={leave}>
      <Button>{words.giveUp}</Button>
    </Popconfirm>
  );
}

const keyOf = (draft: Draft) => `connect:${draft.id}`;

function keptPlan(draft: Draft): Plan {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(draft)) ?? 'null') as Plan | null;
    const known = new Set(draft.tables?.map((one) => one.from_));
    if (kept && kept.tables.length === known.size && kept.tables.every((one) => known.has(one.from) && isWhole(one))) return kept;
  } catch {
    // Nothing fit to be taken up again: begin anew.
  }
  return startPlan(draft);
}

function Planned({ draft, step }: { draft: Draft; step: string }) {
  const [plan, setPlan] = useState(() => keptPlan(draft));
  useEffect(() => {
    try {
      sessionStorage.setItem(keyOf(draft), JSON.stringify(plan));
    } catch {
      // A tab without storage forgets at a reload, no more.
    }
  }, [draft, plan]);
  if (!draft.tables) return <Navigate to={connectionOf(draft)} replace />;
  return step === 'mode' ? <Mode draft={draft} plan={plan} change={setPlan} /> : <Tables draft={draft} plan={plan} change={setPlan} again={connectionOf(draft)} />;
}
