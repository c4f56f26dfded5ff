# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of every Twilio module and of the pages about them, run by ansible-playbook against a twin: what check
mode says, the run does, and a second run has nothing to do."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
from pathlib import Path

import pytest
import requests
import yaml

from tests.sdk import client

from .conftest import ACCOUNT, SEED, TOKEN

ROOT = Path(__file__).parents[2]
PLUGINS = "ansible_collections.trunkline.voice.plugins"
CANARY = "Canary-of-examples-1"
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("twilio_*.py"))
PAGES = ("from-terraform.md", "modules.md")
NUMBERS = ("+17756187988", "+17756187989", "+17756187991", "+17756187992", "+17756187993")
FOR_SALE = "+17756187990"
#: Modules whose examples begin with an account that has the other's things already.
FURNISHED = {"twilio_trunk": "lists", "twilio_phone_number": "trunk", "twilio_trunk_info": "trunk"}


def furnish(url: str, what: str) -> None:
    """An account as the examples find it: with numbers, and an address for emergencies."""
    requests.post(f"{url}/twin/reset", json={}, timeout=5).raise_for_status()
    requests.put(f"{url}/twin/account", json=SEED, timeout=5).raise_for_status()
    for place, numbers in (("numbers", NUMBERS), ("for-sale", (FOR_SALE,)), ("caller-ids", NUMBERS[:1])):
        for number in numbers:
            requests.put(f"{url}/twin/{place}/{number}", json={}, timeout=5).raise_for_status()
    sdk = client(url, ACCOUNT, TOKEN)
    sdk.addresses.create(
        friendly_name="Head office", customer_name="Example", street="1 Main St", city="Reno", region="NV",
        postal_code="89501", iso_country="US", emergency_enabled=True,
    )
    if what == "lists":
        sdk.sip.ip_access_control_lists.create("Asterisk-Server")
        sdk.sip.credential_lists.create("Asterisk-Credentials")
    elif what == "trunk":
        sdk.trunking.v1.trunks.create(friendly_name="Asterisk-SIP-Trunk")


def examples_of(source: str) -> list[dict]:
    """The tasks of a module's examples, or of the YAML on a page."""
    if source in MODULES:
        return yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.{source}").EXAMPLES)
    blocks = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs" / source).read_text(), re.DOTALL | re.MULTILINE)
    return [task for block in blocks for row in yaml.safe_load(block) for task in row.get("tasks", [row])]


def module_of(task: dict) -> str:
    """The module of the collection that a task runs; "" for others."""
    return next((name for name in task if name.startswith("trunkline.voice.")), "")


def thrice(number: int, task: dict) -> list[dict]:
    """An example's task in check mode, for good and again, and what has to be true of that."""
    said, done, again = (f"{word}_{number}" for word in ("said", "done", "again"))
    always = task[module_of(task)].get("update_password") == "always"
    return [
        {**task, "register": said, "check_mode": True},
        {**task, "register": done},
        {**task, "register": again},
        {
            "ansible.builtin.assert": {
                "that": [
                    *(f"{said}.{part} == {done}.{part}" for part in ("changed", "steps", "changes", "diff")),
                    f"{done}.changed == (({done}.steps | length) > 0)",
                    f"{again}.changed == {str(always).lower()}",
                ],
                "quiet": True,
            }
        },
    ]


@pytest.mark.parametrize("source", [*MODULES, *PAGES])
def test_examples(served, tmp_path, source):
    url, dummy = served
    furnish(url, FURNISHED.get(source, ""))
    tasks, changes = [], False
    for number, task in enumerate(examples_of(source)):
        writes = bool(module_of(task)) and not module_of(task).endswith("_info")
        tasks += thrice(number, task) if writes else [task]
        changes |= writes
    assert {module_of(task) for task in tasks} - {""}
    assert source in PAGES or f"trunkline.voice.{source}" in map(module_of, tasks)
    playbook = tmp_path / "examples.yml"
    playbook.write_text(yaml.safe_dump([{
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {
            "group/trunkline.voice.twilio": {"account_sid": ACCOUNT, "auth_token": TOKEN, "api_url": url},
        },
        "vars": {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "vault_trunk_password": CANARY,
            "vault_north_password": CANARY,
        },
        "tasks": tasks,
    }], sort_keys=False))
    done = subprocess.run(
        ["ansible-playbook", "-i", "localhost,", str(playbook), "--diff", "-v"],
        cwd=tmp_path,
        env={
            **{name: text for name, text in os.environ.items() if not name.startswith("TWILIO_")},
            "ANSIBLE_NOCOLOR": "1", "ANSIBLE_PIPELINING": "1",
        },
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert ("changed=0" not in done.stdout) == changes, done.stdout[-500:]
    assert "[WARNING]" not in done.stdout, done.stdout
    assert CANARY not in done.stdout and TOKEN not in done.stdout
