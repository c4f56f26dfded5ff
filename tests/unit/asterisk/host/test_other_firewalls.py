# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other tables of a host, as `nft list ruleset` prints them, that drop what role firewall lets in."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.other_firewalls import closed, warnings

PORTS = [5060, 10000, 20000]
#: What iptables of Debian writes for `-P INPUT DROP` and rules such as ufw's.
IPTABLES = """# Warning: table ip filter is managed by iptables-nft, do not touch!
table ip filter {
\tchain INPUT {
\t\ttype filter hook input priority filter; policy drop;
\t\t# Warning: XT match conntrack not found
xt match "conntrack" counter accept
\t\tcounter jump ufw-user-input
\t}

\tchain ufw-user-input {
\t\tip saddr 192.0.2.0/24 tcp dport 22 counter accept
%s\t}
}
"""
OURS = """table inet trunkline {
\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t}
}
"""
BY_HAND = """table inet filter {
\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t\tct state established,related accept
\t\tudp dport %s accept
\t}
\tchain forward {
\t\ttype filter hook forward priority filter; policy drop;
\t}
}
"""
FIREWALLD = """table inet firewalld {
\tchain filter_INPUT {
\t\ttype filter hook input priority filter + 10; policy accept;
\t\tjump filter_INPUT_ZONES
\t\treject with icmpx admin-prohibited
\t}

\tchain filter_IN_public_allow {
\t\ttcp dport 22 accept
%s\t}
}
"""
#: What nft 1.0.6 prints of the rules that Red Hat's iptables.service begins with.
LAST_RULE = """table ip filter {
\tchain INPUT {
\t\ttype filter hook input priority filter; policy accept;
\t\tct state related,established counter accept
\t\tiifname "lo" counter accept
\t\tmeta l4proto tcp ct state new tcp dport 22 counter accept
%s\t\tcounter reject with icmp type host-prohibited
\t}

\tchain FORWARD {
\t\ttype filter hook forward priority filter; policy accept;
\t\tcounter drop
\t}
}
"""
SIP = "\t\tudp dport 5060 counter accept\n"
MULTIPORT = '\t\tmeta l4proto udp # Warning: XT match multiport not found\nxt match "multiport" counter accept\n'


@pytest.mark.parametrize(("ruleset", "found"), [
    (OURS, {}),
    (IPTABLES % "", {"ip filter": PORTS}),
    (OURS + IPTABLES % SIP, {"ip filter": [10000, 20000]}),
    (IPTABLES % (SIP + MULTIPORT), {}),
    (IPTABLES.replace("policy drop", "policy accept") % "", {}),
    (IPTABLES.replace("table ip ", "table ip6 ") % "", {}),
    (BY_HAND % "{ 5060, 10000-20000 }", {}),
    (BY_HAND % "10000-19999", {"inet filter": [5060, 20000]}),
    (BY_HAND.replace("udp dport %s accept", "ip saddr @trusted accept"), {}),
    (BY_HAND.replace("udp dport %s accept", "ip saddr @trusted tcp dport 22 accept"), {"inet filter": PORTS}),
    (LAST_RULE % "", {"ip filter": PORTS}),
    (LAST_RULE.replace("reject with icmp type host-prohibited", "drop") % SIP, {"ip filter": [10000, 20000]}),
    (LAST_RULE.replace("\t\tcounter reject with icmp type host-prohibited\n", "") % "", {}),
    (LAST_RULE.replace("\t\tcounter reject", "\t\ttcp dport 25 counter reject") % "", {}),
    (FIREWALLD % "", {"inet firewalld": PORTS}),
    (FIREWALLD % "\t\tudp dport 5060 accept\n\t\tudp dport 10000-20000 accept\n", {}),
    ("", {}),
])
def test_what_stays_closed(ruleset, found):
    assert closed(ruleset, PORTS) == found


def test_the_sentence_says_how_to_open_them():
    (said,) = warnings(IPTABLES % SIP, [5060], (10000, 20000))
    assert said == (
        "Table ip filter of this host drops what it does not let in, and seems to keep 10000 and 20000 closed: let SIP"
        " (5060) and audio (UDP 10000 to 20000) in there too, or phones and calls stay out. It is that of iptables:"
        " iptables -I INPUT, or ufw allow where ufw made it.")
    (said,) = warnings(FIREWALLD % "", [5060, 5061], (10000, 20000))
    assert said.endswith("It is firewalld's: firewall-cmd --permanent --add-port.")
