# Every target prepares what it needs; molecule/shared/host.sh says how, molecule/shared/env.sh where.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

HOST := molecule/shared/host.sh
WITH_TOOLS := . molecule/shared/env.sh;
IN_LAB := $(WITH_TOOLS) enter_lab;
MOLECULE := $(IN_LAB) molecule --base-config molecule/shared/base.yml
PYTEST := $(WITH_TOOLS) python -m pytest --override-ini cache_dir="$$TRUNKLINE_CACHE/pytest"
FORGET := $(WITH_TOOLS) cd "$$lab_reports"; rm -rf
REPORT := $(WITH_TOOLS) python molecule/shared/report.py
STANDING := $(WITH_TOOLS) podman ps --quiet --filter name=pbx1 2>/dev/null | grep -q . || \
	{ echo "trunkline: no lab stands; make demo builds one" >&2; exit 1; }
INVENTORIES := -i inventory -i molecule/shared/inventory

PLAY ?= site
ARGS ?=

.PHONY: help demo test lint mypy unit bench lab play check clean

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: lab ## build the whole integration in containers, prove it with a call, leave it standing
	@$(MOLECULE) converge
	@$(FORGET) default-after.xml
	@$(MOLECULE) verify
	@$(REPORT) default-after
	@echo "The lab stands. make play runs a playbook on it again, make clean removes it."

test: lint unit ## lint, unit and contract tests, then the lab from nothing, with each scenario, and destroy it
	@$(HOST) lab test
	@$(FORGET) default-before.xml default-after.xml bullseye-after.xml
	@$(MOLECULE) test
	@$(MOLECULE) reset -s bullseye
	@$(MOLECULE) test -s bullseye
	@$(REPORT) unit default-before default-after bullseye-after

lint: ## ruff, ansible-lint (production profile) and yamllint
	@$(HOST) tools
	@$(WITH_TOOLS) ruff check --no-cache
	@$(WITH_TOOLS) ansible-lint

mypy: ## types, strict (ARGS= are packages, such as plugins.module_utils._core)
	@$(HOST) tools
	@$(WITH_TOOLS) cd "$$lab_collections"; mypy --config-file "$$lab_checkout/mypy.ini" --cache-dir "$$TRUNKLINE_CACHE/mypy" \
		$(foreach package,$(or $(ARGS),plugins),-p ansible_collections.trunkline.voice.$(package))
	@$(WITH_TOOLS) cd roles/twilio_twin/files; mypy --config-file "$$lab_checkout/mypy.ini" \
		--cache-dir "$$TRUNKLINE_CACHE/mypy" -p twilio_twin

unit: ## unit and contract tests (ARGS= goes to pytest)
	@$(HOST) tools
	@$(PYTEST) --numprocesses auto --dist worksteal --junitxml "$$lab_reports/unit.xml" $(ARGS)

bench: ## measure runs, requests and Asterisk itself, as ratios, on a lab that it builds if none stands (twelve minutes)
	@$(HOST) tools
	@[ "$(ARGS)" = account ] || { $(MAKE) lab; $(MOLECULE) converge; }
	@$(WITH_TOOLS) [ "$(ARGS)" = account ] || enter_lab; PYTHONPATH="$$ANSIBLE_COLLECTIONS_PATH" \
		python -W ignore -m tests.bench $(ARGS)

lab: ## create the lab's hosts, with nothing installed on them
	@$(HOST) lab lab; $(MOLECULE) create; echo "==> The lab stood after $$SECONDS s"

play: ## run a playbook against the lab that stands: make play PLAY=site ARGS="--check --diff"
	@$(STANDING)
	@$(IN_LAB) ansible-playbook $(INVENTORIES) playbooks/$(PLAY).yml $(ARGS)

check: ## run tests against the lab that stands: make check ARGS="-k toll_fraud"
	@$(STANDING)
	@$(IN_LAB) cd molecule/default; python -m pytest -c ../pytest.ini --rootdir .. -p no:cacheprovider \
		--junitxml "$$lab_reports/check.xml" $(if $(findstring tests/,$(ARGS)),,tests/after) $(ARGS)

clean: ## remove the lab, its cache and the Debian packages it installed
	@$(HOST) clean
