import type { Schemas } from '@/api/client';
import { words } from './strings';

export type Field = Schemas['ConnectionField'];
/** What stands in the form; pairs and JSON stay text until they are sent. */
export type Values = Record<string, unknown>;

export interface Block {
  block: Values;
  problems: Record<string, string>;
}

const empty = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length);

/** What the form starts with: defaults, and what a kept draft says. Secrets are never among it. */
export function startValues(fields: Field[], said: Values = {}): Values {
  return Object.fromEntries(fields.map((field) => [field.name, startValue(field, said[field.name])]));
}

function startValue(field: Field, said: unknown): unknown {
  const value = said ?? field.default;
  switch (field.shape) {
    case 'group':
      return startValues(field.fields, (said ?? {}) as Values);
    case 'groups': {
      const named = Object.entries((said ?? {}) as Record<string, Values>);
      const start: [string, Values][] = named.length ? named : field.required ? [['', {}]] : [];
      return start.map(([name, one]) => ({ ...startValues(field.fields, one), '': name }));
    }
    case 'rows': {
      const rows = (said ?? (field.required ? [{}] : [])) as Values[];
      return rows.map((one) => startValues(field.fields, one));
    }
    case 'pairs':
      return Object.entries((value ?? {}) as Record<string, unknown>)
        .map(([name, text]) => `${name}=${String(text)}`)
        .join('\n');
    case 'json':
      return empty(value) || (typeof value === 'object' && !Object.keys(value as object).length) ? '' : JSON.stringify(value, null, 1);
    case 'secret':
    case 'long':
      return '';
    default:
      return value ?? (field.shape === 'boolean' ? false : '');
  }
}

/** The connection block to send. What is as by default is left out; `kept`: secrets that are kept. */
export function blockOf(fields: Field[], values: Values, kept: string[] = [], path = ''): Block {
  const block: Values = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const place = path ? `${path}.${field.name}` : field.name;
    const found = valueOf(field, values[field.name], place, problems);
    if (!empty(found) || (found === '' && field.default)) block[field.name] = found;
    else if (field.required && !kept.includes(field.name)) problems[place] ??= words.needed;
  }
  return { block, problems };
}

function valueOf(field: Field, value: unknown, place: string, problems: Record<string, string>): unknown {
  const inner = (said: Values, at: string) => {
    const found = blockOf(field.fields, said, [], at);
    Object.assign(problems, found.problems);
    return found.block;
  };
  switch (field.shape) {
    case 'group': {
      const touched = !same(value, startValues(field.fields));
      return touched ? inner(value as Values, place) : undefined;
    }
    case 'groups': {
      const some = value as Values[];
      return some.length ? Object.fromEntries(some.map((one, at) => [String(one[''] ?? '').trim() || `t${at + 1}`, inner(one, `${place}.${at}`)])) : undefined;
    }
    case 'rows':
      return (value as Values[]).map((one, at) => inner(one, `${place}.${at}`));
    case 'pairs':
      return pairs(String(value ?? ''), place, problems);
    case 'json':
      return json(String(value ?? ''), place, problems);
    case 'integer':
      return whole(value, place, problems);
    default:
      return same(value, field.default) ? undefined : typeof value === 'string' && field.shape === 'text' ? value.trim() : value;
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function whole(value: unknown, place: string, problems: Record<string, string>): number | undefined {
  const text = String(value ?? '').trim();
  if (!text) return undefined;
  if (!/^-?\d{1,12}$/.test(text)) problems[place] = words.badNumber;
  return Number(text);
}

function pairs(text: string, place: string, problems: Record<string, string>): Record<string, string> | undefined {
  const lines = text.split('\n').filter((line) => line.trim());
  if (!lines.length) return undefined;
  const found: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf('=');
    if (at < 1) problems[place] = words.badPair(line);
    else found[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return found;
}

function json(text: string, place: string, problems: Record<string, string>): unknown {
  if (!text.trim()) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    problems[place] = words.badJson;
    return undefined;
  }
}
