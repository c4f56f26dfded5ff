# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""adopt.yml on PBX hosts that have a configuration of their own. The host is this machine, with another folder."""

from __future__ import annotations

import copy
import json
import stat

import pytest
import yaml

from tests.unit.inventory.hand_made.samples import EXTENSIONS, PJSIP, SECRETS, VOICEMAIL

from .played import INVENTORY, NUMBER

HERE = ("--limit", "localhost")


@pytest.fixture
def inventory() -> dict:
    """The inventory, whose PBX is this machine and states nothing itself."""
    made = copy.deepcopy(INVENTORY)
    made["all"]["children"]["pbx"]["hosts"]["pbx1"] = {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "trunkline_public_address": "203.0.113.10"}
    made["all"]["vars"]["trunkline_trunks"][0]["password"] = "Trunk-password-1"
    return made


def variables(**values) -> tuple:
    return "--extra-vars", json.dumps(values)


def test_a_pbx_that_was_configured_by_hand(run, tmp_path, inventory):
    folder = tmp_path / "asterisk"
    folder.mkdir()
    files = {"pjsip.conf": PJSIP.replace("Phone-1002-pass", "Phone-{{ 1002 }}"), "extensions.conf": EXTENSIONS,
             "voicemail.conf": VOICEMAIL.replace("582104937216", "0721053614")}
    for name, text in files.items():
        (folder / name).write_text(text)
    assert run("site", *HERE, inventory=inventory)[0] == 0
    # The PBX's own password is Twilio's, so nobody is asked for it.
    code, printed = run(
        "adopt", "-vvv", "--diff", *variables(adopt_directory="adopted", adopt_asterisk_folder=str(folder)),
        inventory=inventory)
    assert code == 0, printed
    assert not [secret for secret in SECRETS if secret in printed]
    assert "pbx1: The files of" in printed and "decide-by-hand.md" in printed

    adopted = tmp_path / "adopted"
    host = adopted / "host_vars" / "pbx1"
    made = yaml.safe_load((host / "main.yml").read_text())
    assert [row["name"] for row in made["pbx_phones"]] == ["1001", "1002"]
    assert made["pbx_phones"][0]["password"] == '{{ vault_pbx_passwords["1001"] }}'
    assert made["pbx_dids"][0] == {"number": NUMBER, "to": {"announcement": "say-welcome"}}
    for text in (path.read_text() for path in adopted.rglob("*") if path.is_file() and path.name != "vault.yml"):
        assert not [secret for secret in SECRETS if secret in text]
    # A PIN is text to YAML, also with a zero in front; braces in a password are no template.
    vault = (host / "vault.yml").read_text()
    assert '"1002": "0721053614"\n' in vault and '"1002": !unsafe "Phone-{{ 1002 }}"\n' in vault
    assert stat.S_IMODE((host / "vault.yml").stat().st_mode) == 0o600
    decide = (adopted / "decide-by-hand.md").read_text()
    assert "- extensions.conf:12: extension 600 of [internal] is not carried over (ConfBridge)." in decide

    # site.yml accepts it, and at Twilio there is nothing to change.
    code, printed = run("plan", *HERE, inventory=adopted)
    assert code == 0 and "Error" not in printed, printed


@pytest.mark.parametrize("given", [{"adopt_asterisk": False}, {"adopt_asterisk_folder": "/nowhere/at/all"}])
def test_a_pbx_whose_configuration_is_not_read(run, tmp_path, inventory, given):
    assert run("site", *HERE, inventory=inventory)[0] == 0
    (tmp_path / "known.json").write_text(json.dumps({"adopt_passwords": {"Asterisk": "Trunk-password-1"}, **given}))
    code, printed = run("adopt", "-e", "@known.json", inventory=inventory)
    assert code == 0, printed
    assert not (tmp_path / "inventory-adopted" / "host_vars").exists()
    said = (tmp_path / "inventory-adopted" / "decide-by-hand.md")
    assert said.exists() == ("adopt_asterisk" not in given)
    if said.exists():
        assert "There is no folder /nowhere/at/all, so there is nothing to read." in said.read_text()
