// The live view: what the server does, read every two seconds.
import { useEffect, useRef, useState } from 'preact/hooks';
import { meaningOf } from '../api_document.ts';
import { duration, number, plural } from '../format.ts';
import { changeBetween, parseMetrics, readingOf, type Reading } from '../metrics.ts';
import { Charts, type Point } from '../parts/charts.tsx';
import { Failures } from '../parts/failures.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { fetchMetrics, type Server } from '../server.ts';

const kPause = 2000;
const kSlots = 90; // three minutes

export function Live({ server }: { server: Server }) {
  const [points, setPoints] = useState<Point[]>([]);
  const [error, setError] = useState<Error>();
  const last = useRef<Reading>();
  useEffect(() => {
    let timer = 0;
    let isOpen = true;
    const read = async () => {
      try {
        const reading = readingOf(parseMetrics(await fetchMetrics()), performance.now());
        const change = last.current && changeBetween(last.current, reading);
        last.current = reading;
        if (isOpen) setPoints((before) => [...before, { reading, change }].slice(-kSlots));
        if (isOpen) setError(undefined);
      } catch (failure) {
        if (isOpen) setError(failure as Error);
      }
      if (isOpen) timer = window.setTimeout(() => void read(), kPause);
    };
    void read();
    return () => {
      isOpen = false;
      clearTimeout(timer);
    };
  }, []);
  const now = points.at(-1);
  return (
    <>
      <h1>Live</h1>
      {error && <Failed error={error} />}
      {!now && !error && <Loading />}
      {now && <Numbers server={server} now={now} />}
      {now && <Charts points={points} slots={kSlots} />}
      {now && <Codes server={server} points={points} />}
      <Failures api={server.api} />
    </>
  );
}

function Numbers({ server, now: { reading } }: { server: Server; now: Point }) {
  const uptime = Math.max(0, Date.now() / 1000 - server.overview.started_at);
  return (
    <p class="hint">
      Up for {duration(uptime)} · {plural(reading.connections, 'open connection')} to the REST API · read every 2
      seconds, kept for 3 minutes
    </p>
  );
}

const kCodeColumns = [
  { title: 'Code' },
  { title: 'Meaning' },
  { title: 'Since this page is open', isNumeric: true },
  { title: 'Since the start', isNumeric: true },
];

function Codes({ server, points }: { server: Server; points: Point[] }) {
  const first = points[0]?.reading.requestsByCode ?? new Map<string, number>();
  const now = points.at(-1)?.reading.requestsByCode ?? new Map<string, number>();
  const meaning = (code: string) =>
    code === '0' ? 'OK' : (meaningOf(server.api, undefined, Number(code))?.text ?? '—');
  const rows = [...now]
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => ({
      key: code,
      cells: [code, meaning(code), number(count - (first.get(code) ?? 0)), number(count)],
    }));
  if (rows.length === 0) return null;
  return (
    <section aria-label="Answers by code">
      <h2>Answers by code</h2>
      <Table label="Codes" columns={kCodeColumns} rows={rows} />
    </section>
  );
}
