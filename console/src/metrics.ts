// The server's metrics: from Prometheus text to what happened between two readings.

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** Samples by metric name. */
export type Metrics = Map<string, Sample[]>;

export function parseMetrics(text: string): Metrics {
  const metrics: Metrics = new Map();
  for (const line of text.split('\n')) {
    const match = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line);
    if (!match) continue;
    const [, name = '', labels = '', value = ''] = match;
    const samples = metrics.get(name) ?? [];
    samples.push({ labels: parseLabels(labels), value: parseValue(value) });
    metrics.set(name, samples);
  }
  return metrics;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

function parseValue(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return Number(text);
}

/** Counts of observations up to each bound, by ascending bound. */
export type Histogram = Map<number, number>;

/** The metrics at one moment, as far as the live view shows them. */
export interface Reading {
  at: number; // milliseconds, of any clock that does not jump
  requestsByCode: Map<string, number>;
  latency: Histogram;
  syncTime: Histogram;
  commits: number;
  released: number; // answers that syncs released
  syncs: number; // that released some
  inFlight: number;
  waiters: number;
  connections: number;
  store: { live: number; dead: number; pending: number };
}

export function readingOf(metrics: Metrics, at: number): Reading {
  const total = (name: string, labels: Record<string, string> = {}): number =>
    (metrics.get(name) ?? [])
      .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
      .reduce((sum, sample) => sum + sample.value, 0);
  return {
    at,
    requestsByCode: sumBy(metrics.get('confab_requests_total') ?? [], (labels) => labels['code'] ?? ''),
    latency: histogramOf(metrics, 'confab_request_seconds'),
    syncTime: histogramOf(metrics, 'confab_commit_sync_seconds'),
    commits: total('confab_commits_total'),
    released: total('confab_commit_batch_sum'),
    syncs: total('confab_commit_batch_count'),
    inFlight: total('confab_requests_in_flight'),
    waiters: total('confab_commit_waiters'),
    connections: total('confab_http_connections', { server: 'rest' }),
    store: {
      live: total('confab_store_bytes', { kind: 'live' }),
      dead: total('confab_store_bytes', { kind: 'dead' }),
      pending: total('confab_store_bytes', { kind: 'pending' }),
    },
  };
}

function sumBy<Key>(samples: Sample[], keyOf: (labels: Record<string, string>) => Key): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const { labels, value } of samples) {
    const key = keyOf(labels);
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

function histogramOf(metrics: Metrics, name: string): Histogram {
  const buckets = sumBy(metrics.get(`${name}_bucket`) ?? [], (labels) => parseValue(labels['le'] ?? '+Inf'));
  return new Map([...buckets].sort(([a], [b]) => a - b));
}

/** What happened between two readings; null where nothing was observed. */
export interface Change {
  requestsPerSecond: number;
  failuresPerSecond: number;
  failuresByCode: Map<string, number>; // per second; codes that did not occur are absent
  latencyP50: number | null; // seconds
  latencyP99: number | null;
  syncP50: number | null;
  syncP99: number | null;
  commitsPerSecond: number;
  batch: number | null; // answers released by one sync
}

/** Undefined if the server was restarted in between: counters began anew. */
export function changeBetween(before: Reading, after: Reading): Change | undefined {
  const seconds = (after.at - before.at) / 1000;
  const requests = sumOf(after.requestsByCode) - sumOf(before.requestsByCode);
  const commits = after.commits - before.commits;
  if (seconds <= 0 || requests < 0 || commits < 0) return undefined;
  const fine = (after.requestsByCode.get('0') ?? 0) - (before.requestsByCode.get('0') ?? 0);
  const latency = difference(before.latency, after.latency);
  const syncTime = difference(before.syncTime, after.syncTime);
  const syncs = after.syncs - before.syncs;
  return {
    requestsPerSecond: requests / seconds,
    failuresPerSecond: (requests - fine) / seconds,
    failuresByCode: failuresByCode(before, after, seconds),
    latencyP50: quantile(latency, 0.5),
    latencyP99: quantile(latency, 0.99),
    syncP50: quantile(syncTime, 0.5),
    syncP99: quantile(syncTime, 0.99),
    commitsPerSecond: commits / seconds,
    batch: syncs > 0 ? (after.released - before.released) / syncs : null,
  };
}

function failuresByCode(before: Reading, after: Reading, seconds: number): Map<string, number> {
  const rates = new Map<string, number>();
  for (const [code, count] of after.requestsByCode) {
    const rate = (count - (before.requestsByCode.get(code) ?? 0)) / seconds;
    if (code !== '0' && rate > 0) rates.set(code, rate);
  }
  return rates;
}

/** The codes that occurred most, at most `count` of them. */
export function topCodes(changes: Change[], count: number): string[] {
  const totals = new Map<string, number>();
  for (const { failuresByCode: rates } of changes) {
    for (const [code, rate] of rates) totals.set(code, (totals.get(code) ?? 0) + rate);
  }
  const sorted = [...totals].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, count).map(([code]) => code);
}

function sumOf(counts: Map<unknown, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function difference(before: Histogram, after: Histogram): Histogram {
  return new Map([...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
}

/** Interpolated inside its bucket; the greatest finite bound if it lies above; null without any. */
export function quantile(histogram: Histogram, q: number): number | null {
  const buckets = [...histogram];
  const total = buckets.at(-1)?.[1] ?? 0;
  if (total <= 0) return null;
  const rank = q * total;
  let [lowerBound, lowerCount] = [0, 0];
  for (const [bound, count] of buckets) {
    if (count >= rank) {
      if (bound === Infinity) return lowerBound;
      const share = count === lowerCount ? 1 : (rank - lowerCount) / (count - lowerCount);
      return lowerBound + (bound - lowerBound) * share;
    }
    [lowerBound, lowerCount] = [bound, count];
  }
  return lowerBound;
}
