# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where calls in cannot go: each wrong value is a sentence that names its variable."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.features import hours

from ..whole import whole

PASSWORD = "Canary-12345"
RIGHT = {
    "trunkline_public_address": "203.0.113.10",
    "trunkline_trunks": [{
        "name": "Main", "domain": "main.pstn.twilio.com", "caller_id": "+17756187988",
        "ip_access_control_list": "PBXs"}],
    "pbx_phones": [{"name": "1001", "password": PASSWORD}, {"name": "1002", "password": PASSWORD}],
    "pbx_dids": [
        {"number": "+17756187988", "to": {"hours": "office"}}, {"number": "+17756187989", "to": {"phone": "1001"}}],
    "pbx_hours": [{
        "name": "office", "timezone": "America/New_York", "open": ["mon-fri 09:00-17:30", "sat 10:00-13:00"],
        "holidays": ["2026-12-25", "2026-12-31 12:00-23:59", "01-01"], "when_open": {"menu": "main"},
        "when_closed": {"announcement": "closed"}, "when_holiday": {"hangup": "normal"}}],
    "pbx_menus": [{
        "name": "main", "prompt": "company/welcome", "keys": {"1": {"ring_group": "sales"}, "2": {"phone": "1002"}},
        "otherwise": {"ring_group": "sales"}}],
    "pbx_ring_groups": [{"name": "sales", "members": ["1001", "1002"], "otherwise": {"announcement": "closed"}}],
    "pbx_announcements": [{"name": "closed", "prompt": "demo-thanks"}],
}
DID, PHONE = ("pbx_dids", 0), ("pbx_phones", 0)
HOURS, MENU = ("pbx_hours", 0), ("pbx_menus", 0)
GROUP, ANNOUNCEMENT = ("pbx_ring_groups", 0), ("pbx_announcements", 0)


class NOTHING:
    """The option is left out. A class, so that the name of a test is the same in every process."""


def changed(path: tuple, value, right: dict | None = None) -> dict:
    """Return the right inventory with another value at one place; a last step of + appends it."""
    inventory = copy.deepcopy(right or RIGHT)
    place = inventory
    for step in path[:-1]:
        place = place[step]
    if value is NOTHING:
        del place[path[-1]]
    elif path[-1] == "+":
        place.append(value)
    else:
        place[path[-1]] = value
    return inventory


