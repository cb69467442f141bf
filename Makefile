# songpop: `make run` scores every unscored week, `make test` runs every test. `make help` lists the rest.
PYTHON ?= $(firstword $(foreach v,python3.12 python3.13 python3.11 python3 python,$(shell $(v) -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' >/dev/null 2>&1 && echo $(v))))
VENV := .venv
BIN := $(VENV)/bin
# uv installs in seconds what pip installs in minutes; `make INSTALLER=pip` uses pip alone.
INSTALLER ?= uv
# Images set it to stay small. Here each process would compile TensorFlow and Prefect again: seconds.
unexport PYTHONDONTWRITEBYTECODE

ifeq ($(INSTALLER),uv)
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt && $(BIN)/uv pip install --quiet --python $(BIN)/python
else
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

# The files in the order of tests/conftest.py: the longest first.
pytest = $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(if $(COVERAGE),--cov --cov-report=term)

.PHONY: run server worker deploy test check format bench crash mutants lock clean help

run: $(VENV)/.runtime ## install, then score every unscored week in warehouse/landing (or a simulated label)
	@$(BIN)/python -m flows

server: $(VENV)/.runtime ## a Prefect server on this machine, for schedules: http://127.0.0.1:4200
	@$(BIN)/python -m deployments.local server

worker: $(VENV)/.runtime ## a worker that runs what the server schedules, from this checkout
	@$(BIN)/python -m deployments.local worker

deploy: $(VENV)/.runtime ## register deployments and automations with the server (again: in place)
	@PREFECT_API_URL=$${PREFECT_API_URL:-http://127.0.0.1:4200/api} $(BIN)/python -m deployments.deploy

test: $(VENV)/.dev ## install and run all tests; COVERAGE=1 fails below 90 % of lines and branches
	@$(pytest)

check: $(VENV)/.dev ## linters, types, SQL style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright --level error
	$(BIN)/sqlfluff lint --disable-progress-bar -q sql

format: $(VENV)/.dev ## rewrite Python and SQL in the house style
	$(BIN)/ruff check --fix-only . ; $(BIN)/ruff format .
	$(BIN)/sqlfluff fix -q sql

bench: $(VENV)/.dev ## benchmarks, with a results table
	@$(BIN)/python -m tests.benchmarks

crash: $(VENV)/.dev ## hours: a thousand kills, full disks, wrong clocks, mutants of exports, readers, three years
	@$(BIN)/python -m tests.crash
	@$(BIN)/python -m tests.crash.fuzz
	@$(BIN)/python -m tests.crash.readers
	@$(BIN)/python -m tests.crash.soak

mutants: $(VENV)/.dev ## hours of small faults that a test must notice; MUTANTS="gate --sample 150" for some
	@$(BIN)/python -m tests.mutation $(MUTANTS)

lock: $(VENV)/.dev ## re-resolve the hashed requirements files from pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -c constraints.txt pyproject.toml --extra build -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -c constraints.txt -c requirements.txt pyproject.toml --extra build --extra cluster -o requirements-cluster.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -c constraints.txt -c requirements-cluster.txt pyproject.toml --extra build --extra cluster --extra dev -o requirements-dev.txt

clean: ## remove the virtual environment
	rm -rf $(VENV)

help:
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 10

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "python: expected Python 3.11, 3.12 or 3.13 on the PATH, got $$(python3 --version 2>&1); install one of them or name it: make run PYTHON=/path/to/python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "$(PYTHON): expected Python 3.11, 3.12 or 3.13, got $$($(PYTHON) --version 2>&1); name another: make run PYTHON=/path/to/python3.12" >&2; exit 2; }
	@echo "creating $(VENV) with $$($(PYTHON) --version)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 2; }

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing songpop (a few minutes the first time, seconds after)"
	@$(install) --require-hashes -r requirements.txt
	@$(install) --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@$(install) --require-hashes -r requirements-dev.txt
	@touch $@
