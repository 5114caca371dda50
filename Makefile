# `make check` runs a check on the embedded service; `make test` runs the tests. Both install what they need.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# Most tests wait for a service or for a load to end: six at a time keep two cores at work.
TEST_PROCESSES ?= 6
# Where tests stand that are to run alone: what is in no other folder need not be collected again.
WITH_ALONE := tests/load tests/deployment
# Tests start many interpreters: what one has compiled, and the assertions that pytest has rewritten, the next one reads.
export PYTHONDONTWRITEBYTECODE :=
# Of installed packages, what no test imports.
RARELY_READ := /(pip|setuptools|mypy|mypyc|lexers|devtools|tests?)/
SOURCES := cli.py contracts conformance reports loadtests benchmarks tests

.DEFAULT_GOAL := help
.PHONY: help check test test-long test-quick pythons selftest lies hostile fuzz mutants audit lint types bench docs lock clean

help: ## name the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

check: $(VENV)/installed ## check the embedded reference service
	$(BIN)/roomcheck check

test: $(VENV)/installed-dev ## install what tests need, and run them
	@tests/needs.sh
	$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadgroup --no-loadscope-reorder --durations=25 -m "not alone and not long"
	$(BIN)/python -m pytest --durations=25 -m "alone and not long" $(WITH_ALONE)

test-long: $(VENV)/installed-dev ## larger samples of what the tests show: every service under stress, fifty interrupts
	@tests/needs.sh
	$(BIN)/python -m pytest --durations=25 -m long

pythons: $(VENV)/installed-dev ## the quick tests and the wheel on each Python from 3.11 to 3.13 that is here (some minutes)
	$(BIN)/python -m tests.pythons

test-quick: $(VENV)/installed-dev ## the tests that start no program and no service
	$(BIN)/python -m pytest --numprocesses 2 -m "quick and not long"

selftest: $(VENV)/installed ## every lie against every rule
	$(BIN)/roomcheck selftest

lies: $(VENV)/installed ## every general lie about the contracts of this project (an hour); 90 of 100 have to be noticed
	for contracts in contracts/example contracts/example-more contracts/sos tests/services/*/contracts tests/cases/*/contracts; do \
		echo "$$contracts" && $(BIN)/roomcheck selftest --contracts "$$contracts" --fail-under 90 || exit 1; done

hostile: $(VENV)/installed-dev ## check, load and doctor against hostile servers, and docs/robustness.md anew (ten minutes)
	@mkdir -p build
	$(BIN)/python -m tests.hostile >build/robustness.md && mv build/robustness.md docs/robustness.md

fuzz: $(VENV)/installed-dev ## 10,000 cases for each parser, and as many by coverage where atheris can be installed (half an hour)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r requirements-fuzz.lock || \
		echo "make: atheris has no wheel for this Python: coverage is not followed" >&2
	$(BIN)/python -m tests.fuzzing

mutants: $(VENV)/installed-dev ## what the unit tests of the judging core would not notice (a quarter of an hour; an interrupted run goes on)
	$(BIN)/python -m tests.mutants

audit: $(VENV)/installed-dev ## what pip's index and the vulnerabilities in OSV_DATABASE=all.zip say of the locked packages
	$(BIN)/python -m tests.audit

lint: $(VENV)/installed-dev ## ruff
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: $(VENV)/installed-dev ## mypy --strict
	$(BIN)/mypy

bench: $(VENV)/installed-dev ## the figures that docs/benchmarks.md quotes
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/steady.py
	-$(BIN)/python benchmarks/judging.py
	@cd tests/peers/node && test -d node_modules/socket.io-client || npm ci --silent --no-audit --no-fund
	$(BIN)/python -m benchmarks.fanout
	$(BIN)/python -m benchmarks.fanout --large
	$(BIN)/python -m benchmarks.http_calls
	$(BIN)/python -m benchmarks.record
	$(BIN)/python benchmarks/align.py
	$(BIN)/python -m benchmarks.reports
	$(BIN)/python -m benchmarks.master

docs: $(VENV)/installed-dev ## make the references of rules and contracts anew, and build the site in build/site
	$(BIN)/roomcheck rules manual >docs/rules.md
	$(BIN)/roomcheck contracts manual >docs/contracts.md
	$(BIN)/mkdocs build --quiet --strict

lock: $(VENV)/bin/python ## resolve the dependencies anew
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header \
		--no-emit-index-url --no-emit-find-links --extra build --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header \
		--no-emit-index-url --no-emit-find-links --extra build --extra load --extra dev \
		--output-file requirements-dev.lock pyproject.toml
	echo atheris | $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header \
		--no-emit-index-url --no-emit-find-links --output-file requirements-fuzz.lock -

clean: ## remove what was installed and built
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed, and there is no python3 here" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: Python 3.11 or newer is needed; name one with PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# A lock names everything that is needed, with its hash: pip has nothing to resolve. It would compile all of it, one file
# after another; what tests read is compiled on all cores, and the rest where it is imported.
$(VENV)/installed: $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/bin/python requirements-dev.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	-@$(BIN)/python -m compileall -qq -j 0 -x '$(RARELY_READ)' $(VENV)/lib
	@touch $@ $(VENV)/installed
