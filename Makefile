# The two commands of this project are `make test` and `make demo`; each prepares its own environment.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= auto

.PHONY: demo test test-long lint format bench-engine bench-patterns bench-recommend bench-update bench-shop bench-architectures bench-events docs pictures clean

demo: .venv/installed
	$(BIN)/python scripts/demo.py

test: .venv/installed
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

# What takes minutes of many processes each: the distributed shops' own suites, faults and mutations.
test-long: .venv/installed
	$(BIN)/python -m pytest -m long $(TESTS)

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

# The documentation as a site. Warnings are errors, and so is a broken link.
docs: .venv/docs
	$(BIN)/python -m sphinx --builder html --nitpicky --fail-on-warning --keep-going --quiet \
	    --doctree-dir build/docs/doctrees docs build/docs/site
	$(BIN)/python -m tools.check_site build/docs/site

# The diagrams, and the terminal pictures from the real commands. Look at them before you commit.
pictures: .venv/installed
	$(BIN)/python -m tools.diagrams
	$(BIN)/python -m tools.pictures

clean:
	rm -rf .venv build dist

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

.venv/docs: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $@

# The shop's processes and the harness share one environment: what a generated shop pins, and blueprint.
build/bench-shop/installed: .venv/installed
	rm -rf build/bench-shop
	$(BIN)/blueprint new shop --yes --output build/bench-shop/shop >/dev/null
	$(PYTHON) -m venv build/bench-shop/venv
	build/bench-shop/venv/bin/python -m pip install --quiet --disable-pip-version-check \
	    -r build/bench-shop/shop/requirements/dev.txt
	build/bench-shop/venv/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@
