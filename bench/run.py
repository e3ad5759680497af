#!/usr/bin/env python3
"""What the calls of a conversation cost, next to nginx answering the same requests at once.

Prints a table, writes build/bench.json and appends to bench/history.csv. Each number is the median
of the rounds; in a round nginx and confab run one after the other, with the same wrk.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from prepare import Data
from program import Confab, can_pin, cpu_seconds, nginx, settle, wrk
from results import append_csv, write_json

COLUMNS = ["ratio", "cpu_ratio", "p50_ms", "p99_ms", "cpu_us", "writes_per_request"]
TEXT = "See you at the station at half past six. " * 4


class Job:
    """What wrk sends, over how many connections; `prepare` makes its data before each round or once."""

    def __init__(self, name, script, connections, once=None, each=None, tls=False):
        self.name, self.script, self.connections = name, script, connections
        self.once, self.each, self.tls = once, each, tls


def fresh_pairs(data, run):
    # As many as can be deleted in the time, and some more.
    return data.pairs(int(run.seconds * run.most_a_second))


def mixed(data, run):
    return {
        **data.readers(100, 100),
        **data.history("w", 100, 20, TEXT),
        "rows": 20,
    }


def job_table():
    return [
        Job("no_storage", "no_storage", 64),
        Job("delete", "delete", 64, each=fresh_pairs),
        Job("delete", "delete", 256, each=fresh_pairs),
        Job("delete_hot", "delete_hot", 64, once=lambda d, _: d.accounts(["hot1", "hot2"])),
        Job("delete_https", "delete", 256, each=fresh_pairs, tls=True),
        Job("send_c2c", "send_c2c", 256, once=lambda d, _: d.writers(500)),
        Job("send_group", "send_group", 256, once=lambda d, _: d.groups("g", 100, 10)),
        Job("get_list_100", "get_list", 64, once=lambda d, _: d.readers(100, 100)),
        Job("roam_20", "roam", 64, once=lambda d, _: d.history("w", 100, 20, TEXT) | {"rows": 20}),
        Job("roam_page", "roam", 64, once=lambda d, _: d.history("v", 50, 100, TEXT) | {"rows": 100}),
        Job("mixed", "mixed", 64, once=mixed, each=fresh_pairs),
    ]


class Run:
    def __init__(self, arguments, directory):
        self.seconds = arguments.seconds
        self.rounds = arguments.rounds
        self.most_a_second = arguments.pairs
        self.directory = Path(directory)
        self.salt = 0

    def measure(self, job):
        """The medians of a job's rounds."""
        data_dir = self.directory / f"{job.name}-{job.connections}"
        data_dir.mkdir()
        with Confab(data_dir, tls=job.tls) as confab, nginx(self.directory, 18088) as (url, worker):
            # Preparing goes over plain HTTP or TLS alike.
            data = Data(confab)
            options = {"text": TEXT}
            options.update((job.once(data, self) if job.once else None) or {})
            rounds = [self.round(job, confab, data, options, url, worker) for _ in range(self.rounds)]
        return {
            "job": job.name,
            "connections": job.connections,
            **{column: statistics.median(each[column] for each in rounds) for column in COLUMNS},
        }

    def round(self, job, confab, data, options, nginx_url, worker):
        self.salt += 1
        if job.each:
            options |= job.each(data, self)
        options["salt"] = self.salt
        static = self.load(job, nginx_url, worker, confab.query, options)
        # What preparing has left to be written to files is not of this job.
        settle(confab.process.pid, quiet_seconds=0.3)
        before = confab.metrics()
        ours = self.load(job, confab.url, confab.process.pid, confab.query, options)
        after = confab.metrics()
        commits = after.total("confab_commits_total") - before.total("confab_commits_total")
        failed = sum(
            metrics.total("confab_requests_total", without='code="0"') * sign
            for metrics, sign in ((after, 1), (before, -1))
        )
        if failed or ours["errors"]:
            raise RuntimeError(f"{job.name}: {failed} refusals, {ours['errors']} socket errors")
        return {
            "ratio": ours["rate"] / static["rate"],
            "cpu_ratio": static["cpu_us"] / ours["cpu_us"],
            "p50_ms": ours["p50_ms"],
            "p99_ms": ours["p99_ms"],
            "cpu_us": ours["cpu_us"],
            "writes_per_request": commits / ours["requests"],
        }

    def load(self, job, url, pid, query, options):
        before = cpu_seconds(pid)
        result = wrk(url, job.connections, self.seconds, job.script, query, **options)
        result["cpu_us"] = (cpu_seconds(pid) - before) * 1e6 / result["requests"]
        result["rate"] = result["requests"] / result["seconds"]
        return result


def keep(results):
    write_json("bench", results)
    rows = [
        [each["job"], each["connections"], *(f"{each[column]:.3f}" for column in COLUMNS)]
        for each in results
    ]
    append_csv("history", ["job", "connections", *COLUMNS], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", help="names, with commas; default: all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=90_000, help="prepared for each second of deleting")
    parser.add_argument("--directory", help="where the stores go; default: a temporary directory")
    parser.add_argument("--no-history", action="store_true", help="do not append to bench/history.csv")
    arguments = parser.parse_args()
    if not can_pin():
        print("One core, or no taskset: server and load share it, ratios are too low.", file=sys.stderr)
    wanted = arguments.jobs.split(",") if arguments.jobs else None
    results = []
    print(f"{'job':<14}{'conn':>5}" + "".join(f"{column:>20}" for column in COLUMNS))
    with tempfile.TemporaryDirectory(prefix="confab-bench-", dir=arguments.directory) as directory:
        run = Run(arguments, directory)
        for job in job_table():
            if wanted and job.name not in wanted:
                continue
            result = run.measure(job)
            results.append(result)
            print(
                f"{job.name:<14}{job.connections:>5}"
                + "".join(f"{result[column]:>20.3f}" for column in COLUMNS),
                flush=True,
            )
    if not arguments.no_history:
        keep(results)


if __name__ == "__main__":
    main()
