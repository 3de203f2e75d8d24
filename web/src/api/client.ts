import createClient from 'openapi-fetch';
import { errorOf, offline } from './errors';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

export const api = createClient<paths>({ credentials: 'same-origin' });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or an ApiError. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw offline();
  }
  if (!got.response.ok) throw errorOf(got.response.status, got.error);
  return got.data as T;
}
