# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialplan of an inventory with every kind of destination: where calls in go, and that none of them calls out."""

from __future__ import annotations

import re

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import ROLES
from labtest.dialled import rendered

from ..inventory.features.test_wrong_values import RIGHT
from .dialplan import read

SALES = {"name": "1002", "password": "Canary-12345", "when_busy": {"menu": "main"}, "when_absent": {"hangup": "busy"}}
INVENTORY = {**RIGHT, "pbx_phones": [RIGHT["pbx_phones"][0], SALES]}


@pytest.fixture(scope="module")
def text():
    return rendered(INVENTORY, "extensions.conf")["extensions.conf"]


@pytest.fixture(scope="module")
def contexts(text):
    return read(text)


def targets(contexts, name: str) -> set[str]:
    """The contexts that the steps of one lead to."""
    steps = "\n".join(step for steps in contexts[name].extensions.values() for step in steps)
    named = re.findall(r"(?:Goto|Gosub)\(([a-z][^,()]*),[^()]*,1|[?:]([a-z][\w-]*),[^:)]*,1", steps)
    return {first or second for first, second in named} | set(contexts[name].includes)


def reached(contexts, first: str) -> set[str]:
    """The contexts that a call may come to which is in the first one."""
    found, new = set(), {first}
    while new:
        found |= new
        new = {target for name in new for target in targets(contexts, name)} - found
    return found


def test_a_call_in_reaches_what_is_declared_and_nothing_that_calls_out(contexts):
    assert reached(contexts, "from-twilio") == {
        "from-twilio", "numbers", "internal", "forwarded", "dialled", "ring", "devices", "dial", "refuse", "hangup",
        "proof", "hours-office", "menu-main", "ring-group-sales", "announcement-closed"}


def test_a_number_goes_where_the_inventory_says(contexts):
    numbers = contexts["numbers"].extensions
    assert numbers["+17756187988"] == [
        "Set(REACHED=hours office)", "Set(CDR(trunk)=twilio-main)", "Set(CDR(destination)=${REACHED})",
        "Goto(hours-office,s,1)"]
    assert numbers["+17756187989"] == [
        "Set(REACHED=phone 1001)", "Set(CDR(trunk)=twilio-main)", "Set(CDR(destination)=${REACHED})",
        'GotoIf($["${PROOF}" = "1"]?proof,reached,1:internal,1001,1)']


def test_a_proof_of_a_number_ends_where_somebody_would_be_called(contexts):
    """It says what it reached: the destination or, after hours, what they lead to now."""
    said = contexts["proof"].extensions["reached"][0]
    assert said == "UserEvent(NumberReached,Number: ${NUMBER},Destination: ${REACHED})"
    steps = contexts["hours-office"].extensions["s"]
    assert [step for step in steps if step.startswith("Set(REACHED")] == [
        "Set(REACHED=${REACHED} (closed): announcement closed)", "Set(REACHED=${REACHED} (open): menu main)",
        "Set(REACHED=${REACHED} (holiday): hangup normal)"]


def test_a_phone_sends_on_what_it_did_not_take(contexts):
    assert contexts["internal"].extensions["1001"] == [
        "Gosub(forwarded,s,1(1001,always))", "Gosub(ring,s,1(1001,30))", "Gosub(forwarded,s,1(1001,${RANG}))",
        "Hangup(${CAUSE})"]
    assert contexts["internal"].extensions["1002"][3:] == [
        'GotoIf($["${RANG}" = "busy"]?menu-main,s,1)',
        'GotoIf($["${RANG}" = "absent"]?hangup,busy,1)', "Hangup(${CAUSE})"]


def test_a_menu_asks_so_often_and_goes_on(contexts):
    menu = contexts["menu-main"].extensions
    assert set(menu) == {"s", "i", "1", "2"}
    assert "Background(company/welcome)" in menu["s"] and "GotoIf($[${ATTEMPT} > 3]?over)" in menu["s"]
    assert menu["s"][-1] == menu["1"][-1] == "Goto(ring-group-sales,s,1)" and menu["1"][0] == "Set(KEYS=${KEYS}1)"


def test_a_caller_who_presses_no_key_is_asked_again(contexts):
    """WaitExten goes on at the next priority after its time, where there is one, and not at extension t."""
    steps = contexts["menu-main"].extensions["s"]
    assert steps[steps.index("WaitExten(5)") + 1] == "Goto(ask)"


#: What Dial says, the cause of the leg that ended last, and what becomes of the call.
OUTCOMES = [
    ("BUSY", 17, "busy", 17), ("NOANSWER", 0, "unanswered", 19), ("CHANUNAVAIL", 20, "absent", 20),
    ("CHANUNAVAIL", 21, "busy", 17),            # the user declines: 603
    ("NOANSWER", 17, "unanswered", 19),         # 17 is left from a phone that was called before
    ("CONGESTION", 34, "unanswered", 34), ("CONGESTION", 0, "unanswered", 19),
]


