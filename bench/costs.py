#!/usr/bin/env python3
"""What a server needs by itself: time to start, memory for conversations and connections, CPU for
TLS handshakes. Writes build/bench-costs.json."""

import argparse
import os
import re
import resource
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

from prepare import PEERS, Data, random_text
from program import LOAD_CORE, Confab, can_pin, cpu_seconds, disk_bytes, pinned
from program import resident_bytes, settle
from results import write_json

LARGE_TEXT = 8_000  # of the 12,288 bytes that a request may have; 500 names need the rest
HANDSHAKERS = 4  # so that the server does not wait for a single client


def show(results, name, value, unit):
    results.append({"name": name, "value": value, "unit": unit})
    print(f"{name:<60}{value:>12.3f} {unit}", flush=True)


def forget_files(directory):
    """Takes a directory's files out of the page cache, so that they are read from the disk."""
    for path in Path(directory).rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def large_messages(data, senders):
    """For each of so many new senders one message to all peers."""
    first = data.senders
    data.writers(first + senders)
    data.send_calls(
        data.batches(f"s{i}", PEERS, random_text(LARGE_TEXT)) for i in range(first, data.senders)
    )


def measure_start(arguments, directory, results):
    with Confab(directory, durability_timeout_ms=60_000) as confab:
        show(results, "start with an empty store", confab.start_seconds, "s")
        data = Data(confab)
        wanted = arguments.gigabytes * 1e9
        large_messages(data, int(wanted / LARGE_TEXT / PEERS) + 1)
        settle(confab.pid)
        size = f"a store of {disk_bytes(directory) / 1e9:.1f} GB"
        confab.stop()
        forget_files(directory)
        confab.start()
        show(results, f"start with {size}, not in the page cache", confab.start_seconds, "s")
        confab.stop()
        confab.start()
        show(results, f"start with {size}", confab.start_seconds, "s")
        # About as much in the log as there can be before it is written to a table.
        large_messages(data, 10)
        confab.kill()
        confab.start()
        show(results, f"start with {size} after kill -9", confab.start_seconds, "s")


def measure_conversations(arguments, directory, results):
    with Confab(directory, durability_timeout_ms=60_000) as confab:
        empty = resident_bytes(confab.pid)
        show(results, "resident, empty store", empty / 1e6, "MB")
        data = Data(confab)
        data.pairs(arguments.conversations)
        settle(confab.pid)
        count = data.senders * PEERS
        name = f"{count:,} conversations"
        show(results, f"resident, more with {name} just made", grown(confab, empty), "MB")
        confab.stop()
        confab.start()
        show(results, f"resident, more with {name} after a restart", grown(confab, empty), "MB")
        for i in range(data.senders):
            confab.call(
                "recentcontact/get_list",
                From_Account=f"s{i}",
                TimeStamp=0,
                StartIndex=0,
                TopTimeStamp=0,
                TopStartIndex=0,
                AssistFlags=0,
            )
        show(results, "resident, more when all lists have been read", grown(confab, empty), "MB")


def grown(confab, before):
    return (resident_bytes(confab.pid) - before) / 1e6


def measure_connections(arguments, directory, results, tls):
    words = "TLS" if tls else "plain"
    count = arguments.connections
    settings = {"rest_max_connections": count + 10, "rest_idle_timeout_s": 3600}
    with Confab(directory, tls=tls, **settings) as confab:
        Data(confab)
        before = resident_bytes(confab.pid)
        context = None
        if tls:
            context = ssl.create_default_context(cafile=confab.data_dir / "certificate.pem")
        kept = [connect_and_ask(confab, context) for _ in range(count)]
        settle(confab.pid)
        name = f"resident, more with {count:,} idle {words} connections"
        show(results, name, grown(confab, before), "MB")
        for each in kept:
            each.close()


def connect_and_ask(confab, context):
    """A connection after its first answer, as a client keeps it."""
    connection = socket.create_connection(("127.0.0.1", confab.port))
    if context:
        connection = context.wrap_socket(connection, server_hostname="127.0.0.1")
    body = b'{"To_Account":"p0"}'
    connection.sendall(
        f"POST /v4/openim/get_c2c_unread_msg_num?{confab.query} HTTP/1.1\r\nHost: confab\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    )
    answer = connection.recv(4096)
    while b"}" not in answer:
        answer += connection.recv(4096)
    if b'"ErrorCode":0' not in answer:
        raise RuntimeError(answer.decode())
    return connection


def measure_handshakes(arguments, directory, results):
    with Confab(directory, tls=True) as confab:
        settle(confab.pid)
        command = ["openssl", "s_time", "-connect", f"127.0.0.1:{confab.port}", "-new"]
        command += ["-time", str(arguments.seconds)]
        before, begin = cpu_seconds(confab.pid), time.monotonic()
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        clients = [
            subprocess.Popen(pinned(LOAD_CORE, command), **quiet) for _ in range(HANDSHAKERS)
        ]
        said = [client.communicate()[0] for client in clients]
        seconds = time.monotonic() - begin
        pattern = r"(\d+) connections in \d+ real seconds"
        done = sum(int(re.search(pattern, each).group(1)) for each in said)
        cpu = cpu_seconds(confab.pid) - before
    show(results, "TLS handshakes a second, clients on one core", done / seconds, "/s")
    show(results, "CPU for a TLS handshake with its connection", cpu * 1e6 / done, "us")
    # The clients' core has as much to do as the server's, so the rate above may be theirs.
    show(results, "TLS handshakes a second that a core has CPU for", done / cpu, "/s")


def allow_open_files(count):
    """For this process and the servers that it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


PARTS = {
    "start": measure_start,
    "conversations": measure_conversations,
    "connections": lambda a, d, r: measure_connections(a, d, r, tls=False),
    "tls_connections": lambda a, d, r: measure_connections(a, d, r, tls=True),
    "handshakes": measure_handshakes,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--gigabytes", type=float, default=5, help="of the store that is started")
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=5, help="of handshakes")
    parser.add_argument("--directory", help="where the stores go; default: a temporary directory")
    parser.add_argument("--no-history", action="store_true", help="write no files")
    arguments = parser.parse_args()
    if not can_pin():
        print("One core, or no taskset: server and load disturb each other.")
    allow_open_files(arguments.connections + 1000)
    results = []
    with tempfile.TemporaryDirectory(prefix="confab-costs-", dir=arguments.directory) as directory:
        for part in arguments.parts.split(","):
            path = Path(directory) / part
            path.mkdir()
            PARTS[part](arguments, path, results)
            shutil.rmtree(path)
    if not arguments.no_history:
        write_json("bench-costs", results)


if __name__ == "__main__":
    main()
