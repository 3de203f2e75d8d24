import { errorOf, offline } from './errors';

interface Options {
  progress?: (part: number) => void;
  signal?: AbortSignal;
}

/** A file as the body of a POST. By XMLHttpRequest: fetch does not tell how much has left. */
export function upload<T>(address: string, file: Blob, { progress, signal }: Options = {}): Promise<T> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => progress?.(event.total ? event.loaded / event.total : 0);
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) done(body as T);
      else fail(errorOf(request.status, body));
    };
    request.onerror = () => fail(offline());
    request.onabort = () => fail(new DOMException('aborted', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Saves what an address answers as a file; an error is told, never saved. */
export async function saveAs(address: string, name: string): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(address, { credentials: 'same-origin' });
  } catch {
    throw offline();
  }
  if (!answer.ok) throw errorOf(answer.status, parsed(await answer.text()));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
