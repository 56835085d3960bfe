# Everything that is done with this repository; `make` alone lists the targets.
# A fresh machine needs Python 3.11 or newer (with venv), make and a C compiler, nothing else.

VENV ?= .venv
PYTHON ?= $(shell .ci/find-python)
WORKERS ?= 2
ARGS ?=
SUITE ?=
COVERAGE ?=

BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
RUN_TESTS := $(BIN)/python -m $(if $(COVERAGE),coverage run -m) pytest --track-performance
ROOMS := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard tests/*/test_*.py)))))
ROOMS_WITH_CHILDREN := benchmarks cli end_to_end operations plugin regression_suite
BENCHMARKS ?= $(filter-out benchmarks/judge.py benchmarks/detection.py,$(shell grep -l "__main__" benchmarks/*.py))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo pictures test check bench bench-detection docs requirements clean \
	test-slow test-fast coverage test-performance performance-report performance-update-docs performance-baseline \
	performance-regression format format-check lint lint-fix lint-tests type-check import-check docs-pages

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z%<>-]+:.*## / { printf "  %-26s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "  test-ROOM                  the tests of one room, one of: $(ROOMS)"
	@echo
	@echo "Variables: PYTHON=interpreter VENV=$(VENV) WORKERS=$(WORKERS) ARGS='more for pytest' SUITE=folder (demo)"

# --- the environment -------------------------------------------------------------------------------

setup: $(VENV)/.package ## make .venv with everything pinned that tests and demo need

$(VENV)/.made:
	@test -n '$(PYTHON)' || { echo "make: set PYTHON to a Python of 3.11 or newer with venv" >&2; exit 1; }
	'$(PYTHON)' -m venv $(VENV)
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.made
	$(PIP_INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.check: requirements/check.txt $(VENV)/.test
	$(PIP_INSTALL) --require-hashes -r requirements/check.txt
	@touch $@

$(VENV)/.docs: requirements/docs.txt $(VENV)/.made
	$(PIP_INSTALL) --require-hashes -r requirements/docs.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.test
	$(PIP_INSTALL) --require-hashes -r requirements/bench.txt
	@touch $@

# Installed without an index and without isolation: the pinned hatchling of requirements/test.txt builds it.
$(VENV)/.package: pyproject.toml $(VENV)/.test
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

requirements: $(VENV)/.check ## make the pinned lists of requirements/ anew from their .in files
	cd requirements && for group in test check docs bench peers; do \
		../$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" \
			$$group.in --output-file $$group.txt || exit 1; \
	done

clean: ## remove what was built and measured; .venv stays
	rm -rf build dist site .demo .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache .benchmarks

# --- seeing it -------------------------------------------------------------------------------------

demo: setup ## record a suite, slow it down, see it found (SUITE=folder takes your own)
	$(BIN)/python examples/demo.py $(if $(SUITE),'$(SUITE)')

pictures: setup ## make the terminal pictures of the documentation anew, from the copy that `make demo` left
	$(BIN)/python examples/pictures.py
	$(BIN)/python docs/draw_series.py

# --- tests -----------------------------------------------------------------------------------------

test: setup ## the tests, recorded by Lapwing itself (COVERAGE=1 also measures coverage)
	$(if $(COVERAGE),$(BIN)/python -m coverage erase)
	$(RUN_TESTS) -m "not slow_suite" -n $(WORKERS) --dist worksteal $(ARGS)

# One after another, or as `.ci/run` does: most of them compare times, and neighbors are what they would measure.
test-slow: setup ## the tests that take many seconds each (COVERAGE=1: after `make test COVERAGE=1`)
	$(RUN_TESTS) -m slow_suite $(ARGS)

test-fast: setup ## the tests of the rooms that start no child processes, not recorded
	$(PYTEST) $(addprefix tests/,$(filter-out $(ROOMS_WITH_CHILDREN),$(ROOMS))) -n $(WORKERS) $(ARGS)

coverage: setup ## what the tests before with COVERAGE=1 covered; below 90% fails
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report --fail-under=90

test-%: setup
	@test -d tests/$* || { echo "make: no room tests/$*; there are: $(ROOMS)" >&2; exit 1; }
	$(PYTEST) tests/$* $(ARGS)

# --- how fast our own tests are --------------------------------------------------------------------

test-performance: setup ## all tests in one process, recorded
	$(RUN_TESTS) $(ARGS)

performance-report: setup ## where the time of the newest run went
	$(BIN)/lapwing report

performance-update-docs: setup ## rewrite the figures in tests/PERFORMANCE.md and in the page of our own suite
	$(BIN)/lapwing report --update-docs
	$(BIN)/lapwing report --update-docs docs/explanation/our-own-suite.md

performance-baseline: setup ## make the newest run the baseline
	@test -n "$$LAPWING_STORE" || test -e .lapwing/store.sqlite || \
		{ echo "Error: No performance data found. Run 'make test-performance' first." >&2; exit 1; }
	$(BIN)/lapwing baseline update

performance-regression: setup ## fail if the newest run is slower than the baseline
	$(BIN)/lapwing check

# In an environment of its own: some of the neighbors speak up in every pytest run where they are installed.
bench: ## what Lapwing itself costs; each script can be run alone too
	@$(MAKE) --no-print-directory VENV=.venvs/bench .venvs/bench/.package .venvs/bench/.bench
	@for script in $(BENCHMARKS); do echo "== $$script"; .venvs/bench/bin/python $$script || exit 1; done

# The other detectors want an older numpy than the tests do.
bench-detection: ## how well slowdowns are told from noise, beside other ways (DATA=folder of recorded runs)
	test -d .venvs/peers || '$(PYTHON)' -m venv .venvs/peers
	.venvs/peers/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements/peers.txt
	.venvs/peers/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	.venvs/peers/bin/python benchmarks/detection.py $(if $(DATA),--data '$(DATA)') $(ARGS)

# --- checks ----------------------------------------------------------------------------------------

check: lint format-check type-check import-check lint-tests ## everything below that can fail

format: $(VENV)/.check ## format all code
	$(BIN)/ruff format .

format-check: $(VENV)/.check ## is all code formatted?
	$(BIN)/ruff format --check .

lint: $(VENV)/.check ## what ruff finds
	$(BIN)/ruff check .

lint-tests: $(VENV)/.package ## what Lapwing finds in our own tests
	$(BIN)/lapwing lint tests

lint-fix: $(VENV)/.check ## mend what ruff can mend
	$(BIN)/ruff check --fix .

type-check: $(VENV)/.package $(VENV)/.check ## types, strictly
	$(BIN)/mypy

import-check: $(VENV)/.package $(VENV)/.check ## do imports go down the floors?
	$(BIN)/lint-imports

# Not with --quiet, which silences the warnings that --strict is to fail for.
docs: $(VENV)/.docs ## build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

docs-pages: setup ## make the generated pages of docs/reference anew
	$(BIN)/python docs/generate.py
