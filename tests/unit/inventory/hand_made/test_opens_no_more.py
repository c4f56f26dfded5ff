# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Asterisk itself does not reach in a dialplan opens nothing in the inventory that is made of it."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.adopt import Choices, adopted_inventory
from tests.unit.inventory.test_adopt import account

from .samples import PJSIP, folder
from .test_hand_made import NUMBER, OTHER, adopted, dialplan

OUT = "Dial(PJSIP/+${EXTEN}@twilio)"


def classes(made: dict) -> set[str]:
    return {row["class"] for row in made["options"]["pbx_phones"]}


@pytest.mark.parametrize("text", [
    f"[internal]\nexten => _X.,1,NoOp(closed)\nexten => _X.,1,{OUT}\n",
    f"[internal]\nexten => _X.,1,Answer()\nexten => _X.,3,{OUT}\n",
    f"[internal]\nexten => _X.,1,Answer()\n same => n+101,{OUT}\n",
    f"[internal]\nexten => _X.,1,Answer()\nexten => *1,1,Answer()\n same => n,Hangup()\nexten => _X.,n,{OUT}\n",
    f"[internal]\nexten => _X.,1,Answer()\nexten => _X.,hint,PJSIP/1001\nexten => _X.,n,{OUT}\n",
    f"[globals]\nOUT=twilio\n[internal]\nexten => _X.,1,Set(OUT=other)\n same => n,{OUT.replace('twilio', '${OUT}')}\n",
    f"[globals]\nOUT=twilio\n[internal]\nexten => _X.,1,{OUT.replace('twilio', '${OUT}')}\n"
    "exten => *1,1,Set(GLOBAL(OUT)=other)\n",
], ids=["a priority twice", "a missing priority", "a jump", "n behind another extension", "n behind a hint",
        "a global that is set", "a global that changes"])
def test_a_way_out_that_asterisk_does_not_take_opens_no_class(text):
    assert classes(dialplan(text)) == {"internal"}


def test_a_missing_priority_is_a_note():
    made = dialplan(f"[from-twilio]\nexten => {NUMBER},1,Answer()\nexten => {NUMBER},3,Dial(PJSIP/1001)\n")
    assert made["options"]["pbx_dids"] == [{"number": NUMBER, "to": {"hangup": "normal"}}]
    assert (f"extensions.conf:3: extension {NUMBER} of [from-twilio]: there is no priority 2, so the call ends there,"
            " and priority 3 is not carried over.") in made["notes"]


def test_contexts_are_looked_through_in_the_order_of_asterisk():
    """What an included context includes comes before the context that is included next."""
    made = dialplan(
        f"[from-twilio]\ninclude => a\ninclude => b\n[a]\ninclude => a2\n[a2]\nexten => {NUMBER},1,Hangup(21)\n"
        f"[b]\nexten => {NUMBER},1,Dial(PJSIP/1001)\n")
    assert made["options"]["pbx_dids"] == [{"number": NUMBER, "to": {"hangup": "refused"}}]


def test_a_number_that_a_pattern_of_a_context_before_takes_is_a_note():
    made = dialplan(
        f"[from-twilio]\ninclude => dids\nexten => _+1.,1,Hangup(21)\n[dids]\nexten => {NUMBER},1,Dial(PJSIP/1001)\n")
    assert "pbx_dids" not in made["options"]
    assert (f"extensions.conf:5: {NUMBER} is not in pbx_dids, since [from-twilio] has a pattern for it, and Asterisk"
            " looks there before [dids].") in made["notes"]


@pytest.mark.parametrize(("goto", "phone"), [
    ("1002,1", "1002"), ("here,1002,1", "1001"), ("1002,second", "1001"), ("second", "1001")])
def test_a_goto_without_a_context_stays_in_the_context_of_the_call(goto, phone):
    """The call stays in [from-twilio] where it is an included context that has the extension."""
    made = dialplan(
        f"[from-twilio]\ninclude => here\nexten => 1002,1,Dial(PJSIP/1002)\n same => n(second),Dial(PJSIP/1001)\n"
        f"[here]\nexten => {OTHER},1,Goto({goto})\n same => n(second),Dial(PJSIP/1001)\n"
        "exten => 1002,1,Dial(PJSIP/1001)\n[1002]\nexten => 1002,1,Dial(PJSIP/1001)\n")
    rows = {**{row["name"]: row["members"] for row in made["options"].get("pbx_ring_groups", ())}}
    (did,) = made["options"]["pbx_dids"]
    assert (rows[did["to"]["ring_group"]] if "to" in did else [did["phone"]]) == [phone]


@pytest.mark.parametrize(("shown", "expected"), [("+17756187989", "national"), ("+4930123456", "internal")])
def test_a_class_fits_the_number_that_the_dialplan_shows(shown, expected):
    """Class `national` opens the country of the trunk's caller ID, which the pattern must have opened."""
    made = adopted(
        pjsip=PJSIP.replace("from_user=+17756187988\n", "").replace('callerid="Asterisk PBX" <+17756187988>\n', ""),
        trunk={"phone_numbers": [NUMBER, OTHER, "+4930123456"]},
        extensions=f"[internal]\nexten => _1NXXNXXXXXX,1,Set(CALLERID(num)={shown})\n same => n,{OUT}\n")
    assert classes(made) == {expected}
    assert made["variables"]["trunkline_trunks"][0]["caller_id"] == shown


def test_a_caller_id_that_a_person_gave_opens_no_other_country():
    host = {"trunkline_public_address": "203.0.113.10", "adopt_found": {"configuration": folder(
        pjsip=PJSIP, extensions=f"[internal]\nexten => _1NXXNXXXXXX,1,{OUT}\n")}}
    made = adopted_inventory(
        account(domain_name="asterisk-pbx1.pstn.twilio.com", phone_numbers=["+4930123456"]),
        Choices(hosts={"pbx1": host}, caller_ids={"Main": "+4930123456"}))
    assert made["problems"] == []
    assert {row["class"] for row in made["hosts"][0]["options"]["pbx_phones"]} == {"internal"}


def test_hundreds_of_steps_are_a_note():
    steps = "\n".join(f" same => n,Dial(PJSIP/1001,{seconds})" for seconds in range(5, 605))
    made = dialplan(f"[from-twilio]\nexten => {NUMBER},1,Answer()\n{steps}\n")
    assert any("more than 25 steps ring or play one after another" in note for note in made["notes"])


@pytest.mark.parametrize("goto", ["top", "1", f"{NUMBER},1", f"from-twilio,{NUMBER},top"])
def test_a_circle_is_a_note_and_not_a_row_of_ring_groups(goto):
    made = dialplan(
        f"[from-twilio]\nexten => {NUMBER},1(top),Dial(PJSIP/1001,10)\n same => n,Dial(PJSIP/1002,10)\n"
        f" same => n,Goto({goto})\n")
    assert [row["members"] for row in made["options"]["pbx_ring_groups"]] == [["1002"], ["1001"]]
    assert (f"extensions.conf:2: extension {NUMBER} of [from-twilio]: Goto() leads here in a circle, or over 8 others,"
            " and is not carried over.") in made["notes"]
