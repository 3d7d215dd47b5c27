# All set-up happens in these targets: a fresh machine needs Python >= 3.11, git and make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
BOOKS ?= examples/wholesale
AS_OF ?= 2026-11-21

.PHONY: demo test lint docs docs-check bench install clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

demo: install  ## check, aging, limits and a letter on the example books
	@$(BIN)/python tools/demo.py $(BIN)/ledgercli $(BOOKS) $(AS_OF)

test: install  ## the whole test suite
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: install  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: install  ## write the generated reference pages and message catalogues anew
	$(BIN)/python tools/reference.py

docs-check: install  ## fail when a generated page is out of date
	$(BIN)/python tools/reference.py --check

bench: install  ## time and memory beside bean-check
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/pdfs.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
