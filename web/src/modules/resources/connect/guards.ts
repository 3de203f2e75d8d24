import type { PlanColumn, PlanTable } from './plan';
import { shapeWords, words } from './strings';

/** Above this grade values are masked wherever people look. */
export const CLEAR_GRADE = 2;

/** Whether the column is graded by what is said here, not by its element's standard. */
export const isOwn = (one: PlanColumn) => !one.element || (one.kept && one.element === one.proposed);

/** The grade in force where it is the column's own. */
export const gradeOf = (one: PlanColumn) => one.grade ?? one.guard.grade;

/** Nobody has graded it yet: neither a standard, nor a person. */
export const isOpen = (one: PlanColumn) => one.take && isOwn(one) && one.guard.open && one.grade === null;

/** By what it was known, said in words; null where nothing was known. */
export function known(one: PlanColumn): string | null {
  const { shape, alike, values } = one.guard;
  if (!shape) return null;
  const name = shapeWords[shape] ?? shape;
  return alike ? words.knownByValues(name, alike, values) : words.knownByName(name);
}

/** What is to be thought of before it is published. */
export function warning(one: PlanColumn): string | null {
  const { shape, grade } = one.guard;
  if (!one.take || !shape || grade <= CLEAR_GRADE) return null;
  const name = shapeWords[shape] ?? shape;
  return isOwn(one) && gradeOf(one) <= CLEAR_GRADE ? words.laxGrade(name, gradeOf(one)) : null;
}

/** One grade for all columns of a table that nobody has graded. */
export function gradeOpen(table: PlanTable, grade: number): PlanTable {
  return { ...table, columns: table.columns.map((one) => (isOpen(one) ? { ...one, grade } : one)) };
}

/** What a declaration says of the grade of a column; nothing where its element says it. */
export function declaredGuard(one: PlanColumn): { grade?: number; mask?: string } {
  if (!isOwn(one)) return {};
  const grade = gradeOf(one);
  return one.guard.mask === 'none' || grade <= CLEAR_GRADE ? { grade } : { grade, mask: one.guard.mask };
}