WRONG = [
    # What a destination may be
    ((*DID, "to"), {}, "pbx_dids[0].to is empty"),
    ((*DID, "to"), NOTHING, "pbx_dids[0].to is missing: say where calls to +17756187988 go"),
    ((*DID, "to"), "main", "pbx_dids[0].to must be a dict of phone, ring_group"),
    ((*DID, "to"), ["main"], "pbx_dids[0].to must be a dict of phone"),
    ((*DID, "to"), {"meun": "main"}, "pbx_dids[0].to.meun is no option: did you mean menu?"),
    ((*DID, "to"), {"menu": "main", "phone": "1001"}, "pbx_dids[0].to names 2 destinations, phone and menu: give one."),
    ((*DID, "to"), {"menu": None}, "pbx_dids[0].to is empty"),
    ((*DID, "to"), {"menu": {"name": "main"}}, "pbx_dids[0].to.menu must be one text, not a dict"),
    ((*DID, "to"), {"menu": ["main"]}, "pbx_dids[0].to.menu must be one text, not a list"),
    ((*DID, "to"), {"menu": True}, "pbx_dids[0].to.menu must be text, and YAML reads yes, no, on and off"),
    ((*DID, "to"), {"phone": 1001.5}, "pbx_dids[0].to.phone must be text"),
    ((*DID, "to"), {"hangup": "gone"}, "pbx_dids[0].to.hangup must be one of normal, busy, unanswered, refused"),
    ((*DID, "phone"), "1001", "pbx_dids[0] has both phone and to: give one of them."),
    ((*PHONE, "when_busy"), {"phone": "1009"}, "pbx_phones[0].when_busy names phone '1009', which is not in pbx_phon"),
    ((*PHONE, "when_absent"), {}, "pbx_phones[0].when_absent is empty."),
    ((*PHONE, "when_unanswered"), 1002, "pbx_phones[0].when_unanswered must be a dict of phone"),
    # Dangling
    ((*DID, "to"), {"menu": "sales"},
     "pbx_dids[0].to names menu 'sales', which is not in pbx_menus; did you mean {ring_group: sales}?"),
    ((*DID, "to"), {"ring_group": "support"}, "names ring_group 'support', which is not in pbx_ring_groups."),
    ((*DID, "to"), {"announcement": "Closed"}, "names announcement 'Closed', which is not in pbx_announcements."),
    ((*HOURS, "when_open"), {"menu": "mian"}, "pbx_hours[0].when_open names menu 'mian', which is not in pbx_menus."),
    ((*HOURS, "when_holiday"), {"hours": "night"}, "pbx_hours[0].when_holiday names hours 'night'"),
    ((*MENU, "keys", "1"), {"phone": "1003"}, "pbx_menus[0].keys.1 names phone '1003', which is not in pbx_phones."),
    ((*MENU, "otherwise"), {"fax": "sales"}, "pbx_menus[0].otherwise.fax is no option"),
    ((*GROUP, "otherwise"), {"ring_group": "all"}, "pbx_ring_groups[0].otherwise names ring_group 'all'"),
    ((*ANNOUNCEMENT, "then"), {"menu": "bye"}, "pbx_announcements[0].then names menu 'bye'"),
    # Round and round
    ((*ANNOUNCEMENT, "then"), {"announcement": "closed"},
     "pbx_announcements: a call would go round for ever, announcement closed → announcement closed, unless the caller"),
    ((*ANNOUNCEMENT, "then"), {"ring_group": "sales"}, "round for ever, "),
    ((*ANNOUNCEMENT, "then"), {"menu": "main"}, "round for ever, "),
    ((*ANNOUNCEMENT, "then"), {"hours": "office"}, "round for ever, "),
    # Names
    ((*MENU, "name"), "Main", "pbx_menus[0].name must be 1 to 32 of a-z, 0-9, _ and -, and begin with a letter"),
    ((*MENU, "name"), "1", "pbx_menus[0].name must be 1 to 32"),
    ((*MENU, "name"), "x" * 33, "pbx_menus[0].name must be 1 to 32"),
    ((*MENU, "name"), "main]\nexten => s,1,Dial(PJSIP/1", "pbx_menus[0].name must be 1 to 32"),
    ((*MENU, "name"), NOTHING, "pbx_menus[0].name is missing"),
    (("pbx_menus", "+"), RIGHT["pbx_menus"][0], "pbx_menus[1].name repeats pbx_menus[0]: 'main' is there twice."),
    (("pbx_ring_groups", "+"), RIGHT["pbx_ring_groups"][0], "pbx_ring_groups[1].name repeats pbx_ring_groups[0]"),
    # Ring groups
    ((*GROUP, "members"), [], "pbx_ring_groups[0].members is empty: name at least one phone."),
    ((*GROUP, "members"), ["1003"], "pbx_ring_groups[0].members[0] names '1003', which is not in pbx_phones."),
    ((*GROUP, "members"), ["1001", "1001"], "pbx_ring_groups[0].members[1] repeats '1001'."),
    ((*GROUP, "members"), NOTHING, "pbx_ring_groups[0].members is missing"),
    ((*GROUP, "members"), [{"phone": "1001"}], "pbx_ring_groups[0].members[0] must be one text"),
    ((*GROUP, "strategy"), "random", "pbx_ring_groups[0].strategy must be one of all, in_order, round_robin, not"),
    ((*GROUP, "seconds"), 0, "pbx_ring_groups[0].seconds must be from 1 to 300, not 0."),
    ((*GROUP, "seconds"), 301, "pbx_ring_groups[0].seconds must be from 1 to 300"),
    ((*GROUP, "seconds"), "soon", "pbx_ring_groups[0].seconds must be a whole number"),
    # Menus
    ((*MENU, "keys"), {}, "pbx_menus[0].keys is empty: give at least one key a destination."),
    ((*MENU, "keys"), NOTHING, "pbx_menus[0].keys is missing"),
    ((*MENU, "keys"), [{"1": {"phone": "1001"}}], "pbx_menus[0].keys must be a dict, not a list"),
    ((*MENU, "keys"), "1", "pbx_menus[0].keys must be a dict, not a text"),
    ((*MENU, "keys"), {"A": {"phone": "1001"}}, "pbx_menus[0].keys.A is no key: there are 0 to 9, star, pound, and 2"),
    ((*MENU, "keys"), {"*": {"phone": "1001"}}, "pbx_menus[0].keys.* is no key: there are 0 to 9, star, pound"),
    ((*MENU, "keys"), {"12#": {"phone": "1001"}}, "pbx_menus[0].keys.12# is no key"),
    ((*MENU, "keys"), {"1X": {"phone": "1001"}}, "pbx_menus[0].keys.1X is no key"),
    ((*MENU, "keys"), {"_X.": {"phone": "1001"}}, "pbx_menus[0].keys._X. is no key"),
    ((*MENU, "keys"), {"1,2": {"phone": "1001"}}, "pbx_menus[0].keys.1,2 is no key"),
    ((*MENU, "keys"), {"": {"phone": "1001"}}, "pbx_menus[0].keys. is no key"),
    ((*MENU, "keys"), {"s": {"phone": "1001"}}, "pbx_menus[0].keys.s is no key"),
    ((*MENU, "keys"), {"1234567": {"phone": "1001"}}, "pbx_menus[0].keys.1234567 is no key"),
    ((*MENU, "keys"), {1.5: {"phone": "1001"}}, "pbx_menus[0].keys.1.5 is no key"),
    ((*MENU, "keys"), {"12": {"phone": "1003"}}, "pbx_menus[0].keys.12 names phone '1003', which is not in pbx_phones"),
    ((*MENU, "keys"), {"12": {"phnoe": "1001"}}, "pbx_menus[0].keys.12.phnoe is no option: did you mean phone?"),
    ((*MENU, "keys"), {"1": "1001"}, "pbx_menus[0].keys.1 must be a dict of phone"),
    ((*MENU, "keys"), {"1": {}}, "pbx_menus[0].keys.1 is empty."),
    ((*MENU, "keys"), {"1": {"phone": "1001"}, 1: {"phone": "1002"}}, "pbx_menus[0].keys.1 is given twice."),
    ((*MENU, "keys"), {True: {"phone": "1001"}}, "pbx_menus[0].keys.True is no key"),
    ((*MENU, "direct_dialling"), "perhaps", "pbx_menus[0].direct_dialling must be true or false"),
    ((*MENU, "direct_dialling"), ["1001"], "pbx_menus[0].direct_dialling must be true or false"),
    ((*MENU, "next_key_seconds"), 0, "pbx_menus[0].next_key_seconds must be from 1 to 10, not 0."),
    ((*MENU, "next_key_seconds"), 11, "pbx_menus[0].next_key_seconds must be from 1 to 10"),
    ((*MENU, "next_key_seconds"), "long", "pbx_menus[0].next_key_seconds must be a whole number"),
    ((*MENU, "prompt"), "../../etc/passwd", "pbx_menus[0].prompt must be the name of a sound file"),
    ((*MENU, "prompt"), "welcome,skip", "pbx_menus[0].prompt must be the name of a sound file"),
    ((*MENU, "prompt"), "welcome.wav", "pbx_menus[0].prompt must be the name of a sound file"),
    ((*MENU, "prompt"), "${EXTEN}", "pbx_menus[0].prompt must be the name of a sound file"),
    ((*MENU, "prompt"), "", "pbx_menus[0].prompt is missing"),
    ((*MENU, "seconds"), 0, "pbx_menus[0].seconds must be from 1 to 60"),
    ((*MENU, "attempts"), 11, "pbx_menus[0].attempts must be from 1 to 10"),
    # Hours
    ((*HOURS, "timezone"), "New York", "pbx_hours[0].timezone must be a time zone by its area and city"),
    ((*HOURS, "timezone"), "US/Eastern", "pbx_hours[0].timezone must be a time zone by its area and city"),
    ((*HOURS, "timezone"), "EST", "pbx_hours[0].timezone must be a time zone"),
    ((*HOURS, "timezone"), "America/Atlantis", "pbx_hours[0].timezone must be a time zone"),
    ((*HOURS, "timezone"), NOTHING, "pbx_hours[0].timezone is missing"),
    ((*HOURS, "open"), [], "pbx_hours[0].open is empty: it never opens."),
    ((*HOURS, "open"), ["9-5"], "pbx_hours[0].open[0] must be days and times such as mon-fri 09:00-17:30, not '9-5'."),
    ((*HOURS, "open"), ["mon 17:00-09:00"], "pbx_hours[0].open[0] must end after it begins"),
    ((*HOURS, "open"), ["mon 09:00-09:00"], "pbx_hours[0].open[0] must end after it begins"),
    ((*HOURS, "open"), ["mon 09:60-17:00"], "pbx_hours[0].open[0] has a time of day that there is not."),
    ((*HOURS, "open"), ["mon 09:00-24:30"], "pbx_hours[0].open[0] has a time of day that there is not."),
    ((*HOURS, "open"), ["montag 09:00-17:00"], "pbx_hours[0].open[0] must name days as mon, tue"),
    ((*HOURS, "open"), ["mon- 09:00-17:00"], "pbx_hours[0].open[0] must name days as mon, tue"),
    ((*HOURS, "open"), ["mon-fri 09:00-17:00", "wed 16:59-18:00"],
     "pbx_hours[0].open states a time twice: 'mon-fri 09:00-17:00' and 'wed 16:59-18:00' overlap."),
    ((*HOURS, "holidays"), ["2026-02-30"], "pbx_hours[0].holidays[0] is no date: '2026-02-30'."),
    ((*HOURS, "holidays"), ["13-01"], "pbx_hours[0].holidays[0] is no date"),
    ((*HOURS, "holidays"), ["Christmas"], "pbx_hours[0].holidays[0] must be a date such as 2026-12-25"),
    ((*HOURS, "holidays"), ["12-25", "12-25"], "pbx_hours[0].holidays[1] repeats '12-25'."),
    ((*HOURS, "when_holiday"), NOTHING, "pbx_hours[0].when_holiday is missing: holidays are given"),
    ((*HOURS, "when_open"), NOTHING, "pbx_hours[0].when_open is missing"),
    ((*HOURS, "when_closed"), {}, "pbx_hours[0].when_closed is empty."),
    ((*HOURS, "when_clsoed"), {"phone": "1001"}, "pbx_hours[0].when_clsoed is no option: did you mean when_closed?"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value)).problems
    assert any(sentence in problem for problem in problems), problems


