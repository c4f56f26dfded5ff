# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is rendered of a phone's caller ID, of with how many calls it is busy, of its language and where calls go."""

from __future__ import annotations

import re

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.feature_codes import CODES
from labtest.dialled import rendered

from .dialplan import call, read
from .test_incoming import INVENTORY

OWN = "+17756187989"
FIRST, SECOND = INVENTORY["pbx_phones"]


def made(first: dict, **options) -> dict:
    inventory = {**INVENTORY, "pbx_phones": [{**FIRST, **first}, SECOND], **options}
    return rendered(inventory, "extensions.conf", "pjsip.conf")


def endpoint(text: str, name: str) -> str:
    return re.search(rf"^\[{name}\]\(phone-base\).*?^$", text, re.M | re.S)[0]


def test_a_phone_without_options_has_none_of_their_lines():
    text = "".join(made({}).values())
    assert not re.search("PHONE_CALLER_ID|busy-at|FULL|^language", text, re.M)


def test_a_phone_shows_its_number_and_others_the_trunks():
    tree = made({"caller_id": OWN})
    assert f"\nset_var = PHONE_CALLER_ID={OWN}\n" in endpoint(tree["pjsip.conf"], "1001")
    assert "PHONE_CALLER_ID" not in endpoint(tree["pjsip.conf"], "1002")
    contexts = read(tree["extensions.conf"])
    steps = contexts["trunk-twilio-main"].extensions["_+X."]
    at = steps.index("Set(CALLERID(num)=+17756187988)")
    assert steps[at + 1] == 'Set(CALLERID(num)=${IF($["${PHONE_CALLER_ID}" = ""]?${CALLERID(num)}:${PHONE_CALLER_ID})})'
    assert not any("PHONE_CALLER_ID" in step for steps in contexts["emergency-twilio-main"].extensions.values()
                   for step in steps)


def test_a_forward_shows_the_number_of_who_forwards_and_not_of_who_calls():
    """1001, which has a number of its own, calls 1002, which forwards the call: it shows the trunk's."""
    contexts = read(made({"caller_id": OWN}, pbx_forward_outside=True)["extensions.conf"])
    assert f"Set(PHONE_CALLER_ID={OWN})" in contexts["forward-out"].extensions["1001"]
    assert "Set(PHONE_CALLER_ID=)" in contexts["forward-out"].extensions["1002"]


@pytest.mark.parametrize("codes", [{}, {"pbx_feature_codes": dict.fromkeys(CODES)}], ids=["codes", "no codes"])
def test_a_phone_that_is_busy_at_two_does_not_ring_in_a_group_either(codes):
    contexts = read(made({"busy_at": 2}, **codes)["extensions.conf"])
    assert contexts["busy-at"].extensions["1001"] == ["Set(MOST=2)", "Goto(s,1)"]
    assert set(contexts["busy-at"].extensions) == {"1001", "s"}
    devices, ring = contexts["devices"].extensions["s"], contexts["ring"].extensions["s"]
    asks = next(index for index, step in enumerate(devices) if "?busy-at," in step)
    # What another phone of the group left in FULL does not count, and a notification of an emergency call rings.
    assert "Set(FULL=)" in devices[:asks] and '"${EMERGENCY}" = ""' in devices[asks]
    assert asks < next(index for index, step in enumerate(devices) if step.startswith("Set(RINGING="))
    assert ring.index("Gosub(devices,s,1(${ARG1}))") + 1 == ring.index('GotoIf($["${FULL}" = "1"]?busy)')


def test_a_phone_has_its_language():
    text = made({"language": "es_MX"})["pjsip.conf"]
    assert "\nlanguage = es_MX\n" in endpoint(text, "1001") and "language" not in endpoint(text, "1002")


MOBILE = {"number": "(202) 555-0145"}
WITHOUT_CODES = {"pbx_feature_codes": dict.fromkeys(CODES)}


@pytest.mark.parametrize(("options", "steps"), [
    ({}, ["Gosub(forwarded,s,1(1001,always))"]), (WITHOUT_CODES, []),
], ids=["codes", "no codes"])
def test_a_phone_that_is_always_forwarded_does_not_ring_and_a_code_comes_first(options, steps):
    contexts = read(made({"forward_always": {"menu": "main"}, "record": "always"}, pbx_recording={"days": 1},
                         **options)["extensions.conf"])
    assert contexts["internal"].extensions["1001"] == [*steps, "Goto(menu-main,s,1)"]


@pytest.mark.parametrize("options", [{}, WITHOUT_CODES], ids=["codes", "no codes"])
def test_a_number_outside_is_called_as_the_phone_and_by_no_other_way(options):
    """Its class, its limits and its caller ID are those of the phone whose call it is; no emergency number is there."""
    first = {"when_busy": MOBILE, "class": "national", "max_calls": 3, "caller_id": OWN}
    contexts = read(made(first, pbx_forward_outside=True, **options)["extensions.conf"])
    assert 'GotoIf($["${RANG}" = "busy"]?forward-number,1001_busy,1)' in contexts["internal"].extensions["1001"]
    assert contexts["forward-number"].extensions == {
        "1001_busy": ["Set(FORWARD=+12025550145)", "Goto(forward-out,1001,1)"]}
    assert contexts["forward-out"].extensions["1001"] == [
        "Set(PHONE=1001)", "Set(PHONE_MAX_CALLS=3)", "Set(PHONE_CALLS_PER_SECOND=1)", f"Set(PHONE_CALLER_ID={OWN})",
        "Goto(outside-twilio-main-national,${FORWARD},1)"]
    found = call(contexts, "outside-twilio-main-national", "+12025550145")
    assert found and found.number == "+12025550145"
    assert call(contexts, "outside-twilio-main-national", "911") is None


def test_without_a_number_outside_there_is_no_way_to_one():
    tree = made({"when_busy": {"menu": "main"}}, pbx_forward_outside=True)
    assert "forward-number" not in read(tree["extensions.conf"])
    tree = made({}, pbx_forward_outside=True, **WITHOUT_CODES)
    assert "forward-out" not in read(tree["extensions.conf"])
