# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules that probe trunks share: options, the manager's connection, checks as results."""

from __future__ import annotations

import re
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Mapping, Sequence

from ansible.module_utils.basic import AnsibleModule

from .._asterisk.ami import Ami, AmiError
from .._asterisk.manager_conf import SecretMissing, secret_in
from .._core import validators
from .._inventory.edges import endpoints as edge_endpoints, wrong_names
from .._sip.diagnosis import diagnose
from .._sip.ladder import Facts
from .._sip.problem import Problem

CONNECTION: dict[str, Any] = {
    "manager_host": {"type": "str", "default": "127.0.0.1"},
    "manager_port": {"type": "int", "default": 5038},
    "manager_user": {"type": "str", "default": "verify"},
    "manager_secret_file": {"type": "path", "default": "/etc/asterisk/manager_secret.conf", "no_log": False},
}
_NAMES: dict[str, Any] = {
    "ip_access_control_list": {"type": "str"},
    "credential_list": {"type": "str"},
    "edges": {"type": "list", "elements": "str", "default": []},
}
ROW: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "endpoint": {"type": "str", "required": True},
    "domain": {"type": "str", "required": True},
    "context": {"type": "str", "default": "outbound"},
    **_NAMES,
}
TRUNK: dict[str, Any] = {
    "trunk": {"type": "str"},
    "endpoint": {"type": "str"},
    "domain": {"type": "str"},
    **_NAMES,
    "trunks": {"type": "list", "elements": "dict", "options": ROW},
}
# What may stand in a console command or a channel name.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"

Result = dict[str, Any]


@dataclass(frozen=True)
class Trunk:
    """A trunk to probe; its fields are the options of the same names."""

    name: str
    endpoint: str
    domain: str
    context: str
    ip_access_control_list: str | None
    credential_list: str | None
    edges: Sequence[str]

    @property
    def endpoints(self) -> list[str]:
        """Return the trunk's endpoints: one for each edge, or only `endpoint`."""
        return edge_endpoints(self.endpoint, self.edges)


