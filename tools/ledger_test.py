"""What the ledger reads and what it takes for a test."""

import unittest

import ledger

EXAMPLE = """# Head.

# Doc.
# One of a|b. Environment: CONFAB_STORE.
store = "a"

[rest]
# Doc.
# 0 to 9. Environment: CONFAB_REST_PORT or CONFAB_PORT.
port = 1

# Doc.
# 0 to 9.
[rate.commands]
# "x/y" = 500
"""

ROOT_HELP = """Usage: confab [OPTIONS] SUBCOMMAND

Options:
  -h,--help                   Print this
  --version                   Print that

Subcommands:
  app                         Apps

Exit codes: 0 done
"""
APP_HELP = "Usage\n\nOptions:\n  --id APP REQUIRED           The app, not --else\n"


class Reads(unittest.TestCase):
    def test_settings(self):
        self.assertEqual(ledger.settings_of(EXAMPLE), [
            ("store", "CONFAB_STORE", []), ("rest.port", "CONFAB_REST_PORT", ["CONFAB_PORT"]),
            ("rate.commands", None, [])])

    def test_commands(self):
        self.assertEqual(ledger.walk_commands({(): ROOT_HELP, ("app",): APP_HELP}.__getitem__),
                         [((), ["--help", "--version"]), (("app",), ["--id"])])

    def test_metrics(self):
        self.assertEqual(ledger.metrics_of('f("confab_b_total"); g("confab_a", "x")'), ["confab_a", "confab_b_total"])


class Finds(unittest.TestCase):
    def test_a_setting_by_key_variable_or_file(self):
        for tests in ('"rest.port"', '{"CONFAB_REST_PORT", "1"}', '"[rest]\nhost = 1\nport = 2"'):
            self.assertEqual(ledger.missing([("rest.port", "CONFAB_REST_PORT", [])], [], [], tests), [])
        for tests in ('"rest.port.x"', '"CONFAB_REST_PORTS"', '"port = 1"', '"[ops]\nport = 1"', '"forest.port"'):
            self.assertEqual(ledger.missing([("rest.port", "CONFAB_REST_PORT", [])], [], [], tests),
                             ["setting rest.port"])

    def test_a_short_variable_on_its_own(self):
        self.assertEqual(ledger.missing([("rest.port", "CONFAB_REST_PORT", ["CONFAB_PORT"])], [], [], '"rest.port"'),
                         ["setting rest.port as CONFAB_PORT"])

    def test_an_option_next_to_its_command(self):
        commands = [(("app", "create"), ["--id"])]
        self.assertEqual(ledger.missing([], commands, [], 'run({"app", "create", "--x", "--id", "7"});'), [])
        for tests in ('run({"app", "create"}); run({"app", "list", "--id"});', '{{"app", "create"}, {"b", "--id"}}',
                      '{"app", "create", "--idle"}'):
            self.assertEqual(ledger.missing([], commands, [], tests), ["option confab app create --id"])

    def test_a_command(self):
        self.assertEqual(ledger.missing([], [(("app", "list"), [])], [], '{"app", "create"}'),
                         ["command confab app list"])

    def test_a_metric_with_the_endings_of_its_kind(self):
        for tests in ('confab_a', 'confab_a{x="y"} 1', "confab_a_count 1"):
            self.assertEqual(ledger.missing([], [], ["confab_a"], tests), [])
        for tests in ("confab_a_total", "xconfab_a"):
            self.assertEqual(ledger.missing([], [], ["confab_a"], tests), ["metric confab_a"])


if __name__ == "__main__":
    unittest.main()
