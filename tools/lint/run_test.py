#!/usr/bin/env python3
"""Each rule of run.py must find what it forbids and nothing else."""

import unittest

import run

BAD = {
    "domain includes api": ("src/domain/a.cc", '#include "api/call.h"', "domain may not include"),
    "net includes store": ("src/net/a.cc", '#include "store/store.h"', "net may not include"),
    "api includes an engine": ("src/api/a.cc", '#include "store/rocks_store.h"', "works with any store"),
    "simdjson elsewhere": ("src/api/b.cc", "#include <simdjson.h>", "belongs to src/api/json.cc"),
    "rocksdb elsewhere": ("src/domain/b.cc", "#include <rocksdb/db.h>", "belongs to"),
    "beast in server": ("src/server/b.cc", "#include <boost/beast.hpp>", "belongs to"),
    "fmt in a header": ("src/base/b.h", "#pragma once\n#include <fmt/format.h>", "belongs to"),
    "thread in domain": ("src/domain/c.cc", "std::thread t;", "threads belong to"),
    "wall clock": ("src/api/c.cc", "auto now = std::chrono::system_clock::now();", "take a Clock"),
    "sleep": ("tests/net/c.cc", "std::this_thread::sleep_for(1s);", "wait for a condition"),
    "using namespace": ("src/base/d.cc", "using namespace std;", "one by one"),
    "coroutine": ("src/api/d.cc", "co_return 1;", "coroutines live in net"),
    "skipped test": ("tests/api/d.cc", "GTEST_SKIP();", "must be able to fail"),
    "bare NOLINT": ("src/base/e.cc", "int x; // NOLINT", "NOLINTNEXTLINE(check-name)"),
    "NOLINT without reason": ("src/base/e.cc", "// NOLINTNEXTLINE(google-explicit-constructor)", "reason"),
    "mark": ("src/base/f.cc", "// TODO: later", "without a mark"),
    "unfinished": ("docs/f.md", "This is not implemented.", "without a mark"),
    "long file": ("src/base/g.cc", "int x;\n" * 451, "at most 450"),
    "header guard": ("src/base/g.h", "int x();", "#pragma once"),
    "empty name": ("src/base/string_util.cc", "int x;", "says nothing"),
}

GOOD = {
    "layers in order": ("src/server/a.cc", '#include "net/server.h"\n#include "domain/accounts.h"'),
    "the one exception of net": ("src/net/a.cc", '#include "api/dispatcher.h"'),
    "owner": ("src/store/rocks_store.cc", "#include <rocksdb/db.h>"),
    "thread in store": ("src/store/a.cc", "std::thread t;"),
    "only a comment": ("src/api/a.cc", "// a sleep_for here would be wrong"),
    "only a string": ("src/api/a.cc", 'auto s = "using namespace";'),
    "reasoned NOLINT": ("src/base/a.cc", "// NOLINTNEXTLINE(concurrency-mt-unsafe) before any thread starts"),
    "ordinary word": ("docs/a.md", "Life hacks and todos."),
    "literals": ("tests/base/a.cc", "using namespace std::string_literals;"),
    "440 lines": ("src/base/a.cc", "int x;\n" * 440),
    "engine in a test": ("tests/store/a.cc", "#include <rocksdb/env.h>"),
}


class LintTest(unittest.TestCase):
    def test_forbidden_is_found_once(self):
        for name, (path, text, expected) in BAD.items():
            with self.subTest(name):
                problems = run.check_files({path: text})
                self.assertEqual(len(problems), 1, problems)
                self.assertIn(expected, problems[0][2])

    def test_allowed_is_left_alone(self):
        for name, (path, text) in GOOD.items():
            with self.subTest(name):
                self.assertEqual(run.check_files({path: text}), [])

    def test_problem_names_its_line(self):
        self.assertEqual(run.check_files({"src/base/a.cc": "int a;\n// FIXME\n"})[0][1], 2)

    def test_beast_is_counted_over_files(self):
        files = {f"src/net/{name}.cc": "#include <boost/beast/core.hpp>" for name in "abcd"}
        self.assertIn("4 files include Beast", run.check_files(files)[0][2])
        del files["src/net/d.cc"]
        self.assertEqual(run.check_files(files), [])


if __name__ == "__main__":
    unittest.main()
