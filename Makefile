.DEFAULT_GOAL := help
.PHONY: help setup run people accept test check lock contracts bench soak reset down

PY := .venv/bin/python

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-11s %s\n", $$1, $$2 }'

setup: ## Locked dependencies into .venv (every target below does it when needed)
	@sh deploy/local/setup.sh

run: setup ## Engines, services and demo data on http://127.0.0.1:8000 (PORT=8001 …) until Ctrl-C
	@$(PY) -m embedded.run

people: setup ## Who the demo people of the running house are, and what each may do (LANG_OUT=en)
	@$(PY) -m embedded.demo_list $(LANG_OUT)

accept: setup ## Hand in the articles of FILE=… at the running house, compare what they expect
	@$(PY) -m embedded.acceptance "$(FILE)"

test: setup ## Everything CI runs, on the real engines, with a table at the end
	@$(PY) -m embedded.suite test

check: setup ## Only lint, format, types and import rules
	@$(PY) -m embedded.suite check

soak: setup ## The long tests: SEEDS=10000 storms, KILLS=300 kills (hours; give smaller numbers)
	@$(PY) -m embedded.suite soak

bench: setup ## Measure beside the raw chain; writes docs/performance.md (QUICK=1: rougher, only prints; STEP=lives)
	@$(PY) -m bench $(if $(QUICK),--quick) $(STEP)

contracts: setup ## Regenerate models, event map and API documents from contracts/
	@$(PY) -m contracts.generate
	@$(PY) -m nhipcau.openapi

lock: setup ## Resolve the dependencies anew into requirements.lock
	@.venv/bin/uv lock -q
	@.venv/bin/uv export -q --all-packages --all-groups --no-emit-workspace --no-header --no-annotate --format requirements.txt -o requirements.lock
	@.venv/bin/uv export -q $(addprefix --package nhipcau-,$(notdir $(wildcard services/*))) --no-dev --no-emit-workspace --no-header --no-annotate --format requirements.txt -o deploy/image/requirements.lock

reset: setup ## Delete the data of make run (asks nothing; refuses while it runs)
	@$(PY) -m embedded.data reset

down: setup ## Stop a make run that was left in the background
	@$(PY) -m embedded.data down
