import { Select } from 'antd';
import { useAgencies } from '@/modules/coordination/queries';
import { words } from './strings';

interface Props {
  codes: string[];
  value: string;
  onChange: (code: string) => void;
}

export function AgencySelect({ codes, value, onChange }: Props) {
  const agencies = useAgencies();
  const options = [...new Set(codes)].map((code) => ({ value: code, label: agencies.short(code) }));
  return (
    <Select
      aria-label={words.agency}
      showSearch={{ optionFilterProp: 'label' }}
      style={{ width: 180 }}
      value={value}
      onChange={onChange}
      options={[{ value: '', label: words.allAgencies }, ...options]}
    />
  );
}
