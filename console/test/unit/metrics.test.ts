import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linePath, niceCeiling } from '../../src/chart_scale.ts';
import { changeBetween, parseMetrics, quantile, readingOf, topCodes } from '../../src/metrics.ts';

const exposition = (requests: number, failed: number, fast: number, slow: number) => `
# HELP confab_requests_total Answered requests by command and error code
# TYPE confab_requests_total counter
confab_requests_total{code="0",command="a/b"} ${requests}
confab_requests_total{code="50002",command="a/b"} ${failed}
confab_requests_total{command="c/d",code="0"} 5
confab_request_seconds_bucket{command="a/b",le="0.001"} ${fast}
confab_request_seconds_bucket{command="a/b",le="0.002"} ${fast + slow}
confab_request_seconds_bucket{command="a/b",le="+Inf"} ${fast + slow}
confab_request_seconds_count{command="a/b"} ${fast + slow}
confab_commits_total ${requests}
confab_commit_batch_sum ${requests}
confab_commit_batch_count ${requests / 2}
confab_store_bytes{kind="live"} 1.5e3
confab_store_bytes{kind="dead"} 7
confab_http_connections{server="rest"} 3
confab_http_connections{server="ops"} 1
`;

test('Labels and values are read, also with escapes', () => {
  const metrics = parseMetrics('# comment\nx{a="1",b="q\\"\\\\\\n"} +Inf\ny 2e3 1700000000\n\nnonsense');
  assert.deepEqual(metrics.get('x'), [{ labels: { a: '1', b: 'q"\\\n' }, value: Infinity }]);
  assert.deepEqual(metrics.get('y'), [{ labels: {}, value: 2000 }]);
  assert.equal(metrics.size, 2);
});

test('A reading sums over commands and chooses by label', () => {
  const reading = readingOf(parseMetrics(exposition(10, 1, 0, 0)), 0);
  assert.equal(reading.requestsByCode.get('0'), 15);
  assert.equal(reading.requestsByCode.get('50002'), 1);
  assert.deepEqual(reading.store, { live: 1500, dead: 7, pending: 0 });
  assert.equal(reading.connections, 3);
});

test('A change is what happened in between, by the second', () => {
  const before = readingOf(parseMetrics(exposition(10, 1, 100, 0)), 1000);
  const after = readingOf(parseMetrics(exposition(30, 3, 110, 10)), 3000);
  const change = changeBetween(before, after);
  assert.equal(change?.requestsPerSecond, 11);
  assert.equal(change?.failuresPerSecond, 1);
  assert.deepEqual([...(change?.failuresByCode ?? [])], [['50002', 1]]);
  assert.equal(change?.latencyP50, 0.001);
  assert.ok(Math.abs((change?.latencyP99 ?? 0) - 0.00198) < 1e-9);
  assert.equal(change?.commitsPerSecond, 10);
  assert.equal(change?.batch, 2);
  assert.equal(change?.syncP50, null);
});

test('The codes that occur most come first', () => {
  const readings = [exposition(0, 0, 0, 0), exposition(1, 4, 0, 0), exposition(2, 20, 0, 0).replaceAll('50002', '7')];
  const [first, second, third] = readings.map((text, index) => readingOf(parseMetrics(text), index * 1000));
  assert.ok(first && second && third);
  const changes = [changeBetween(first, second), changeBetween(first, third)].filter((change) => change !== undefined);
  assert.deepEqual(topCodes(changes, 3), ['7', '50002']);
  assert.deepEqual(topCodes(changes, 1), ['7']);
});

test('After a restart there is no change to tell', () => {
  const before = readingOf(parseMetrics(exposition(30, 3, 0, 0)), 1000);
  const after = readingOf(parseMetrics(exposition(2, 0, 0, 0)), 3000);
  assert.equal(changeBetween(before, after), undefined);
});

test('A quantile is interpolated, bounded, and null without observations', () => {
  assert.equal(
    quantile(
      new Map([
        [1, 0],
        [Infinity, 0],
      ]),
      0.5,
    ),
    null,
  );
  assert.equal(
    quantile(
      new Map([
        [1, 10],
        [Infinity, 10],
      ]),
      0.5,
    ),
    0.5,
  );
  assert.equal(
    quantile(
      new Map([
        [1, 0],
        [Infinity, 10],
      ]),
      0.5,
    ),
    1,
  );
});

test('A bound is easy to read and above the value', () => {
  assert.deepEqual(
    [0, 0.3, 1, 1.1, 3, 7, 0.002, 12000].map((value) => niceCeiling(value, 1000)),
    [1, 0.5, 1, 2, 5, 10, 0.002, 20000],
  );
  assert.deepEqual(
    [1500, 1_100_000, 1010 * 1024].map((value) => niceCeiling(value, 1024)),
    [2048, 2 * 1024 ** 2, 1024 ** 2],
  );
});

test('A line ends at the right edge and has gaps', () => {
  assert.equal(linePath([0, null, 10], 3, 10, 100, 50), 'M0.0 50.0L0.0 50.0M100.0 0.0L100.0 0.0');
  assert.equal(linePath([5], 3, 10, 100, 50), 'M100.0 25.0L100.0 25.0');
});
