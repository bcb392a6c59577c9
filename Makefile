# Everything a fresh machine with Python 3.11+ and pip needs. `make demo` and `make test` each build .venv themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= $(HOME)/.local/share/cme-workbench-demo

.PHONY: demo test check lint types layers docs tinydb-tests long bench faults fuzz papers clean

$(VENV)/.app: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; say PYTHON=python3.11 make ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: $(VENV)/.app
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	touch $@

demo: $(VENV)/.app   ## an invented school with live cases; says how to sign in and opens it
	$(BIN)/workbench demo --data "$(DEMO)"

test: $(VENV)/.dev   ## every test; most of them wait for a screen, so that four run side by side
	$(BIN)/python -m pytest -n 4 --dist loadfile

check: lint types layers docs tinydb-tests test   ## everything that CI does

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

docs: $(VENV)/.dev
	$(BIN)/python -m pytest tests/test_docs.py tests/test_packaging.py

tinydb-tests: $(VENV)/.dev   ## TinyDB's own tests, fetched from its source, against our storage and table
	$(BIN)/python -m tests.tinydb_own

long: $(VENV)/.dev   ## the long forms of tests that have a short one in `make test`: an idle minute, the hostile walk on a small screen
	LONG=1 $(BIN)/python -m pytest tests/screens/test_line_cut.py tests/screens/test_hostile_walk.py

papers: $(VENV)/.dev   ## write what is made from the code: the commands' reference and the case file's schema
	$(BIN)/python -m screens.commands.reference > docs/commands.md
	$(BIN)/python -m workbench.desk.permitspage > docs/permissions.md
	$(BIN)/python -m workbench.desk.schema docs/case.schema.json

bench: $(VENV)/.dev   ## figures as ratios against peers in the same run
	for script in benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done

faults: $(VENV)/.dev   ## power cuts, killed and refused calls, full disks, racing writers: what may be lost, and is not
	$(BIN)/python -m tests.faults

fuzz: $(VENV)/.dev   ## a minute of inputs nobody would write for each loader, led by atheris if it is installed
	$(BIN)/python -m tests.fuzz --seconds 60

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
