import { Button } from 'antd';
import { asApiError } from '@/api/errors';
import { DataTable } from '@/ui/DataTable';
import { ErrorState } from '@/ui/ErrorState';
import { Section } from '@/ui/Page';
import { Tag } from '@/ui/StateTag';
import { useExamination } from './queries';
import { verdictWords, words } from './strings';

/** What `haina doctor` says, for people who have no terminal. */
export function Examination() {
  const found = useExamination();
  return (
    <Section title={words.examination} note={words.examinationNote}>
      <p>
        <Button loading={found.isFetching} onClick={() => void found.refetch()}>
          {found.data ? words.again : words.examine}
        </Button>
      </p>
      {found.isError && <ErrorState error={asApiError(found.error)} />}
      {found.data && (
        <DataTable
          label={words.examination}
          rows={found.data}
          rowKey={(one) => `${one.title} ${one.found}`}
          columns={[
            { title: words.finding, width: 200, wrap: true, cell: (one) => one.title },
            {
              title: words.state,
              width: 100,
              cell: (one) => <Tag tone={one.state === 'bad' ? 'red' : 'plain'}>{verdictWords[one.state]}</Tag>,
            },
            { title: words.found, wrap: true, cell: (one) => one.found },
            { title: words.cure, wrap: true, cell: (one) => one.cure || '—' },
          ]}
        />
      )}
    </Section>
  );
}
