# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""However Ansible delivers a value of roles n8n and n8n_flow: it means the same as the native one, or it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import n8n
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import N8N_ROLES, of_n8n
from ansible_collections.trunkline.voice.plugins.module_utils._n8n.workflows import delivery

from ..inventory.test_spellings import as_written, changed, spellings

TOKEN = "a-token-that-is-secret"
CALLER = {"number": "+919876543210", "to": {"phone": "1001"}, "caller_name": "Zoë", "tag": "crm:1"}
HOURS = {"days": ["mon", "tue"], "from": "10:00", "until": "17:00", "to": {"phone": "1001"}, "caller_name": "Day",
         "tag": "day"}
CRM = {
    "url": "https://crm.example.com/{number}", "header": "X-Api-Key", "header_value": "key", "seconds": 3,
    "routes": [{"field": "data.0.level", "value": 3, "to": {"queue": "vip"}}], "caller_name": "name", "tag": "id"}
RECEPTION = {
    "name": "reception", "token": TOKEN, "path": "calls", "callers": [CALLER], "hours": [HOURS],
    "timezone": "Asia/Kolkata", "otherwise": {"ring_group": "sales"}, "crm": CRM, "keep_edits": True}
NOTES = {
    "name": "notes", "token": TOKEN, "events": {"table": "calls", "keep_days": 30},
    "missed": {"url": "https://chat.example.com/x", "key": "content", "text": "Missed {caller}"}}
HOST: dict[str, Any] = {
    "n8n_encryption_key": "k" * 24, "n8n_version": "2.41.1", "n8n_listen_address": "10.1.2.3", "n8n_port": 8080,
    "n8n_public_url": "https://n8n.example.com/", "n8n_timezone": "Asia/Kolkata", "n8n_executions_hours": 24,
    "n8n_memory_megabytes": 1500, "n8n_environment": {"DB_TYPE": "postgresdb"},
    "n8n_service_settings": {"PrivateDevices": "no"}, "n8n_npm_registry": "https://npm.example.com",
    "n8n_npm_ca_file": "/etc/ssl/own.crt", "n8n_flow_command": ["/usr/bin/n8n"], "n8n_flow_user": "flow",
    "n8n_flow_service": "flows", "n8n_flow_url": "http://10.1.2.3:8080", "n8n_flow_api_url": "https://n8n.example.com/n8n",
    "n8n_flow_api_key": "eyJhbGciOi.J9.api-key", "n8n_flow_api_ca_file": "/etc/ssl/own.pem"}
HOSTS = [{**HOST, n8n.FLOWS: [RECEPTION]}, {**HOST, n8n.FLOWS: [NOTES]}]
ALL = [(host, spelling) for host in HOSTS for spelling in spellings(of_n8n(), host)]


def made(given: dict) -> Any:
    """What a host gets: its options, and the workflows with their credentials. Or the sentences that refuse it."""
    values, problems = n8n.read(given, N8N_ROLES, as_written)
    return problems, None if problems else (values, delivery(values[n8n.FLOWS]))


def test_the_hosts_have_a_value_for_every_option():
    assert set().union(*HOSTS) == set(of_n8n())
    row = of_n8n()[n8n.FLOWS]["options"]
    assert {*RECEPTION, *NOTES, "workflow"} == set(row)
    assert all(set(one) == set(row[name]["options"]) for name, one in (
        ("callers", CALLER), ("hours", HOURS), ("crm", CRM), ("events", NOTES["events"]), ("missed", NOTES["missed"])))
    assert [made(host)[0] for host in HOSTS] == [[], []]


@pytest.mark.parametrize(("host", "spelling"), ALL, ids=[str(spelling) for host, spelling in ALL])
def test_a_spelling_means_the_same_or_is_refused(host, spelling):
    problems, found = made(changed(spelling.path, spelling.delivered, host))
    if problems:
        assert any(str(spelling.path[0]) in problem for problem in problems), problems
        assert not any(secret in problem for problem in problems for secret in (TOKEN, "k" * 24))
        return
    refused, means = made(changed(spelling.path, spelling.means, host))
    assert not refused, f"accepted, though {spelling.means!r} is refused: {refused}"
    assert found == means


@pytest.mark.parametrize(("path", "value", "text", "sentence"), [
    (("n8n_port",), 3000, "05670", "n8n_port must be a whole number, and YAML reads 05670 as 3000"),
    ((n8n.FLOWS, 0, "hours", 0, "from"), 600, "10:00", "from must be text, and YAML reads 10:00 as 600"),
    ((n8n.FLOWS, 0, "callers", 0, "number"), 919876543210, "+919876543210", "number must be text, and YAML reads"),
    ((n8n.FLOWS, 0, "callers", 0, "to"), {"phone": 64}, "0100", "to has phone, which must be text, and YAML reads"),
    ((n8n.FLOWS, 0, "crm", "routes", 0, "value"), 9, "011", "value must be text, and YAML reads 011 as 9"),
])
def test_what_yaml_misreads_is_refused_with_what_was_written(path, value, text, sentence):
    given = changed(path, value, HOSTS[0])
    number = value["phone"] if isinstance(value, dict) else value
    (found,) = n8n.read(given, N8N_ROLES, lambda one: text if one == number else None)[1]
    assert sentence in found
