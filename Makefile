.DEFAULT_GOAL := help
.PHONY: help setup run test check lock contracts bench soak reset down

PY := .venv/bin/python

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-11s %s\n", $$1, $$2 }'

setup: ## Locked dependencies into .venv (done by every target that needs it)
	@sh deploy/local/setup.sh

check: setup ## Lint, format, types, import layers and contracts
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/basedpyright
	.venv/bin/lint-imports
	$(PY) -m contracts.check

test: setup ## Everything CI runs
	$(MAKE) check
	$(PY) -m pytest

lock: setup ## Resolve the dependencies anew into requirements.lock
	.venv/bin/uv lock -q
	.venv/bin/uv export -q --all-packages --all-groups --no-emit-workspace --no-header --no-annotate --format requirements.txt -o requirements.lock

contracts: setup ## Models, event map and AsyncAPI from the authored contracts
	$(PY) -m contracts.generate
