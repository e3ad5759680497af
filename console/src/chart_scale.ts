// Where the points of a chart stand.

/** A bound just above `value` that is easy to read: 1, 2 or 5 times a power of ten, in its unit. */
export function niceCeiling(value: number, base: number): number {
  if (!(value > 0)) return 1;
  const unit = base ** Math.floor(Math.log(value) / Math.log(base) + 1e-9);
  const power = unit * 10 ** Math.floor(Math.log10(value / unit) + 1e-9);
  const factor = [1, 2, 5, 10].find((each) => value <= each * power * (1 + 1e-9)) ?? 10;
  return Math.min(factor * power, base * unit);
}

/**
 * An SVG path through `points`, the newest at the right edge, `slots` of them across. A null is a
 * gap; a point between two gaps is drawn as a dot of no length, which a round cap makes visible.
 */
export function linePath(points: (number | null)[], slots: number, top: number, width: number, height: number): string {
  const step = width / (slots - 1);
  const shown = points.slice(-slots);
  let path = '';
  let isDrawing = false;
  shown.forEach((point, index) => {
    if (point === null) {
      isDrawing = false;
      return;
    }
    const x = width - (shown.length - 1 - index) * step;
    const y = height - (Math.min(point, top) / top) * height;
    const place = `${x.toFixed(1)} ${y.toFixed(1)}`;
    path += isDrawing ? `L${place}` : `M${place}L${place}`;
    isDrawing = true;
  });
  return path;
}
