import { describe, expect, it } from 'vitest';
import { agreed, cellOf, current, isGuessed, mendsOf, pasted, spread, withCell, without, wrongColumn, type Row } from './mending';

const row = (id: number, values: Row['values'], mended: Row['mended'] = null, column: string | null = null): Row => ({
  id,
  values,
  mended,
  column,
  table: 't',
  job: 'j',
  line: id,
  reason: 'error_cell',
  message: '',
  raw: '',
  state: 'open',
  decided_by: null,
  at: '2026-01-01T00:00:00Z',
  guess: null,
});
const columns = ['K', 'V'];

describe('mending', () => {
  const one = row(1, { K: '1', V: null });
  it('sends only the cells that changed', () => {
    const edits = withCell({}, one, 'V', 'a');
    expect(current(one, 'V', edits)).toBe('a');
    expect(mendsOf(edits, columns)).toEqual([{ id: 1, values: { V: 'a' } }]);
  });
  it('takes a cell that is typed back for no change', () => {
    const edits = withCell(withCell({}, one, 'V', 'a'), one, 'V', '');
    expect(edits).toEqual({});
    expect(mendsOf(edits, columns)).toEqual([]);
  });
  it('sends an emptied cell as null', () => {
    expect(mendsOf(withCell({}, row(1, { K: '1', V: 'x' }), 'V', ''), columns)).toEqual([{ id: 1, values: { V: null } }]);
  });
  it('sends what an earlier try had put, beside what changed now', () => {
    const back = row(3, { K: null, V: '#N/A' }, { K: '9', V: '#N/A' });
    expect(current(back, 'K', {})).toBe('9');
    expect(mendsOf(withCell({}, back, 'V', '5'), columns)).toEqual([{ id: 3, values: { K: '9', V: '5' } }]);
  });
  it('does not lose an emptied cell of an earlier try', () => {
    const back = row(3, { K: '1', V: 'x' }, { K: '1', V: null });
    expect(mendsOf(withCell({}, back, 'K', '2'), columns)).toEqual([{ id: 3, values: { K: '2', V: null } }]);
  });
  it('sends all columns of a row that was never told apart', () => {
    expect(mendsOf(withCell({}, row(2, null), 'K', '7'), columns)).toEqual([{ id: 2, values: { K: '7', V: null } }]);
  });
  it('sends a guess only once someone agrees, or has mended it', () => {
    const guessed = { ...row(4, null), guess: { fields: 3, expected: 2, values: { K: '7', V: 'a,b' }, note: '' } };
    expect(isGuessed(guessed)).toBe(true);
    expect(current(guessed, 'V', {})).toBe('a,b');
    expect(mendsOf({}, columns)).toEqual([]);
    expect(mendsOf(agreed({}, guessed), columns)).toEqual([{ id: 4, values: { K: '7', V: 'a,b' } }]);
    expect(mendsOf(withCell({}, guessed, 'V', 'a'), columns)).toEqual([{ id: 4, values: { K: '7', V: 'a' } }]);
  });
  it('keeps rows of other pages, until they are sent', () => {
    const edits = withCell(withCell({}, one, 'V', 'a'), row(2, null), 'K', '7');
    expect(mendsOf(edits, columns).map((mend) => mend.id)).toEqual([1, 2]);
    expect(Object.keys(without(edits, [1]))).toEqual(['2']);
  });
  it('takes cells of a spreadsheet, and no more than there are', () => {
    const two = row(2, { K: '2', V: 'y' });
    const edits = pasted({}, [one, two], columns, { row: 0, column: 1 }, 'a\tlost\r\ny\nlost\n');
    expect(mendsOf(edits, columns)).toEqual([{ id: 1, values: { V: 'a' } }]);
    expect(mendsOf(pasted({}, [two], columns, { row: 0, column: 0 }, '7\t'), columns)).toEqual([{ id: 2, values: { K: '7', V: null } }]);
  });
  it('finds the cell that an error names', () => {
    expect(cellOf('12.身份证号')).toEqual({ id: 12, column: '身份证号' });
    expect(cellOf('12.a.b')).toEqual({ id: 12, column: 'a.b' });
    expect(cellOf('rows')).toBeNull();
    expect(cellOf(null)).toBeNull();
  });
  it('begins at the wrong cell, else at an empty key', () => {
    expect(wrongColumn(row(1, { K: '1' }, null, 'V'), columns, ['K'])).toBe('V');
    expect(wrongColumn(row(1, null), columns, ['V'])).toBe('V');
    expect(wrongColumn(row(1, { K: '1', V: 'x' }, null, 'gone'), columns, ['K'])).toBe('K');
  });
  it('counts Chinese twice', () => {
    expect(spread('ab张三')).toBe(6);
  });
});
