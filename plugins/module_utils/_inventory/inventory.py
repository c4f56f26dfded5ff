# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of all hosts of a run, normalised and validated together. Nothing else reads a user's variable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Collection, Iterable, Mapping

from . import across, options, rules
from .normalise import AsWritten, normalise
from .options import Values
from .trunks import sip_ports

CONTROLLER = "localhost"
TRUNKS = "trunkline_trunks"
_PHONES = "pbx_phones"


@dataclass(frozen=True)
class Inventory:
    """The validated values of an inventory.

    hosts: PBX host to its options, with those of role twilio_trunk, which are the same for all hosts.
    account: the options of role twilio_trunk, and all trunks of all hosts.
    answering: the PBX hosts that state pbx_dids. Where no host does, the numbers on the trunks are not managed.
    problems: a sentence for everything that cannot be right. While there is one, nothing else here may be used.
    warnings: a sentence for everything that is odd and may be meant.
    """

    hosts: dict[str, dict[str, Any]]
    account: dict[str, Any]
    answering: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def carriers(self, trunk: str) -> list[str]:
        """Return the hosts that have a trunk of this name, or all hosts where only localhost states it."""
        return [name for name, host in self.hosts.items() if any(row["name"] == trunk for row in host[TRUNKS])] or list(
            self.hosts)


def read(
    hosts: Mapping[str, Values],
    controller: Values,
    environment: Mapping[str, str],
    as_written: AsWritten = lambda value: None,
    phone_passwords: bool = True,
) -> Inventory:
    """Normalise and validate the variables of a run.

    :param hosts: PBX host to its variables, as Ansible delivers them. :param controller: the variables of localhost,
        of which only `options.of_controller` count.
    :param environment: the controller's environment, for options that are not given.
    :param as_written: see `normalise`.
    :param phone_passwords: false where `hosts` lacks the passwords of phones, because they were validated before.
    """
    reader = _Reader(as_written, phone_passwords)
    sources: dict[str, Values] = {CONTROLLER: controller, **hosts}
    account = reader.account(sources, environment)
    account[TRUNKS] = reader.trunks(sources, account)
    found = {name: reader.host(name, given, account) for name, given in hosts.items()}
    answering = [name for name, given in hosts.items() if given.get("pbx_dids") is not None]
    inventory = Inventory(found, account, answering, reader.sentences(list(hosts)))
    if not inventory.problems:
        for name, host in found.items():
            reader.add(name, rules.problems(host))
        inventory.problems.extend(reader.sentences(list(hosts)) or across.problems(inventory))
        inventory.warnings.extend([*across.warnings(inventory), *_shortened(hosts.values())])
    return inventory


def placed(found: Mapping[str, Collection[str]], hosts: Collection[str]) -> list[str]:
    """Return each sentence once, after the names of its hosts unless it is about all hosts.

    :param found: localhost and PBX hosts to their sentences. :param hosts: all PBX hosts.
    """
    every = dict.fromkeys(sentence for sentences in found.values() for sentence in sentences)
    return [_placed(sentence, found, hosts) for sentence in every]


def _placed(sentence: str, found: Mapping[str, Collection[str]], hosts: Collection[str]) -> str:
    where = [name for name in hosts if sentence in found.get(name, ())]
    everywhere = len(where) == len(hosts) or sentence in found.get(CONTROLLER, ())
    return sentence if everywhere or not where else f"{', '.join(where)}: {sentence}"


def _without_password(phones: Values) -> dict[str, Any]:
    return {**phones, "options": {**phones["options"], "password": {"type": "str", "no_log": True}}}


def _derived(values: Values, account: Values) -> dict[str, Any]:
    """Return the options that are not given and whose default follows from other options."""
    follows: dict[str, Any] = {
        "pbx_account_sid": account["twilio_trunk_account_sid"] or "",
        "firewall_sip_ports": sip_ports(values),
        "firewall_phone_networks": values["pbx_local_networks"],
    }
    return {name: value for name, value in follows.items() if values[name] is None}


def read_account(
    hosts: Mapping[str, Values],
    controller: Values,
    environment: Mapping[str, str],
    as_written: AsWritten = lambda value: None,
) -> tuple[dict[str, Any], list[str]]:
    """Read the options of role twilio_trunk alone, for an account whose trunks no inventory states yet.

    :returns: the options without the trunks, and a sentence for everything that cannot be right.
    """
    reader = _Reader(as_written)
    account = reader.account({CONTROLLER: controller, **hosts}, environment)
    return account, reader.sentences(list(hosts))


