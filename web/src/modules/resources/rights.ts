import { useMay, useMe } from '@/modules/security/queries';

/** Whether the reader tends the data of an agency: its steward, or an operator. */
export function useTends(): (agency: string | undefined) => boolean {
  const me = useMe().data;
  const may = useMay();
  return (agency) => may('sources.steer') || (may('sources.tend') && agency !== undefined && me?.agency === agency);
}
