"""The programs of a benchmark: confab and nginx on one core, wrk on another."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFAB = ROOT / "build/release/src/server/confab"
SERVER_CORE = "0"
LOAD_CORE = "1"
APP = "88888888"
READY = r"is ready: \S+:(\d+)\nOperations: \S+?:(\d+)/healthz"
CPUCLOCK_SCHED = 2  # of Linux's clocks of other processes


def can_pin():
    return (os.cpu_count() or 1) >= 2 and shutil.which("taskset") is not None


def pinned(core, command):
    return ["taskset", "-c", core, *command] if can_pin() else list(command)


def cpu_seconds(pid):
    """User and system time of a process, all threads; in nanoseconds, where /proc has ticks."""
    return time.clock_gettime((~pid << 3) | CPUCLOCK_SCHED)


def resident_bytes(pid):
    return 1024 * int(
        re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)
    )


def settle(pid, quiet_seconds=1.0, at_most=120):
    """Waits until a process has had nothing to do for a while, such as compactions."""
    end = time.monotonic() + at_most
    quiet_since = time.monotonic()
    before = cpu_seconds(pid)
    while time.monotonic() < min(quiet_since + quiet_seconds, end):
        time.sleep(0.1)
        now = cpu_seconds(pid)
        if now - before > 0.005:
            quiet_since = time.monotonic()
        before = now


def disk_bytes(directory):
    """What `du` says. Files may vanish meanwhile: the server deletes what it has compacted."""
    total = 0
    for path in Path(directory).rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_blocks * 512
    return total


class Confab:
    """A running server with one app; plain HTTP unless tls."""

    def __init__(self, data_dir, tls=False, **settings):
        self.data_dir = Path(data_dir)
        self.tls = tls
        self.env = {
            **os.environ,
            "CONFAB_DATA_DIR": str(data_dir),
            "CONFAB_REST_PORT": "0",
            "CONFAB_OPS_PORT": "0",
            "CONFAB_REST_TLS": "true" if tls else "false",
            "CONFAB_REST_THREADS": "1",
            "CONFAB_RATE_PROFILE": "off",
            **{f"CONFAB_{name.upper()}": str(value) for name, value in settings.items()},
        }
        if not (self.data_dir / "apps.toml").exists():
            self.run("app", "create", "--id", APP)
        signature = self.run("usersig", "make", "--id", APP, "--user", "administrator").strip()
        self.query = (
            f"sdkappid={APP}&identifier=administrator&usersig={signature}"
            "&random=99999999&contenttype=json"
        )
        self.start()

    def run(self, *arguments):
        done = subprocess.run(
            [CONFAB, *arguments], env=self.env, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self):
        begin = time.monotonic()
        log = self.data_dir / "bench.log"
        with log.open("w") as out:
            self.process = subprocess.Popen(
                pinned(SERVER_CORE, [str(CONFAB), "serve"]), env=self.env, stderr=out, stdout=out
            )
        while not (ready := re.search(READY, log.read_text())):
            if self.process.poll() is not None:
                raise RuntimeError("confab did not start: " + log.read_text())
            time.sleep(0.001)
        self.start_seconds = time.monotonic() - begin
        self.port, self.ops_port = int(ready.group(1)), int(ready.group(2))
        self.connection = None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def kill(self):
        self.process.kill()
        self.process.wait()

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def call(self, command, **body):
        """One call on a kept connection; raises unless it succeeds."""
        if self.connection is None:
            self.connection = self._connect()
        self.connection.request("POST", f"/v4/{command}?{self.query}", json.dumps(body))
        answer = json.loads(self.connection.getresponse().read())
        if answer["ErrorCode"] != 0:
            raise RuntimeError(f"{command}: {answer}")
        return answer

    def _connect(self):
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port)
        context = ssl.create_default_context(cafile=self.data_dir / "certificate.pem")
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=context)

    def metrics(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.ops_port)
        connection.request("GET", "/metrics")
        return Metrics(connection.getresponse().read().decode())


class Metrics:
    def __init__(self, text):
        self.values = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                self.values[name] = float(value)

    def total(self, name, without=""):
        """Sum of a metric's series, without those whose labels hold the text."""
        return sum(
            value
            for key, value in self.values.items()
            if key.split("{")[0] == name and not (without and without in key)
        )


NGINX = """
worker_processes 1; daemon off; error_log stderr crit; pid {dir}/nginx.pid;
worker_rlimit_nofile 20000;
events {{ worker_connections 16000; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 75;
  client_body_temp_path {dir}; proxy_temp_path {dir}; fastcgi_temp_path {dir};
  uwsgi_temp_path {dir}; scgi_temp_path {dir};
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    default_type application/json;
    location / {{ return 200 '{{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","ErrorDisplay":""}}'; }}
  }}
}}
"""


@contextlib.contextmanager
def nginx(directory, port):
    """A static JSON answer to any request, from one worker. Gives its URL and the worker's pid."""
    config = Path(directory) / "nginx.conf"
    config.write_text(NGINX.format(dir=directory, port=port))
    process = subprocess.Popen(
        pinned(SERVER_CORE, [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(config)])
    )
    try:
        workers = []
        while not workers:
            time.sleep(0.05)
            workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield f"http://127.0.0.1:{port}", int(workers[0])
    finally:
        process.terminate()
        process.wait()


def wrk(url, connections, seconds, job, query, **options):
    """Runs wrk with load.lua. Returns what its last line says."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    command += ["-s", str(ROOT / "bench/load.lua"), url, "--", job, query]
    command += [f"{key}={value}" for key, value in options.items()]
    done = subprocess.run(
        pinned(LOAD_CORE, command), check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])
