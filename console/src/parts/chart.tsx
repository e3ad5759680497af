// A small moving chart: lines over the last minutes, the newest at the right.
import { linePath, niceCeiling } from '../chart_scale.ts';

export interface Series {
  name: string;
  points: (number | null)[];
}

interface Props {
  title: string;
  series: Series[]; // at most three
  format: (value: number) => string;
  slots: number;
  hint: string;
  unit?: number; // of which round numbers are chosen: 1000, or 1024 for bytes
}

const kWidth = 300;
const kHeight = 80;

export function Chart({ title, series, format, slots, hint, unit = 1000 }: Props) {
  const values = series.flatMap(({ points }) => points.filter((point) => point !== null));
  const top = niceCeiling(Math.max(0, ...values), unit);
  const last = (points: (number | null)[]) => {
    const value = points.at(-1);
    return value === null || value === undefined ? '—' : format(value);
  };
  const summary = series.map(({ name, points }) => `${name} ${last(points)}`).join(', ');
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        <ul class="legend">
          {series.map(({ name, points }, index) => (
            <li key={name}>
              <span class={`swatch line-${index}`} aria-hidden="true" />
              {name} <strong>{last(points)}</strong>
            </li>
          ))}
        </ul>
      </figcaption>
      <div class="chart-area">
        <span class="chart-top">{values.length > 0 ? format(top) : 'Nothing to measure yet'}</span>
        <svg
          viewBox={`0 -2 ${kWidth} ${kHeight + 4}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${summary}`}
        >
          <line class="chart-base" x1="0" x2={kWidth} y1={kHeight} y2={kHeight} />
          <line class="chart-base" x1="0" x2={kWidth} y1="0" y2="0" />
          {series.map(({ name, points }, index) => (
            <path key={name} class={`chart-line line-${index}`} d={linePath(points, slots, top, kWidth, kHeight)} />
          ))}
        </svg>
      </div>
      <p class="hint">{hint}</p>
    </figure>
  );
}
