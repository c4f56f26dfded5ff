# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a module that probes trunks: its options, the connection to Asterisk's manager, the results of its checks."""

from __future__ import annotations

import re
import signal
import socket
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Mapping, Sequence

from .._asterisk.ami import Ami, AmiError
from .._asterisk.manager_conf import SecretMissing, secret_in
from .._core import validators
from .._core.errors import InvalidInput
from .._inventory.edges import endpoints as edge_endpoints, wrong_names
from .._sip.diagnosis import diagnose
from .._sip.ladder import Facts
from .._sip.problem import Problem
from .module import Module, run

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
    """One run of a module that probes trunks: its options and trunks, and the form of its results."""

    def __init__(self, module: Module):
        self.module = module
        self.params: dict[str, Any] = module.params
        self.trunks = _trunks(module.params)

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

    def result(self, results: list[Result]) -> Result:
        """Return the module's result, from the result of each trunk."""
        if self.params["trunks"] is None:
            return {"changed": False, **results[0]}
        return {
            "changed": False,
            "passed": None if self.module.check_mode else all(result["passed"] for result in results),
            "checks": [check for result in results for check in result["checks"]],
            "results": [{"trunk": trunk.name, **result} for trunk, result in zip(self.trunks, results)],
        }


@dataclass(frozen=True)
class ProbeModule:
    """The parts of a module that probes trunks.

    :param options: the module's own options.
    :param limits: the least and the greatest value of options that are in seconds.
    :param checks: the names of the module's checks, which check mode skips: a probe has effects outside of Ansible,
        such as a call that somebody pays for.
    :param probe: probes, and returns the results in the order of the trunks.
    :param failed: returns a trunk's result where Asterisk cannot be asked at all.
    :param validate: validates options further; it raises ValueError with a sentence.
    """

    options: Mapping[str, Any]
    limits: Mapping[str, tuple[int, int]]
    checks: Sequence[str]
    probe: Callable[[Probe, Ami], list[Result]]
    failed: Callable[[Probe, Trunk, AmiError], Result]
    validate: Callable[[Mapping[str, Any]], None] = lambda _params: None

    def run(self) -> None:
        """Run the module. This does not return: it exits as Ansible modules do."""
        single = [name for name in (*TRUNK, *self.options) if name in ROW or name == "trunk"]
        run(
            {**CONNECTION, **TRUNK, **self.options}, self._act,
            required_one_of=[("trunk", "trunks")],
            required_together=[("trunk", "endpoint", "domain")],
            mutually_exclusive=[("trunks", name) for name in single],
        )

    def _act(self, module: Module) -> Result:
        probe = Probe(module)
        problems = list(self._problems(probe))
        if problems:
            raise InvalidInput(problems)
        if module.check_mode:
            return probe.result([self._skipped(trunk) for trunk in probe.trunks])
        for number in (signal.SIGTERM, signal.SIGHUP):
            # A probe that is ended from outside still hangs up, and restores Asterisk's SIP history.
            signal.signal(number, _leave)
        return probe.result(self._results(probe) if probe.trunks else [])

    def _problems(self, probe: Probe) -> Iterator[str]:
        for place, trunk in enumerate(probe.trunks):
            where = "" if probe.params["trunks"] is None else f"trunks[{place}]."
            for name in ("endpoint", "context"):
                value = getattr(trunk, name)
                if not NAME.fullmatch(value):
                    yield f"{where}{name} must be 1 to 80 letters, digits, dots, _ and -, not {value!r}."
            yield from wrong_names(f"{where}edges", trunk.edges)
        for name, (least, most) in {**self.limits, "manager_port": (1, 65535)}.items():
            if not least <= probe.params[name] <= most:
                yield f"{name} must be from {least} to {most}, not {probe.params[name]}."
        try:
            self.validate(probe.params)
        except ValueError as error:
            yield f"{error}."

    def _skipped(self, trunk: Trunk) -> Result:
        return {"passed": None, "checks": [skip(trunk, check, "not run in check mode") for check in self.checks]}

    def _results(self, probe: Probe) -> list[Result]:
        try:
            with manager(probe.module) as ami:
                return self.probe(probe, ami)
        except AmiError as error:
            return [self.failed(probe, trunk, error) for trunk in probe.trunks]


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


def manager(module: Module) -> Ami:
    """Return a connection to Asterisk's manager interface, logged in; use it in a `with` block.

    :raises AmiError: connecting or logging in failed.
    """
    params = module.params
    try:
        with open(params["manager_secret_file"], encoding="utf-8") as file:
            secret = secret_in(file.read(), params["manager_user"])
    except OSError as error:
        raise SecretMissing(error.strerror or str(error)) from None
    module.no_log_values.add(secret)
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
    """Return whether the host name has an address on this machine."""
    try:
        return bool(socket.getaddrinfo(host.strip("[]"), None))
    except OSError:
        return False


def _leave(*_args: Any) -> None:
    raise SystemExit(1)
