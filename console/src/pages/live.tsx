// The live view: what the server does, read every two seconds.
import { useEffect, useRef, useState } from 'preact/hooks';
import { meaningOf } from '../api_document.ts';
import { bytes, duration, number, seconds } from '../format.ts';
import { changeBetween, parseMetrics, readingOf, type Change, type Reading } from '../metrics.ts';
import { Chart } from '../parts/chart.tsx';
import { Failures } from '../parts/failures.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { fetchMetrics, type Server } from '../server.ts';

const kPause = 2000;
const kSlots = 90; // three minutes

interface Point {
  reading: Reading;
  change: Change | undefined;
}

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
      {now && <Charts points={points} />}
      {now && <Codes server={server} points={points} />}
      <Failures api={server.api} />
    </>
  );
}

function Numbers({ server, now: { reading } }: { server: Server; now: Point }) {
  const uptime = Math.max(0, Date.now() / 1000 - server.overview.started_at);
  return (
    <p class="hint">
      Up for {duration(uptime)} · {reading.inFlight} requests under way · {reading.waiters} answers wait for the disk · {reading.connections} open REST
      connections · read every 2 seconds, kept for 3 minutes
    </p>
  );
}

function Charts({ points }: { points: Point[] }) {
  const line = (valueOf: (change: Change) => number | null) => points.map(({ change }) => (change ? valueOf(change) : null));
  return (
    <div class="charts">
      <Chart
        title="Requests a second"
        series={[
          { name: 'all', points: line((change) => change.requestsPerSecond) },
          { name: 'refused', points: line((change) => change.failuresPerSecond) },
        ]}
        format={number}
        slots={kSlots}
        hint="All REST answers; refused are those with a code other than 0."
      />
      <Chart
        title="Time until the answer"
        series={[
          { name: 'p50', points: line((change) => change.latencyP50) },
          { name: 'p99', points: line((change) => change.latencyP99) },
        ]}
        format={seconds}
        slots={kSlots}
        hint="Half of the answers are faster than p50, one of a hundred is slower than p99."
      />
      <Chart
        title="Sync of the disk"
        series={[
          { name: 'p50', points: line((change) => change.syncP50) },
          { name: 'p99', points: line((change) => change.syncP99) },
        ]}
        format={seconds}
        slots={kSlots}
        hint="The floor of every answer that shows something new."
      />
      <Chart
        title="Commits a second"
        series={[{ name: 'commits', points: line((change) => change.commitsPerSecond) }]}
        format={number}
        slots={kSlots}
        hint="Transactions that wrote."
      />
      <Chart
        title="Answers in one sync"
        series={[{ name: 'batch', points: line((change) => change.batch) }]}
        format={number}
        slots={kSlots}
        hint="How many answers one sync of the disk releases: more under load."
      />
      <Chart
        title="Store"
        series={[
          { name: 'live', points: points.map(({ reading }) => reading.store.live) },
          { name: 'dead', points: points.map(({ reading }) => reading.store.dead) },
          { name: 'pending', points: points.map(({ reading }) => reading.store.pending) },
        ]}
        format={bytes}
        unit={1024}
        slots={kSlots}
        hint="Dead entries are still on disk; pending is what compaction has yet to rewrite."
      />
    </div>
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
  const meaning = (code: string) => (code === '0' ? 'OK' : (meaningOf(server.api, undefined, Number(code))?.text ?? '—'));
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
