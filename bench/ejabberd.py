"""ejabberd on PostgreSQL, both from Debian, in a directory of their own. Needs root: each of them
runs as the user that its package made."""

import contextlib
import glob
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from caller import Caller
from program import ROOT, SERVER_CORE, cpu_seconds, pinned

SCHEMA = "/usr/share/ejabberd/sql/pg.sql"
# Its own defaults, written down: an answer means that the disk has it.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
START_SECONDS = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def own_directory(path, user):
    path.mkdir()
    shutil.chown(path, user, user)
    return path


def as_user(user, **options):
    return {"user": user, "group": user, "extra_groups": [], **options}


def wait_until(ready, process, log):
    end = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("did not start: " + log.read_text(errors="replace")[-2000:])
        time.sleep(0.1)


def stop(process, how):
    process.send_signal(how)
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Postgres:
    def __init__(self, directory):
        programs = max(glob.glob("/usr/lib/postgresql/*/bin"))
        self.directory = own_directory(Path(directory) / "postgres", "postgres")
        self.port = free_port()
        data = self.directory / "data"
        subprocess.run(
            [f"{programs}/initdb", "-D", data, "--auth=trust", "--no-locale", "--encoding=UTF8"],
            check=True,
            **as_user("postgres", stdout=subprocess.DEVNULL, cwd=self.directory),
        )
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": self.directory, **DURABLE}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        log = self.directory / "log"
        with log.open("w") as out:
            command = [f"{programs}/postgres", "-D", str(data), "-p", str(self.port), *settings]
            self.process = subprocess.Popen(
                pinned(SERVER_CORE, command),
                **as_user("postgres", stdout=out, stderr=out, cwd=self.directory),
            )
        wait_until(lambda: self._answers(programs), self.process, log)
        self.sql("CREATE ROLE ejabberd LOGIN", "postgres", "postgres")
        self.sql("CREATE DATABASE ejabberd OWNER ejabberd", "postgres", "postgres")
        self.sql(Path(SCHEMA).read_text())

    def _answers(self, programs):
        ask = [f"{programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ask, check=False).returncode == 0

    def sql(self, text, user="ejabberd", database="ejabberd"):
        """What the statements print, without headers."""
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"]
        command += ["-p", str(self.port), "-U", user, "-d", database, "-f", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def cpu_seconds(self):
        """Of the server and its processes, one for each connection."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        total = cpu_seconds(pid)
        for child in children:
            with contextlib.suppress(OSError):  # it may just have ended
                total += cpu_seconds(int(child))
        return total

    def stop(self):
        stop(self.process, signal.SIGINT)


class Ejabberd:
    def __init__(self, directory, postgres):
        self.directory = own_directory(Path(directory) / "ejabberd", "ejabberd")
        self.postgres = postgres
        self.port = free_port()
        config = self.directory / "ejabberd.yml"
        template = (ROOT / "bench/peers/ejabberd.yml").read_text()
        config.write_text(template.format(http_port=self.port, sql_port=postgres.port))
        log = self.directory / "ejabberd.log"
        libraries = str(Path(glob.glob("/usr/lib/*/ejabberd-*")[0]).parent)
        # As ejabberdctl would, but without a name on the network: that would start a daemon that stays.
        command = ["erl", "+K", "true", "+P", "250000", "-noinput"]
        command += ["-mnesia", "dir", f'"{self.directory}"', "-s", "ejabberd"]
        with (self.directory / "out").open("w") as out:
            self.process = subprocess.Popen(
                pinned(SERVER_CORE, command),
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self.directory),
                    "ERL_LIBS": libraries,
                    "EJABBERD_CONFIG_PATH": str(config),
                    "EJABBERD_LOG_PATH": str(log),
                    "ERL_CRASH_DUMP": "/dev/null",
                },
                **as_user("ejabberd", stdout=out, stderr=out, cwd=self.directory),
            )
        wait_until(self._listens, self.process, self.directory / "out")
        self.caller = Caller(self.port)

    def _listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def call(self, command, **body):
        """One call on a kept connection; raises unless the status is 200."""
        return self.caller.post(f"/api/{command}", body)

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid) + self.postgres.cpu_seconds()

    def stop(self):
        stop(self.process, signal.SIGTERM)


@contextlib.contextmanager
def ejabberd_on_postgres(directory):
    postgres = Postgres(directory)
    try:
        ejabberd = Ejabberd(directory, postgres)
        try:
            yield ejabberd
        finally:
            ejabberd.stop()
    finally:
        postgres.stop()
