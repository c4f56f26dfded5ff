# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialplan of an inventory with two trunks and a phone of each class: who reaches what."""

from __future__ import annotations

import re

import pytest

from labtest.dialled import rendered

from .dialplan import find, read

ACCOUNT = "AC" + "0f" * 16
PASSWORD = "Canary-12345"
INVENTORY = {
    "trunkline_public_address": "203.0.113.10",
    "trunkline_trunks": [
        {"name": "America", "domain": "america.pstn.twilio.com", "caller_id": "+17756187988", "max_calls": 7,
         "ip_access_control_list": "Office", "calls_per_second": 3, "max_call_seconds": 600},
        {"name": "Britain", "domain": "britain.pstn.twilio.com", "caller_id": "+442079460000",
         "ip_access_control_list": "Office"},
    ],
    "pbx_phones": [
        {"name": "1001", "password": PASSWORD},
        {"name": "1002", "password": PASSWORD, "class": "national"},
        {"name": "1003", "password": PASSWORD, "class": "internal"},
        {"name": "1004", "password": PASSWORD, "class": "sales"},
        {"name": "2001", "password": PASSWORD, "class": "national", "trunk": "Britain"},
    ],
    "pbx_dids": [{"number": "+17756187988", "phone": "1001"}],
    "pbx_countries": ["US", "CA", "GB", "IN"],
    "pbx_denied_prefixes": ["+9198"],
    "pbx_classes": [{"name": "sales", "countries": ["IN"], "allowed_prefixes": ["+91987", "+8816"]}],
    "pbx_national_rules": [{"pattern": "NXXNXXXXXX", "prefix": "+1"}],
    "pbx_emergency_numbers": ["911", "112"],
    "pbx_account_sid": ACCOUNT,
}
AMERICA, BRITAIN = "twilio-america", "twilio-britain"


@pytest.fixture(scope="module")
def text():
    """extensions.conf, as role pbx renders it."""
    return rendered(INVENTORY, "extensions.conf")["extensions.conf"]


@pytest.fixture(scope="module")
def contexts(text):
    return read(text)


def verdict(contexts, context: str, number: str) -> str:
    """What becomes of a number dialled in a context: the trunk it goes out on, or why it is refused."""
    where, steps = find(contexts, context, number)
    if where.startswith("emergency-"):
        return "emergency on " + where.partition("-")[2]
    values = dict(re.fullmatch(r"Set\((\w+)=(.*)\)", step).groups() for step in steps[:2])
    dummy, (step,) = find(contexts, f"class-{values['CLASS']}", number)
    if step == "Goto(trunk-${TRUNK},${EXTEN},1)":
        return f"out on {values['TRUNK']}"
    return re.search(r"\$\{EXTEN\}: (.*),21\)\)$", step).group(1).replace("${CLASS}", values["CLASS"])


PLAIN = {"US": "+12025550143", "CA": "+14165550143", "GB": "+442079460958", "IN": "+911123456789", "DE": "+4930123456"}
DENIED, SALES, IRIDIUM, PREMIUM = "+919812345678", "+919876543210", "+881612345678", "+19005550143"


def closed(name: str) -> str:
    return f"not in a country open to class {name}"


@pytest.mark.parametrize(
    ("context", "number", "expected"),
    [
        (f"outbound-{AMERICA}", PLAIN["IN"], f"out on {AMERICA}"),
        ("outbound", PLAIN["GB"], f"out on {AMERICA}"),
        (f"outbound-{BRITAIN}", PLAIN["US"], f"out on {BRITAIN}"),
        ("outbound", PLAIN["DE"], closed("international")),
        (f"phones-{AMERICA}-international", PLAIN["CA"], f"out on {AMERICA}"),
        (f"phones-{AMERICA}-international", PLAIN["DE"], closed("international")),
        (f"phones-{AMERICA}-international", PREMIUM, "a premium number"),
        (f"phones-{AMERICA}-international", DENIED, "+9198 is denied"),
        (f"phones-{AMERICA}-international", SALES, "+9198 is denied"),
        (f"phones-{AMERICA}-international", IRIDIUM, closed("international")),
        (f"phones-{AMERICA}-national", PLAIN["US"], f"out on {AMERICA}"),
        (f"phones-{AMERICA}-national", PLAIN["CA"], closed("national-US")),
        (f"phones-{BRITAIN}-national", PLAIN["GB"], f"out on {BRITAIN}"),
        (f"phones-{BRITAIN}-national", PLAIN["US"], closed("national-GB")),
        (f"phones-{AMERICA}-internal", PLAIN["US"], closed("internal")),
        (f"phones-{AMERICA}-sales", PLAIN["IN"], f"out on {AMERICA}"),
        (f"phones-{AMERICA}-sales", PLAIN["US"], closed("sales")),
        (f"phones-{AMERICA}-sales", DENIED, "+9198 is denied"),
        (f"phones-{AMERICA}-sales", SALES, f"out on {AMERICA}"),
        (f"phones-{AMERICA}-sales", IRIDIUM, f"out on {AMERICA}"),
        (f"phones-{AMERICA}-internal", "911", f"emergency on {AMERICA}"),
        (f"phones-{BRITAIN}-national", "112", f"emergency on {BRITAIN}"),
    ],
)
def test_who_may_call_what(contexts, context, number, expected):
    assert verdict(contexts, context, number) == expected


