# Tessera: `make help` lists what can be made. Only make, sh and Python 3.11 or newer are needed.

PORT ?= 8000
RECORDS ?= 50000
PROJECTS ?= 33000
TESTS ?= tests
MINUTES ?= 1
RUNS ?= -1
SEED ?= 1
LOCK = .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" --extra postgres --group build

.PHONY: help install demo test fuzz check audit format bench bench-import bench-everything bench-questions lock screenshot eval clean

help: ## List what can be made (the default)
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 25

install: ## Install Tessera into .venv
	@tools/install run

demo: install ## Serve a site with the demo catalogue on http://127.0.0.1:8000 (PORT=8001 for another port)
	@.venv/bin/tessera demo --port $(PORT)

# In their order: those that take long or start servers come before the quick ones that fill the gaps.
test: ## Run all tests (TESTS=tests/unit for some)
	@tools/install test
	@tools/servers
	@.venv/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(TESTS)

fuzz: ## Give every reader hostile files (TARGET=csv for one, MINUTES=1 or RUNS=1000 each, SEED=1)
	@tools/install test
	@.venv/bin/python -m tests.fuzz $(TARGET) --minutes $(MINUTES) --runs $(RUNS) --seed $(SEED) \
		$(if $(CASE),--case $(CASE))

check: ## Check style, types, imports and templates
	@tools/install test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --quiet --lint src
	.venv/bin/bandit --quiet --recursive --configfile pyproject.toml src
	.venv/bin/python -m tools.audit --pins

audit: ## Ask a service on the net whether a pinned package is known to be vulnerable, or yanked
	@tools/install test
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.10' 'uv>=0.6'
	.venv/bin/python -m tools.audit

format: ## Format the code as `check` wants it
	@tools/install test
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: ## Measure the engine and the Explore page, and write docs/reference/performance.md (RECORDS=50000)
	@tools/install test
	@.venv/bin/python -m benchmarks --records $(RECORDS) --out docs/reference/performance.md

bench-import: ## Measure bringing in keep.eu and lists of operations (PROJECTS=33000)
	@tools/install test
	@.venv/bin/python -m benchmarks.importing --projects $(PROJECTS) --out docs/reference/performance.md

bench-everything: ## Measure a site with all data in ../shared, and check its counts
	@tools/install test
	@.venv/bin/python -m benchmarks.everything --out docs/reference/performance.md

eval: ## Measure relevance on the judged sets in ../shared, and write docs/reference/relevance.md
	@tools/install test
	@.venv/bin/python -m benchmarks.relevance $(if $(SETS),--sets $(SETS)) \
		--out docs/reference/relevance.md

lock: ## Renew requirements/*.txt from pyproject.toml (UPGRADE=--upgrade for newer versions)
	@tools/install run
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.6'
	$(LOCK) $(UPGRADE) --output-file requirements/run.txt
	$(LOCK) $(UPGRADE) --group test --extra meaning --constraints requirements/run.txt --output-file requirements/test.txt
	@! grep -nE '://|file:' requirements/*.txt

screenshot: ## Take docs/screenshot.png of the demo site anew
	@tools/install test
	@tools/servers
	@.venv/bin/python -m tools.screenshot

clean: ## Remove what was installed and made, but not ./var
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
