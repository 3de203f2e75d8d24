import type { Schemas } from '@/api/client';

type Spec = Schemas['ServiceSpec'];

export const kinds = ['key', 'list', 'verify', 'aggregate'] as const;
export type Slot = 'by' | 'returns' | 'filters' | 'compare' | 'group_by';

interface FigureValue {
  title: string;
  name: string;
  function: Spec['figures'][string]['function'];
  item?: string;
}

export interface Values extends Partial<Record<Slot, string[]>> {
  kind: Spec['kind'];
  title: string;
  name: string;
  summary?: string;
  per_minute: number;
  smallest_group?: number;
  figures?: FigureValue[];
}

/** The lists of items that a service of each kind says. */
export const slots: Record<Spec['kind'], { name: Slot; needed: boolean }[]> = {
  key: [
    { name: 'by', needed: true },
    { name: 'returns', needed: true },
  ],
  list: [
    { name: 'returns', needed: true },
    { name: 'filters', needed: false },
  ],
  verify: [
    { name: 'by', needed: true },
    { name: 'compare', needed: true },
  ],
  aggregate: [
    { name: 'group_by', needed: true },
    { name: 'filters', needed: false },
  ],
};

/** The declaration as a pack's services/*.yaml would say it: only what its kind has. */
export function declarationOf(dataset: string, values: Values): Record<string, unknown> {
  const { kind, title, name, summary, per_minute } = values;
  const lists = slots[kind].flatMap((slot) => (values[slot.name]?.length ? [[slot.name, values[slot.name]]] : []));
  const figures = Object.fromEntries(
    (values.figures ?? []).map((one) => [one.name, { function: one.function, title: one.title, ...(one.item ? { item: one.item } : {}) }]),
  );
  return {
    name,
    title,
    ...(summary ? { summary } : {}),
    kind,
    dataset,
    ...Object.fromEntries(lists),
    ...(kind === 'aggregate' ? { figures, smallest_group: values.smallest_group } : {}),
    per_minute,
  };
}
