// What surrounds rows that come page by page: loading, an error, nothing, more.
import type { ComponentChildren } from 'preact';
import type { Pages } from '../use_pages.ts';
import { Failed, Loading } from './states.tsx';

interface Props<Row> {
  pages: Pages<Row>;
  moreLabel: string;
  empty: ComponentChildren;
  children: (rows: Row[]) => ComponentChildren;
}

export function Paged<Row>({
  pages: { rows, hasMore, isLoading, error, more },
  moreLabel,
  empty,
  children,
}: Props<Row>) {
  const isEmpty = rows.length === 0;
  return (
    <>
      {!isEmpty && children(rows)}
      {isEmpty && !isLoading && !error && empty}
      {isLoading && <Loading />}
      {error && <Failed error={error} retry={more} />}
      {hasMore && !isLoading && !error && (
        <button type="button" onClick={more}>
          {moreLabel}
        </button>
      )}
    </>
  );
}
