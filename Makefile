# Every command of the project. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes
OWN := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test suite test-long bench lint format coverage messages frontend lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "需要 Python 3.11（含 venv） / Python 3.11 with venv is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) -r requirements.lock && $(OWN) && $(BIN)/python -m compileall -q app && touch $@

$(VENV)/installed-test: requirements-test.lock $(VENV)/installed
	$(PIP) -r requirements-test.lock && touch $@

setup: $(VENV)/installed ## install the product into .venv (wheels only, no root)

setup-test: $(VENV)/installed-test ## install what the tests need too: chromium, a CJK font, PostgreSQL
	tests/setup_system.sh

run: setup ## serve the demonstration on http://127.0.0.1:8000 (data is kept under instance/)
	$(BIN)/shuangyou serve --demonstration

test: setup-test ## every check: lint, types, architecture, unit, integration on both databases, browser
	$(MAKE) --jobs=2 lint suite

suite: $(VENV)/installed-test
	$(BIN)/python -m pytest -q -n 3 --dist loadgroup --no-loadscope-reorder -m "not long" --durations=10 \
	  || { echo "What failed beside other tests is tried once more by itself:"; $(BIN)/python -m pytest -q --last-failed --last-failed-no-failures none -m "not long"; }

test-long: setup-test ## the long suites as well: soak, fuzz, kill
	$(BIN)/python -m pytest -q -n 3 --dist loadgroup --no-loadscope-reorder -m "long or not long"

bench: setup-test ## the figures of README, one JSON line each, then a table (ONLY=name for one)
	$(BIN)/python -m bench

lint: $(VENV)/installed-test ## ruff, mypy, import-linter, djlint
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/djlint app --lint --quiet

format: $(VENV)/installed-test ## put the code into its one format
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

coverage: setup-test ## branch coverage of the fast tests
	$(BIN)/python -m pytest -q -m "not long and not browser" --cov=app --cov-branch --cov-report=term-missing:skip-covered

messages: $(VENV)/installed-test ## collect texts for translation and compile the catalogues
	$(BIN)/python -m app.web.catalogue

frontend: ## rebuild the vendored editor bundles (developers only: needs node)
	cd frontend && ./build.sh

lock: ## renew the lock files (developers only: needs uv)
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras -q --upgrade pyproject.toml -o requirements.lock
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras -q --upgrade --extra test pyproject.toml -o requirements-test.lock

clean: ## remove what was built (data under instance/ stays)
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results build
