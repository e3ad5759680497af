#!/usr/bin/env python3
"""What calls cost as conversations, lists and groups grow, and how fast disk space comes back.

CPU is what the server's process uses for one request, all threads. Fails if deleting or sending
costs more than 1.3 times as much at the largest size as at the smallest. Writes
build/bench-growth.json, appends to bench/growth.csv.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from prepare import Data
from program import Confab, can_pin, cpu_seconds, settle, wrk
from results import append_csv, read_json, write_json
from space import give_back
from wire import Wire, send_all

MOST_FACTOR = 1.3
MUST_STAY_FLAT = ["delete", "delete_group", "send_group"]
CONNECTIONS = 64
TEXT = "See you at the station at half past six. " * 4
# The sweep over the empty store at the start is the only one: a sweep is work for those who wait,
# and would be counted as theirs.
NO_RECLAIM = {"reclaim_interval_s": 86400}


def row(what, size, cpu_us, p50_ms):
    return {"what": what, "size": size, "cpu_us": cpu_us, "p50_ms": p50_ms}


def one_by_one(confab, wire, command, body):
    """CPU microseconds and milliseconds of one request on a kept connection."""
    request = wire.encode(command, body)
    before, begin = cpu_seconds(confab.pid), time.perf_counter()
    wire.send([request])
    answer = wire.finish(1)
    end = time.perf_counter()
    # What the threads do after the answer is part of the request; then they sleep.
    while time.perf_counter() < end + 0.0002:
        pass
    return (cpu_seconds(confab.pid) - before) * 1e6, (end - begin) * 1e3, answer


def medians(pairs):
    return [statistics.median(each) for each in zip(*pairs)]


class Conversations:
    """One-to-one conversations of one account, with so many messages each."""

    def __init__(self, data, size, cycles):
        self.size, self.owner = size, f"w{size}"
        # As many as are affordable. Who has fewer than cycles is deleted again and again, after a
        # new message each time.
        self.count = max(1, min(cycles, 500_000 // size))
        if self.count == 1:
            data.accounts([self.owner])
            data.messages(self.owner, "p0", size)
        else:
            data.history(self.owner, self.count, size, TEXT)
        self.deletes, self.reads = [], []

    def cycle(self, confab, wire, number):
        """A new message, so that what is deleted is listed; then the two that are measured."""
        peer = f"p{number % self.count}"
        body = {"From_Account": self.owner, "To_Account": peer, "MsgRandom": number}
        body["MsgBody"] = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": TEXT}}]
        one_by_one(confab, wire, "openim/sendmsg", body)
        delete = {"From_Account": self.owner, "Type": 1, "To_Account": peer, "ClearRamble": 1}
        self.deletes.append(one_by_one(confab, wire, "recentcontact/delete", delete)[:2])
        read = {"Operator_Account": self.owner, "Peer_Account": peer, "MaxCnt": 100}
        read |= {"MinTime": 0, "MaxTime": 4294967295}
        *cost, answer = one_by_one(confab, wire, "openim/admin_getroammsg", read)
        if b'"MsgCnt":0' not in answer:
            raise RuntimeError(f"messages after a deletion: {answer}")
        self.reads.append(cost)


def measure_deletes(arguments, directory):
    with Confab(directory, **NO_RECLAIM) as confab:
        data = Data(confab)
        all_sizes = [Conversations(data, size, arguments.cycles) for size in arguments.messages]
        settle(confab.pid)
        wire = Wire(confab)
        for number in range(arguments.cycles):
            for each in all_sizes:
                each.cycle(confab, wire, number)
    return [row("delete", each.size, *medians(each.deletes)) for each in all_sizes] + [
        row("read_after_delete", each.size, *medians(each.reads)) for each in all_sizes
    ]


def is_listed(confab, user, group):
    answer = confab.call(
        "recentcontact/get_list",
        From_Account=user,
        TimeStamp=0,
        StartIndex=0,
        TopTimeStamp=0,
        TopStartIndex=0,
        AssistFlags=0,
    )
    return any(item.get("GroupId") == group for item in answer["SessionItem"])


def measure_group_deletes(arguments, directory):
    """Each member of a group deletes its conversation, once: no deletion repeats another."""
    slice_size = arguments.cycles
    costs = {size: [] for size in arguments.messages}
    with Confab(directory, **NO_RECLAIM) as confab:
        data = Data(confab)
        for size in costs:
            data.groups(f"@TGS#_d{size}-", 1, slice_size * arguments.rounds + 1, "Community")
            data.group_messages(f"@TGS#_d{size}-0", size)
        for part in range(arguments.rounds):
            for size, cost in costs.items():
                group = f"@TGS#_d{size}-0"
                members = [f"m{part * slice_size + i}" for i in range(slice_size)]
                was_listed = is_listed(confab, members[0], group)
                settle(confab.pid)
                before, begin = cpu_seconds(confab.pid), time.perf_counter()
                send_all(confab, (("recentcontact/delete", deletion(m, group)) for m in members))
                seconds = time.perf_counter() - begin
                cpu = cpu_seconds(confab.pid) - before
                if not was_listed or is_listed(confab, members[0], group):
                    raise RuntimeError(f"{group} was not deleted")
                cost.append((cpu * 1e6 / slice_size, seconds * 1e3 / slice_size))
    # Many at once: a time per request would say nothing about the time that one takes.
    return [row("delete_group", size, medians(cost)[0], None) for size, cost in costs.items()]


def deletion(member, group):
    return {"From_Account": member, "Type": 2, "ToGroupid": group, "ClearRamble": 1}


def loaded(confab, arguments, script, salt, options):
    """CPU microseconds and median milliseconds of a request under wrk's load."""
    settle(confab.pid)
    before = cpu_seconds(confab.pid)
    seconds = arguments.seconds
    options = options | {"salt": salt, "text": TEXT}
    result = wrk(confab.url, CONNECTIONS, seconds, script, confab.query, **options)
    if result["errors"]:
        raise RuntimeError(f"{script}: {result['errors']} errors")
    return (cpu_seconds(confab.pid) - before) * 1e6 / result["requests"], result["p50_ms"]