class _Reader:
    """Normalises values and collects sentences about them, each with the hosts that it is about."""

    def __init__(self, as_written: AsWritten, phone_passwords: bool = True):
        self.as_written = as_written
        self._found: dict[str, dict[str, None]] = {}
        account = options.of_role("twilio_trunk")["main"]
        self.account_spec = {name: option for name, option in account.items() if name != TRUNKS}
        self.host_spec = {name: option for name, option in options.of_pbx().items() if name not in self.account_spec}
        if not phone_passwords:
            self.host_spec[_PHONES] = _without_password(self.host_spec[_PHONES])

    def add(self, where: str, sentences: Iterable[str]) -> None:
        self._found.setdefault(where, {}).update(dict.fromkeys(sentences))

    def sentences(self, hosts: list[str]) -> list[str]:
        return placed(self._found, hosts)

    def host(self, name: str, given: Values, account: Values) -> dict[str, Any]:
        trunks = {TRUNKS: account[TRUNKS]} if given.get(TRUNKS) is None else {}
        values, problems = normalise(self.host_spec, {**given, **trunks}, self.as_written)
        self.add(name, [*problems, *options.misspelt(given)])
        return {**account, **values, **_derived(values, account)}

    def account(self, sources: Mapping[str, Values], environment: Mapping[str, str]) -> dict[str, Any]:
        """Merge the options of Twilio's side from localhost and the PBX hosts, which must agree on them."""
        found = {name: self._one(name, option, sources) for name, option in self.account_spec.items()}
        for name in found:
            variable = "TWILIO_" + name.removeprefix("twilio_trunk_").upper()
            if name in _FROM_ENVIRONMENT and not found[name]:
                found[name] = environment.get(variable) or None
        self.add(CONTROLLER, [*options.misspelt(sources[CONTROLLER]), *rules.of_connection(found)])
        return found

    def _one(self, name: str, option: Values, sources: Mapping[str, Values]) -> Any:
        given = {source: values[name] for source, values in sources.items() if values.get(name) is not None}
        read: dict[str, Any] = {}
        for source, value in given.items():
            same = (other for other in read if given[other] == value and isinstance(given[other], type(value)))
            first = next(same, None)
            if first:
                read[source] = read[first]
                continue
            values, problems = normalise({name: option}, {name: value}, self.as_written)
            self.add(source, problems)
            read[source] = values[name]
        different = [source for source in read if read[source] != read[next(iter(read))]]
        if different:
            self.add(CONTROLLER, [
                f"{name} differs between {next(iter(read))} and {different[0]}, and the whole run has one value of it:"
                " state it once, in group_vars/all."])
        if read:
            return next(iter(read.values()))
        return normalise({name: {**option, "required": False}}, {})[0][name]

    def trunks(self, sources: Mapping[str, Values], account: Values) -> list[dict[str, Any]]:
        """Return all trunks, those of localhost first. Hosts that state the same trunk must agree on it."""
        spec = {TRUNKS: options.of_pbx()[TRUNKS]}
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        for source, given in sources.items():
            if given.get(TRUNKS) is None:
                continue
            values, problems = normalise(spec, given, self.as_written)
            self.add(source, problems)
            rows = [] if problems else values[TRUNKS]
            if source == CONTROLLER and not problems:   # a host's trunks are validated with the rest of the host
                self.add(source, rules.of_trunks({**account, TRUNKS: rows}))
            for row in rows:
                other, same = found.setdefault(row["name"], (source, row))
                if other != source:
                    self.add(CONTROLLER, across.contradictions(source, row, other, same))
        return [row for dummy, row in found.values()]


def _shortened(variables: Iterable[Values]) -> list[str]:
    near = options.shortened({name for given in variables for name in given})
    return [f"{name} is read by nothing; did you mean {' or '.join(meant)}?" for name, meant in near]


#: Options of role twilio_trunk that come from the environment where they are not given or empty: TWILIO_REGION ….
_FROM_ENVIRONMENT = frozenset(
    f"twilio_trunk_{name}"
    for name in ("api_url", "account_sid", "auth_token", "api_key", "api_secret", "region", "edge"))
