#!/usr/bin/env python3
"""Runs the Python client against Confab. Usage: run.py CONFAB_PROGRAM [COMMAND-OF-THE-CLIENT...]

Each command of the client has one check, which runs on a server of its own. A command passes, or
left_out.toml names it with the ErrorCode that it gets; anything else is an error, also a command
that is left out and passes, and one without a check."""

import os
import pathlib
import sys
import tomllib
import traceback

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
os.environ["NO_PROXY"] = "127.0.0.1,localhost"

import checks_of_accounts  # noqa: E402,F401
import checks_of_friends  # noqa: E402,F401
import checks_of_groups  # noqa: E402,F401
import checks_of_group_messages  # noqa: E402,F401
import checks_of_messages  # noqa: E402,F401
from chat import CHECKS, Chat, Refused, commands_of_the_client  # noqa: E402
from server import Server  # noqa: E402


def differences(commands, left_out):
    """What does not fit together before anything runs."""
    yield from (f"{name}: the client has no such command" for name in sorted(set(CHECKS) - set(commands)))
    yield from (f"{name}: no check calls it" for name in sorted(set(commands) - set(CHECKS)))
    yield from (f"{name}: left_out.toml names what the client does not have"
                for name in sorted(set(left_out) - set(commands)))


def play(program, name):
    """None when the check passes, else what went wrong."""
    with Server(program) as server:
        chat = Chat(server)
        try:
            CHECKS[name](chat)
        except (AssertionError, KeyError, IndexError, TypeError, Refused) as error:
            return error
        if name not in chat.called:
            return AssertionError("its check never calls it")
    return None


def verdict(name, error, left_out):
    """What to report, or None."""
    expected = left_out.get(name)
    if expected is None:
        return None if error is None else "".join(traceback.format_exception(error)).rstrip()
    if error is None:
        return "passes, but left_out.toml names it; take it out"
    if isinstance(error, Refused) and error.command == name and error.code == expected["code"]:
        return None
    return f"left out because of {expected['code']}, but it fails otherwise: {error!r}"


def main(program, only):
    left_out = tomllib.loads((HERE / "left_out.toml").read_text(encoding="utf-8"))
    commands = commands_of_the_client()
    problems = list(differences(commands, left_out))
    passed = 0
    for name in only or [name for name in commands if name in CHECKS]:
        problem = verdict(name, play(program, name), left_out)
        if problem is not None:
            problems.append(f"{name}: {problem}")
        elif name not in left_out:
            passed += 1
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"conformance: {passed} commands of the Python client passed, {len(problems)} failed, "
          f"{len(left_out)} left out")
    return 1 if problems or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
