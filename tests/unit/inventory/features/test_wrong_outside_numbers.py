# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers outside that cannot be destinations: each wrong value is a sentence that names its variable."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_values import NOTHING, RIGHT as WITHOUT, changed

MOBILE = {"name": "mobile", "number": "+12025550143", "class": "national", "otherwise": {"phone": "1001"}}
GROUP = {"name": "sales", "members": ["1001"], "outside_members": ["mobile"], "otherwise": {"outside_number": "mobile"}}
RIGHT = {
    **WITHOUT, "pbx_dids": [*WITHOUT["pbx_dids"], {"number": "+12025550199", "to": {"outside_number": "mobile"}}],
    "pbx_ring_groups": [GROUP], "pbx_outside_numbers": [MOBILE]}
QUEUED = {**RIGHT, "pbx_queues": [{"name": "support", "members": [], "outside_members": ["mobile"]}],
          "pbx_dids": [*RIGHT["pbx_dids"], {"number": "+12025550198", "to": {"queue": "support"}}]}
QUEUE = ("pbx_queues", 0)
ROW, DID, SALES = ("pbx_outside_numbers", 0), ("pbx_dids", 2, "to"), ("pbx_ring_groups", 0)
CLOSED = "pbx_outside_numbers[0].number is {}, which class {} does not let out: {}"
COUNTRY, PREMIUM = "it is not in a country open to this class.", "it is a premium number."
WRONG = [
    (("pbx_outside_numbers",), "+12025550143", "pbx_outside_numbers must be a list of dicts, not a text"),
    (("pbx_outside_numbers",), ["+12025550143"], "pbx_outside_numbers[0] must be a dict"),
    (("pbx_outside_numbers",), [], "pbx_dids[2].to names outside_number 'mobile', which is not in pbx_outside_number"),
    (("pbx_outside_numbers",), [], "pbx_ring_groups[0].outside_members[0] names outside_number 'mobile', which is not"),
    (("pbx_outside_numbers", "+"), MOBILE, "pbx_outside_numbers[1].name repeats pbx_outside_numbers[0]: 'mobile' is"),
    (DID, {"outside_number": "+12025550143"}, "pbx_dids[2].to names outside_number '+12025550143', which is not in"),
    (DID, {"outside_number": "1001"}, "did you mean {phone: 1001}?"),
    (DID, {"outside": "mobile"}, "pbx_dids[2].to.outside is no option"),
    ((*ROW, "name"), "PJSIP/1001", "pbx_outside_numbers[0].name must be 1 to 32 of a-z"),
    ((*ROW, "name"), "mobile&1001", "pbx_outside_numbers[0].name must be 1 to 32 of a-z"),
    ((*ROW, "name"), NOTHING, "pbx_outside_numbers[0].name is missing"),
    ((*ROW, "number"), NOTHING, "pbx_outside_numbers[0].number is missing"),
    ((*ROW, "number"), "", "pbx_outside_numbers[0].number is missing"),
    ((*ROW, "number"), 12025550143, "pbx_outside_numbers[0].number must be a number in E.164 form"),
    ((*ROW, "number"), "2025550143", "pbx_outside_numbers[0].number must be a number in E.164 form"),
    ((*ROW, "number"), "911", "pbx_outside_numbers[0].number must be a number in E.164 form"),
    ((*ROW, "number"), "1001", "pbx_outside_numbers[0].number must be a number in E.164 form"),
    ((*ROW, "number"), "+1 202 555 0143", "pbx_outside_numbers[0].number must be a number in E.164 form"),
    ((*ROW, "number"), "+12025550143,1", "pbx_outside_numbers[0].number must be a number in E.164 form"),
    ((*ROW, "number"), "+12025550143&Local/x", "pbx_outside_numbers[0].number must be a number in E.164 form"),
    ((*ROW, "number"), "+12025550143\n911", "pbx_outside_numbers[0].number must be a number in E.164 form"),
    ((*ROW, "number"), "+19005550143", CLOSED.format("+19005550143", "national", PREMIUM)),
    ((*ROW, "number"), "+18095550143", CLOSED.format("+18095550143", "national", COUNTRY)),
    ((*ROW, "number"), "+442079460958", CLOSED.format("+442079460958", "national", COUNTRY)),
    ((*ROW, "number"), "+881612345678", CLOSED.format("+881612345678", "national", COUNTRY)),
    ((*ROW, "number"), "+12025550199", "pbx_outside_numbers[0].number is +12025550199, which is in pbx_dids: the call"),
    ((*ROW, "class"), "internal", CLOSED.format("+12025550143", "internal", COUNTRY)),
    ((*ROW, "class"), "sales", "pbx_outside_numbers[0].class names 'sales', which is neither in pbx_classes nor on"),
    ((*ROW, "class"), ["national"], "pbx_outside_numbers[0].class must be one text"),
    (("pbx_denied_prefixes",), ["+1202"], CLOSED.format("+12025550143", "national", "+1202 is denied.")),
    (("pbx_countries",), ["GB"], CLOSED.format("+12025550143", "national", COUNTRY)),
    (("pbx_countries",), [], CLOSED.format("+12025550143", "national", COUNTRY)),
    ((*ROW, "trunk"), "Other", "pbx_outside_numbers[0].trunk names 'Other', which is not in trunkline_trunks."),
    ((*ROW, "seconds"), 0, "pbx_outside_numbers[0].seconds must be from 1 to 60, not 0."),
    ((*ROW, "seconds"), 61, "pbx_outside_numbers[0].seconds must be from 1 to 60, not 61."),
    ((*ROW, "seconds"), "soon", "pbx_outside_numbers[0].seconds must be"),
    ((*ROW, "max_calls"), 0, "pbx_outside_numbers[0].max_calls must be from 1 to 10000, not 0."),
    ((*ROW, "confirm"), "perhaps", "pbx_outside_numbers[0].confirm must be"),
    ((*ROW, "confirm"), "1,2", "pbx_outside_numbers[0].confirm must be"),
    ((*QUEUE, "outside_members"), ["mobil"], "pbx_queues[0].outside_members[0] names outside_number 'mobil', which is"),
    ((*QUEUE, "outside_members"), ["1001"], "pbx_queues[0].outside_members[0] names outside_number '1001', which is n"),
    ((*QUEUE, "outside_members"), ["+12025550143"], "pbx_queues[0].outside_members[0] names outside_number '+1202555"),
    ((*QUEUE, "outside_members"), ["mobile", "mobile"], "pbx_queues[0].outside_members[1] repeats 'mobile'."),
    ((*QUEUE, "outside_members"), [{"outside_number": "mobile"}], "pbx_queues[0].outside_members[0] must be one text"),
    ((*QUEUE, "outside_members"), [], "pbx_queues[0].members is empty: name at least one phone."),
    (("pbx_outside_numbers",), [], "pbx_queues[0].outside_members[0] names outside_number 'mobile', which is not in"),
    ((*ROW, "calls_per_second"), 101, "pbx_outside_numbers[0].calls_per_second must be from 1 to 100, not 101."),
    ((*ROW, "otherwise"), {"phone": "1009"}, "pbx_outside_numbers[0].otherwise names phone '1009', which is not in"),
    ((*ROW, "otherwise"), {"outside_number": "mobile"}, "pbx_outside_numbers: a call would go round for ever"),
    ((*ROW, "otherwise"), {"ring_group": "sales"}, "a call would go round for ever"),
    ((*ROW, "numbr"), "+12025550143", "pbx_outside_numbers[0].numbr is no option: did you mean number?"),
    ((*SALES, "outside_members"), ["mobil"], "pbx_ring_groups[0].outside_members[0] names outside_number 'mobil'"),
    ((*SALES, "outside_members"), ["mobile", "mobile"], "pbx_ring_groups[0].outside_members[1] repeats 'mobile'."),
    ((*SALES, "outside_members"), ["+12025550143"], "pbx_ring_groups[0].outside_members[0] names outside_number '+120"),
    ((*SALES, "members"), ["mobile"], "pbx_ring_groups[0].members[0] names 'mobile', which is not in pbx_phones."),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, QUEUED)).problems
    assert any(sentence in problem for problem in problems), problems


