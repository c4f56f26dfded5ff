# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialplan of feature codes: who reaches them, and how far a forward may go."""

from __future__ import annotations

import re

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.feature_codes import CODES
from labtest.dialled import rendered

from .dialplan import find, read
from .test_incoming import INVENTORY, reached, targets

OPEN = {**INVENTORY, "pbx_forward_outside": True}
WRITING = {"codes", "forward", "keep", "confirm"}


def contexts_of(inventory):
    return read(rendered(inventory, "extensions.conf")["extensions.conf"])


@pytest.mark.parametrize("inventory", [INVENTORY, OPEN], ids=["closed", "open"])
def test_only_phones_reach_the_codes(inventory):
    contexts = contexts_of(inventory)
    including = {name for name in contexts if "codes" in contexts[name].includes}
    assert including and all(name.startswith("phones-") for name in including)
    for first in ("from-twilio", "outbound", "default", "public"):
        assert "codes" not in reached(contexts, first)


def test_who_called_last_is_called_within_the_class_and_no_emergency_number_or_code():
    contexts = contexts_of(INVENTORY)
    assert contexts["as-dialled"].extensions["1001"][0].startswith("Goto(outside-")
    assert not {name for name in reached(contexts, "as-dialled") if name.startswith(("emergency-", "phones-", "codes"))}
    assert "Set(DB(last_caller/${ARG1})=" in "".join(contexts["devices"].extensions["s"])
    without = contexts_of({**INVENTORY, "pbx_feature_codes": {"call_back": None}})
    assert "last_caller" not in "".join(without["devices"].extensions["s"])


def test_what_a_phone_dialled_last_is_kept_and_nothing_that_another_call_goes_to():
    contexts = contexts_of(INVENTORY)
    assert contexts["dialled"].extensions["s"][0] == 'GotoIf($["${PHONE}" = ""]?back)'
    assert all("CALLERID(dnid)" in step for step in contexts["dialled"].extensions["s"][1:3])
    keeping = {name for name in contexts if "dialled" in targets(contexts, name)}
    assert {one.partition("-")[0] for one in keeping} == {"forwarded", "outside", "outbound"}
    without = contexts_of({**INVENTORY, "pbx_feature_codes": {"redial": None}})
    assert "dialled" not in without and not any("dialled" in targets(without, name) for name in without)


def test_who_is_transferred_reaches_phones_and_the_way_out_and_no_code():
    """1001 would else have 1002 forward its calls, by a transfer of 1002's call to *72, and call out as 1002."""
    tree = rendered({**OPEN, "pbx_mailboxes": [{"name": "1001", "pin": "7294"}]}, "pjsip.conf", "extensions.conf")
    contexts = read(tree["extensions.conf"])
    for name in set(re.findall("^set_var = TRANSFER_CONTEXT=(.*)$", tree["pjsip.conf"], re.M)):
        assert {one.partition("-")[0] for one in contexts[name].includes} == {"emergency", "internal", "outside"}
        assert not WRITING & reached(contexts, name) - {"confirm"} and "voicemail" not in reached(contexts, name)


def test_a_call_in_goes_outside_by_a_forward_only_where_that_is_open():
    closed, opened = (reached(contexts_of(one), "from-twilio") for one in (INVENTORY, OPEN))
    assert not {name for name in closed if name.startswith(("forward-out", "outside-", "trunk-", "emergency-"))}
    assert "forward-out" in opened and {name for name in opened if name.startswith("outside-")}


def test_no_forward_leads_to_an_emergency_number():
    found = reached(contexts_of(OPEN), "forward-out")
    assert not {name for name in found if name.startswith("emergency-")}


def test_a_forward_counts_as_a_call_of_the_phone_that_set_it():
    steps = contexts_of(OPEN)["forward-out"].extensions["1001"]
    assert steps[0] == "Set(PHONE=1001)" and [step.partition("=")[0] for step in steps[1:3]] == [
        "Set(PHONE_MAX_CALLS", "Set(PHONE_CALLS_PER_SECOND"]
    assert steps[3].startswith("Goto(outside-") and steps[3].endswith(",${FORWARD},1)")


def test_a_forward_is_kept_where_a_call_would_leave_and_before_it_does():
    contexts = contexts_of(OPEN)
    steps = [contexts[name].extensions["_+X."] for name in contexts if name.startswith("trunk-")]
    assert steps and all(one[0] == 'GotoIf($["${SETTING}" != ""]?keep,${EXTEN},1)' for one in steps)