def measure_loaded(arguments, directory, what, sizes, prepare, **settings):
    """The sizes in turn, so that what disturbs the machine meets them all."""
    with Confab(directory, **NO_RECLAIM, **settings) as confab:
        data = Data(confab)
        options = {size: prepare(data, size) for size in sizes}
        costs = {size: [] for size in sizes}
        for round_number in range(arguments.rounds):
            for i, size in enumerate(sizes):
                salt = round_number * len(sizes) + i + 1
                costs[size].append(loaded(confab, arguments, what, salt, options[size]))
        refused = confab.metrics().total("confab_requests_total", without='code="0"')
        if refused:
            raise RuntimeError(f"{what}: {refused} refusals")
    return [row(what, size, *medians(cost)) for size, cost in costs.items()]


def list_readers(data, size):
    # At most 100,000 conversations.
    return data.readers(max(1, min(20, 100_000 // size)), size, prefix=f"r{size}-")


def one_group(data, size):
    return data.groups(f"@TGS#_s{size}-", 1, size, "Community")


def measure(arguments, directory):
    def fresh(name):
        path = directory / name
        path.mkdir()
        return path

    rows, space = [], None
    if "delete" in arguments.parts:
        rows += show(measure_deletes(arguments, fresh("delete")))
    if "delete_group" in arguments.parts:
        rows += show(measure_group_deletes(arguments, fresh("delete_group")))
    if "list" in arguments.parts:
        sizes, whole = arguments.lists, {"conversation_list_cap": 0}
        rows += show(
            measure_loaded(arguments, fresh("list"), "get_list", sizes, list_readers, **whole)
        )
    if "send_group" in arguments.parts:
        sizes = arguments.members
        rows += show(measure_loaded(arguments, fresh("send"), "send_group", sizes, one_group))
    if "space" in arguments.parts:
        space = give_back(fresh("space"), arguments.messages[-1])
        print(json.dumps({key: value for key, value in space.items() if key != "curve"}))
    return {"rows": rows, "factors": factors(rows), "space": space}


def show(rows):
    for each in rows:
        cpu, p50 = f"{each['cpu_us']:.2f}", p50_text(each)
        print(f"{each['what']:<20}{each['size']:>10}{cpu:>12}{p50:>12}", flush=True)
    return rows


def p50_text(each):
    return "" if each["p50_ms"] is None else f"{each['p50_ms']:.3f}"


def factors(rows):
    """How much more CPU the largest size costs than the smallest."""
    costs = {}
    for each in rows:
        costs.setdefault(each["what"], []).append(each["cpu_us"])
    return {what: cost[-1] / cost[0] for what, cost in costs.items()}


def numbers(text):
    return sorted(int(each) for each in text.split(","))


def with_former(results):
    """With the parts that were measured before and not now."""
    former = read_json("bench-growth")
    if not former:
        return results
    now = {each["what"] for each in results["rows"]}
    kept = former["results"]
    return {
        "rows": [each for each in kept["rows"] if each["what"] not in now] + results["rows"],
        "factors": kept["factors"] | results["factors"],
        "space": results["space"] or kept["space"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default="delete,delete_group,list,send_group,space")
    parser.add_argument("--messages", type=numbers, default=[10, 10_000, 1_000_000])
    parser.add_argument("--lists", type=numbers, default=[100, 500, 10_000])
    parser.add_argument("--members", type=numbers, default=[10, 1_000, 100_000])
    parser.add_argument("--cycles", type=int, default=2000, help="deletions of each size and round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of load for a size and round")
    parser.add_argument("--directory", help="where the stores go; default: a temporary directory")
    parser.add_argument("--no-history", action="store_true", help="write no files")
    arguments = parser.parse_args()
    arguments.parts = arguments.parts.split(",")
    if not can_pin():
        print("One core, or no taskset: server and load disturb each other.", file=sys.stderr)
    print(f"{'what':<20}{'size':>10}{'CPU us':>12}{'p50 ms':>12}")
    with tempfile.TemporaryDirectory(prefix="confab-growth-", dir=arguments.directory) as directory:
        results = measure(arguments, Path(directory))
    if not arguments.no_history:
        write_json("bench-growth", with_former(results))
        lines = [
            [each["what"], each["size"], f"{each['cpu_us']:.3f}", p50_text(each)]
            for each in results["rows"]
        ]
        append_csv("growth", ["what", "size", "cpu_us", "p50_ms"], lines)
    too_much = False
    for what, factor in results["factors"].items():
        fails = what in MUST_STAY_FLAT and factor > MOST_FACTOR
        too_much |= fails
        verdict = f", more than {MOST_FACTOR}" if fails else ""
        print(f"{what}: {factor:.2f} times as much at the largest size as at the smallest{verdict}")
    return 1 if too_much else 0


if __name__ == "__main__":
    sys.exit(main())
