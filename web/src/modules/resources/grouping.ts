import type { Schemas } from '@/api/client';

type Summary = Schemas['DatasetQuality'];

export interface Graded extends Summary {
  good: number | null;
}

export interface AgencyGrade {
  agency: string;
  datasets: number;
  total: number;
  failed_rows: number;
  rules_failed: number;
  good: number | null;
}

const part = (total: number, failed: number) => (total ? 1 - failed / total : null);
const worst = (one: { good: number | null }, other: { good: number | null }) => (one.good ?? 2) - (other.good ?? 2);

/** Each checked dataset, the worst first. */
export function graded(summaries: Summary[]): Graded[] {
  return summaries.map((one) => ({ ...one, good: part(one.total, one.failed_rows) })).sort(worst);
}

export function byAgency(found: Graded[]): AgencyGrade[] {
  const groups = new Map<string, AgencyGrade>();
  for (const one of found) {
    const group = groups.get(one.owner) ?? { agency: one.owner, datasets: 0, total: 0, failed_rows: 0, rules_failed: 0, good: null };
    group.datasets += 1;
    group.total += one.total;
    group.failed_rows += one.failed_rows;
    group.rules_failed += one.rules_failed;
    group.good = part(group.total, group.failed_rows);
    groups.set(one.owner, group);
  }
  return [...groups.values()].sort(worst);
}
