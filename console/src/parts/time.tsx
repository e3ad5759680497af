import { localTime, utcTime } from '../format.ts';

/** 0 is no time. */
export function Time({ at, none = '—' }: { at: number; none?: string }) {
  if (at === 0) return <span>{none}</span>;
  const utc = utcTime(at);
  return (
    <time dateTime={utc} title={`${utc} · ${at}`}>
      {localTime(at)}
    </time>
  );
}
