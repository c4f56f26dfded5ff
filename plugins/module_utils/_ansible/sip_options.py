# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module sip_options: send OPTIONS to many targets at once, from where it runs, and rank them."""

from __future__ import annotations

import math
import ssl
import time
from typing import Any, Callable, Mapping

from .._core.errors import InvalidInput, TrunklineError
from .._core.validators import host, port
from .._sip.ping import DEFAULT_PORTS, Target, merged, ranked, settled
from .._sip.probe import Policy, probe_all
from .module import run

ARGUMENT_SPEC: dict[str, Any] = {
    "targets": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str"},
            "host": {"type": "str", "required": True},
            "port": {"type": "int"},
            "transport": {"type": "str", "choices": list(DEFAULT_PORTS), "default": "udp"},
            "request_host": {"type": "str"},
            "server_name": {"type": "str"},
        },
    },
    "count": {"type": "int", "default": 3},
    "rounds": {"type": "int", "default": 1},
    "interval": {"type": "float", "default": 0.02},
    "timeout": {"type": "float", "default": 2.0},
    "verify": {"type": "bool", "default": True},
    "ca_file": {"type": "path"},
    "present": {"type": "list", "elements": "str", "default": []},
    "margin_ms": {"type": "float", "default": 0.0},
}
MAX_TARGETS = 256
LIMITS: dict[str, tuple[float, float]] = {
    "count": (1, 20), "rounds": (1, 10), "interval": (0, 10), "timeout": (0.1, 30), "margin_ms": (0, 10000),
}


def problems(params: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each option that is wrong, beginning with the option."""
    found = []
    for name, (least, most) in LIMITS.items():
        if not (math.isfinite(params[name]) and least <= params[name] <= most):
            found.append(f"{name} must be from {least} to {most}, not {params[name]:g}.")
    rows = params["targets"]
    if not 1 <= len(rows) <= MAX_TARGETS:
        found.append(f"targets must have 1 to {MAX_TARGETS} entries, not {len(rows)}.")
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        where = f"targets[{index}]"
        for option in ("host", "request_host", "server_name"):
            found += _wrong(f"{where}.{option}", host, row[option])
        found += _wrong(f"{where}.port", port, row["port"])
        name = _name(row)
        if not name.strip():
            found.append(f"{where}.name must not be empty.")
        elif name in first:
            found.append(f"{where} has the name of targets[{first[name]}], {name!r}: give each a name of its own.")
        first.setdefault(name, index)
    return found


def _wrong(where: str, check: Callable[[Any], Any], value: Any) -> list[str]:
    try:
        if value is not None:
            check(value)
    except ValueError as error:
        return [f"{where} {error}."]
    return []


def _name(row: Mapping[str, Any]) -> str:
    return str(row["host"] if row["name"] is None else row["name"])


def target(row: Mapping[str, Any]) -> Target:
    """Return a row of `targets` with its defaults filled in."""
    return Target(
        name=_name(row),
        host=row["host"],
        port=row["port"] or DEFAULT_PORTS[row["transport"]],
        transport=row["transport"],
        request_host=row["request_host"] or row["host"],
        server_name=row["server_name"] or row["host"],
    )


def context(params: Mapping[str, Any]) -> ssl.SSLContext | None:
    """Return the TLS context, None where neither a target nor the CA file needs one.

    :raises TrunklineError: `ca_file` has no certificate that can be read.
    """
    if not any(row["transport"] == "tls" for row in params["targets"]) and not params["ca_file"]:
        return None
    try:
        made = ssl.create_default_context(cafile=params["ca_file"])
    except OSError as error:    # ssl.SSLError is one
        raise TrunklineError(
            f"ca_file {params['ca_file']!r} cannot be read: {error.strerror or error}.",
            "It must be a file of PEM certificates on the host that the module runs on.",
        ) from None
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    # Python 3.13 made strict X.509 its default, which rejects a CA without a key identifier. Asterisk does not, and the
    # result has to show what Asterisk would meet.
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not params["verify"]:
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def act(params: Mapping[str, Any]) -> dict[str, Any]:
    """Validate the options, probe the targets, and return the module's result.

    :raises TrunklineError: an option is wrong.
    """
    found = problems(params)
    if found:
        raise InvalidInput(found)
    tls = context(params)
    targets = [target(row) for row in params["targets"]]
    policy = Policy(params["count"], params["interval"], params["timeout"])
    begin = time.perf_counter()
    outcomes = probe_all(targets, policy, tls)
    for dummy in range(params["rounds"] - 1):
        earlier, outcomes = outcomes, merged(outcomes, probe_all(targets, policy, tls))
        if settled(earlier, outcomes, params["margin_ms"]):
            break
    elapsed = (time.perf_counter() - begin) * 1000
    return {
        "changed": False,
        "targets": [outcome.as_dict() for outcome in outcomes],
        "ranked": ranked(outcomes, params["present"], params["margin_ms"]),
        "elapsed_ms": round(elapsed, 1),
    }


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, lambda module: act(module.params))
