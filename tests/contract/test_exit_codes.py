# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exit code of plan.yml holds under every setting of Ansible's, whatever goes wrong where."""

from __future__ import annotations

import copy
import json
import re
import shutil

import pytest

from .played import INVENTORY, ROOT, empty, play
from .test_bad_input import account_is_empty

HERE = ("--limit", "localhost")
#: Settings of an ansible.cfg that decide which plays and tasks are run, or where results go.
SETTINGS = {
    "default": {},
    "any_errors_fatal": {"ANSIBLE_ANY_ERRORS_FATAL": "true"},
    "free": {"ANSIBLE_STRATEGY": "free"},
    "host_pinned": {"ANSIBLE_STRATEGY": "host_pinned", "ANSIBLE_ANY_ERRORS_FATAL": "true"},
    "one fork": {"ANSIBLE_FORKS": "1", "ANSIBLE_FORCE_HANDLERS": "true"},
    "junit": {"ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit"},
}


@pytest.fixture
def run(served, tmp_path):
    """run(*arguments): plan.yml on a twin that was emptied."""
    empty(served[0])
    return lambda *arguments, **more: play("plan", served[0], tmp_path, *arguments, **more)


def hosts(localhost=None, **pbx) -> dict:
    """The inventory with other variables of localhost and of PBX hosts, all of which are on the loopback's port 1."""
    changed = copy.deepcopy(INVENTORY)
    changed["all"]["hosts"]["localhost"].update(localhost or {})
    one = changed["all"]["children"]["pbx"]["hosts"]["pbx1"]
    changed["all"]["children"]["pbx"]["hosts"] = {
        name: {**one, "trunkline_public_address": f"203.0.113.{10 + number}", **more}
        for number, (name, more) in enumerate(pbx.items())
    }
    return changed


def last_line(printed: str) -> str:
    return printed.rstrip().splitlines()[-1]


#: What is wrong with a PBX host, and what the plan says of it.
LOST = {
    "out-of-reach": ({}, "Connection refused"),
    "undefined-address": ({"ansible_host": "{{ nobody_said }}"}, "'nobody_said' is undefined"),
    "unknown-connection": ({"ansible_connection": "carrier_pigeon"}, "carrier_pigeon"),
    "unknown-become": ({"ansible_become": True, "ansible_become_method": "asking"}, ""),
    "no-interpreter": ({"ansible_connection": "local", "ansible_python_interpreter": "/nonexistent/python"}, ""),
}


@pytest.mark.parametrize("setting", ["default", "any_errors_fatal", "host_pinned"])
def test_a_lost_pbx_is_an_error_and_the_rest_is_planned(run, setting):
    """Five are lost, each in another way, and each is an error of its own."""
    inventory = hosts(**{name: variables for name, (variables, sentence) in LOST.items()})
    code, printed = run(inventory=inventory, **SETTINGS[setting])
    assert code == 1, printed
    for name, (dummy, sentence) in LOST.items():
        (error,) = re.findall(rf"^Error, {name}: .*", printed, re.MULTILINE)
        assert sentence in error, printed
    assert last_line(printed) == "No whole plan: 5 errors. Nothing was changed."
    assert "  + trunk Asterisk-SIP-Trunk (" in printed


@pytest.mark.parametrize("setting", ["default", "any_errors_fatal", "host_pinned"])
def test_a_plan_goes_on_where_its_only_pbx_is_lost(run, served, setting):
    """No host is left that any setting would let go on."""
    code, printed = run(**SETTINGS[setting])
    assert code == 1 and "Error, pbx1: " in printed, printed
    assert last_line(printed) == "No whole plan: 1 error. Nothing was changed."
    assert account_is_empty(served[1])


def test_changes_are_2_and_nothing_to_change_is_0(run, served, tmp_path):
    for setting in SETTINGS:
        code, printed = run(*HERE, **SETTINGS[setting])
        assert code == 2 and last_line(printed).startswith("Plan: 9 to add"), (setting, printed)
    assert play("site", served[0], tmp_path, *HERE)[0] == 0
    for setting in ("default", "free", "host_pinned"):
        code, printed = run(*HERE, **SETTINGS[setting])
        assert code == 0 and last_line(printed).startswith("Nothing to change"), (setting, printed)


@pytest.mark.parametrize("setting", ["default", "host_pinned"])
def test_of_two_hosts_the_one_that_is_wrong_is_named(run, setting):
    inventory = hosts(pbx1={}, pbx2={"pbx_sip_port": 70000})
    code, printed = run(inventory=inventory, **SETTINGS[setting])
    assert code == 1 and "Error, Inventory: pbx2: pbx_sip_port" in printed, printed
    assert "Error, pbx1" not in printed and "lost" not in printed
    assert "Twilio: not looked at, since the inventory has errors." in printed


