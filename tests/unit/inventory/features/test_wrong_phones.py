# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of phones that cannot be: each wrong value is a sentence that names its variable."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_values import NOTHING, RIGHT as WITHOUT, changed

OWN, VERIFIED, FOREIGN = "+17756187989", "+12025550144", "+12025550199"
FIRST = {**WITHOUT["pbx_phones"][0], "caller_id": OWN, "busy_at": 2, "language": "es_MX"}
SECOND = {**WITHOUT["pbx_phones"][1], "caller_id": VERIFIED, "forward_always": {"number": "(202) 555-0145"}}
RIGHT = {**WITHOUT, "pbx_phones": [FIRST, SECOND], "pbx_verified_caller_ids": [VERIFIED], "pbx_forward_outside": True}
PHONE, ALL = ("pbx_phones", 0), ("pbx_verified_caller_ids",)
FORWARD = (*PHONE, "forward_always")
NEEDS = "pbx_phones[1].forward_always.number needs pbx_forward_outside, which is false: whoever calls the phone would"
REFUSED = "which is neither in pbx_dids nor a trunk's caller_id nor in pbx_verified_caller_ids: Twilio refuses calls"
FOLDER = "must be the name of a folder of Asterisk's prompts, such as en or es_MX"
WRONG = [
    ((*PHONE, "caller_id"), FOREIGN, f"pbx_phones[0].caller_id is {FOREIGN}, {REFUSED}"),
    ((*PHONE, "caller_id"), "7756187989", "pbx_phones[0].caller_id must be a number in E.164 form"),
    ((*PHONE, "caller_id"), 17756187989, "pbx_phones[0].caller_id must be a number in E.164 form"),
    ((*PHONE, "caller_id"), "1001", "pbx_phones[0].caller_id must be a number in E.164 form"),
    ((*PHONE, "caller_id"), "anonymous", "pbx_phones[0].caller_id must be a number in E.164 form"),
    ((*PHONE, "caller_id"), f"{OWN}\nset_var = A=1", "pbx_phones[0].caller_id must be a number in E.164 form"),
    ((*PHONE, "caller_id"), [OWN], "pbx_phones[0].caller_id must be one text, not a list"),
    ((*PHONE, "caller_id"), False, "pbx_phones[0].caller_id must be text"),
    ((*PHONE, "caler_id"), OWN, "pbx_phones[0].caler_id is no option: did you mean caller_id?"),
    (ALL, [], f"pbx_phones[1].caller_id is {VERIFIED}, {REFUSED}"),
    (ALL, [VERIFIED, "0044"], "pbx_verified_caller_ids[1] must be a number in E.164 form"),
    (ALL, {VERIFIED: True}, "pbx_verified_caller_ids must be a list"),
    (ALL, True, "pbx_verified_caller_ids must be a list"),
    ((*PHONE, "busy_at"), 0, "pbx_phones[0].busy_at must be a whole number from 1 to 100, not 0."),
    ((*PHONE, "busy_at"), 101, "pbx_phones[0].busy_at must be a whole number from 1 to 100"),
    ((*PHONE, "busy_at"), -1, "pbx_phones[0].busy_at must be a whole number from 1 to 100"),
    ((*PHONE, "busy_at"), "two", "pbx_phones[0].busy_at must be a whole number"),
    ((*PHONE, "busy_at"), True, "pbx_phones[0].busy_at must be a whole number"),
    ((*PHONE, "busy_at"), 1.5, "pbx_phones[0].busy_at must be a whole number"),
    ((*PHONE, "language"), "Spanish", f"pbx_phones[0].language {FOLDER}"),
    ((*PHONE, "language"), "../en", f"pbx_phones[0].language {FOLDER}"),
    ((*PHONE, "language"), "en/../../etc", f"pbx_phones[0].language {FOLDER}"),
    ((*PHONE, "language"), "es MX", f"pbx_phones[0].language {FOLDER}"),
    ((*PHONE, "language"), "es\ncontext = outbound", f"pbx_phones[0].language {FOLDER}"),
    ((*PHONE, "language"), False, "pbx_phones[0].language must be text, and YAML reads yes, no, on and off as true"),
    ((*PHONE, "language"), ["es"], "pbx_phones[0].language must be one text"),
    (("pbx_forward_outside",), False, NEEDS),
    (("pbx_forward_outside",), None, NEEDS),
    (FORWARD, "1002", "pbx_phones[0].forward_always must be a dict of phone, "),
    (FORWARD, "+12025550145", "pbx_phones[0].forward_always must be a dict"),
    (FORWARD, {}, "pbx_phones[0].forward_always is empty."),
    (FORWARD, {"phone": None}, "pbx_phones[0].forward_always is empty."),
    (FORWARD, {"number": "+12025550145", "phone": "1002"}, "pbx_phones[0].forward_always names 2 destinations"),
    (FORWARD, {"numbr": "+12025550145"}, "pbx_phones[0].forward_always.numbr is no option: did you mean number?"),
    (FORWARD, {"phone": "1009"}, "pbx_phones[0].forward_always names phone '1009', which is not in pbx_phones."),
    (FORWARD, {"phone": "1001"}, "pbx_phones: a call would go round for ever, phone 1001 → phone 1001"),
    (FORWARD, {"number": ["+12025550145"]}, "pbx_phones[0].forward_always.number must be one text, not a list"),
    (FORWARD, {"number": True}, "pbx_phones[0].forward_always.number must be text"),
    (FORWARD, {"number": "1002"}, "pbx_phones[0].forward_always.number is '1002', which is no whole telephone number"),
    (FORWARD, {"number": "911"}, "pbx_phones[0].forward_always.number is '911', which is no whole telephone number"),
    (FORWARD, {"number": "*721002"}, "pbx_phones[0].forward_always.number must be a telephone number of digits"),
    (FORWARD, {"number": "+1202555,1,Dial(x)"}, "pbx_phones[0].forward_always.number must be a telephone number of"),
    (FORWARD, {"number": OWN}, f"pbx_phones[0].forward_always.number is {OWN}, which is in pbx_dids: the call would c"),
    (FORWARD, {"number": "+19005550143"}, "is +19005550143, which class international of the phone does not let out"),
    (FORWARD, {"number": "+881612345678"}, "is +881612345678, which class international of the phone does not let"),
    ((*PHONE, "when_busy"), {"number": "+919876543210"}, "pbx_phones[0].when_busy.number is +919876543210, which"),
    ((*PHONE, "when_unanswered"), {"number": "+44"}, "pbx_phones[0].when_unanswered.number is '+44', which is no"),
    ((*PHONE, "when_absent"), {"number": "0"}, "pbx_phones[0].when_absent.number is '0', which is no whole"),
    (("pbx_phones", 1, "class"), "internal", "is +12025550145, which class internal of the phone does not let out"),
    (("pbx_dids", 1, "to"), {"number": "+12025550145"}, "pbx_dids[1].to.number is no option"),
    (("pbx_menus", 0, "otherwise"), {"number": "+12025550145"}, "pbx_menus[0].otherwise.number is no option"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: ascii(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems


def test_a_circle_through_two_phones_is_refused():
    problems = whole({**RIGHT, "pbx_phones": [
        {**FIRST, "forward_always": {"phone": "1002"}}, {**SECOND, "forward_always": {"phone": "1001"}}]}).problems
    assert any("phone 1001 → phone 1002 → phone 1001" in one or "phone 1002 → phone 1001 →" in one for one in problems)


def test_the_right_phones_are_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


@pytest.mark.parametrize(("path", "value"), [
    ((*PHONE, "caller_id"), NOTHING), ((*PHONE, "caller_id"), ""), ((*PHONE, "caller_id"), "+17756187988"),
    (ALL, VERIFIED), ((*PHONE, "busy_at"), "2"), ((*PHONE, "busy_at"), None), ((*PHONE, "language"), "zh"),
    ((*PHONE, "language"), "pt-BR"), ((*PHONE, "language"), ""), (FORWARD, {"hours": "office"}),
    (FORWARD, {"number": 12025550145}), (FORWARD, {"number": "1 (202) 555-0145"}),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value, RIGHT)).problems == []
