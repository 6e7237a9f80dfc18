# From a bare checkout: Python 3.11 to 3.13 and make, nothing else.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

.PHONY: install dev demo test prove bench lint clean

install: .venv/.installed
dev: .venv/.installed-dev

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Heardback needs Python 3.11, 3.12 or 3.13; none was found."; exit 2; }
	$(PYTHON) -m venv .venv

# Byte code is made at installation: without it every start costs seconds.
.venv/.installed: .venv/bin/python requirements.lock pyproject.toml
	@echo "Installing the locked packages into .venv (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

demo: install
	@$(BIN)/heardback demo

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/data-tests

# One file, one worker: what a file builds once is built once, and its tests keep their order. (Groups of
# pytest-xdist 3.8 do nothing under pytest 9.2.)
test: dev lint
	$(BIN)/python tests/set_up.py
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not prove"

prove: dev
	$(BIN)/python tests/set_up.py
	$(BIN)/python -m pytest -m prove --timeout=7200

bench: dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .heardback-demo build
