# `make deck` builds the deck, `make test` tests the project; both set up all they need in .venv.

PYTHON ?= python3
PIP_FLAGS ?=
VENV := .venv
BIN := $(VENV)/bin
# Two files at once; the tests of one share its fixtures.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $(PIP_FLAGS)

export PYTHONUTF8 := 1
export PIP_ROOT_USER_ACTION := ignore

# What the tests need of the system: a browser that shows the cards, and what Anki's desktop is linked against.
APT_PACKAGES := chromium fonts-dejavu-core libasound2 libdbus-1-3 libdrm2 libegl1 libfontconfig1 libgbm1 libgl1 \
  libnspr4 libnss3 libxcomposite1 libxdamage1 libxkbcommon0 libxkbfile1 libxrandr2 libxtst6

.PHONY: deck test lint types tests histories cover clean help screens

help:  ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 8

deck: $(VENV)/installed-deck  ## Verify sources/ and build the deck into build/
	$(BIN)/verideck build sources --output build

test: $(VENV)/installed-test deck lint types tests  ## Build the deck, then lint, check types and run the tests

lint: $(VENV)/installed-test  ## Lint and check the formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/installed-test  ## Check the types
	$(BIN)/mypy
	$(BIN)/mypy --python-version 3.10 addon  # of the oldest Anki's wheels: nothing newer is used there

tests: $(VENV)/installed-test $(VENV)/oldest-anki/installed screens  ## Run the tests
	$(PYTEST)

histories: $(VENV)/installed-test  ## Play 500 random edit histories through the real Anki
	$(BIN)/python -m tests.histories 500

cover: $(VENV)/installed-test $(VENV)/oldest-anki/installed screens  ## Run the tests and report what they cover
	$(PYTEST) --cov --cov-report=term-missing:skip-covered

clean:  ## Remove the environment and the products
	rm -rf $(VENV) build/*.apkg

# Root on Debian has the system's part at once; for anybody else tests that lack it are skipped and say so.
screens:
	@if [ "$$(id -u)" = 0 ] && command -v dpkg >/dev/null && ! dpkg --status $(APT_PACKAGES) >/dev/null 2>&1; then \
	  apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(APT_PACKAGES) >/dev/null; \
	fi

# Debian splits the module venv off its Python; root can have it at once, anybody else is told.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Verideck needs Python 3.11 or newer; name one with: make PYTHON=python3.11 …" >&2; exit 1; }
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; \
	  else \
	    echo "Python's venv module is missing; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
	  fi; \
	fi
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed-deck: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP_INSTALL) --editable '.[verify]'
	@touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP_INSTALL) --editable '.[verify,test]'
	@touch $@ $(VENV)/installed-deck

# The oldest Anki that the add-on works with: its packages alone, seen before the newest's. `anki` and `_aqt` have no
# `__init__.py` and so would be one package with the newest's, had they none here.
$(VENV)/oldest-anki/installed: constraints-oldest.txt | $(VENV)/installed-test
	rm -rf $(VENV)/oldest-anki
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_FLAGS) --no-deps \
	  --target $(VENV)/oldest-anki --requirement constraints-oldest.txt
	@touch $(VENV)/oldest-anki/anki/__init__.py $(VENV)/oldest-anki/_aqt/__init__.py $@
