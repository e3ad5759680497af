#!/usr/bin/env python3
"""Instructions that a request costs in our code, against the budget in bench/instructions.txt.

Counted by callgrind in bench/instructions.cc: unlike times they hardly depend on what else runs. Fails
if a handler costs more than a tenth above its budget, or has none. --update writes the budget.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from program import ROOT

PROGRAM = ROOT / "build/release/bench/instructions"
BUDGET = ROOT / "bench/instructions.txt"
HEAD = """\
# Instructions per request, as `make instructions UPDATE=1` counted them. A change may raise a line by a
# tenth without saying so; more than that belongs here, in the same commit, with its reason in the message.
"""
REQUESTS = 100
MOST = 1.10


def count(handler):
    """Instructions per request of one handler."""
    with tempfile.TemporaryDirectory(prefix="confab-instructions-") as directory:
        out = Path(directory) / "callgrind.out"
        command = [
            "valgrind",
            "--quiet",
            "--tool=callgrind",
            "--toggle-collect=confab_measured",
            f"--callgrind-out-file={out}",
        ]
        done = subprocess.run(
            [*command, PROGRAM, handler, str(REQUESTS)], capture_output=True, text=True
        )
        if done.returncode != 0:
            raise RuntimeError(f"{handler}: {done.stderr}")
        total = int(re.search(r"^summary: (\d+)", out.read_text(), re.MULTILINE).group(1))
    if total == 0:
        raise RuntimeError(f"{handler}: callgrind saw no confab_measured")
    return round(total / REQUESTS)


def count_all():
    names = subprocess.run([PROGRAM], check=True, capture_output=True, text=True).stdout.split()
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(names, pool.map(count, names)))


def read_budget(text):
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {name: int(number) for name, number in lines}


def complaints(counts, budget):
    """What is wrong, a line each."""
    for name, instructions in counts.items():
        if name not in budget:
            yield f"{name} has no budget"
        elif instructions > budget[name] * MOST:
            percent = 100 * (instructions / budget[name] - 1)
            yield f"{name} costs {instructions} instructions, {percent:.1f} % above its budget"
    for name in budget.keys() - counts.keys():
        yield f"{name} has a budget and is not measured"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the budget instead of checking it")
    arguments = parser.parse_args()
    try:
        counts = count_all()
    except RuntimeError as error:
        sys.exit(f"instructions: {error}")
    budget = read_budget(BUDGET.read_text()) if BUDGET.exists() else {}
    for name, instructions in counts.items():
        change = f"{100 * (instructions / budget[name] - 1):+.1f} %" if name in budget else "new"
        print(f"{name:<22}{instructions:>9}  {change}")
    if arguments.update:
        BUDGET.write_text(HEAD + "".join(f"{name} {number}\n" for name, number in counts.items()))
        print(f"wrote {BUDGET.relative_to(ROOT)}")
        return 0
    problems = list(complaints(counts, budget))
    for problem in problems:
        print("instructions: " + problem, file=sys.stderr)
    if problems:
        print(
            "instructions: find out why; if it is worth it, `make instructions UPDATE=1` and commit "
            "bench/instructions.txt with the reason",
            file=sys.stderr,
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