def test_the_right_inventory_is_right():
    for right in (RIGHT, QUEUED):
        inventory = whole(right)
        assert (inventory.problems, inventory.warnings) == ([], [])


@pytest.mark.parametrize("changes", [
    {"pbx_outside_numbers": [{"name": "mobile", "number": "+12025550143"}]},
    {"pbx_ring_groups": [{**GROUP, "members": []}]},        # mobiles only
    {"pbx_allowed_prefixes": ["+19005550143"], "pbx_outside_numbers": [{**MOBILE, "number": "+19005550143"}]},
    {"pbx_countries": ["US", "GB"], "pbx_outside_numbers": [{**MOBILE, "class": "international",
                                                            "number": "+442079460958"}]},
    {"pbx_classes": [{"name": "london", "countries": ["GB"]}], "pbx_countries": ["US", "GB"],
     "pbx_outside_numbers": [{**MOBILE, "class": "london", "number": "+442079460958"}]},
    {"pbx_outside_numbers": [{**MOBILE, "confirm": "yes"}]},
    {"pbx_default_class": "internal"},                      # which is that of phones
])
def test_what_is_odd_and_right_is_taken(changes):
    assert whole({**RIGHT, **changes}).problems == []


def test_a_national_prefix_after_the_country_code_is_named():
    inventory = whole({**RIGHT, "pbx_countries": ["GB", "US"], "pbx_outside_numbers": [
        {**MOBILE, "number": "+4402079460958", "class": "international"}]})
    assert any("which has a national prefix after its country code: leave that out" in one
               for one in inventory.problems), inventory.problems


def test_n8n_reaches_it_only_where_its_row_allows_it():
    row = {"name": "desk", "url": "https://n8n.example.com/webhook/calls", "token": "x" * 24,
           "allow": [{"phone": "1001"}], "otherwise": {"phone": "1001"}}
    numbers = [*WITHOUT["pbx_dids"], {"number": "+12025550199", "to": {"n8n": "desk"}}]
    closed = {**RIGHT, "pbx_n8n": [row], "pbx_dids": numbers, "pbx_ring_groups": WITHOUT["pbx_ring_groups"]}
    assert any("'mobile' is reached by no number" in one for one in whole(closed).warnings)
    opened = {**closed, "pbx_n8n": [{**row, "allow": [{"outside_number": "mobile"}]}]}
    assert (whole(opened).problems, whole(opened).warnings) == ([], [])
