# make run | demo | test | check | bench | soak | lock        Each brings its own virtual environment; a second call costs nothing.
#
# make run PORT=8080 DATA=data CONFIG=config/mine.toml HOST=0.0.0.0 WORKERS=2

PORT := $(or $(WARTEZONE_PORT),8080)
HOST := $(or $(WARTEZONE_HOST),127.0.0.1)
DATA := $(or $(WARTEZONE_DATA),data)
CONFIG := $(WARTEZONE_CONFIG)
WORKERS := $(or $(WARTEZONE_WORKERS),1)
PYTHON := python3
MINUTES := 15

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
LOCK := $(BIN)/uv pip compile --quiet pyproject.toml --universal --generate-hashes --python-version 3.11 --no-annotate --no-header
WARTEZONE = exec env WARTEZONE_PORT='$(PORT)' WARTEZONE_HOST='$(HOST)' WARTEZONE_DATA='$(DATA)' \
	WARTEZONE_WORKERS='$(WORKERS)' $(if $(CONFIG),WARTEZONE_CONFIG='$(CONFIG)') $(BIN)/wartezone

# An environment is whole when its marker was written last and its interpreter still starts from this very folder.
# Anything else (an interrupted install, a moved clone, an upgraded system Python) is made anew.
WHOLE := $(shell test -e .venv/whole && $(BIN)/python -c '' 2>/dev/null \
	&& grep -qsF '$(CURDIR)/.venv/bin/' $(BIN)/wartezone && echo yes)

# Containers often set this. Then each process would compile every module anew, and our tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test check bench soak lock static tools anew
.NOTPARALLEL:
.DEFAULT_GOAL := run

run: .venv/run
	@$(WARTEZONE) serve

# The demo winds its zones' clocks forward, so it keeps its data apart.
demo: DATA := $(or $(WARTEZONE_DATA),data/demo)
demo: .venv/run
	@$(WARTEZONE) demo

check: static
	@$(BIN)/python -m pytest -q -n auto -m "not slow and not alone and not browser"

# At last, one after the other, what races against deadlines. Only files that name a marker can have it: the others need
# not be read again.
MARKED = $$(grep -rlw --include='test_*.py' 'mark.$(1)' tests)
test: tools static
	@$(BIN)/python -m pytest -q -n auto -m "not alone and not browser"
	@$(BIN)/python -m pytest -q -n auto --dist loadfile -m "browser and not alone" $(call MARKED,browser)
	@$(BIN)/python -m pytest -q -m "alone" $(call MARKED,alone)

# make bench BENCH='--quick --only fanout,start': docs/benchmarks.md explains options and figures.
bench: tools .venv/dev
	@$(BIN)/python -m benchmarks $(BENCH)

# Thousands of screens that come and go for MINUTES: none may miss a call, memory must stay flat.
soak: .venv/dev
	@$(BIN)/python -m benchmarks.soak --minutes $(MINUTES)

static: .venv/dev
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted. Mend with: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy

# Chromium for the pages, redis-server as the second store that the engine must run on, nginx to stand before us: absent ones
# skip their tests. FriBidi sets tickets on paper; a kiosk's machine needs it as well.
tools:
	@missing=''; for tool in chromium redis-server; do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	command -v nginx >/dev/null || test -x /usr/sbin/nginx || missing="$$missing nginx-light"; \
	$(PYTHON) -c 'import ctypes; ctypes.CDLL("libfribidi.so.0")' 2>/dev/null || missing="$$missing libfribidi0"; \
	test -z "$$missing" && exit 0; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "Installing$$missing ..."; export DEBIAN_FRONTEND=noninteractive; \
		apt-get -qq update && apt-get -qq install -y --no-install-recommends $$missing >/dev/null && exit 0; fi; \
	echo "For the tests that are now skipped, install:$$missing (Debian: sudo apt-get install$$missing)"

.venv/run: requirements.lock
.venv/dev: requirements-dev.lock
.venv/run .venv/dev: pyproject.toml $(if $(WHOLE),,anew)
	@echo "Installing into .venv (about half a minute) ..."
	@rm -f .venv/whole
	@$(PIP) install --require-hashes --only-binary :all: -r $(filter %.lock,$^)
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@ .venv/whole $(if $(filter .venv/dev,$@),.venv/run)

anew:
	@for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11; do \
		$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		&& rm -rf .venv && exec $$python -m venv .venv; done; \
	echo "Wartezone needs Python 3.11 or newer with its venv module (Debian: apt-get install python3 python3-venv)."; exit 1

lock: .venv/dev
	@$(LOCK) --group build -o requirements.lock
	@$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
