# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of all hosts of a run, normalised and checked together. Nothing else reads a variable of the user's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping

from . import across, options, rules
from .normalise import AsWritten, normalise
from .trunks import sip_ports

CONTROLLER = "localhost"
TRUNKS = "trunkline_trunks"
_PHONES = "pbx_phones"


@dataclass(frozen=True)
class Inventory:
    """What an inventory says.

    hosts: PBX host to its options, those of role twilio_trunk included, which are the same for all.
    account: the options of role twilio_trunk, and all trunks of all hosts.
    answering: the PBX hosts that state pbx_dids; where none does, the numbers on the trunks are not managed.
    problems: what cannot be right, a sentence each. While there is one, nothing else here may be used.
    warnings: what is odd and yet possible.
    """

    hosts: dict[str, dict]
    account: dict
    answering: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def carriers(self, trunk: str) -> list[str]:
        """Return the hosts that have a trunk of this name; all of them where none has, as for a trunk that only the
        controller's variables name."""
        return [name for name, host in self.hosts.items() if any(row["name"] == trunk for row in host[TRUNKS])] or list(
            self.hosts)


def read(
    hosts: Mapping[str, Mapping[str, Any]],
    controller: Mapping[str, Any],
    environment: Mapping[str, str],
    as_written: AsWritten = lambda value: None,
    phone_passwords: bool = True,
) -> Inventory:
    """Read the variables of a run.

    :param hosts: PBX host to its variables, as Ansible has them. :param controller: those of localhost, of which only
        `options.of_controller` count.
    :param environment: the controller's, for what is not given.
    :param as_written: see `normalise`.
    :param phone_passwords: whether the passwords of phones are given; false where they were checked and nobody asks.
    """
    reader = _Reader(as_written, phone_passwords)
    sources = {CONTROLLER: controller, **hosts}
    account = reader.account(sources, environment)
    account[TRUNKS] = reader.trunks(sources, account)
    found = {name: reader.host(name, given, account) for name, given in hosts.items()}
    answering = [name for name, given in hosts.items() if given.get("pbx_dids") is not None]
    inventory = Inventory(found, account, answering, reader.told(list(hosts)))
    if not inventory.problems:
        for name, host in found.items():
            reader.say(name, rules.problems(host))
        inventory.problems.extend(reader.told(list(hosts)) or across.problems(inventory))
        inventory.warnings.extend(across.warnings(inventory))
    return inventory


def _without_password(phones: Mapping) -> dict:
    return {**phones, "options": {**phones["options"], "password": {"type": "str", "no_log": True}}}


def _derived(values: Mapping, account: Mapping) -> dict:
    """The options whose default follows from others, where they are not given."""
    follows = {
        "pbx_account_sid": account["twilio_trunk_account_sid"] or "",
        "firewall_sip_ports": sip_ports(values),
        "firewall_phone_networks": values["pbx_local_networks"],
    }
    return {name: value for name, value in follows.items() if values[name] is None}


def read_account(
    hosts: Mapping[str, Mapping], controller: Mapping, environment: Mapping, as_written: AsWritten = lambda value: None
) -> tuple[dict, list[str]]:
    """Read the options of role twilio_trunk alone, as for an account whose trunks no inventory states yet.

    :returns: the options without the trunks, and what cannot be right.
    """
    reader = _Reader(as_written)
    account = reader.account({CONTROLLER: controller, **hosts}, environment)
    return account, reader.told(list(hosts))


