# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring together what the PBX hosts' own configurations say and what the account has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from ..._asterisk.validators import text
from ..._numbers.ranges import calling_code
from ..options import Values
from .endpoints import Trunk
from .host import HandMade, read_files

#: The variable in which playbooks/adopt.yml keeps what module asterisk_config_info returned.
FOUND = "adopt_found"


@dataclass
class Hosts:
    """The configurations that were read, by host, and a sentence for each host about how that went."""

    read: dict[str, HandMade] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def trunks(self, domain: str | None) -> list[tuple[HandMade, Trunk]]:
        """Return the endpoints that call a trunk, with the configuration of each."""
        return [(made, trunk) for made in self.read.values() for trunk in made.trunks if trunk.domain == domain]

    def passwords(self, trunks: Sequence[Values]) -> dict[str, str]:
        """Return user name to password, as the hosts use them on the account's trunks."""
        found: dict[str, str] = {}
        for row in trunks:
            for made, trunk in self.trunks(row["domain_name"]):
                if not trunk.username or not trunk.password:
                    continue
                if found.setdefault(trunk.username, trunk.password) != trunk.password:
                    made.notes.add(f"user {trunk.username} has another password elsewhere, which is taken", trunk.place)
        return found

    def caller_ids(self, trunks: Sequence[Values]) -> dict[str, str]:
        """Return trunk name to the number that calls on it show, where the hosts agree on one."""
        found = {}
        for row in trunks:
            numbers = self._agreed(row, "caller_id")
            if numbers:
                found[row["name"]] = numbers
        return found

    def of_trunk(self, row: Values) -> dict[str, Any]:
        """Return what the hosts' endpoints say of a trunk of the account beside what the account says."""
        said: dict[str, Any] = {}
        name, edges, transport = (self._agreed(row, option) for option in ("caller_name", "edges", "transport"))
        if name and _is_text(name):
            said["caller_name"] = name
        if edges:
            said["edges"] = list(edges)
        if transport == "tcp" and not row["secure"]:
            said["transport"] = "tcp"
        for made, trunk in self.trunks(row["domain_name"]):
            if (trunk.transport == "tls") != bool(row["secure"]):
                made.notes.add(f"endpoint {trunk.name} is {'' if trunk.transport == 'tls' else 'not '}secure, and the"
                               " trunk at Twilio is the opposite; the trunk counts", trunk.place)
        return said

    def options_of(self, name: str, variables: Values, trunks: Sequence[Values]) -> dict[str, Any]:
        """Return the options of a host that its configuration states and that validation accepts.

        :param variables: its other variables. :param trunks: the account's.
        """
        made = self.read.get(name)
        if made is None:
            return {}
        names = {
            trunk.name: row["name"] for trunk in made.trunks for row in trunks if row["domain_name"] == trunk.domain}
        for trunk in made.trunks:
            if trunk.name not in names:
                made.notes.add(f"endpoint {trunk.name} calls {trunk.domain}, and no trunk that is adopted has that"
                               " domain", trunk.place)
        first = trunks[0]["name"] if trunks else ""
        codes = {row["name"]: calling_code(row["caller_id"]) for row in variables.get("trunkline_trunks", ())}
        for row in made.rows.rows.get("pbx_phones", []):
            row.update(_calls_out(made, row["name"], names, first, codes))
        for row in made.rows.rows.get("pbx_dids", []):
            holder = next((one["name"] for one in trunks if row["number"] in one["phone_numbers"]), first)
            if holder != first:
                row["trunk"] = holder
        return made.keep_accepted(name, variables)

    def report(self) -> list[dict[str, Any]]:
        """Return for each host how reading went, and what a person has to decide."""
        return [{"host": name, "said": said, "decide": self.read[name].sentences() if name in self.read else []}
                for name, said in self.said.items()]

    def _agreed(self, row: Values, option: str) -> Any:
        values = {getattr(trunk, option): (made, trunk) for made, trunk in self.trunks(row["domain_name"])}
        values.pop("", None)    # but to name no edge is to call another one than those that others name
        if len(values) > 1:
            for made, trunk in values.values():
                made.notes.add(f"endpoint {trunk.name} differs from another endpoint of the same trunk in its {option},"
                               " which is not carried over", trunk.place)
            return ""
        return next(iter(values), "")


def read_hosts(hosts: Mapping[str, Values]) -> Hosts:
    """Read the configurations that module asterisk_config_info returned.

    :param hosts: host to its variables, of which :data:`FOUND` counts.
    """
    found = Hosts()
    for name, variables in hosts.items():
        result = variables.get(FOUND)
        if result is not None and not result.get("skipped"):
            found.said[name] = _said(result)
            if not found.said[name]:
                found.said[name] = f"The files of {result['configuration']['folder']} were read."
                found.read[name] = read_files(result["configuration"])
    return found


def _said(result: Values) -> str:
    """Return why a host's configuration is not read, "" where it is."""
    if result.get("unreachable"):
        return "The host was out of reach, so its configuration was not read."
    if result.get("failed") or "configuration" not in result:
        return f"Its configuration could not be read: {str(result.get('msg') or 'no reason was given').rstrip('.')}."
    found = result["configuration"]
    folder = found["folder"]
    if found["freepbx"]:
        return (f"FreePBX writes {folder} ({found['freepbx']}), so nothing of it is read: FreePBX's database counts"
                " there.")
    if found["ours"]:
        more = "".join(f" Read what was there before with -e adopt_asterisk_folder={tree}." for tree in found["found"])
        hand = f" Written by hand there: {', '.join(found['by_hand'])}." if found["by_hand"] else ""
        return (f"This collection wrote {folder} already, from an inventory that you have, so nothing of it is read."
                f"{hand}{more}")
    if not found["exists"]:
        return f"There is no folder {folder}, so there is nothing to read."
    if not found["files"] and not found["unreadable"]:
        return f"{folder} has none of the files that are read, so there is nothing to carry over."
    return ""


def _calls_out(
    made: HandMade, phone: str, names: Mapping[str, str], first: str, codes: Mapping[str, str],
) -> dict[str, str]:
    """Return a phone's class and trunk: never more than its context called.

    :param codes: trunk name to the calling code of its caller ID, whose country class `national` opens.
    """
    ways = [way for way in made.ways.get(phone, ())
            if way.trunk in names and way.nation and way.nation == codes.get(names[way.trunk])]
    if not ways:
        return {"class": "internal"}
    trunk = names[ways[0].trunk]
    return {"class": "national"} if trunk == first else {"class": "national", "trunk": trunk}


def _is_text(value: str) -> bool:
    try:
        return bool(text(value))
    except ValueError:
        return False
