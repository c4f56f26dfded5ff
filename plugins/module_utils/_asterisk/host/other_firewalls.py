# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find other tables of a host that drop what role firewall lets in: a packet passes only where all tables let it."""

from __future__ import annotations

import re
from typing import Sequence

OURS = "inet trunkline"
_TABLE = re.compile(r"^table (\S+ \S+) \{.*\n((?:(?!\}).*\n)*)", re.M)
#: A chain that drops what none of its rules names: ufw's, that of `iptables -P INPUT DROP`, one in /etc/nftables.conf.
_DROPS = re.compile(r"hook input [^;]*; policy drop;")
#: One that accepts by its policy and drops by its last rule, as /etc/sysconfig/iptables of Red Hat's family does.
_ENDS = re.compile(r"hook input .*\n(?:(?!\t\}).*\n)*?\t\t(?:counter )?(?:drop|reject\b.*)\n\t\}")
#: firewalld's chain refuses by its last rule, and jumps to others.
_FIREWALLD = "inet firewalld"
#: What may let anything in: iptables' multiport, which ufw takes for ranges and whose ports nft does not print, and a
#: rule that accepts whatever some address sends, as of Twilio's networks.
_MAY_OPEN = re.compile(r'match "multiport"|saddr (?!.*\bdport\b).*\baccept\b')
_ACCEPTED = re.compile(r"\bdport (\{[^}]*\}|[\d-]+).*\baccept\b")


def closed(ruleset: str, ports: Sequence[int]) -> dict[str, list[int]]:
    """Return the ports that each other table seems to keep closed, by the table's family and name.

    A table that may let them in is not named, nor one that accepts them for some sources: whose they are is the host's
    own choice.

    :param ruleset: what `nft list ruleset` prints.
    """
    found = {}
    for name, body in _TABLE.findall(ruleset):
        drops = _DROPS.search(body) or _ENDS.search(body) or name == _FIREWALLD and "hook input" in body
        if name == OURS or name.startswith("ip6 ") or not drops or _MAY_OPEN.search(body):
            continue
        ranges = [one for text in _ACCEPTED.findall(body) for one in _ranges(text)]
        shut = [port for port in ports if not any(first <= port <= last for first, last in ranges)]
        if shut:
            found[name] = shut
    return found


def warnings(ruleset: str, sip_ports: Sequence[int], rtp_ports: tuple[int, int]) -> list[str]:
    """Return a sentence for each other table that seems to keep ports of SIP or of audio closed."""
    return [
        f"Table {name} of this host drops what it does not let in, and seems to keep {_joined(ports)} closed: let SIP"
        f" ({_joined(sip_ports)}) and audio (UDP {rtp_ports[0]} to {rtp_ports[1]}) in there too, or phones and calls"
        f" stay out. {_how(name)}"
        for name, ports in closed(ruleset, [*sip_ports, *rtp_ports]).items()]


def _how(name: str) -> str:
    """Say what may have made a table, as far as its name tells."""
    if name == _FIREWALLD:
        return "It is firewalld's: firewall-cmd --permanent --add-port."
    if name == "ip filter":
        return "It is that of iptables: iptables -I INPUT, or ufw allow where ufw made it."
    return "nft list ruleset shows it."


def _joined(ports: Sequence[int]) -> str:
    *rest, last = map(str, ports)
    return f"{', '.join(rest)} and {last}" if rest else last


def _ranges(text: str) -> list[tuple[int, int]]:
    bounds = [re.findall(r"\d+", one) for one in text.strip("{} ").split(",")]
    return [(int(one[0]), int(one[-1])) for one in bounds if one]
