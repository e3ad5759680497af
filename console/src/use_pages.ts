// Rows that come page by page; those that are there stay while the next page is loading.
import { useEffect, useRef, useState } from 'preact/hooks';

export interface Page<Row, Mark> {
  rows: Row[];
  next: Mark | undefined; // where the next page begins; undefined: that was all
}

interface State<Row, Mark> extends Page<Row, Mark> {
  isLoading: boolean;
  error: Error | undefined;
}

export interface Pages<Row> {
  rows: Row[];
  hasMore: boolean;
  isLoading: boolean;
  error: Error | undefined;
  more(): void; // the next page, or again the one that failed
}

export function usePages<Row, Mark>(
  load: (mark: Mark | undefined) => Promise<Page<Row, Mark>>,
  inputs: unknown[],
): Pages<Row> {
  const [state, setState] = useState<State<Row, Mark>>({
    rows: [],
    next: undefined,
    isLoading: true,
    error: undefined,
  });
  const newest = useRef(0);
  const read = (rows: Row[], mark: Mark | undefined) => {
    const ticket = ++newest.current;
    const finish = (next: State<Row, Mark>) => ticket === newest.current && setState(next);
    setState({ rows, next: mark, isLoading: true, error: undefined });
    load(mark).then(
      (page) => finish({ rows: [...rows, ...page.rows], next: page.next, isLoading: false, error: undefined }),
      (error: Error) => finish({ rows, next: mark, isLoading: false, error }),
    );
  };
  useEffect(() => {
    read([], undefined);
    return () => {
      newest.current += 1;
    };
  }, inputs);
  return {
    rows: state.rows,
    hasMore: state.next !== undefined,
    isLoading: state.isLoading,
    error: state.error,
    more: () => read(state.rows, state.next),
  };
}
