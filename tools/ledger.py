#!/usr/bin/env python3
"""ledger.py PROGRAM: every setting, metric, subcommand and option must be named by a test.

The names come from the program and the sources, never from a list kept by hand: settings and their
variables from `check-config --example`, commands and options from --help, metrics from the names that
src/ registers. Prints what no test names, and exits with 1 then. That a test says something true about
what it names is for its reader to judge; positional arguments have no name and are not looked for.
"""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
QUOTE = "[\"']"


def settings_of(example):
    """The example settings file -> [(dotted key, its variable or None, its short variables)]."""
    found, section, variables = [], "", []
    for line in example.splitlines():
        if line.startswith("# "):
            named = re.search(r"Environment: (.*)\.$", line)
            if named:
                variables = named[1].split(" or ")
        elif header := re.match(r"\[(.+)\]$", line):
            section = header[1]
            if "." in section:  # a table of its own is one setting
                found.append((section, None, []))
        elif value := re.match(r"(\w+) = ", line):
            key = f"{section}.{value[1]}" if section else value[1]
            found.append((key, variables[0], variables[1:]))
            variables = []
    return found


def commands_of(text):
    """The subcommands that a help text lists."""
    block = re.search(r"^Subcommands:\n((?:  .*\n?)+)", text, re.M)
    return re.findall(r"^  (\S+)", block[1], re.M) if block else []


def options_of(text):
    """The long options that a help text lists."""
    block = re.search(r"^Options:\n((?:  .*\n?)+)", text, re.M)
    return re.findall(r"^  (?:-\w,)?(--[\w-]+)", block[1], re.M) if block else []


def walk_commands(help_of, path=()):
    """[(command path, its options)] of the whole program; `help_of` gives the text for a path."""
    text = help_of(path)
    found = [(path, options_of(text))]
    for name in commands_of(text):
        found += walk_commands(help_of, path + (name,))
    return found


def metrics_of(sources):
    return sorted(set(re.findall(r'"(confab_[a-z0-9_]+)"', sources)))


def is_word(word, tests):
    return re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-]|\.\w)", tests) is not None


def is_setting_named(key, variable, tests):
    if variable is not None and is_word(variable, tests):
        return True
    if "." in key and is_word(key, tests):
        return True
    section, _, name = key.rpartition(".")
    if section:  # as in a file
        return re.search(rf"\[{re.escape(section)}\][^\[;]*\b{name} *=", tests) is not None
    return re.search(rf"{QUOTE}{name}(?:{QUOTE}| *=)", tests) is not None


def is_metric_named(name, tests):
    return re.search(rf"(?<!\w){name}(?:_bucket|_count|_sum)?(?!\w)", tests) is not None


def is_option_named(path, option, tests):
    """In one statement, the words of the command with the option after them."""
    words = [f"{QUOTE}{re.escape(word)}{QUOTE}" for word in path + (option,)]
    command = r",\s*".join(words[:-1])
    return re.search(command + (r"[^;{}]*?" if path else "") + words[-1], tests) is not None


def missing(settings, commands, metrics, tests):
    """What no test names, one line each."""
    lines = []
    for key, variable, short_variables in settings:
        if not is_setting_named(key, variable, tests):
            lines.append(f"setting {key}")
        lines += [f"setting {key} as {name}" for name in short_variables if not is_word(name, tests)]
    for path, options in commands:
        command = " ".join(("confab",) + path)
        if path and re.search(r",\s*".join(f"{QUOTE}{re.escape(word)}{QUOTE}" for word in path), tests) is None:
            lines.append(f"command {command}")
        lines += [f"option {command} {option}" for option in options if not is_option_named(path, option, tests)]
    lines += [f"metric {name}" for name in metrics if not is_metric_named(name, tests)]
    return lines


def read_code(folder, endings):
    """All code below a folder without its comments, with line ends in strings as line ends."""
    texts = []
    for directory, _, names in sorted(os.walk(os.path.join(ROOT, folder))):
        for name in sorted(names):
            if name.endswith(endings):
                with open(os.path.join(directory, name), encoding="utf-8") as file:
                    texts.append(re.sub(r"^\s*//.*$|\s// .*$", "", file.read(), flags=re.M).replace("\\n", "\n"))
    return ";\n".join(texts)


def main():
    program = os.path.abspath(sys.argv[1])

    def output(*words):
        environment = {"PATH": os.environ.get("PATH", "")}
        return subprocess.run([program, *words], env=environment, check=True, capture_output=True, text=True).stdout

    settings = settings_of(output("check-config", "--example"))
    commands = walk_commands(lambda path: output(*path, "--help"))
    metrics = metrics_of(read_code("src", (".cc", ".h")))
    if not settings or len(commands) < 2 or not metrics:
        print("ledger: cannot read the settings, commands or metrics; has the form of the output changed?")
        return 1
    lines = missing(settings, commands, metrics, read_code("tests", (".cc", ".h", ".mjs")))
    for line in lines:
        print(f"no test names the {line}")
    options = sum(len(options) for _, options in commands)
    print(f"ledger: {len(settings)} settings, {len(commands) - 1} commands, {options} options, "
          f"{len(metrics)} metrics; {len(lines)} without a test")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