#: What is wrong at localhost.
BROKEN = {
    "connection plugin": {"ansible_connection": "carrier_pigeon"},
    "undefined address": {"ansible_host": "{{ nobody_said }}"},
    "out of reach": {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1},
    "no writable home": {"ansible_remote_tmp": "/proc/nowhere"},
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_localhost_that_runs_nothing_is_an_error(run, broken):
    code, printed = run(*HERE, inventory=hosts(localhost=BROKEN[broken], pbx1={}))
    assert code == 1 and last_line(printed).startswith(("Error: no plan", "No whole plan: 1 error.")), printed


def test_limit(run):
    two = hosts(pbx1={}, pbx2={})
    code, printed = run("--limit", "localhost:pbx2", inventory=two)
    assert code == 1 and "Error, pbx2: " in printed and "pbx1: " not in printed
    code, printed = run("--limit", "pbx1", inventory=two)
    assert code == 1
    assert last_line(printed) == "Error: no plan, since --limit leaves out localhost or --tags the plan."
    code, printed = run("--limit", "nobody", inventory=two)
    assert code == 1 and "nobody" in printed


@pytest.mark.parametrize("arguments", [
    ("--tags", "none"), ("--skip-tags", "all"), ("--start-at-task", "Put the plan together"),
    ("-e", "plan_here=typed"), ("-e", "ansible_connection=carrier_pigeon"),
])
def test_a_run_of_a_part_of_it_is_no_plan(run, arguments):
    code, printed = run(*HERE, *arguments)
    assert code == 1, printed


def test_a_collection_that_is_on_no_path_is_an_error(served, tmp_path):
    """README's command in a fresh clone: the roles' names lead nowhere."""
    shutil.copytree(ROOT / "playbooks", tmp_path / "clone" / "playbooks")
    code, printed = play(
        "plan", served[0], tmp_path, playbooks=tmp_path / "clone" / "playbooks", ANSIBLE_COLLECTIONS_PATH=str(tmp_path),
    )
    assert code == 4 and "couldn't resolve module/action 'trunkline.voice.validate_inventory'" in printed, printed


def test_a_vault_without_its_password_is_an_error(run, tmp_path):
    folder = tmp_path / "vaulted"
    (folder / "group_vars").mkdir(parents=True)
    (folder / "hosts.yml").write_text(json.dumps(INVENTORY))
    (folder / "group_vars" / "all.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n31313131\n")
    code, printed = run(*HERE, inventory=folder)
    assert code == 1 and "no vault secrets found" in printed and last_line(printed).startswith("Error: no plan, ")


def test_what_a_run_writes_and_where(run, tmp_path):
    """Files land where the command was given, others' reports as well, and nothing else is left behind."""
    home = tmp_path / "home"
    code, printed = run(
        *HERE, "-e", "plan_markdown=out/of/plan.md", "-e", "plan_json=plan.json", PWD="/", ANSIBLE_HOME=str(home),
        ANSIBLE_CALLBACKS_ENABLED="ansible.builtin.junit", JUNIT_OUTPUT_DIR=str(tmp_path / "junit"))
    assert code == 2, printed
    assert (tmp_path / "out" / "of" / "plan.md").read_text().startswith("## Plan: 9 to add")
    assert json.loads((tmp_path / "plan.json").read_text())["code"] == 2
    assert not list((ROOT / "playbooks").glob("*.md"))
    assert len(list((tmp_path / "junit").glob("*.xml"))) == 1
    assert list((home / "tmp").iterdir()) == []


def test_what_other_callbacks_say_of_a_run_is_said(run):
    code, printed = run(*HERE, "-e", "plan_exit_code=false", ANSIBLE_STDOUT_CALLBACK="ansible.posix.json",
                        ANSIBLE_SHOW_CUSTOM_STATS="true")
    result = json.loads(printed)
    assert code == 0 and result["global_custom_stats"]["trunkline_plan"]["add"] == 9
    assert result["stats"]["localhost"]["failures"] == 0


def test_without_exit_codes_of_its_own_it_fails_on_an_error_alone(run):
    switch = ("-e", "plan_exit_code=false")
    code, printed = run(*HERE, *switch)
    assert code == 0 and '"Plan: 9 to add, 0 to change, 0 to remove.' in printed
    code, printed = run(*switch)
    assert code == 2 and "No whole plan: 1 error. Nothing was changed." in printed


@pytest.mark.parametrize("listing", ["--syntax-check", "--list-hosts", "--list-tasks", "--list-tags"])
def test_a_listing_is_no_run(run, listing):
    code, printed = run(*HERE, listing)
    assert code == 0 and "Error" not in printed


def test_a_file_that_cannot_be_written_is_an_error(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, printed = run(*HERE, "-e", "plan_markdown=file/plan.md")
    assert code == 1 and f"Error: {tmp_path}/file/plan.md was not written: " in last_line(printed)
    assert "  + trunk Asterisk-SIP-Trunk (" in printed
