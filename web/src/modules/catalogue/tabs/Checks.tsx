import { Modal } from 'antd';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { useChecks, useFailingRows } from '@/modules/resources/queries';
import { AnswerTable } from '@/ui/AnswerTable';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { count } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Tag } from '@/ui/StateTag';
import { words } from '../strings';

type Check = Schemas['CheckResult'];
type Dataset = Schemas['Dataset'];

export function Checks({ dataset }: { dataset: Dataset }) {
  const checks = useChecks(dataset.name);
  return <Load query={checks}>{(found) => <CheckList dataset={dataset} checks={found} />}</Load>;
}

function CheckList({ dataset, checks }: { dataset: Dataset; checks: Check[] }) {
  const [all, setAll] = useState(false);
  const [shown, show] = useState<Check | null>(null);
  const columns = useColumns(dataset, show);
  const first = checks[0];
  if (!first) return <EmptyState title={words.noChecks} text={words.noChecksText} />;
  const failing = checks.filter((check) => check.failed > 0);
  const passed = checks.length - failing.length;
  const rows = all ? checks : failing;
  return (
    <>
      <p className="tab-note">
        {words.checksOf(first.dataset, first.version)}
        {passed > 0 && <> · {failing.length ? words.okRules(passed) : words.allGood}</>}{' '}
        {passed > 0 && !all && (
          <button className="link" onClick={() => setAll(true)}>
            {words.showAll}
          </button>
        )}
      </p>
      {rows.length > 0 && (
        <DataTable label={words.tabs.checks} rows={rows} columns={columns} rowKey={(one) => one.rule} />
      )}
      <FailingRows dataset={dataset} check={shown} close={() => show(null)} />
    </>
  );
}

function useColumns(dataset: Dataset, show: (check: Check) => void): Column<Check>[] {
  const may = useMay()('data.preview') && ['ods', 'std'].includes(dataset.zone);
  return [
    {
      title: words.rule,
      cell: (check) => (
        <span className="row">
          {check.title}
          {check.strong && <Tag tone="red">{words.strong}</Tag>}
        </span>
      ),
    },
    { title: words.dimension, width: 100, cell: (check) => check.dimension },
    {
      title: words.failed,
      width: 100,
      right: true,
      cell: (check) => <span className={check.failed ? 'red' : ''}>{count(check.failed)}</span>,
    },
    { title: words.checked, width: 120, right: true, cell: (check) => count(check.total) },
    { title: words.sample, cell: (check) => <code className="dim">{check.sample.slice(0, 3).join('  ')}</code> },
    {
      title: '',
      width: 110,
      cell: (check) =>
        may &&
        check.failed > 0 && (
          <button className="link" onClick={() => show(check)}>
            {words.seeRows}
          </button>
        ),
    },
  ];
}

function FailingRows({ dataset, check, close }: { dataset: Dataset; check: Check | null; close: () => void }) {
  const rows = useFailingRows(dataset.name, check?.rule ?? null);
  const titles = Object.fromEntries(dataset.items.map((item) => [item.name, item.title]));
  return (
    <Modal open={check !== null} onCancel={close} footer={null} width="min(1180px, 92vw)" title={check?.title}>
      <p className="tab-note">{words.failingNote}</p>
      <div className="dialog-rows">
        <Load query={rows}>
          {(answer) => <AnswerTable answer={answer} titles={titles} label={words.failingRows} />}
        </Load>
      </div>
    </Modal>
  );
}
