# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role firewall decides from its looks at a host."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.firewall import Paths, Ports, firewall

PATHS = Paths(rules="/rules", units=["/unit", "/drop-in"], jail=["/filter", "/jail"])
PORTS = Ports(sip=[5060], rtp_start=10000, rtp_end=20000)
WANTED = ["nftables", "fail2ban"]
RULES = """table inet trunkline {
\tset phones {
\t\ttype ipv4_addr
\t\tflags interval
\t\telements = { 10.0.0.0/8,
\t\t\t     198.51.100.0/24 }
\t}

\tset sip_sources {
\t\ttype ipv4_addr
\t\tsize 65536
\t\tflags dynamic,timeout
\t\ttimeout 1m%s
\t}

\tchain input {
\t\ttype filter hook input priority filter; policy accept;
\t}
}
"""
FILLED = RULES % "\n\t\telements = { 192.0.2.1 limit rate over 20/second burst 40 packets expires 9s }"
RULES = RULES % ""


def said(rc=0, stdout="") -> dict:
    return {"rc": rc, "stdout": stdout, "stderr": ""}


def look(commands=None, **more) -> dict:
    right = {
        "live": said(stdout=FILLED), "file": said(stdout=RULES), "enabled": said(stdout="enabled\n"),
        "active": said(stdout="active\n"), "ruleset": said(stdout=FILLED),
        "fail2ban": said(stdout="enabled\n"), "jail": said(),
    }
    return {
        "commands": {**right, **(commands or {})}, "changes": [], "written": [], "removed": [],
        "packages": {"nftables": "1.1", "fail2ban": "1.1"}, **more,
    }


def decided(found) -> tuple:
    return found.load, found.watch, [change["what"] for change in found.changes], found.differs


def test_a_firewall_that_is_as_it_should_be():
    """What a source may still send is no difference."""
    found = firewall(look(), WANTED, PATHS, PORTS)
    assert decided(found) == (False, False, [], False)
    assert found.in_force and found.only_in_force == found.only_in_file == []


@pytest.mark.parametrize("live", [RULES.replace("10.0.0.0/8", "0.0.0.0/0"), "", RULES.replace("accept", "drop")])
def test_rules_that_were_changed_by_hand(live):
    found = firewall(look({"live": said(stdout=live)}), WANTED, PATHS, PORTS)
    assert decided(found) == (True, False, ["firewall, the rules in force"], True)
    assert not found.in_force and found.only_in_file
    assert found.only_in_force == [] if not live else len(found.only_in_force) == len(found.only_in_file) == 1


def test_rules_that_the_run_writes_are_no_change_of_their_own():
    found = firewall(look({"live": said(stdout="")}, written=["/rules"], changes=[{}]), WANTED, PATHS, PORTS)
    assert decided(found) == (True, False, [], True)


@pytest.mark.parametrize("stopped", [
    {"enabled": said(1, "disabled\n")}, {"active": said(3, "inactive\n")}, {"active": said(3, "failed\n")},
])
def test_a_unit_that_does_not_run(stopped):
    found = firewall(look(stopped), WANTED, PATHS, PORTS)
    assert decided(found) == (True, False, ["firewall, the rules in force"], True)


@pytest.mark.parametrize("path", ["/unit", "/drop-in"])
def test_a_unit_that_the_run_writes_is_read(path):
    found = firewall(look(written=[path], changes=[{}]), WANTED, PATHS, PORTS)
    assert decided(found) == (True, False, [], True) and found.in_force


@pytest.mark.parametrize("printed", ["", "not-found\n"])
def test_check_mode_before_the_first_run(printed):
    """There is no unit to start and no fail2ban to reload; other tasks report the files and packages."""
    nothing = {
        "live": said(127), "file": said(1), "enabled": said(1, printed), "active": said(3), "fail2ban": said(1),
        "jail": said(127),
    }
    written = ["/rules", "/unit", "/drop-in", "/filter", "/jail"]
    found = firewall(look(nothing, written=written, changes=[{}], packages={}), WANTED, PATHS, PORTS)
    assert decided(found) == (False, False, [], True)


@pytest.mark.parametrize("stopped", [{"jail": said(255)}, {"fail2ban": said(1, "disabled\n")}])
def test_a_jail_that_does_not_run(stopped):
    assert decided(firewall(look(stopped), WANTED, PATHS, PORTS)) == (False, True, ["service fail2ban"], True)


@pytest.mark.parametrize("touched", [{"written": ["/filter"]}, {"removed": ["/filter", "/jail"]}])
def test_a_jail_that_the_run_changes(touched):
    assert decided(firewall(look(changes=[{}], **touched), WANTED, PATHS, PORTS)) == (False, True, [], True)


def test_without_fail2ban_nothing_asks_for_its_jail():
    commands = {name: one for name, one in look()["commands"].items() if name not in ("fail2ban", "jail")}
    found = firewall({**look(packages={"nftables": "1.1"}), "commands": commands}, ["nftables"], PATHS, PORTS)
    assert decided(found) == (False, False, [], False)


def test_a_package_that_is_missing():
    assert decided(firewall(look(packages={"fail2ban": "1.1"}), WANTED, PATHS, PORTS)) == (False, False, [], True)


def test_another_table_is_warned_of_and_is_no_difference():
    other = "table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n"
    found = firewall(look({"ruleset": said(stdout=FILLED + other)}), WANTED, PATHS, PORTS)
    assert not found.differs and "Table ip filter of this host drops" in found.warnings[0]
