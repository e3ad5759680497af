"""Line charts as SVG, light or dark as the page is."""

import math
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 36, 44
COLORS = ["#2f6fde", "#d9622b", "#2c9a5b", "#8a4fc9"]
STYLE = (
    "text{font:12px sans-serif;fill:#444}.title{font-size:14px;font-weight:bold}"
    ".axis{stroke:#888}.grid{stroke:#8884}"
    "@media(prefers-color-scheme:dark){text{fill:#ccc}}"
)


def nice_step(most):
    """1, 2 or 5 times a power of ten, for at most five steps up to `most`."""
    power = 10 ** math.floor(math.log10(most / 5))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor * 5 >= most)


def short(number):
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:g}{unit}"
    return f"{number:g}"


def text(x, y, words, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def line_chart(title, x_label, y_label, series, log_x=False, x_ticks=None):
    """`series`: name -> list of (x, y). The y axis begins at 0, so that growth is not exaggerated."""
    points = [point for each in series.values() for point in each]
    across = math.log10 if log_x else float
    least, most = (across(pick(x for x, _ in points)) for pick in (min, max))
    highest = max(max(y for _, y in points), 1e-9) * 1.1

    def place(x, y):
        return (
            LEFT + (across(x) - least) / ((most - least) or 1) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - y / highest * (HEIGHT - TOP - BOTTOM),
        )

    floor, end = HEIGHT - BOTTOM, WIDTH - RIGHT
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f"<style>{STYLE}</style>",
        text(LEFT, 18, title, "start", ' class="title"'),
        text((LEFT + end) / 2, HEIGHT - 8, x_label),
        text(LEFT - 8, TOP - 4, y_label, "start"),
        f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{floor}H{end}"/>',
    ]
    step = nice_step(highest)
    for i in range(int(highest / step) + 1):
        y = place(points[0][0], i * step)[1]
        out.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{end}"/>')
        out.append(text(LEFT - 6, y + 4, short(round(i * step, 9)), "end"))
    step = nice_step(most - least) if not x_ticks and most > least else 0
    ticks = x_ticks or [least + i * step for i in range(int((most - least) / step) + 1)]
    for x in ticks:
        out.append(text(place(x, 0)[0], floor + 18, short(x)))
    for i, (name, line) in enumerate(series.items()):
        color = COLORS[i % len(COLORS)]
        places = [place(x, y) for x, y in line]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        out.append(f'<path fill="none" stroke="{color}" stroke-width="2" d="M{path}"/>')
        if len(line) <= 10:
            out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in places]
        # Beside the frame, so that names of lines that lie close do not cover each other.
        y = TOP + 10 + 20 * i
        out.append(f'<path stroke="{color}" stroke-width="2" d="M{end + 10} {y - 4}h16"/>')
        out.append(text(end + 30, y, name, "start"))
    return "\n".join([*out, "</svg>", ""])


def save(path, svg):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(svg)
