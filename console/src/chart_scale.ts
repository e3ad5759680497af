// Where the points of a chart stand.

/** A bound just above `value` that is easy to read: 1, 2 or 5 times a power of ten. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 2, 5]) if (value <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
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
