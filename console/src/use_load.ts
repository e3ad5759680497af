// Loading for a page: the newest request counts, also if an older one answers later.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Load<T> {
  value: T | undefined;
  error: Error | undefined;
  isLoading: boolean;
  reload(): void;
}

/** `stale` says what is shown while new inputs are loading: what was there, or nothing. */
export function useLoad<T>(load: () => Promise<T>, inputs: unknown[], stale: 'keep' | 'drop' = 'drop'): Load<T> {
  const [state, setState] = useState<Omit<Load<T>, 'reload'>>({ value: undefined, error: undefined, isLoading: true });
  const newest = useRef(0);
  const start = (keep: boolean) => {
    const ticket = ++newest.current;
    const finish = (value: T | undefined, error: Error | undefined) => {
      if (ticket === newest.current) setState({ value, error, isLoading: false });
    };
    setState((before) => ({ value: keep ? before.value : undefined, error: undefined, isLoading: true }));
    load().then(
      (value) => finish(value, undefined),
      (error: Error) => finish(undefined, error),
    );
  };
  useEffect(() => {
    start(stale === 'keep');
    return () => {
      newest.current += 1;
    };
  }, inputs);
  const reload = useCallback(() => start(true), inputs);
  return { ...state, reload };
}
