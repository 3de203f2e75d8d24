import { words } from './strings';

export interface Trouble {
  code: string;
  message: string;
  field?: string | null;
  hint?: string | null;
  details?: Record<string, unknown>;
}

/** What went wrong, as the platform says it: a code, a sentence and a way out. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | null;
  readonly hint: string | null;

  constructor(status: number, trouble: Trouble) {
    super(trouble.message);
    this.status = status;
    this.code = trouble.code;
    this.field = trouble.field ?? null;
    this.hint = trouble.hint ?? null;
  }
}

function troubleOf(body: unknown): Trouble | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const found = body.error as Trouble | null;
  return found && typeof found.code === 'string' ? found : null;
}

export function errorOf(status: number, body: unknown): ApiError {
  return new ApiError(
    status,
    troubleOf(body) ?? { code: `http_${status}`, message: words.badAnswer, hint: words.retryLater },
  );
}

export function offline(): ApiError {
  return new ApiError(0, { code: 'offline', message: words.offline, hint: words.offlineHint });
}

/** What browsers say of a part of the pages that a newer build has replaced. */
const GONE = /dynamically imported module|Importing a module script failed/i;

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (GONE.test(message)) return new ApiError(0, { code: 'updated', message: words.updated, hint: words.updatedHint });
  return new ApiError(0, { code: 'page', message, hint: words.pageHint });
}