def test_the_right_inventory_is_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


@pytest.mark.parametrize(("path", "value"), [
    ((*MENU, "keys"), {1: {"phone": "1001"}, 0: {"phone": "1002"}, "star": {"hangup": "normal"}}),
    ((*MENU, "keys"), {"pound": {"menu": "main"}}),
    ((*MENU, "keys"), {"1": {"phone": "1001"}, "12": {"phone": "1002"}, "012": {"phone": "1002"}}),
    ((*MENU, "keys"), {12: {"phone": "1001"}, 3: None}),
    ((*MENU, "keys"), {"1001": {"phone": "1002"}}),     # without direct_dialling no phone can be dialled
    ((*MENU, "direct_dialling"), "yes"),
    ((*MENU, "keys", "9"), {"hours": "office"}),     # a caller who presses 9 may go round as often as he likes
    ((*DID, "to"), {"phone": 1001}),
    ((*HOURS, "open"), "mon-sun 00:00-24:00"),
    ((*HOURS, "open"), ["fri-mon 22:00-23:59", "TUE 9:00-12:00", "tue 12:00-13:00"]),
    ((*HOURS, "holidays"), ["02-29", "2028-02-29"]),
    ((*HOURS, "timezone"), "UTC"),
    ((*GROUP, "members"), "1001"),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value)).problems == []


