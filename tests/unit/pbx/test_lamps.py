# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Busy lamps, and hours that phones close by hand: what may be watched, by whom, and who changes it."""

from __future__ import annotations

import pytest

from labtest.dialled import rendered

from .dialplan import find, read
from .test_incoming import INVENTORY, reached

HOURS = {**INVENTORY["pbx_hours"][0], "override_code": "*28"}
SWITCHED = {**INVENTORY, "pbx_hours": [HOURS]}
LAMPS = {**SWITCHED, "pbx_busy_lamps": True, "pbx_parking": {"number": "700", "slots": 1}}
NAMES = ("extensions.conf", "modules.conf", "pjsip.conf")


@pytest.fixture(scope="module")
def tree():
    return rendered(LAMPS, *NAMES)


def test_phones_watch_phones_slots_codes_and_hours(tree):
    hints = read(tree["extensions.conf"])["lamps"].hints
    assert hints["1001"] == "PJSIP/1001" and hints["701"] == "park:701@parkedcalls"
    assert hints["*781001"] == "Custom:do_not_disturb-1001" and hints["*721002"] == "Custom:forward_always-1002"
    assert hints["*28"] == "Custom:hours-office"


def test_what_may_be_watched_cannot_be_dialled(tree):
    contexts = read(tree["extensions.conf"])
    assert not contexts["lamps"].extensions
    assert not [name for name in contexts if "lamps" in contexts[name].includes]


def test_phones_watch_and_twilio_does_not(tree):
    base, phone = tree["pjsip.conf"].split("[phone-base]")
    assert "allow_subscribe = yes" not in base and "allow_subscribe = no\n" in base
    assert "allow_subscribe = yes\nsubscribe_context = lamps\n" in phone


def test_without_lamps_nobody_subscribes():
    text = "\n".join(rendered(SWITCHED, *NAMES).values())
    assert not [word for word in ("[lamps]", "DEVICE_STATE", "exten_state", "devstate", "= lamps") if word in text]


def test_only_phones_close_hours_by_hand(tree):
    contexts = read(tree["extensions.conf"])
    name = next(name for name in contexts if name.startswith("phones-"))
    assert find(contexts, name, "*28")[0] == "switches"
    assert "switches" not in reached(contexts, "from-twilio") | reached(contexts, "outbound")


def test_hours_that_are_closed_by_hand_are_closed_before_anything_else(tree):
    steps = read(tree["extensions.conf"])["hours-office"].extensions["s"]
    assert steps[0] == 'GotoIf($["${DB(closed/hours-office)}" = "1"]?closed)'


def test_hours_without_a_code_go_by_the_clock():
    tree = rendered({**INVENTORY, "pbx_feature_codes": {}}, *NAMES)
    assert "DB(closed/" not in tree["extensions.conf"] and "[switches]" not in tree["extensions.conf"]
