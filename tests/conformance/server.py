"""A Confab server with a fresh data directory, for one check."""

import os
import re
import subprocess
import tempfile

APP_ID = 1400000001
ADMIN = "administrator"


class Server:
    """Use as a context; inside, `url` and `key` are set and requests trust the server's certificate."""

    def __init__(self, program):
        self._program = program
        self._directory = tempfile.TemporaryDirectory(prefix="confab-conformance-")
        self._environment = {
            "PATH": os.environ["PATH"],
            "CONFAB_DATA_DIR": self._directory.name,
            "CONFAB_PORT": "0",
            "CONFAB_OPS_PORT": "0",
        }

    def __enter__(self):
        made = subprocess.run([self._program, "app", "create", "--id", str(APP_ID)], env=self._environment,
                              check=True, capture_output=True, text=True)
        self.key = re.search(r"^[0-9a-f]{64}$", made.stdout, re.MULTILINE).group()
        self._log = open(os.path.join(self._directory.name, "log"), "w+", encoding="utf-8")
        self._process = subprocess.Popen([self._program, "serve"], env=self._environment, text=True,
                                         stdout=subprocess.PIPE, stderr=self._log)
        for line in self._process.stdout:
            ready = re.match(r"Confab is ready: (\S+)", line)
            if ready:
                self.url = ready.group(1)
                os.environ["REQUESTS_CA_BUNDLE"] = os.path.join(self._directory.name, "certificate.pem")
                return self
        raise RuntimeError(f"the server ended before it was ready:\n{self.log()}")

    def log(self):
        self._log.flush()
        self._log.seek(0)
        return self._log.read()

    def __exit__(self, kind, error, trace):
        self._process.terminate()
        code = self._process.wait()
        self._process.stdout.close()
        log = self.log()
        self._log.close()
        self._directory.cleanup()
        if code != 0 and kind is None:
            raise RuntimeError(f"the server ended with {code}:\n{log}")
