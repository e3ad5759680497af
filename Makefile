# Everything a developer does. Each target needs nothing but Debian 12, and root or sudo once.
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests release run test crash ledger linear conformance check check-all format clean tidy-all build-dev fuzz bench bench-growth bench-costs bench-peers \
  flame instructions

STEP := @tools/step.sh

help:
	@echo "make run          build and start a demo server on https://127.0.0.1:8443 (Ctrl-C stops it)"
	@echo "make release      build build/release/src/server/confab, what is shipped"
	@echo "make test         build and run all tests"
	@echo "make crash        N power losses (default 1000), and N/100 rounds of kill -9; SEED=… replays power losses"
	@echo "make ledger       print what no test covers: endpoints, error codes, settings, metrics, options"
	@echo "make linear       concurrent clients, N times (default 10) as many rounds as in the tests; SEED=… replays one"
	@echo "make conformance  run clients that others wrote; fetches them from the Python package index"
	@echo "make bench        what calls cost, next to nginx; ARGS='--jobs delete --rounds 1' for less"
	@echo "make bench-growth what they cost as conversations, groups and lists grow; fails if deleting does"
	@echo "make bench-costs  start-up, memory, TLS handshakes; makes a store of 5 GB for a while"
	@echo "make bench-peers  sending and deleting, next to ejabberd on PostgreSQL; needs root"
	@echo "make flame        where a job of make bench spends its time: JOB=delete draws build/flame-delete.svg"
	@echo "make instructions what requests cost in instructions, against bench/instructions.txt; UPDATE=1 writes it"
	@echo "make check        what a change must pass: format, lints, tidy, tests, tests under sanitizers"
	@echo "make check-all    make check, the thread sanitizer, tidy over every file, make crash, linear and instructions"
	@echo "make format       format all C++ files"
	@echo "make tidy-all     clang-tidy over every file"
	@echo "make setup        install the Debian packages that are missing; the targets above do it too"
	@echo "make clean        remove build/"
	@echo "run respects CONFAB_DATA_DIR, CONFAB_PORT and CONFAB_OPS_PORT; all respect JOBS"

setup:
	$(STEP) setup tools/setup.sh

release: setup
	$(STEP) build tools/build.sh release confab

run: release
	@CONFAB_DATA_DIR="$${CONFAB_DATA_DIR:-$(CURDIR)/data/demo}" exec build/release/src/server/confab serve --demo

# The tests look at the console in a browser.
setup-tests:
	$(STEP) setup tools/setup.sh chromium

build-dev: setup-tests
	$(STEP) build tools/build.sh dev

test: build-dev
	$(STEP) tests tools/tests.sh dev

# More of what the tests do a little of. SEED is the one that a failure names.
crash: setup
	$(STEP) build tools/build.sh dev crash_tests server_kill_test
	$(STEP) "power loss" env CONFAB_CRASH_CYCLES="$(or $(N),1000)" CONFAB_CRASH_SEED="$(SEED)" \
	  build/dev/tests/crash/crash_tests --gtest_brief=1 --gtest_filter='PowerLossFromTheEnvironment.*'
	$(STEP) kill env CONFAB_KILL_ROUNDS="$$(( $(or $(N),1000) / 100 + 1 ))" \
	  build/dev/tests/server/server_kill_test --gtest_brief=1

# Part of the tests as well; here for its list.
ledger: build-dev
	@code=0; tools/ledger.py build/dev/src/server/confab || code=1; \
	  build/dev/tests/scenarios/scenario_tests --gtest_filter='Ledger.*' --gtest_brief=1 2>/dev/null || code=1; \
	  exit $$code

# Part of the tests as well; here for many more rounds.
linear: setup
	$(STEP) build tools/build.sh dev linear_wire_test linear_threads_test
	$(STEP) "linear, over the wire" env CONFAB_LINEAR_TIMES="$(or $(N),10)" CONFAB_LINEAR_SEED="$(or $(SEED),0)" \
	  build/dev/tests/linear/linear_wire_test --gtest_brief=1
	$(STEP) "linear, in process" env CONFAB_LINEAR_TIMES="$(or $(N),10)" CONFAB_LINEAR_SEED="$(or $(SEED),0)" \
	  build/dev/tests/linear/linear_threads_test --gtest_brief=1

# Apart from the tests: its clients come from a package index.
conformance: setup
	$(STEP) build tools/build.sh dev confab
	$(STEP) conformance tools/conformance.sh dev

bench: release
	$(STEP) "bench setup" tools/setup.sh wrk nginx-light
	$(STEP) bench bench/run.py $(ARGS)

bench-growth: release
	$(STEP) "bench setup" tools/setup.sh wrk
	$(STEP) "bench growth" bench/growth.py $(ARGS)

bench-costs: release
	$(STEP) "bench costs" bench/costs.py $(ARGS)

bench-peers: release
	$(STEP) "peers setup" tools/setup.sh wrk ejabberd erlang-p1-pgsql postgresql
	$(STEP) peers bench/peers.py $(ARGS)

flame: release
	$(STEP) "flame setup" tools/setup.sh wrk linux-perf
	$(STEP) flame bench/flame.py "$(or $(JOB),delete)" $(ARGS)

instructions: setup
	$(STEP) "instructions setup" tools/setup.sh valgrind
	$(STEP) build tools/build.sh release instructions
	$(STEP) instructions bench/instructions.py $(if $(UPDATE),--update)

check: build-dev
	$(STEP) format tools/format.sh check
	$(STEP) lints tools/lint.sh
	$(STEP) tidy tools/tidy.sh changed
	$(STEP) tests env UNLESS_TESTED=1 tools/tests.sh dev
	$(STEP) "asan build" tools/build.sh asan
	$(STEP) "asan tests" tools/tests.sh asan

check-all: check tidy-all crash linear instructions
	$(STEP) "tsan build" tools/build.sh tsan
	$(STEP) "tsan tests" tools/tests.sh tsan

fuzz: setup
	$(STEP) fuzz env TIME="$(or $(TIME),600)" tools/fuzz.sh $(TARGET)

format: setup
	@tools/format.sh

tidy-all: build-dev
	$(STEP) "tidy all" tools/tidy.sh

clean:
	rm -rf build
