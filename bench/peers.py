#!/usr/bin/env python3
"""What a message and the deletion of a conversation's history cost in Confab and in ejabberd.

ejabberd keeps its archive (mod_mam) in PostgreSQL; both come from Debian. The same messages, the same
core, one server after the other. Prints a table, writes build/bench-peers.json and appends to
bench/peers.csv. bench/peers/README.md says what the numbers do not say.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from caller import Caller
from ejabberd import DURABLE, ejabberd_on_postgres
from prepare import PEERS, Data, text_message
from program import LOAD_CORE, ROOT, Confab, can_pin, cpu_seconds, settle, wrk
from results import append_csv, write_json
from run import TEXT

SENDERS = 500
WARMING = 100
COLUMNS = ["operation", "history", "server", "connections", "rate", "p50_ms", "p99_ms", "cpu_us"]


class ConfabSide:
    name = "confab"
    send_job = "send_c2c"

    def __init__(self, confab):
        self.confab = confab
        self.url, self.query = confab.url, confab.query
        self.data = Data(confab)
        self.data.writers(SENDERS)
        self.caller = Caller(confab.port)

    def cpu_seconds(self):
        return cpu_seconds(self.confab.process.pid)

    def add_histories(self, writer, count, messages):
        self.data.history(writer, count, messages, TEXT)
        # Files that are still being written would count as the deletions' cost, as VACUUM would.
        settle(self.confab.process.pid)

    def call(self, command, **body):
        answer = self.caller.post(f"/v4/{command}?{self.query}", body)
        if answer["ErrorCode"] != 0:
            raise RuntimeError(f"{command}: {answer}")
        return answer

    def send_one(self, number):
        self.data.random += 1
        self.call(
            "openim/sendmsg",
            From_Account="s0",
            To_Account=f"p{number % PEERS}",
            **text_message(TEXT, self.data.random),
        )

    def delete(self, writer, peer):
        self.call("recentcontact/delete", From_Account=writer, Type=1, To_Account=peer, ClearRamble=1)

    def is_empty(self, writer, peer):
        answer = self.call(
            "openim/admin_getroammsg",
            Operator_Account=writer,
            Peer_Account=peer,
            MaxCnt=1,
            MinTime=0,
            MaxTime=4294967295,
        )
        return answer["MsgCnt"] == 0


class EjabberdSide:
    name = "ejabberd"
    send_job = "ejabberd_send"

    def __init__(self, ejabberd):
        self.ejabberd = ejabberd
        self.url, self.query = ejabberd.url, ""
        self.cpu_seconds = ejabberd.cpu_seconds
        self.sql = ejabberd.postgres.sql
        self.add_users([f"s{i}" for i in range(SENDERS)] + [f"p{i}" for i in range(PEERS)])
        self.send_one(0)  # opens the connections to PostgreSQL

    def add_users(self, names):
        # Nobody logs in; the passwords only have to be there.
        values = ",".join(f"('{name}','x')" for name in names)
        self.sql(f"INSERT INTO users (username, password) VALUES {values}")

    def send(self, sender, peer):
        self.ejabberd.call(
            "send_message",
            type="chat",
            to=f"{peer}@localhost",
            subject="",
            body=TEXT,
            **{"from": f"{sender}@localhost"},
        )

    def send_one(self, number):
        self.send("s0", f"p{number % PEERS}")

    def add_histories(self, writer, count, messages):
        """One message each through the API; PostgreSQL repeats the two rows that it made. By the API
        alone the large histories would take half an hour."""
        self.add_users([writer])
        for i in range(count):
            self.send(writer, f"p{i}")
        self.sql(f"""
            INSERT INTO archive (username, timestamp, peer, bare_peer, xml, txt, kind, nick)
            SELECT username, timestamp + n, peer, bare_peer, xml, txt, kind, nick
            FROM generate_series(1, {messages - 1}) n, archive
            WHERE username = '{writer}' OR bare_peer = '{writer}@localhost'""")
        rows = self.rows(f"username = '{writer}' OR bare_peer = '{writer}@localhost'")
        if rows != 2 * count * messages:
            raise RuntimeError(f"{rows} rows instead of {2 * count * messages}")
        # What its own housekeeping would have done by the time that anybody deletes.
        self.sql("VACUUM ANALYZE archive")

    def delete(self, writer, peer):
        self.ejabberd.call(
            "remove_mam_for_user_with_peer",
            user=writer,
            server="localhost",
            **{"with": f"{peer}@localhost"},
        )

    def is_empty(self, writer, peer):
        return self.rows(f"username = '{writer}' AND bare_peer = '{peer}@localhost'") == 0

    def rows(self, condition):
        return int(self.sql(f"SELECT count(*) FROM archive WHERE {condition}"))


def one_by_one(side, operation, count):
    """The operation's times on one connection."""
    before, times = side.cpu_seconds(), []
    for i in range(count):
        begin = time.monotonic()
        operation(i)
        times.append((time.monotonic() - begin) * 1e3)
    return {
        "connections": 1,
        "rate": 1e3 / statistics.mean(times),
        "p50_ms": statistics.median(times),
        "p99_ms": sorted(times)[int(0.99 * count)],
        "cpu_us": (side.cpu_seconds() - before) * 1e6 / count,
    }


