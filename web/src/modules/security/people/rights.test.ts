import { describe, expect, it } from 'vitest';
import { inOrder, problemOf, stateOf, type Person } from './rights';

const person = (changes: Partial<Person>): Person => ({
  name: 'x', title: 'x', roles: ['officer'], agency: null, disabled: false, must_change: false,
  created_at: '2026-01-01T00:00:00Z', last_seen_at: null, ...changes,
});

describe('the state of a person', () => {
  it('says first what stops the work', () => {
    expect(stateOf(person({}))).toBe('active');
    expect(stateOf(person({ must_change: true }))).toBe('new');
    expect(stateOf(person({ roles: ['steward'], must_change: true }))).toBe('homeless');
    expect(stateOf(person({ roles: ['steward'], agency: 'a' }))).toBe('active');
    expect(stateOf(person({ roles: ['steward'], disabled: true }))).toBe('disabled');
  });

  it('orders the list: what is missing first, who is out last', () => {
    const people = [person({ name: 'out', disabled: true }), person({ name: 'in' }), person({ name: 'lost', roles: ['steward'] })];
    expect(inOrder(people).map((one) => one.name)).toEqual(['lost', 'in', 'out']);
  });
});

describe('rights that cannot be given together', () => {
  const alone = new Set(['audit_admin']);

  it('are one of the three administrators with anything else, and a steward of no agency', () => {
    expect(problemOf(['operator', 'audit_admin'], null, alone)?.field).toBe('roles');
    expect(problemOf(['steward'], null, alone)?.field).toBe('agency');
    expect(problemOf(['steward', 'officer'], 'a', alone)).toBeNull();
    expect(problemOf(['audit_admin'], undefined, alone)).toBeNull();
  });
});
