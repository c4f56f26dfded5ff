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
STANDING := $(WITH_TOOLS) [ -n "$$(podman ps --quiet --filter name=pbx1 2>/dev/null)" ] || \
	{ echo "trunkline: no lab stands; make demo builds one" >&2; exit 1; }
INVENTORIES := -i inventory -i molecule/shared/inventory

PLAY ?= site
ARGS ?=

.PHONY: help demo test first others gates sanity lint mypy unit coverage package bench lab vm play check clean

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: lab ## build the whole integration in containers, prove it with a call, leave it standing
	@$(MOLECULE) converge
	@$(FORGET) default-after.xml
	@$(MOLECULE) verify
	@$(REPORT) default-after
	@echo "The lab stands. make play runs a playbook on it again, make clean removes it."

# A lab waits most of its time. Beside the first one run gates, unit and contract tests, with what it leaves of the
# machine, and after them the other scenarios in a lab of their own. What they printed comes at the end.
test: ## all that CI runs: gates, unit and contract tests, and each scenario in a lab from nothing, which is destroyed
	@$(HOST) gates; $(HOST) lab test; $(HOST) image forky
	@$(FORGET) unit.xml *-before.xml *-after.xml
	@$(WITH_TOOLS) beside="$$lab_reports/beside.log"; failed=; \
	{ nice -n 19 $(MAKE) --keep-going gates unit || failed=yes; echo "==> Gates and unit tests ended after $$SECONDS s"; \
	$(MAKE) TRUNKLINE_LAB=second TRUNKLINE_LAB_NET= others || failed=yes; \
	echo "==> The other scenarios ended after $$SECONDS s"; [ -z "$$failed" ]; } >"$$beside" 2>&1 & \
	$(MAKE) first || failed="the first lab"; echo "==> The first lab ended after $$SECONDS s"; \
	echo "==> Waiting for gates, unit tests and the other scenarios; $$beside has what they print"; \
	wait $$! || failed="$${failed:+$$failed, and }gates, unit tests or another scenario"; \
	cat "$$beside"; \
	[ -z "$$failed" ] || { echo "trunkline: failed: $$failed" >&2; exit 1; }
	@$(REPORT) unit default-before default-after features-after n8n-after bullseye-after trixie-after

# The packages of n8n take some minutes, which this scenario waits anyway.
first: ## the lab from nothing with scenario default, and anew with scenario features, and destroy it
	@$(HOST) lab first
	@$(IN_LAB) log="$$lab_reports/n8n-install.log"; failed=; \
	nice -n 19 flock "$$TRUNKLINE_CACHE/n8n.lock" \
		ansible-playbook $(INVENTORIES) molecule/n8n/install.yml >"$$log" 2>&1 & \
	molecule --base-config molecule/shared/base.yml test || failed=yes; \
	wait $$! || { cat "$$log"; failed=yes; }; \
	[ -z "$$failed" ]
	@$(MOLECULE) destroy
	@$(MOLECULE) reset -s features
	@$(MOLECULE) test -s features
	@$(MOLECULE) destroy -s features

others: ## a lab from nothing with the other scenarios, one after the other, and destroy it
	@$(HOST) lab others
	@$(WITH_TOOLS) flock "$$TRUNKLINE_CACHE/n8n.lock" true
	@$(MOLECULE) reset -s n8n
	@$(MOLECULE) test -s n8n
	@$(MOLECULE) reset -s bullseye
	@$(MOLECULE) test -s bullseye
	@$(MOLECULE) reset -s trixie
	@$(MOLECULE) test -s trixie

lint: ## ruff, ansible-lint (production profile) and yamllint
	@$(HOST) tools
	@$(WITH_TOOLS) ruff check --no-cache
	@$(WITH_TOOLS) ansible-lint

gates: ## all that a collection has to pass: ansible-test sanity, lint, types, documents, package (ARGS= are gates)
	@$(HOST) gates
	@tests/gates/gates.sh $(ARGS)

sanity: ## ansible-test sanity alone (ARGS= goes to it; SANITY=2.21.5=3.13 is one ansible-core and its Python)
	@$(HOST) gates
	@$(WITH_TOOLS) PATH=$$lab_gates/bin:$$PATH tests/gates/sanity.sh $(ARGS)

package: ## build the collection's tarball, the same bytes each time, into the folder ARGS= (build)
	@$(HOST) tools
	@$(WITH_TOOLS) python tests/gates/package.py build $(or $(ARGS),build)

mypy: ## types, strict (ARGS= are packages, such as plugins.module_utils._core)
	@$(HOST) tools
	@$(WITH_TOOLS) cd "$$lab_collections"; mypy --config-file "$$lab_checkout/mypy.ini" --cache-dir "$$TRUNKLINE_CACHE/mypy" \
		$(foreach package,$(or $(ARGS),plugins),-p ansible_collections.trunkline.voice.$(package))
	@$(WITH_TOOLS) cd roles/twilio_twin/files; mypy --config-file "$$lab_checkout/mypy.ini" \
		--cache-dir "$$TRUNKLINE_CACHE/mypy" -p twilio_twin

unit: ## unit and contract tests (ARGS= goes to pytest)
	@$(HOST) tools
	@$(PYTEST) --numprocesses auto --dist worksteal --junitxml "$$lab_reports/unit.xml" $(ARGS)

coverage: ## the unit tests, and the share of the plugins' lines that they reach
	@$(HOST) tools
	@$(WITH_TOOLS) export COVERAGE_FILE="$$TRUNKLINE_CACHE/coverage"; $(PYTEST) --numprocesses auto \
		--cov=ansible_collections.trunkline.voice.plugins --cov-report=term:skip-covered tests/unit $(ARGS)

bench: ## measure runs, requests and Asterisk itself, as ratios, on a lab that it builds if none stands (15 minutes)
	@$(HOST) tools
	@[ "$(ARGS)" = account ] || { $(MAKE) lab; $(MOLECULE) converge; }
	@$(WITH_TOOLS) [ "$(ARGS)" = account ] || enter_lab; PYTHONPATH="$$ANSIBLE_COLLECTIONS_PATH" \
		python -W ignore -m tests.bench $(ARGS)

lab: ## create the lab's hosts, with nothing installed on them
	@$(HOST) lab lab; $(MOLECULE) create; echo "==> The lab stood after $$SECONDS s"

play: ## run a playbook against the lab that stands: make play PLAY=site ARGS="--check --diff"
	@$(STANDING)
	@$(IN_LAB) ansible-playbook $(INVENTORIES) playbooks/$(PLAY).yml $(ARGS)

vm: ## the integration on a virtual machine with a kernel of its own, over SSH, with a reboot (on demand)
	@$(HOST) lab lab; $(HOST) vm
	@$(FORGET) vm-after.xml
	@$(MOLECULE) reset -s vm
	@$(MOLECULE) test -s vm
	@$(REPORT) vm-after

check: ## run tests against the lab that stands: make check ARGS="-k toll_fraud"
	@$(STANDING)
	@$(IN_LAB) cd molecule/default; python -m pytest -c ../pytest.ini --rootdir .. -p no:cacheprovider \
		--junitxml "$$lab_reports/check.xml" $(if $(findstring tests/,$(ARGS)),,tests/after ../features/tests/after) $(ARGS)

clean: ## remove the lab, its cache and the Debian packages it installed
	@$(HOST) clean
