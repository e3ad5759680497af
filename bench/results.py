"""Where the numbers of a run go: build/NAME.json for bench/report.py, and a CSV file in bench/ that
keeps earlier ones."""

import csv
import datetime
import json
import subprocess
from pathlib import Path

from program import ROOT


def machine():
    cpus = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    kernel = Path("/proc/sys/kernel/osrelease").read_text().strip()
    return f"{len(cpus)} x {cpus[0]}, Linux {kernel}"


def commit():
    return subprocess.run(
        ["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True
    ).stdout.strip()


def today():
    return datetime.date.today().isoformat()


def write_json(name, results):
    (ROOT / "build").mkdir(exist_ok=True)
    content = {"date": today(), "commit": commit(), "machine": machine(), "results": results}
    (ROOT / f"build/{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def read_json(name):
    """Nothing if it has not been measured here."""
    path = ROOT / f"build/{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def append_csv(name, columns, rows):
    path = ROOT / f"bench/{name}.csv"
    is_new = not path.exists()
    with path.open("a", newline="") as out:
        writer = csv.writer(out)
        if is_new:
            writer.writerow(["date", "commit", "machine", *columns])
        for row in rows:
            writer.writerow([today(), commit(), machine(), *row])