def many_senders(side, connections, seconds, salt):
    before = side.cpu_seconds()
    options = {"text": TEXT, "senders": SENDERS, "salt": salt}
    done = wrk(side.url, connections, seconds, side.send_job, side.query, **options)
    if done["errors"]:
        raise RuntimeError(f"{side.name}: {done['errors']} errors")
    return {
        "connections": connections,
        "rate": done["requests"] / done["seconds"],
        "p50_ms": done["p50_ms"],
        "p99_ms": done["p99_ms"],
        "cpu_us": (side.cpu_seconds() - before) * 1e6 / done["requests"],
    }


def measure(side, arguments):
    """All rows of one server, as they come."""

    def row(operation, history, result):
        return {"operation": operation, "history": history, "server": side.name, **result}

    # Warms up. ejabberd prepares a statement at its first use on each of its ten connections to
    # PostgreSQL, which takes 40 ms each time: not what a server that has run for a while answers in.
    many_senders(side, arguments.connections, 1, salt=1)
    for i in range(WARMING):
        side.delete(f"s{i}", f"p{i}")
    yield row("send", "", one_by_one(side, side.send_one, arguments.sends))
    yield row("send", "", many_senders(side, arguments.connections, arguments.seconds, salt=2))
    for history in arguments.histories:
        writer = f"w{history}"
        side.add_histories(writer, arguments.conversations, history)
        if any(side.is_empty(writer, f"p{i}") for i in range(arguments.conversations)):
            raise RuntimeError(f"{side.name}: {writer} has no messages")
        deleted = one_by_one(side, lambda i: side.delete(writer, f"p{i}"), arguments.conversations)
        for i in range(arguments.conversations):
            if not side.is_empty(writer, f"p{i}"):
                raise RuntimeError(f"{side.name}: messages are left of {writer} and p{i}")
        yield row("delete", history, deleted)


def shown(row):
    numbers = "".join(f"{row[column]:>12.3f}" for column in COLUMNS[4:])
    return f"{row['operation']:<10}{row['history']:>9}  {row['server']:<10}{row['connections']:>5}{numbers}"


def keep(results):
    write_json("bench-peers", results)
    rows = [
        [f"{row[c]:.3f}" if isinstance(row[c], float) else row[c] for c in COLUMNS] for row in results
    ]
    append_csv("peers", COLUMNS, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", default="10,10000,100000", help="messages of a conversation")
    parser.add_argument("--conversations", type=int, default=5, help="of each history")
    parser.add_argument("--sends", type=int, default=200, help="messages on one connection")
    parser.add_argument("--seconds", type=int, default=5, help="of sending on many connections")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--directory", help="where the stores go; default: a temporary directory")
    parser.add_argument("--no-history", action="store_true", help="do not append to bench/peers.csv")
    arguments = parser.parse_args()
    arguments.histories = [int(each) for each in arguments.histories.split(",")]
    if os.geteuid() != 0:
        sys.exit("bench-peers: needs root, to run PostgreSQL and ejabberd as the users of their packages")
    if can_pin():
        os.sched_setaffinity(0, {int(LOAD_CORE)})
    print(f"PostgreSQL: {', '.join(f'{k}={v}' for k, v in DURABLE.items())}; Confab syncs before it answers")
    numbers = "".join(f"{column:>12}" for column in COLUMNS[4:])
    print(f"{'operation':<10}{'history':>9}  {'server':<10}{'conn':>5}{numbers}")
    results = []

    def run(side):
        for row in measure(side, arguments):
            results.append(row)
            print(shown(row), flush=True)

    with tempfile.TemporaryDirectory(prefix="confab-peers-", dir=arguments.directory) as directory:
        Path(directory).chmod(0o755)  # each server has its own directory in it
        own = Path(directory) / "confab"
        own.mkdir()
        with Confab(own) as confab:
            run(ConfabSide(confab))
        with ejabberd_on_postgres(directory) as ejabberd:
            run(EjabberdSide(ejabberd))
    if not arguments.no_history:
        keep(results)


if __name__ == "__main__":
    main()
