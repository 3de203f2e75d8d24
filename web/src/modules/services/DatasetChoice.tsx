import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { asApiError } from '@/api/errors';
import { ErrorState } from '@/ui/ErrorState';
import { useDatasetsLike } from './queries';
import { words } from './strings';

interface Props {
  id: string;
  value: string;
  choose: (dataset: string) => void;
}

/** A dataset of the catalogue, found by what its title or name contains. */
export function DatasetChoice({ id, value, choose }: Props) {
  const [typed, type] = useState('');
  const text = useDeferredValue(typed);
  const found = useDatasetsLike(text);
  const options = (found.data?.entries ?? []).map((one) => ({ value: one.dataset, label: `${one.title} ${one.dataset}` }));
  if (found.isError) return <ErrorState error={asApiError(found.error)} retry={() => void found.refetch()} />;
  return (
    <Select
      id={id}
      className="publish-dataset"
      showSearch={{ filterOption: false, onSearch: type }}
      allowClear
      placeholder={words.findDataset}
      loading={found.isFetching}
      data-waits={found.isPending || undefined}
      options={options}
      value={value || null}
      onChange={(name: string | null) => choose(name ?? '')}
    />
  );
}
