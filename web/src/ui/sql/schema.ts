import type { SQLNamespace } from '@codemirror/lang-sql';

export interface KnownTable {
  /** `zone.name` */
  name: string;
  title: string;
  columns: { name: string; title: string; type: string; masked: boolean }[];
}

type Level = Record<string, SQLNamespace>;

/** What completion offers: zones, in them tables, in them columns, each with its Chinese title. */
export function namespaceOf(tables: KnownTable[], masked: string): Level {
  const zones = new Map<string, Level>();
  for (const table of tables) {
    const [zone = '', name = ''] = table.name.split('.', 2);
    const level = zones.get(zone) ?? {};
    zones.set(zone, level);
    level[name] = {
      self: { label: name, detail: table.title, type: 'type' },
      children: table.columns.map((column) => ({
        label: column.name,
        detail: [column.title === column.name ? '' : column.title, column.masked ? masked : ''].filter(Boolean).join(' · '),
        type: 'property',
      })),
    };
  }
  return Object.fromEntries(zones);
}

const NAME = /(?<![\w.])(ods|std|base|theme|topic)\s*\.\s*"?([a-z_][a-z0-9_]*)"?/gi;

/** The datasets that a text names, once each: their columns are asked for. */
export function namesIn(sql: string): string[] {
  const found = [...sql.matchAll(NAME)].map((one) => `${one[1]}.${one[2]}`.toLowerCase());
  return [...new Set(found)].sort();
}
