#!/usr/bin/env python3
"""Where the time of a benchmark's job goes: samples the server under load, draws a flame graph.

Writes build/flame-JOB.svg, which any browser shows (a rectangle's tooltip has the whole name and its
share), and prints the functions with most time of their own. Of a server that is pinned to one core
as in run.py; nginx does not run.
"""

import argparse
import collections
import html
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from prepare import Data
from program import ROOT, Confab, wrk
from run import TEXT, job_table

# A timer, not the processor's counters: virtual machines seldom have those. Prime, so that it does not
# keep step with what is periodic in the server.
SAMPLING = ["-e", "cpu-clock", "-F", "1999", "-g"]
WIDTH, ROW, MARGIN = 1600, 17, 10
CHARACTER = 6.6  # width in the font below, roughly
THINNEST = 0.3  # pixels; thinner ones are left out, their parents show the share
MANGLED = re.compile(r"^_ZZ*NK?")
FRAME = re.compile(r"^\s+[0-9a-f]+ (.*) \((.*)\)$")


def short_name(symbol):
    """A C++ name without template arguments, parameters and what surrounds them."""
    if MANGLED.match(symbol):
        return mangled_start(symbol)
    symbol = symbol.replace("(anonymous namespace)::", "").replace("operator()", "operator call")
    symbol = re.sub(r"operator(<=>|<<|>>|<=?|>=?|->)", "operator", symbol)
    depth, kept = 0, []
    for character in symbol:
        if character in "<({":
            depth += 1
        elif character in ">)}":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(character)
    name = "".join(kept).replace(" const", "").replace("[abi:cxx11]", "")
    name = re.sub("(::)+", "::", name).strip(": ")
    # What is left before a blank is a return type.
    return name.replace("operator call", "operator()").rsplit(" ", 1)[-1] or symbol


def mangled_start(symbol):
    """The part before the template arguments of a name that perf could not demangle."""
    rest, parts = MANGLED.sub("", symbol), []
    while length := re.match(r"\d+", rest):
        end = length.end() + int(length.group())
        parts.append(rest[length.end() : end])
        rest = rest[end:]
    return "::".join(parts) or symbol


def kind_of(name, module):
    if module.startswith("[kernel") or module.endswith(".ko"):
        return "kernel"
    return "ours" if name.startswith("confab::") else "library"


def stacks_of(script):
    """From what `perf script` prints: how often each stack was seen, outermost frame first."""
    stacks = collections.Counter()
    frames = []
    for line in [*script.splitlines(), ""]:
        frame = FRAME.match(line)
        if frame:
            name = short_name(frame.group(1))
            frames.append((name, kind_of(name, frame.group(2))))
        elif not line and frames:
            stacks[tuple(reversed(frames))] += 1
            frames = []
    return stacks


class Node:
    def __init__(self):
        self.samples = 0
        self.children = {}


def tree_of(stacks):
    root = Node()
    for stack, count in stacks.items():
        node = root
        node.samples += count
        for frame in stack:
            node = node.children.setdefault(frame, Node())
            node.samples += count
    return root


def depth_of(node):
    return 1 + max(map(depth_of, node.children.values()), default=0)


COLOURS = {"ours": "#f0a050", "library": "#f5d880", "kernel": "#a8c4e0", "all": "#dddddd"}


def svg(root, title):
    """Callers below, callees above; in a row by name, so that two graphs can be compared."""
    rows = depth_of(root)
    height = (rows + 1) * ROW + 2 * MARGIN
    scale = (WIDTH - 2 * MARGIN) / max(root.samples, 1)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        'font-family="monospace" font-size="11">',
        f'<rect width="100%" height="100%" fill="white"/><text x="{MARGIN}" y="{ROW}">'
        f"{html.escape(title)}</text>",
    ]

    def draw(node, frame, x, level):
        width = node.samples * scale
        if width < THINNEST:
            return
        name, kind = frame
        y = height - MARGIN - (level + 1) * ROW
        label = f"{name}: {node.samples} samples, {100 * node.samples / root.samples:.1f} %"
        out.append(
            f'<g><title>{html.escape(label)}</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}" '
            f'height="{ROW - 1}" fill="{COLOURS[kind]}" stroke="white" stroke-width="0.3"/>'
        )
        fitting = int((width - 4) / CHARACTER)
        if fitting >= 3:
            text = name if len(name) <= fitting else name[: fitting - 1] + "…"
            out.append(f'<text x="{x + 2:.1f}" y="{y + ROW - 5}">{html.escape(text)}</text>')
        out.append("</g>")
        for frame_above in sorted(node.children):
            child = node.children[frame_above]
            draw(child, frame_above, x, level + 1)
            x += child.samples * scale

    draw(root, ("all", "all"), MARGIN, 0)
    return "\n".join([*out, "</svg>", ""])


def own_time(stacks):
    """Samples by the function that was running."""
    own = collections.Counter()
    for stack, count in stacks.items():
        own[stack[-1]] += count
    return own


def chosen_job(name, connections):
    jobs = [job for job in job_table() if job.name == name]
    if not jobs:
        sys.exit(f"flame: no job {name}; there are " + ", ".join(dict.fromkeys(j.name for j in job_table())))
    job = jobs[0]
    job.connections = connections or job.connections
    return job


def record(job, arguments, directory):
    """What `perf script` prints for a server while it does the job."""
    samples = Path(directory) / "perf.data"
    with Confab(directory, tls=job.tls) as confab:
        data = Data(confab)
        options = {"text": TEXT, "salt": 1}
        for prepare in filter(None, (job.once, job.each)):
            options |= prepare(data, arguments) or {}
        perf = subprocess.Popen(
            ["perf", "record", "-q", *SAMPLING, "-o", samples, "-p", str(confab.process.pid)]
        )
        done = wrk(confab.url, job.connections, arguments.seconds, job.script, confab.query, **options)
        perf.send_signal(signal.SIGINT)
        perf.wait()
    print(f"{job.name}: {done['requests'] / done['seconds']:.0f} requests a second while sampled")
    script = ["perf", "script", "-i", samples, "--no-inline", "-F", "comm,ip,sym,dso"]
    return subprocess.run(script, check=True, stdout=subprocess.PIPE, text=True, errors="replace").stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", help="a name of run.py's table")
    parser.add_argument("--connections", type=int, help="default: as in the job's first row")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument(
        "--pairs", dest="most_a_second", type=int, default=90_000, help="prepared for each second of deleting"
    )
    arguments = parser.parse_args()
    job = chosen_job(arguments.job, arguments.connections)
    with tempfile.TemporaryDirectory(prefix="confab-flame-") as directory:
        stacks = stacks_of(record(job, arguments, directory))
    total = sum(stacks.values())
    if total == 0:
        sys.exit("flame: no samples; is the kernel's perf_event_paranoid above 2?")
    out = ROOT / f"build/flame-{job.name}.svg"
    out.write_text(svg(tree_of(stacks), f"{job.name}, {job.connections} connections, {total} samples"))
    for (name, kind), count in own_time(stacks).most_common(15):
        print(f"{100 * count / total:5.1f} %  {kind:<8} {name}")
    print(f"wrote {out.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