def test_no_forward_is_set_to_a_number_of_this_pbx():
    """Each call would come back through Twilio, at its cost, round after round."""
    keep = contexts_of(OPEN)["keep"].extensions
    for did in OPEN["pbx_dids"]:
        assert keep[did["number"]][0].startswith("Gosub(refuse,") and keep[did["number"]][0].endswith(",21))")
    assert set(contexts_of(INVENTORY)["keep"].extensions) == {"_[+0-9A-Za-z]!"}


def test_a_code_comes_before_what_a_phone_dials_outside():
    phones = [{**phone, "pickup_group": "front", "intercom": True} for phone in INVENTORY["pbx_phones"]]
    queue = {"name": "support", "agents": ["1001"]}
    contexts = contexts_of({**INVENTORY, "pbx_phones": phones, "pbx_queues": [queue]})
    name = next(name for name in contexts if name.startswith("phones-"))
    for code in CODES.values():
        dialled = code.default + ("1002" if code.takes_number else "")
        assert find(contexts, name, dialled)[0] == "codes", dialled
    assert find(contexts, name, "112")[0].startswith("emergency-")


def test_without_codes_nothing_of_them_is_printed():
    contexts = contexts_of({**INVENTORY, "pbx_feature_codes": dict.fromkeys(CODES)})
    assert not (WRITING | {"forwarded", "forward-out"}) & set(contexts)
    assert contexts["internal"].extensions["1001"][0].startswith("Gosub(ring,")


def test_what_was_set_by_codes_that_are_gone_counts_no_more():
    """A phone would not ring for ever, since nobody could dial what ends that."""
    gone = dict.fromkeys(["do_not_disturb", "cancel_do_not_disturb", "forward_busy", "cancel_forward_busy"])
    contexts = contexts_of({**INVENTORY, "pbx_feature_codes": gone})
    assert "do_not_disturb" not in "".join(contexts["devices"].extensions["s"] + contexts["ring"].extensions["s"])
    assert [step for step in contexts["forwarded"].extensions["s"] if "${WHEN}" in step and "back" in step] == [
        'GotoIf($["${WHEN}" = "busy"]?back)']
    queue = {"name": "support", "agents": ["1001"]}
    as_set = 'Set(PAUSED=${IF($["${DB(queue_paused/${ARG2})}" = "1"]?1:0)})'
    for pause, paused in ((None, "Set(PAUSED=0)"), ("*46", as_set)):
        contexts = contexts_of({**INVENTORY, "pbx_queues": [queue], "pbx_feature_codes": {"queue_pause": pause}})
        assert paused in contexts["agent-seat"].extensions["s"]
    left = contexts_of({**INVENTORY, "pbx_feature_codes": {"do_not_disturb": None, "forward_busy": None}})
    assert "do_not_disturb" in "".join(left["devices"].extensions["s"])
    assert not [step for step in left["forwarded"].extensions["s"] if "${WHEN}" in step and "back" in step]


def test_a_call_is_picked_up_within_a_group_only():
    first, second = INVENTORY["pbx_phones"]
    contexts = contexts_of({**INVENTORY, "pbx_phones": [{**first, "pickup_group": "front"}, second]})
    assert set(contexts["pickup"].extensions) == {"1001", "i"}
    assert contexts["pickup"].extensions["1001"][:2] == [
        'GotoIf($["${PICKUP_GROUP}" != "front"]?i,1)', "Pickup(1001@PICKUPMARK)"]
    assert "pickup" not in reached(contexts, "from-twilio")


def test_only_phones_that_allow_it_are_spoken_at_and_only_by_phones():
    first, second = INVENTORY["pbx_phones"]
    inventory = {**INVENTORY, "pbx_phones": [first, {**second, "intercom": True}]}
    contexts = contexts_of(inventory)
    assert set(contexts["intercom"].extensions) == {"1002", "i"}
    assert reached(contexts, "intercom") == {"intercom", "speak", "devices"}
    assert not {"intercom", "speak"} & reached(contexts, "from-twilio")
    assert not {"intercom", "speak"} & reached(contexts, next(name for name in contexts if name.startswith("refer-")))
    assert "load = func_devstate.so" in rendered(inventory, "modules.conf")["modules.conf"]
    assert "intercom" not in contexts_of(INVENTORY)