def test_every_phone_reaches_emergency_numbers_first(contexts):
    phones = [name for name in contexts if name.startswith("phones-")]
    assert len(phones) == 5
    for name in phones:
        assert contexts[name].includes[0].startswith("emergency-")
        assert not contexts[name].extensions


def test_an_emergency_call_meets_nothing_but_the_trunk(contexts):
    steps = contexts[f"emergency-{BRITAIN}"].extensions["112"]
    assert [step.partition("(")[0] for step in steps] == ["Log", "Set", "Set", "Set", "Gosub"]
    assert steps[1] == "Set(CALLERID(num)=+442079460000)"
    assert steps[-1] == f"Gosub(call,s,1(112,{BRITAIN}))"


def test_limits_come_before_the_call(contexts):
    steps = contexts[f"trunk-{AMERICA}"].extensions["_+X."]
    assert steps[0] == "Gosub(admit,s,1(${EXTEN}," + AMERICA + ",7,3))"
    assert steps[1] == "Set(TIMEOUT(absolute)=600)"
    assert steps[-1] == "Gosub(call,s,1(${EXTEN}," + AMERICA + "))"
    assert "30,1))" in contexts[f"trunk-{BRITAIN}"].extensions["_+X."][0]


def test_calls_from_twilio_reach_our_numbers_and_nothing_that_calls_out(contexts, text):
    (steps,) = contexts["from-twilio"].extensions.values()
    assert any(f'"^{ACCOUNT}$"' in step for step in steps)
    assert not contexts["from-twilio"].includes and not contexts["numbers"].includes
    reached = reachable(contexts, "from-twilio")
    assert reached == {
        "from-twilio", "numbers", "internal", "forwarded", "dialled", "ring", "devices", "dial", "refuse", "proof"}
    for name in ("default", "public"):
        assert reachable(contexts, name) == {name, "refused", "refuse"}


def reachable(contexts, name: str) -> set[str]:
    """The contexts that a call in one of them can come to."""
    found, new = set(), {name}
    while new:
        found |= new
        new = {target for one in new for target in [*contexts[one].includes, *targets(contexts, one)]} - found
    return found


def targets(contexts, name: str) -> set[str]:
    """Where the steps of a context lead to."""
    steps = [step for steps in contexts[name].extensions.values() for step in steps]
    named = re.findall(r"(?:Goto|Gosub)\(([a-z][^,()]*),[^()]*,1|[?:]([a-z][\w${}-]*),[^:)]*,1", "\n".join(steps))
    found = {first or second for first, second in named}
    classes = {one.removeprefix("class-") for one in contexts if re.fullmatch(r"class-\w+(-[A-Z]{2})?", one)}
    return {
        one.replace("${CLASS}", choice).replace("${TRUNK}", trunk)
        for one in found for choice in classes - {"closed"} for trunk in (AMERICA, BRITAIN)
    }


def test_every_context_that_is_named_is_there(contexts):
    for name, context in contexts.items():
        assert {*context.includes, *targets(contexts, name)} <= set(contexts), name
    assert targets(contexts, "e164") - {"refuse"} == {f"class-{name}" for name in (
        "international", "national-US", "national-GB", "internal", "sales")}


def test_no_name_is_too_long_for_asterisk(contexts):
    assert max(map(len, contexts)) < 80
