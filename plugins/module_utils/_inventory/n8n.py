# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of roles n8n and n8n_flow, normalised and validated as those of a PBX are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from .._n8n import agreement, flow_problems, problems, workflows
from . import options
from .normalise import AsWritten, normalise
from .options import Values
from .server import wrong_settings

FLOWS = "n8n_flows"
#: The option of role pbx with the workflows that PBXs ask.
ROUTES = "pbx_n8n"
#: The address of an n8n that is on no host of the inventory.
API_URL = "n8n_flow_api_url"
_KEY = "n8n_encryption_key"


def read(
    given: Values, roles: Collection[str], as_written: AsWritten = lambda value: None
) -> tuple[dict[str, Any], list[str]]:
    """Normalise and validate the variables of a host of n8n.

    :param given: the host's variables, as Ansible delivers them.
    :param roles: the roles that the run has there, of `options.N8N_ROLES`.
    :returns: the options of both roles, and a sentence for everything that cannot be right.
    """
    stated = options.of_n8n()
    spec = {**stated, _KEY: {**stated[_KEY], "required": "n8n" in roles}}
    values, wrong = normalise(spec, given, as_written)
    wrong.extend(options.misspelt(given))
    if not wrong:
        wrong.extend(_problems(values, roles))
        values["n8n_flow_url"] = (values["n8n_flow_url"] or values[API_URL] or _address(values)).rstrip("/")
    return values, wrong


def warnings(hosts: Iterable[Values], pbxs: Iterable[Values], as_written: AsWritten = lambda value: None) -> list[str]:
    """Return a sentence for each contradiction between the workflows of hosts and what the PBXs ask.

    :param hosts: see `read`. :param pbxs: the variables of PBX hosts, as Ansible delivers them. What cannot be right
        there, or is not there, is not compared.
    """
    spec = {ROUTES: options.of_pbx()[ROUTES]}
    asked = [values[ROUTES] for values, wrong in (normalise(spec, given, as_written) for given in pbxs) if not wrong]
    routes = [route for rows in asked for route in rows]
    found = (agreement.disagreements(values[FLOWS], routes) for values in hosts if routes)
    return list(dict.fromkeys(sentence for sentences in found for sentence in sentences))


def public(values: Values) -> dict[str, Any]:
    """Return what tasks may know of a host: its options without secrets and workflows, and the paths of webhooks."""
    spec = options.of_n8n()
    known = {name: value for name, value in values.items() if not spec[name].get("no_log") and name != FLOWS}
    return {"options": known, "paths": [workflows.webhook_path(row) for row in values[FLOWS]]}


def _problems(values: Mapping[str, Any], roles: Collection[str]) -> Iterator[str]:
    if "n8n" in roles:
        yield from problems.of_host(values)
        yield from wrong_settings("n8n_service_settings", values["n8n_service_settings"])
    if "n8n_flow" in roles:
        yield from flow_problems.of_flows(values[FLOWS])
        yield from flow_problems.of_api(values)
        yield from flow_problems.of_host(values)


def _address(values: Mapping[str, Any]) -> str:
    """Return where n8n answers on its host."""
    host = values["n8n_listen_address"]
    return f"http://{f'[{host}]' if ':' in host else host}:{values['n8n_port']}"
