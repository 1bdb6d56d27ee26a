# The two commands of this project are `make test` and `make demo`; each prepares its own environment.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= auto

.PHONY: demo test test-long test-pythons lint format bench-engine bench-patterns bench-recommend bench-update bench-shop bench-architectures bench-events pins changelog clean

demo: .venv/installed
	$(BIN)/python scripts/demo.py

test: .venv/installed
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

# What takes minutes of many processes each: the distributed shops' own suites, faults and mutations.
test-long: .venv/installed
	$(BIN)/python -m pytest -m long $(TESTS)

# The fast tests on each Python from 3.11 to 3.14 that is here; TESTS= runs others.
test-pythons: .venv/installed
	$(BIN)/python scripts/test_pythons.py $(TESTS)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench-engine: .venv/installed
	$(BIN)/python -m bench.engine

bench-patterns: .venv/installed
	$(BIN)/python -m bench.patterns

bench-recommend: .venv/installed
	$(BIN)/python -m bench.recommend

bench-shop: build/bench-shop/installed
	build/bench-shop/venv/bin/python -m bench.shop $(ARGS)

# The three shops under the same load; the event-driven one needs Java and Maven for its broker.
bench-architectures: .venv/installed
	$(BIN)/python -m bench.architectures $(ARGS)

# Product views through a real broker into the windows.
bench-events: .venv/installed
	$(BIN)/python -m bench.events $(ARGS)

bench-update: .venv/installed
	$(BIN)/python -m bench.update

# How the fragments in changelog.d will read in CHANGELOG.md.
changelog: .venv/installed
	$(BIN)/towncrier build --draft

clean:
	rm -rf .venv build dist

# Fails, with one sentence, on a Python that is too old.
NEW_ENOUGH := import sys; sys.version_info >= (3, 11) or sys.exit( \
    "blueprint needs Python 3.11 or newer, and $(PYTHON) is Python {}.{}. Run, for example: make PYTHON=python3.13".format(*sys.version_info))

# Make the environment again when its Python is too old or no longer there.
ifneq ($(shell $(BIN)/python -c '$(NEW_ENOUGH)' 2>/dev/null && echo usable),usable)
.PHONY: .venv/installed
endif

.venv/installed: pyproject.toml requirements/dev.txt
	@$(BIN)/python -c '$(NEW_ENOUGH); import pip' 2>/dev/null || \
	    { $(PYTHON) -c '$(NEW_ENOUGH)' && rm -rf .venv && $(PYTHON) -m venv .venv; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Pins of development and of generated projects; `make pins ONLY=development` leaves the projects alone.
pins: build/uv/bin/uv
	PATH="$(CURDIR)/build/uv/bin:$$PATH" $(PYTHON) tools/lock.py $(ONLY)

build/uv/bin/uv:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

# The shop's processes and the harness share one environment: what a generated shop pins, and blueprint.
build/bench-shop/installed: .venv/installed
	rm -rf build/bench-shop
	$(BIN)/blueprint new shop --yes --output build/bench-shop/shop >/dev/null
	$(PYTHON) -m venv build/bench-shop/venv
	build/bench-shop/venv/bin/python -m pip install --quiet --disable-pip-version-check \
	    -r build/bench-shop/shop/requirements/dev.txt
	build/bench-shop/venv/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@
