// The charts of the live view.
import { bytes, number, seconds } from '../format.ts';
import { topCodes, type Change, type Reading } from '../metrics.ts';
import { Chart } from './chart.tsx';

export interface Point {
  reading: Reading;
  change: Change | undefined; // since the reading before
}

export function Charts({ points, slots }: { points: Point[]; slots: number }) {
  const line = (valueOf: (change: Change) => number | null) =>
    points.map(({ change }) => (change ? valueOf(change) : null));
  const codes = topCodes(
    points.flatMap(({ change }) => change ?? []),
    3,
  );
  return (
    <div class="charts">
      <Chart
        title="Requests a second"
        series={[
          { name: 'all', points: line((change) => change.requestsPerSecond) },
          { name: 'refused', points: line((change) => change.failuresPerSecond) },
        ]}
        format={number}
        slots={slots}
        hint="All REST answers; refused are those with a code other than 0."
      />
      <Chart
        title="Refused a second, by code"
        series={codes.map((code) => ({
          name: code,
          points: line(({ failuresByCode }) => failuresByCode.get(code) ?? 0),
        }))}
        format={number}
        slots={slots}
        hint={
          codes.length === 0
            ? 'No request was refused in this time.'
            : 'The codes that came most; the table below says what they mean.'
        }
      />
      <Chart
        title="Time until the answer"
        series={[
          { name: 'p50', points: line((change) => change.latencyP50) },
          { name: 'p99', points: line((change) => change.latencyP99) },
        ]}
        format={seconds}
        slots={slots}
        hint="Half of the answers are faster than p50, one of a hundred is slower than p99."
      />
      <Chart
        title="Sync of the disk"
        series={[
          { name: 'p50', points: line((change) => change.syncP50) },
          { name: 'p99', points: line((change) => change.syncP99) },
        ]}
        format={seconds}
        slots={slots}
        hint="The floor of every answer that shows something new."
      />
      <Chart
        title="Commits a second"
        series={[{ name: 'commits', points: line((change) => change.commitsPerSecond) }]}
        format={number}
        slots={slots}
        hint="Transactions that wrote."
      />
      <Chart
        title="Answers in one sync"
        series={[{ name: 'batch', points: line((change) => change.batch) }]}
        format={number}
        slots={slots}
        hint="How many answers one sync of the disk releases: more under load."
      />
      <Chart
        title="At this moment"
        series={[
          { name: 'under way', points: points.map(({ reading }) => reading.inFlight) },
          { name: 'wait for the disk', points: points.map(({ reading }) => reading.waiters) },
        ]}
        format={number}
        slots={slots}
        hint="Requests that are not answered yet, and answers that wait for a sync."
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
        slots={slots}
        hint="Dead entries are still on disk; pending is what compaction has yet to rewrite."
      />
    </div>
  );
}
