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

.PHONY: help demo test tools first second third gates sanity lint mypy unit coverage package bench lab vm play check clean

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: lab ## build the whole integration in containers, prove it with a call, leave it standing
	@$(MOLECULE) converge
	@$(FORGET) default-after.xml
	@$(MOLECULE) verify
	@$(REPORT) default-after
	@echo "The lab stands. make play runs a playbook on it again, make clean removes it."

# A lab waits most of its time, so three stand at once; gates, unit and contract tests take what they leave of the
# machine. What the parts beside the first print comes at the end.
test: ## all that CI runs: gates, unit and contract tests, and each scenario in a lab from nothing, which is destroyed
	@$(HOST) gates; $(HOST) lab test; $(HOST) image forky
	@$(FORGET) unit.xml *-before.xml *-after.xml
	@$(WITH_TOOLS) cd "$$lab_reports"; failed=; declare -A parts; \
	part() { $(MAKE) -C "$$lab_checkout" "$$1" && echo "==> $$1 ended after $$SECONDS s"; }; \
	for name in tools second third; do part $$name >$$name.log 2>&1 & parts[$$name]=$$!; done; \
	part first || failed=" first"; \
	echo "==> Waiting for the other parts; what they print is in $$lab_reports: tools.log, second.log, third.log"; \
	for name in tools second third; do wait $${parts[$$name]} || failed+=" $$name"; cat $$name.log; done; \
	[ -z "$$failed" ] || { echo "trunkline: failed:$$failed" >&2; exit 1; }
	@$(REPORT) unit default-before default-after n8n-after features-after trixie-after bullseye-after

tools:
	@molecule/shared/leftover.sh $(MAKE) --keep-going --jobs=2 --output-sync gates unit

# The packages of n8n take some minutes the first time, which the scenario before waits anyway.
first: ## scenarios default and n8n, one after the other, in a lab from nothing, which is destroyed
	@$(HOST) lab first
	@$(IN_LAB) log="$$lab_reports/n8n-install.log"; failed=; \
	molecule/shared/leftover.sh ansible-playbook $(INVENTORIES) molecule/n8n/install.yml >"$$log" 2>&1 & \
	molecule --base-config molecule/shared/base.yml test || failed=yes; \
	wait $$! || { cat "$$log"; failed=yes; }; \
	[ -z "$$failed" ]
	@$(MOLECULE) reset -s n8n
	@$(MOLECULE) test -s n8n
	@$(MOLECULE) destroy -s n8n

second: export TRUNKLINE_LAB := second
second: ## scenario features, in another lab
	@$(HOST) lab second
	@$(MOLECULE) reset -s features
	@$(MOLECULE) test -s features
	@$(MOLECULE) destroy -s features

third: export TRUNKLINE_LAB := third
third: ## scenarios trixie and bullseye, in one more
	@$(HOST) lab third
	@$(MOLECULE) reset -s trixie
	@$(MOLECULE) test -s trixie
	@$(MOLECULE) reset -s bullseye
	@$(MOLECULE) test -s bullseye
	@$(MOLECULE) destroy -s bullseye

second third: export TRUNKLINE_LAB_NET :=

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