class _Reader:
    """Normalises, and keeps what is wrong by the host that it is wrong on."""

    def __init__(self, as_written: AsWritten, phone_passwords: bool = True):
        self.as_written = as_written
        self.found: dict[str, dict[str, None]] = {}
        account = options.of_role("twilio_trunk")["main"]
        self.account_spec = {name: option for name, option in account.items() if name != TRUNKS}
        self.host_spec = {name: option for name, option in options.of_pbx().items() if name not in self.account_spec}
        if not phone_passwords:
            self.host_spec[_PHONES] = _without_password(self.host_spec[_PHONES])

    def say(self, where: str, sentences: list[str]) -> None:
        self.found.setdefault(where, {}).update(dict.fromkeys(sentences))

    def told(self, hosts: list[str]) -> list[str]:
        """Return the sentences, each once: with its host where it is wrong on some of several hosts only."""
        every = dict.fromkeys(sentence for sentences in self.found.values() for sentence in sentences)
        return [self._placed(sentence, hosts) for sentence in every]

    def _placed(self, sentence: str, hosts: list[str]) -> str:
        where = [name for name in hosts if sentence in self.found.get(name, ())]
        everywhere = len(where) == len(hosts) or sentence in self.found.get(CONTROLLER, ())
        return sentence if everywhere or not where else f"{', '.join(where)}: {sentence}"

    def host(self, name: str, given: Mapping, account: Mapping) -> dict:
        trunks = {TRUNKS: account[TRUNKS]} if given.get(TRUNKS) is None else {}
        values, problems = normalise(self.host_spec, {**given, **trunks}, self.as_written)
        problems += [
            f"{one} is no variable of trunkline.voice; did you mean {other}?" for one, other in options.misspelt(given)]
        self.say(name, problems)
        return {**account, **values, **_derived(values, account)}

    def account(self, sources: Mapping[str, Mapping], environment: Mapping) -> dict:
        """Merge what localhost and the PBX hosts say of Twilio's side: it has one meaning for the whole run."""
        found = {name: self._one(name, option, sources) for name, option in self.account_spec.items()}
        for name in found:
            variable = "TWILIO_" + name.removeprefix("twilio_trunk_").upper()
            if name in _FROM_ENVIRONMENT and not found[name]:
                found[name] = environment.get(variable) or None
        self.say(CONTROLLER, [
            f"{one} is no variable of trunkline.voice; did you mean {other}?"
            for one, other in options.misspelt(sources[CONTROLLER])])
        self.say(CONTROLLER, list(rules.of_connection(found)))
        return found

    def _one(self, name: str, option: Mapping, sources: Mapping[str, Mapping]) -> Any:
        given = {source: values[name] for source, values in sources.items() if values.get(name) is not None}
        read: dict[str, Any] = {}
        for source, value in given.items():
            first = next((other for other in read if given[other] == value and type(given[other]) is type(value)), None)
            values, problems = ({name: read[first]}, ()) if first else normalise({name: option}, {name: value},
                                                                                self.as_written)
            self.say(source, list(problems))
            read[source] = values[name]
        different = [source for source in read if read[source] != read[next(iter(read))]]
        if different:
            self.say(CONTROLLER, [
                f"{name} is not the same for {next(iter(read))} and {different[0]}, and it is one for the whole run:"
                " state it once, in group_vars/all."])
        if read:
            return next(iter(read.values()))
        return normalise({name: {**option, "required": False}}, {})[0][name]

    def trunks(self, sources: Mapping[str, Mapping], account: Mapping) -> list[dict]:
        """All trunks, those of localhost first. A trunk that two state is the same at Twilio for both."""
        spec = {TRUNKS: options.of_pbx()[TRUNKS]}
        found: dict[str, tuple[str, dict]] = {}
        for source, given in sources.items():
            if given.get(TRUNKS) is None:
                continue
            values, problems = normalise(spec, given, self.as_written)
            self.say(source, problems)
            rows = [] if problems else values[TRUNKS]
            if source == CONTROLLER and not problems:   # the hosts' are checked with everything else of theirs
                self.say(source, list(rules.of_trunks({**account, TRUNKS: rows})))
            for row in rows:
                other, same = found.setdefault(row["name"], (source, row))
                if other != source:
                    self.say(CONTROLLER, across.contradictions(source, row, other, same))
        return [row for _, row in found.values()]


#: Options of role twilio_trunk that come from the environment where they are not given or empty: TWILIO_REGION ….
_FROM_ENVIRONMENT = frozenset(
    f"twilio_trunk_{name}"
    for name in ("api_url", "account_sid", "auth_token", "api_key", "api_secret", "region", "edge"))
