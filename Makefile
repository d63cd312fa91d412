# `make run` and `make test` set up everything they need by themselves.
.DEFAULT_GOAL := run
.PHONY: run test format lint types imports bench bench-quotes bench-crash soak lock clean check-python

VENV := .venv
BIN := $(VENV)/bin
# The newest Python that is there; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
UV := $(shell command -v uv 2>/dev/null)
# pgserver, in the tests, warns without it; warnings are errors there.
export XDG_RUNTIME_DIR ?= $(CURDIR)/$(VENV)/run
# Where the marked articles lie; benchmarks that need them are skipped without it.
DATA ?= ../shared

run: $(VENV)/.run-ready
	@$(BIN)/onrecord run

test: $(VENV)/.test-ready lint types imports
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal --cov --cov-report=term

lint: $(VENV)/.test-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/hadolint Dockerfile

types: $(VENV)/.test-ready
	$(BIN)/mypy

imports: $(VENV)/.test-ready
	$(BIN)/lint-imports

format: $(VENV)/.test-ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test-ready
	$(BIN)/python -m benchmarks $(DATA)

bench-quotes: $(VENV)/.test-ready
	$(BIN)/python -m benchmarks $(DATA) quotes

bench-crash: $(VENV)/.test-ready
	$(BIN)/python -m benchmarks $(DATA) crash

soak: $(VENV)/.test-ready
	$(BIN)/python -m benchmarks.soak_ingest $(DATA)

lock: ## Only this needs uv. No index address may get into a lock.
	uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.lock
	uv pip compile -q pyproject.toml --group build --group dev -c requirements.lock --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements-dev.lock

check-python:
	@[ -n "$(PYTHON)" ] || { echo "On Record needs Python 3.11 or newer; found none. Install it, or say PYTHON=/path/to/python." >&2; exit 1; }
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "$(PYTHON) is not there; On Record needs Python 3.11 or newer." >&2; exit 1; }
	@found=$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || found="no Python that starts"; \
		"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "$(PYTHON) is $$found; On Record needs 3.11 or newer." >&2; exit 1; }
	@[ -n "$(UV)" ] || $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }

# The locks are whole, so nothing is resolved (--no-deps) and every file is checked by its hash. The build backend
# is in them; it has to be on PATH where the build is not isolated.
define install
	@echo "Setting up $(VENV) from $(1) (once; about a minute with pip, seconds with uv) …" >&2
	@if [ -n "$(UV)" ]; then \
		[ -x $(BIN)/python ] || $(UV) venv -q --python $(PYTHON) $(VENV); \
		$(UV) pip install -q --python $(BIN)/python --no-deps --require-hashes -r $(1) && \
		PATH="$(CURDIR)/$(BIN):$$PATH" $(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV); \
		$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(1) && \
		PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@mkdir -p -m 700 $(VENV)/run
endef

$(VENV)/.run-ready: requirements.lock pyproject.toml | check-python
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.test-ready: requirements-dev.lock pyproject.toml | check-python
	$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.run-ready

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage dist
