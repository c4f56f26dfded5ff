# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the probes of a PBX have in common: options, the manager's connection, and results that change nothing."""

from __future__ import annotations

import re
import signal
import socket
import sys

from ansible.module_utils.basic import AnsibleModule

from .._asterisk.ami import Ami
from .._asterisk.manager_conf import SecretMissing, secret_in
from .._core import validators
from .._inventory.edges import endpoints as edge_endpoints, wrong_names
from .._sip.diagnosis import diagnose

CONNECTION = {
    "manager_host": {"type": "str", "default": "127.0.0.1"},
    "manager_port": {"type": "int", "default": 5038},
    "manager_user": {"type": "str", "default": "verify"},
    "manager_secret_file": {"type": "path", "default": "/etc/asterisk/manager_secret.conf", "no_log": False},
}
TRUNK = {
    "trunk": {"type": "str", "required": True},
    "endpoint": {"type": "str", "required": True},
    "domain": {"type": "str", "required": True},
    "ip_access_control_list": {"type": "str"},
    "credential_list": {"type": "str"},
    "edges": {"type": "list", "elements": "str", "default": []},
}
# What may stand in a console command or a channel name.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


def start(options: dict, names: tuple, ranges: dict, skipped: tuple, more=None) -> AnsibleModule:
    """The module with its options checked. In check mode it ends here, with the checks `skipped`: a probe has effects
    outside, a call that someone pays for.

    :param names: the options that must be a plain name.
    :param ranges: options in seconds, with the least and the most that each may be.
    :param more: a function of the options that raises ValueError with a sentence.
    """
    module = AnsibleModule(argument_spec={**CONNECTION, **TRUNK, **options}, supports_check_mode=True)
    for name in names:
        if not NAME.fullmatch(module.params[name]):
            module.fail_json(msg=f"{name} must be 1 to 80 letters, digits, dots, _ and -, not {module.params[name]!r}.")
    for name, (least, most) in {**ranges, "manager_port": (1, 65535)}.items():
        if not least <= module.params[name] <= most:
            module.fail_json(msg=f"{name} must be from {least} to {most}, not {module.params[name]}.")
    for problem in wrong_names("edges", module.params["edges"]):
        module.fail_json(msg=problem)
    try:
        if more:
            more(module.params)
    except ValueError as error:
        module.fail_json(msg=f"{error}.")
    if module.check_mode:
        rows = [skip(module, check, "not run in check mode") for check in skipped]
        module.exit_json(changed=False, passed=None, checks=rows)
    for number in (signal.SIGTERM, signal.SIGHUP):
        # Ended from outside, a probe still hangs up and switches off what it switched on.
        signal.signal(number, lambda *_args: sys.exit(1))
    return module


def endpoints(module: AnsibleModule) -> list:
    """The trunk's endpoints: one an edge, or the one that option `endpoint` names."""
    return edge_endpoints(module.params["endpoint"], module.params["edges"])


def e164(name: str, value: str) -> None:
    """Refuses a telephone number that is not in E.164 form.

    :raises ValueError: with a sentence that names the option.
    """
    try:
        validators.e164(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def manager(module: AnsibleModule) -> Ami:
    """A connection to Asterisk's manager interface that is logged in, to be used in a `with` block.

    :raises AmiError: there is none to be had.
    """
    params = module.params
    try:
        with open(params["manager_secret_file"], encoding="utf-8") as file:
            secret = secret_in(file.read(), params["manager_user"])
    except OSError as error:
        raise SecretMissing(error.strerror) from None
    module.no_log_values.add(secret)
    ami = Ami(params["manager_host"], params["manager_port"])
    try:
        ami.login(params["manager_user"], secret)
    except BaseException:
        ami.__exit__()
        raise
    return ami


def success(module: AnsibleModule, check: str, detail: str) -> dict:
    """A check that passed."""
    return {"trunk": module.params["trunk"], "check": check, "result": PASSED, "detail": detail}


def skip(module: AnsibleModule, check: str, why: str) -> dict:
    """A check that was not made."""
    return {"trunk": module.params["trunk"], "check": check, "result": SKIPPED, "detail": why}


def failure(module: AnsibleModule, check: str, problem: str, facts: dict) -> dict:
    """A check that failed, with its cause and fix by name.

    :param problem: a name that the diagnosis knows.
    :param facts: what was seen, for the sentences.
    """
    params = module.params
    known = {
        **params,
        "acl": params["ip_access_control_list"],
        "host": facts.get("request_host"),
        "manager": f"{params['manager_host']}:{params['manager_port']}",
    }
    finding = diagnose({**known, **facts, "problem": problem})
    return {
        "trunk": params["trunk"],
        "check": check,
        "result": FAILED,
        "detail": finding.cause,
        "cause": finding.name,
        "fix": finding.fix,
    }


def resolves(host: str) -> bool:
    """Whether the host name leads to an address on this machine."""
    try:
        return bool(socket.getaddrinfo(host.strip("[]"), None))
    except OSError:
        return False
