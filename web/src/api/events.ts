import { useEffect, useRef, useState } from 'react';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 10_000;

export interface Live {
  connected: boolean;
}

/**
 * Follow a stream of server-sent events. The server ends a stream by itself now and then; it is
 * opened again with the address of that moment, so that nothing is sent twice.
 */
export function useEvents<T>(address: (() => string) | null, take: (data: T) => void): Live {
  const [connected, setConnected] = useState(false);
  const latest = useRef({ address, take });
  const wanted = address !== null;
  useEffect(() => {
    latest.current = { address, take };
  });
  useEffect(() => {
    if (!wanted) return undefined;
    return follow(
      () => latest.current.address?.() ?? null,
      (data) => latest.current.take(data as T),
      setConnected,
    );
  }, [wanted]);
  return { connected: wanted && connected };
}

function follow(
  address: () => string | null,
  take: (data: unknown) => void,
  tell: (connected: boolean) => void,
): () => void {
  let stream: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_PAUSE;
  const open = () => {
    const url = address();
    if (!url) return;
    stream = new EventSource(url);
    stream.onmessage = (event: MessageEvent<string>) => {
      pause = FIRST_PAUSE;
      tell(true);
      take(JSON.parse(event.data));
    };
    stream.onerror = () => {
      stream?.close();
      if (pause > FIRST_PAUSE) tell(false);
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    stream?.close();
  };
}
