# The door. `make` lists what it opens.
# PYTHON chooses the interpreter (`PYTHON=python3.13 make run`); once .venv stands, its own is used.

VENV    := .venv
BIN     := $(VENV)/bin
PYTHON  ?= $(if $(wildcard $(VENV)/.python-*),$(BIN)/python,python3)
VERSION := $(shell $(PYTHON) -c 'import sys, ensurepip, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
PIP     := $(BIN)/python -m pip --disable-pip-version-check install -qq

MADE := $(VENV)/.python-$(VERSION)
RUN  := $(VENV)/.run
DEV  := $(VENV)/.dev
ENGINES := $(VENV)/engines/.made
RIVALS  := $(VENV)/rivals/.made
TELEMETRY := $(VENV)/telemetry/.made
LEARNING := $(VENV)/learning/.made

export PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev engines run test check lint format types imports prove bench soak fuzz mutate interpret-learn interpret-score slack-demo lock audit redis-server chromium nginx kubectl clean rivals image-test sbom pin-images telemetry promtool

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: setup ## serve on 127.0.0.1:$PORT (8000), without Redis unless REDIS_URL is set
	@echo "Starting on http://$${HOST:-127.0.0.1}:$(PORT) (Ctrl-C stops)"
	@exec $(BIN)/gunicorn --config docker/gunicorn.conf.py

test: setup-dev redis-server chromium promtool nginx kubectl ## run every test but those of image-test
	@$(BIN)/pytest -n auto -m "not container" $(ARGS)

image-test: setup-dev ## build the image, run it, and bring the compose file up (needs a container engine)
	@docker info >/dev/null || { echo "make image-test: no container engine answers docker" >&2; exit 1; }
	@$(BIN)/pytest -m container $(ARGS) tests/containers

sbom: setup-dev ## print what is in the image, as CycloneDX JSON (needs a container engine)
	@docker build --quiet --tag staffing-recommender . >/dev/null
	@$(BIN)/python docker/sbom staffing-recommender

pin-images: ## write the digests of the base images beside their tags (needs docker and a registry)
	@for image in $$(grep -hoE '(image: |IMAGE=)[a-z/]+:[a-z0-9.-]+' $(IMAGES) | sed 's/.*[ =]//' | sort -u); do \
	  digest=$$(docker buildx imagetools inspect $$image --format '{{.Manifest.Digest}}') || exit 1; \
	  sed -i -E "s|$$image(@sha256:[0-9a-f]+)?|$$image@$$digest|" $(IMAGES); done
IMAGES := Dockerfile docker-compose.yml docker/redis/redis.yaml

check: lint types imports prove test ## lint, format, types, import contracts, the rulebook's proof, tests

lint: setup-dev ## ruff: faults and format; hadolint for the Dockerfile, compose's schema for its file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml

format: setup-dev ## rewrite the code in the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: setup-dev ## mypy, strict
	@$(BIN)/mypy

imports: setup-dev ## import contracts: service, then schemas, then rules
	@$(BIN)/lint-imports --no-logo

prove: setup-dev ## prove the article's rulebook over every possible input
	@$(BIN)/staffing rulebook check
	@$(BIN)/staffing rulebook prove

bench: setup-dev rivals redis-server chromium ## measure what README's figures come from
	@$(BIN)/python -m bench $(ARGS)

soak: setup-dev redis-server ## mixed traffic for five minutes while things break; SOAK_SECONDS=20 for a look
	@$(BIN)/python -m bench $(ARGS) soak

mutate: setup-dev ## change rules/ and schemas/ in SAMPLE (200) small ways, and show which no test notices; takes hours
	@nice -n 19 $(BIN)/python -P tests/mutation.py $(SAMPLE) $(SEED)
SAMPLE ?= 200

interpret-learn: setup-dev $(LEARNING) ## learn the points of words from tests/interpret/corpus/training
	@PYTHONPATH=. $(dir $(LEARNING))bin/python -m tests.interpret.learn

fuzz: setup-dev ## look for what breaks a parser, FUZZ_SECONDS (20) each; goes on in .fuzz/ where it ended
	@nice $(BIN)/python -m tests.fuzz

interpret-score: setup-dev ## how well texts are read: precision and recall by field
	@$(BIN)/python -m tests.interpret.score

slack-demo: setup-dev ## a Slack command, its answer and a button press, with a Slack of our own
	@$(BIN)/python -m tests.slack.demo

audit: setup-dev ## look the locked packages up among known vulnerabilities
	@$(BIN)/pip-audit --strict --progress-spinner off --disable-pip --require-hashes --requirement requirements.txt

lock: setup-dev ## pin the newest packages that requirements*.in allow (on Python 3.11, the oldest supported)
	@[ "$(VERSION)" = 3.11 ] || { echo "make lock: lock on Python 3.11, so that what only it needs is pinned too"; exit 1; }
	@$(COMPILE) --all-build-deps --output-file requirements.txt pyproject.toml
	@for set in dev engines learning rivals telemetry; do \
	  $(COMPILE) --output-file requirements-$$set.txt requirements-$$set.in || exit 1; done
COMPILE := CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --upgrade --generate-hashes \
	--strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

engines: $(ENGINES) ## a Python of their own for the engines that examples/ run in (700 MB)

telemetry: $(TELEMETRY) ## a Python of their own for the tests of traces, with OpenTelemetry

rivals: $(RIVALS) ## a Python of their own for what bench/ measures the service against

setup: $(RUN) ## make .venv with what the service needs
setup-dev: $(DEV) ## make .venv with what tests and checks need too

$(RUN): $(MADE) requirements.txt pyproject.toml
	@echo "Installing the service's packages into $(VENV), each checked by its hash"
	@$(PIP) --require-hashes --requirement requirements.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV): $(RUN) requirements-dev.txt
	@echo "Installing the tools for tests and checks into $(VENV)"
	@$(PIP) --require-hashes --requirement requirements-dev.txt
	@touch $@

$(ENGINES) $(LEARNING) $(RIVALS) $(TELEMETRY): $(VENV)/%/.made: requirements-%.txt $(MADE)
	@echo "Installing $< into a Python of its own, $(@D)"
	@$(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip --disable-pip-version-check install -qq --no-compile --require-hashes --requirement $<
	@touch $@

$(MADE):
	@case "$(VERSION)" in 3.1[1-9]|3.[2-9][0-9]) ;; *) echo "make: $(PYTHON) is not Python 3.11 or newer with the\
	 venv module (on Debian: apt-get install python3-venv). Name another: PYTHON=python3.13 make" >&2; exit 1;; esac
	@echo "Making $(VENV) with Python $(VERSION)"
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV) && touch $@

promtool: PACKAGE = prometheus
nginx: PACKAGE = nginx-light
kubectl: PACKAGE = kubernetes-client
redis-server chromium: PACKAGE = $@
redis-server chromium promtool nginx kubectl:
	@command -v $@ >/dev/null || { \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing $@, which the tests start for themselves"; \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
	    $(PACKAGE) fonts-dejavu-core; } >/dev/null; \
	else echo "$@ is not installed: tests that need it will be skipped"; fi; }

clean: ## remove .venv and the tools' caches
	@rm -rf $(VENV) build *.egg-info .*_cache .hypothesis .fuzz mutants
