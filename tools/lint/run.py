#!/usr/bin/env python3
"""Rules of this code base that no compiler checks. Prints file:line, what is wrong, how to mend it."""

import fnmatch
import os
import re
import sys

LAYERS = {
    "base": ("base/",),
    "store": ("base/", "store/"),
    "domain": ("base/", "store/", "domain/"),
    "api": ("base/", "store/", "domain/", "api/"),
    "net": ("base/", "net/", "api/dispatcher.h"),
    "console": ("base/", "store/", "domain/", "api/", "net/http.h", "console/"),
    "server": ("base/", "store/", "domain/", "api/", "net/", "console/", "server/"),
}
CONCRETE_STORES = ("store/memory_store.h", "store/rocks_reader.h", "store/rocks_store.h")

# Third-party headers and the only files of src/ that may include them.
OWNERS = {
    "simdjson": ("src/api/json.cc",),
    "rocksdb/": ("src/store/rocks_*.cc", "src/store/rocks_engine.h"),
    "boost/": ("src/net/*.cc", "src/net/request_parser.h"),
    "openssl/": ("src/net/*.cc", "src/api/user_sig*.cc", "src/api/app_key.cc"),
    "zlib.h": ("src/api/user_sig*.cc",),
    "toml++/": ("src/server/toml_file.cc",),
    "CLI/": ("src/server/cli.cc",),
    "spdlog/": ("src/base/log.cc",),
    "prometheus/": ("src/base/metrics.cc",),
    "fmt/": ("src/*.cc",),
}
MAX_BEAST_FILES = 3
MAX_LINES = 450

# (pattern, where it is allowed, where it is looked for, what is wrong and what to do)
CODE_RULES = [
    (r"\bstd::j?thread\b", ("src/base/*", "src/store/*", "src/net/*", "src/server/*"), "src/",
     "threads belong to base, store, net and server; give the work to one of them"),
    (r"\bsystem_clock::now\b", ("src/base/clock.h",), "src/", "take a Clock (base/clock.h), so that tests own time"),
    (r"\b(sleep_for|sleep_until|usleep|nanosleep)\b", (), "", "wait for a condition instead of for time"),
    (r"\busing\s+namespace\s+(?!std::(\w+_)?literals\b)", (), "", "name what you use, one by one"),
    (r"\bstd::endl\b", (), "", "write '\\n'"),
    (r"\bstd::(regex|format|print)\b", (), "", "not with this tool chain: use fmt, or code that parses"),
    (r"\bco_(await|return|yield|spawn)\b", ("src/net/*", "tests/net/*"), "", "coroutines live in net/ only"),
    (r"\b(GTEST_SKIP|SUCCEED\s*\(|DISABLED_\w|EXPECT_TRUE\(true\)|ASSERT_TRUE\(true\))", (), "tests/",
     "a test must run and must be able to fail"),
]

MARKS = re.compile(
    r"\b(TODO|FIXME|XXX|HACK)\b|\b(stub|placeholder|not implemented|for now)\b", re.IGNORECASE)
# The words in capitals count as marks only so written; "hack" in prose is just a word.
CAPITALS = re.compile(r"\b(todo|fixme|xxx|hack)\b", re.IGNORECASE)
NOLINT = re.compile(r"NOLINT\w*")
GOOD_NOLINT = re.compile(r"NOLINT(NEXTLINE)?\([a-z][\w.,-]*\)\W+\w.{8,}")
BAD_NAMES = re.compile(r"(^|_)(manager|helper|util|utils|data|info|process)(_|\.|$)")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
STRING = re.compile(r'"(\\.|[^"\\])*"')

CODE = (".cc", ".h")
TEXT = CODE + (".py", ".sh", ".mjs", ".ts", ".tsx", ".css", ".md", ".txt", ".cmake")
FOLDERS = ("src", "console", "tests", "bench", "tools", "docs", "cmake")
NOT_OURS = ("node_modules", "__pycache__", "corpus")


def matches(path, patterns):
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)


def without_comment_and_strings(line):
    return STRING.sub('""', line).split("//", 1)[0]


def check_include(path, bracket, name):
    if bracket == '"' and path.startswith("src/"):
        layer = path.split("/")[1]
        if not name.startswith(LAYERS.get(layer, ())):
            return f'{layer} may not include "{name}"; it may include {", ".join(LAYERS.get(layer, ()))}'
        if name in CONCRETE_STORES and layer in ("domain", "api"):
            return f'{layer} works with any store; include "store/store.h"'
    if bracket == "<" and path.startswith("src/"):
        for prefix, owners in OWNERS.items():
            if name.startswith(prefix) and not matches(path, owners):
                return f"<{name}> belongs to {', '.join(owners)} alone; hide it behind a header of ours"
    return None


def check_code_line(path, line):
    include = INCLUDE.match(line)
    if include:
        problem = check_include(path, *include.groups())
        return [problem] if problem else []
    code = without_comment_and_strings(line)
    return [why for pattern, allowed, where, why in CODE_RULES
            if path.startswith(where) and re.search(pattern, code) and not matches(path, allowed)]


def is_mark(line):
    return any(not CAPITALS.fullmatch(found.group()) or found.group().isupper()
               for found in MARKS.finditer(line))


def check_nolint(line):
    found = NOLINT.search(line)
    if found and not GOOD_NOLINT.match(line[found.start():]):
        return ["write NOLINTNEXTLINE(check-name) with the reason on the same line"]
    return []


def check_text(path, text):
    """All problems of one file as (line, text)."""
    problems = []
    lines = text.splitlines()
    is_code = path.endswith(CODE)
    for number, line in enumerate(lines, 1):
        found = []
        if is_code:
            found += check_code_line(path, line) + check_nolint(line)
        # In pages a "placeholder" is an attribute.
        if is_mark(line.replace("placeholder", "") if path.startswith("console/") else line):
            found.append("finish it, or say it without a mark")
        problems += [(number, problem) for problem in found]
    if len(lines) > MAX_LINES and not path.endswith(".md"):
        problems.append((len(lines), f"{len(lines)} lines, at most {MAX_LINES}; split it by what it does"))
    if path.endswith(".h") and "#pragma once" not in text:
        problems.append((1, "begin with #pragma once"))
    if is_code and BAD_NAMES.search(os.path.basename(path)):
        problems.append((1, "the file's name says nothing; name what is in it"))
    return problems


def check_files(files):
    """`files`: path -> text. All problems as (path, line, text)."""
    problems = [(path, line, problem) for path, text in files.items() for line, problem in check_text(path, text)]
    beast = sorted(path for path, text in files.items()
                   if path.startswith("src/") and "#include <boost/beast" in text)
    if len(beast) > MAX_BEAST_FILES:
        problems.append((beast[-1], 1, f"{len(beast)} files include Beast, at most {MAX_BEAST_FILES}"))
    return problems


def read_tree(root):
    files = {}
    for folder in FOLDERS:
        for directory, inner, names in os.walk(os.path.join(root, folder)):
            inner[:] = [name for name in inner if name not in NOT_OURS]
            for name in names:
                path = os.path.relpath(os.path.join(directory, name), root)
                # The rules themselves spell out what they forbid.
                if name.endswith(TEXT) and not path.startswith("tools/lint/"):
                    with open(os.path.join(root, path), encoding="utf-8") as file:
                        files[path] = file.read()
    return files


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    files = read_tree(root)
    problems = check_files(files)
    for path, line, problem in problems:
        print(f"{path}:{line}: {problem}")
    print(f"lint: {len(files)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