def test_what_nothing_leads_to_is_a_warning():
    inventory = whole({**RIGHT, "pbx_dids": [RIGHT["pbx_dids"][1]]})
    assert inventory.problems == []
    assert [warning.rpartition(" is ")[0] for warning in inventory.warnings] == [
        "pbx1: pbx_ring_groups[0] 'sales'", "pbx1: pbx_menus[0] 'main'", "pbx1: pbx_hours[0] 'office'",
        "pbx1: pbx_announcements[0] 'closed'"]


@pytest.mark.parametrize(("count", "strategy", "refused"), [
    (16, "all", False), (17, "all", True), (17, "in_order", False)])
def test_no_more_devices_ring_at_once_than_a_variable_of_asterisk_holds(count, strategy, refused):
    phones = [{"name": f"{1001 + n}", "password": PASSWORD, "max_contacts": 2} for n in range(count)]
    group = {"name": "sales", "members": [phone["name"] for phone in phones], "strategy": strategy}
    problems = whole({**RIGHT, "pbx_phones": phones, "pbx_ring_groups": [group]}).problems
    assert any("members have up to 34 devices" in problem for problem in problems) == refused


def test_many_phones_in_a_row_are_no_circle():
    phones = [{"name": f"{1000 + n}", "password": PASSWORD, "when_busy": {"phone": f"{1001 + n}"}} for n in range(3000)]
    phones.append({"name": "4000", "password": PASSWORD})
    assert whole({**RIGHT, "pbx_phones": phones}).problems == []


def test_an_area_is_no_time_zone_where_the_controller_knows_none(monkeypatch):
    monkeypatch.setattr(hours, "_zones", set)
    (problem,) = whole(changed((*HOURS, "timezone"), "Europe")).problems
    assert problem.startswith("pbx_hours[0].timezone must be a time zone by its area and city")
    assert whole(changed((*HOURS, "timezone"), "Europe/London")).problems == []