@pytest.mark.parametrize(("status", "cause", "rang", "told"), OUTCOMES)
def test_what_became_of_a_call_that_nobody_took(text, status, cause, rang, told):
    assert outcome(text, {"RINGING": "&PJSIP/1001/sip:x", "DIALSTATUS": status, "HANGUPCAUSE": str(cause)}) == (
        rang, str(told))


def test_nobody_there_is_absent(text):
    assert outcome(text, {"RINGING": "", "DIALSTATUS": "BUSY", "HANGUPCAUSE": "17"}) == ("absent", "20")


def outcome(text: str, variables: dict[str, str]) -> tuple[str, str]:
    """RANG and CAUSE after context dial, where Dial leaves the variables as they are."""
    section = re.search(r"^\[dial\]\n(.*?)^$", text, re.M | re.S)[1]
    steps = re.findall(r"(?:,1|=> n)(?:\((\w+)\))?,(.*)", section)
    labels = {label: at for at, (label, dummy) in enumerate(steps) if label}
    at = 0
    while not steps[at][1].startswith("Return"):
        step = re.sub(r"\$\{LEN\(\$\{(\w+)\}\)\}", lambda name: str(len(variables[name[1]])), steps[at][1])
        step = re.sub(r"\$\{(\w+)\}", lambda name: variables.get(name[1], ""), step)
        at += 1
        if jump := re.fullmatch(r"GotoIf\(\$\[(.*)\]\?(\w+)\)", step):
            at = labels[jump[2]] if true(jump[1]) else at
        elif choice := re.fullmatch(r"Set\((\w+)=\$\{IF\(\$\[(.*)\]\?(\w+):(\w+)\)\}\)", step):
            variables[choice[1]] = choice[3] if true(choice[2]) else choice[4]
        elif given := re.fullmatch(r"Set\((\w+)=(\w+)\)", step):
            variables[given[1]] = given[2]
    return variables["RANG"], variables["CAUSE"]


def true(expression: str) -> bool:
    """Say whether comparisons that are joined by & all hold."""
    parts = [re.fullmatch(r'"?(\w*)"? ([=>]) "?(\w+)"?', part).groups() for part in expression.split(" & ")]
    return all(left == right if sign == "=" else int(left) > int(right) for left, sign, right in parts)


def test_hours_compare_holidays_first(contexts):
    steps = contexts["hours-office"].extensions["s"]
    assert [re.search(r"\?(.*)\)$", step)[1] for step in steps if step.startswith("GotoIf")] == ["now"] + [
        "holiday"] * 3 + ["open"] * 6 + [
        f"proof,reached,1:{target},1" for target in ("announcement-closed,s", "menu-main,s", "hangup,normal")]
    assert "GotoIf($[${MOMENT} >= 202612311200 & ${MOMENT} < 202612312400]?holiday)" in steps


def test_a_clock_that_was_set_for_a_trial_is_logged(contexts):
    """Who forgets it finds out from the log, and not from callers."""
    steps = contexts["hours-office"].extensions["s"]
    assert steps[0] == "GotoIf($[${LEN(${GLOBAL(HOURS_NOW)})} = 0]?now)"
    assert steps[1].startswith("Log(WARNING,Hours office are looked up for")


def test_each_line_says_which_row_it_comes_from(text):
    for row in ("pbx_hours[0]", "pbx_menus[0]", "pbx_ring_groups[0]", "pbx_announcements[0]", "pbx_dids[1]"):
        assert f"; from {row}" in text


def test_a_forward_that_a_phone_is_set_to_is_not_followed(contexts):
    """Option i of Dial, and of Queue for what is queued: a 302 would call out as the phone."""
    dials = [step for name in contexts for steps in contexts[name].extensions.values() for step in steps
             if step.startswith("Dial(") and not step.startswith("Dial(PJSIP/${ARG1}@")]
    assert dials == ["Dial(${RINGING:1},${ARG1},iU(taken))"]


def test_star_and_pound_are_keys_of_the_telephone():
    keys = {"star": {"phone": "1001"}, "pound": {"phone": "1002"}, "0": {"ring_group": "sales"}}
    menu = {**RIGHT["pbx_menus"][0], "keys": keys}
    found = read(rendered({**INVENTORY, "pbx_menus": [menu]}, "extensions.conf")["extensions.conf"])["menu-main"]
    assert found.extensions["*"][-1] == "Goto(internal,1001,1)" and found.extensions["#"][-1] == "Goto(internal,1002,1)"


def test_the_host_has_the_time_zones_that_hours_name():
    """Asterisk takes a zone that is not there for UTC."""
    packages = yaml.safe_load((ROLES / "asterisk/vars/main/main.yml").read_text())["__asterisk_packages"]
    assert all("tzdata" in names for names in packages.values())
