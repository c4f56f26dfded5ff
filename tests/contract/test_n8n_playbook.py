# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""n8n.yml as a person runs it: what cannot be right ends it before any host is touched. Its hosts do not exist."""

from __future__ import annotations

import copy

import pytest
import yaml

from .played import CANARY, INVENTORY

ROW = {"name": "reception", "token": CANARY, "otherwise": {"phone": "1001"}}
ROUTE = {
    "name": "reception", "url": "http://127.0.0.1:5678/webhook/reception", "token": CANARY,
    "allow": [{"phone": "1001"}], "otherwise": {"phone": "1001"}}
BY_API = {"n8n_flow_api_url": "{{ lookup('ansible.builtin.env', 'NO_SUCH_ADDRESS') }}"}


@pytest.fixture
def n8n(run):
    """Return what runs n8n.yml: n8n(hosts, **variables)."""
    def play(hosts, *arguments, **variables):
        inventory = copy.deepcopy(INVENTORY)
        nobody = {"ansible_connection": "ssh", "ansible_port": 1, "ansible_host": "127.0.0.1"}
        inventory["all"]["children"]["n8n"] = {"hosts": dict.fromkeys(hosts, nobody)}
        inventory["all"]["vars"].update({"n8n_encryption_key": CANARY * 2, "n8n_flows": [ROW], **variables})
        return run("n8n", *arguments, inventory=inventory)
    return play


@pytest.mark.parametrize("variables", [{}, BY_API], ids=["nothing said", "an address that is not set"])
def test_a_run_that_would_do_nothing_fails(n8n, variables):
    code, printed = n8n([], **variables)
    assert code == 2 and "Group n8n has no host" in printed, printed


@pytest.mark.parametrize(("variables", "sentence"), [
    ({"n8n_flow": [ROW]}, "n8n_flow is no variable of trunkline.voice; did you mean n8n_flows?"),
    ({"n8n_service_settings": {"privateDevices": "no"}}, "n8n_service_settings has 'privateDevices', which is not"),
    ({"n8n_encryption_key": "{{ no_such_vault }}"}, "n8n_encryption_key cannot be read"),
    ({"n8n_flows": [{**ROW, "missed": {"url": f"https://chat.example.com/ {CANARY}"}}]}, "missed.url must be"),
])
def test_what_cannot_be_right_is_named_before_a_host_is_touched(n8n, variables, sentence):
    code, printed = n8n(["n8n1", "n8n2"], **variables)
    assert code == 2 and sentence in printed and "UNREACHABLE" not in printed, printed


def test_a_number_is_what_was_written(run, tmp_path):
    """YAML 1.1 reads 05670 as 3000."""
    inventory = copy.deepcopy(INVENTORY)
    inventory["all"]["children"]["n8n"] = {"hosts": {"n8n1": {"n8n_port": 3000}}}
    file = tmp_path / "octal.yml"
    file.write_text(yaml.safe_dump(inventory).replace("n8n_port: 3000", "n8n_port: 05670"))
    code, printed = run("n8n", "--extra-vars", f"n8n_encryption_key={CANARY * 2}", inventory=file)
    assert code == 2 and "n8n_port must be a whole number, and YAML reads 05670 as 3000" in printed, printed


def test_what_both_sides_contradict_each_other_in_is_a_warning(n8n):
    code, printed = n8n(["n8n1"], pbx_n8n=[{**ROUTE, "allow": [{"hangup": "busy"}]}])
    assert "n8n_flows[0].otherwise is phone 1001, which is not in allow of reception" in " ".join(printed.split())
    assert code == 4 and "UNREACHABLE" in printed, printed
