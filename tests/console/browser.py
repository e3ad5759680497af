#!/usr/bin/env python3
"""browser.py PROGRAM SCREENSHOTS: the tests of console/test in a real browser, against a demo server."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    program, screenshots = sys.argv[1:]
    os.makedirs(screenshots, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="confab-test-") as directory:
        token = {"CONFAB_CONSOLE_TOKEN": "the token of the browser test"}
        environment = {**os.environ, **token, "CONFAB_DATA_DIR": directory, "CONFAB_PORT": "0", "CONFAB_OPS_PORT": "0"}
        server = subprocess.Popen([program, "serve", "--demo"], env=environment, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            lines = {}
            for line in server.stdout:
                found = re.match(r"(Confab is ready|console): (\S+)", line)
                if found:
                    lines[found[1]] = found[2]
                if line.startswith("Stop with"):
                    break
            return subprocess.call(
                ["npm", "run", "--silent", "test:browser"], cwd=ROOT / "console",
                env={**os.environ, **token, "CONFAB_CONSOLE_URL": lines["console"], "CONFAB_REST_URL": lines["Confab is ready"],
                     "CONFAB_SCREENSHOTS": screenshots})
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