class Probe:
    """A module that probes trunks, with its options checked.

    :param options: the module's own options.
    :param limits: the least and the most of options that are in seconds.
    :param checks: the names of its checks, which check mode skips: a probe has effects outside of Ansible, such as a
        call that somebody pays for.
    :param more: a further check of the options; it raises ValueError with a sentence.
    """

    def __init__(
        self, options: Mapping[str, Any], limits: Mapping[str, tuple[int, int]], checks: Sequence[str],
        more: Callable[[Mapping[str, Any]], None] = lambda _params: None,
    ):
        alone = [name for name in (*TRUNK, *options) if name in ROW or name == "trunk"]
        self.module = AnsibleModule(
            argument_spec={**CONNECTION, **TRUNK, **options},
            required_one_of=[("trunk", "trunks")],
            required_together=[("trunk", "endpoint", "domain")],
            mutually_exclusive=[("trunks", name) for name in alone],
            supports_check_mode=True,
        )
        self.params: dict[str, Any] = self.module.params
        self.trunks = _trunks(self.params)
        for problem in self._problems({**limits, "manager_port": (1, 65535)}, more):
            self.module.fail_json(msg=problem)
        if self.module.check_mode:
            skipped = [[skip(trunk, check, "not run in check mode") for check in checks] for trunk in self.trunks]
            self._finish([{"passed": None, "checks": rows} for rows in skipped])
        for number in (signal.SIGTERM, signal.SIGHUP):
            # A probe that is ended from outside still hangs up, and restores Asterisk's SIP history.
            signal.signal(number, lambda *_args: sys.exit(1))

    def _problems(
        self, limits: Mapping[str, tuple[int, int]], more: Callable[[Mapping[str, Any]], None]
    ) -> Iterator[str]:
        for place, trunk in enumerate(self.trunks):
            where = "" if self.params["trunks"] is None else f"trunks[{place}]."
            for name in ("endpoint", "context"):
                value = getattr(trunk, name)
                if not NAME.fullmatch(value):
                    yield f"{where}{name} must be 1 to 80 letters, digits, dots, _ and -, not {value!r}."
            yield from wrong_names(f"{where}edges", trunk.edges)
        for name, (least, most) in limits.items():
            if not least <= self.params[name] <= most:
                yield f"{name} must be from {least} to {most}, not {self.params[name]}."
        try:
            more(self.params)
        except ValueError as error:
            yield f"{error}."

    def run(self, probe: Callable[[Ami], list[Result]], failed: Callable[[Trunk, AmiError], Result]) -> None:
        """Probe, and exit with a result for each trunk.

        :param probe: makes the results, in the order of the trunks.
        :param failed: makes a trunk's result where Asterisk cannot be asked at all.
        """
        results: list[Result] = []
        try:
            if self.trunks:
                with manager(self) as ami:
                    results = probe(ami)
        except AmiError as error:
            results = [failed(trunk, error) for trunk in self.trunks]
        self._finish(results)

    def failure(self, trunk: Trunk, check: str, problem: Problem, facts: Facts, **known: Any) -> Result:
        """Return a check that failed, with its cause and fix.

        :param known: values for the sentences, in place of the options of the same names.
        """
        finding = diagnose(problem, facts, {
            **self.params,
            **vars(trunk),
            "trunk": trunk.name,
            "acl": trunk.ip_access_control_list,
            "host": facts.request_host,
            "manager": f"{self.params['manager_host']}:{self.params['manager_port']}",
            **known,
        })
        return {
            "trunk": trunk.name,
            "check": check,
            "result": FAILED,
            "detail": finding.cause,
            "cause": finding.name,
            "fix": finding.fix,
        }

    def error(self, trunk: Trunk, check: str, error: AmiError, **known: Any) -> Result:
        """Return a check that failed because Asterisk could not do what it takes."""
        return self.failure(trunk, check, Problem(error.problem), Facts(), detail=str(error), **known)

    def _finish(self, results: list[Result]) -> None:
        if self.params["trunks"] is None:
            self.module.exit_json(changed=False, **results[0])
        self.module.exit_json(
            changed=False,
            passed=None if self.module.check_mode else all(result["passed"] for result in results),
            checks=[check for result in results for check in result["checks"]],
            results=[{"trunk": trunk.name, **result} for trunk, result in zip(self.trunks, results)],
        )


def _trunks(params: Mapping[str, Any]) -> list[Trunk]:
    if params["trunks"] is not None:
        return [Trunk(**row) for row in params["trunks"]]
    row = {name: params.get(name, option.get("default")) for name, option in ROW.items()}
    return [Trunk(**{**row, "name": params["trunk"]})]


def e164(name: str, value: str) -> None:
    """Refuse a telephone number that is not in E.164 form.

    :raises ValueError: with a sentence that names the option.
    """
    try:
        validators.e164(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def manager(probe: Probe) -> Ami:
    """Return a connection to Asterisk's manager interface, logged in; use it in a `with` block.

    :raises AmiError: connecting or logging in failed.
    """
    params = probe.params
    try:
        with open(params["manager_secret_file"], encoding="utf-8") as file:
            secret = secret_in(file.read(), params["manager_user"])
    except OSError as error:
        raise SecretMissing(error.strerror) from None
    probe.module.no_log_values.add(secret)
    ami = Ami(params["manager_host"], params["manager_port"])
    try:
        ami.login(params["manager_user"], secret)
    except BaseException:
        ami.__exit__()
        raise
    return ami


def success(trunk: Trunk, check: str, detail: str) -> Result:
    """Return a check that passed."""
    return {"trunk": trunk.name, "check": check, "result": PASSED, "detail": detail}


def skip(trunk: Trunk, check: str, why: str) -> Result:
    """Return a check that was not made."""
    return {"trunk": trunk.name, "check": check, "result": SKIPPED, "detail": why}


def resolves(host: str) -> bool:
    """Tell whether the host name has an address on this machine."""
    try:
        return bool(socket.getaddrinfo(host.strip("[]"), None))
    except OSError:
        return False
