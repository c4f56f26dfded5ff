# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notification of emergency calls that cannot be: each wrong value is a sentence that names its variable."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_values import RIGHT as WITHOUT, changed

NUMBER = "+17756187989"
PLACE = "2nd floor, room 204 (Zürich)"
FIRST = {**WITHOUT["pbx_phones"][0], "emergency_caller_id": NUMBER, "emergency_location": PLACE}
NOTIFY = {"phones": ["1002"], "emails": ["guard@example.com"], "location": "1 Main Street, O'Brien's wing"}
RIGHT = {**WITHOUT, "pbx_phones": [FIRST, WITHOUT["pbx_phones"][1]], "pbx_emergency_notify": NOTIFY}
ROW, PHONE = ("pbx_emergency_notify",), ("pbx_phones", 0)
TEXT = "must be one line without any of"
WRONG = [
    (ROW, "1002", "pbx_emergency_notify must be a dict"),
    (ROW, ["1002"], "pbx_emergency_notify must be a dict"),
    (ROW, {}, "pbx_emergency_notify notifies nobody: give phones, or emails."),
    (ROW, {"location": "here"}, "pbx_emergency_notify notifies nobody: give phones, or emails."),
    (ROW, {"phone": ["1002"]}, "pbx_emergency_notify.phone is no option: did you mean phones?"),
    ((*ROW, "phones"), ["1009"], "pbx_emergency_notify.phones[0] names '1009', which is not in pbx_phones."),
    ((*ROW, "phones"), ["+12025550143"], "pbx_emergency_notify.phones[0] names '+12025550143', which is not in pbx_ph"),
    ((*ROW, "phones"), ["1002", "1002"], "pbx_emergency_notify.phones[1] repeats '1002'."),
    ((*ROW, "phones"), ["1002&1001"], "pbx_emergency_notify.phones[0] names '1002&1001'"),
    ((*ROW, "emails"), ["guard"], "pbx_emergency_notify.emails[0] must be one address, such as anna@example.com"),
    ((*ROW, "emails"), ["a@example.com b@example.com"], "pbx_emergency_notify.emails[0] must be one address"),
    ((*ROW, "emails"), ["a@example.com\nBcc: b@example.com"], "pbx_emergency_notify.emails[0] must be one address"),
    ((*ROW, "emails"), ["a@example.com;id"], "pbx_emergency_notify.emails[0] must be one address"),
    ((*ROW, "emails"), ["-oi@example.com"], "pbx_emergency_notify.emails[0] must be one address"),
    ((*ROW, "emails"), ["a@example.com"] * 2, "pbx_emergency_notify.emails[1] repeats 'a@example.com'."),
    ((*ROW, "location"), "x" * 101, "pbx_emergency_notify.location must have at most 100 characters, not 101."),
    ((*ROW, "location"), "${SHELL(id)}", f"pbx_emergency_notify.location {TEXT}"),
    ((*ROW, "location"), "a\nb", f"pbx_emergency_notify.location {TEXT}"),
    ((*ROW, "prompt"), "../x", "pbx_emergency_notify.prompt must be the name of a sound file"),
    ((*PHONE, "emergency_location"), 'the "annex"', f"pbx_phones[0].emergency_location {TEXT}"),
    ((*PHONE, "emergency_location"), "room 1; exten => x", f"pbx_phones[0].emergency_location {TEXT}"),
    ((*PHONE, "emergency_location"), ["room 1"], "pbx_phones[0].emergency_location must be one text"),
    ((*PHONE, "emergency_caller_id"), "7756187989", "pbx_phones[0].emergency_caller_id must be a number in E.164 form"),
    ((*PHONE, "emergency_caller_id"), "1001", "pbx_phones[0].emergency_caller_id must be a number in E.164 form"),
    ((*PHONE, "emergency_caller_id"), "+12025550143", "pbx_phones[0].emergency_caller_id is +12025550143, which is n"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems


def test_the_right_inventory_is_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


@pytest.mark.parametrize("notify", [
    None, {"phones": 1002}, {"phones": "1001, 1002"}, {"emails": "guard@example.com"},
    {"emails": "o'neil@example.com"}])
def test_what_is_odd_and_right_is_taken(notify):
    assert whole({**RIGHT, "pbx_emergency_notify": notify}).problems == []


def test_a_location_that_nobody_is_shown_is_a_warning():
    warnings = whole({**RIGHT, "pbx_emergency_notify": None}).warnings
    assert len(warnings) == 1 and "pbx_phones[0].emergency_location is shown to nobody without" in warnings[0]


@pytest.mark.parametrize(("stated", "warned"), [([], True), (["999"], True), (["911"], False), (None, False)])
def test_a_list_without_a_number_of_the_country_is_a_warning(stated, warned):
    warnings = whole({**RIGHT, "pbx_emergency_numbers": stated}).warnings
    assert any("pbx_emergency_numbers has none of the emergency numbers of US (" in one for one in warnings) == warned
