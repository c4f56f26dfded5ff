# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialplan of a parking lot: who reaches it, and where a call goes from there."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.action.configure_asterisk import files
from labtest.dialled import rendered

from ..inventory.whole import HOST, whole
from .dialplan import find, read
from .test_incoming import INVENTORY, reached

PARKING = {**INVENTORY, "pbx_parking": {"number": "700", "slots": 2, "seconds": 60}}


@pytest.fixture(scope="module")
def contexts():
    return read(rendered(PARKING, "extensions.conf")["extensions.conf"])


def test_only_phones_reach_the_lot(contexts):
    including = {name for name in contexts if "parking" in contexts[name].includes}
    assert including and all(name.startswith(("phones-", "refer-")) for name in including)
    for first in ("from-twilio", "outbound", "default", "public", "forwarded"):
        assert not {"parking", "slot"} & reached(contexts, first)


def test_who_is_parked_reaches_nothing_but_the_phone_that_parked(contexts):
    of_the_lot = {"parking", "slot", "not-parked", "refuse"}
    assert reached(contexts, "parking") == of_the_lot | reached(contexts, "internal")
    assert contexts["not-parked"].extensions["s"][-1] == "Goto(internal,${BLINDTRANSFER:6:-9},1)"
    assert contexts["parked-back"].extensions["s"][-1] == "Goto(internal,${PARKER:6},1)"


def test_phones_dial_the_lot_before_numbers_and_after_emergencies(contexts):
    name = next(name for name in contexts if name.startswith("phones-"))
    assert [find(contexts, name, number)[0] for number in ("700", "701", "702")] == ["parking"] * 3
    assert find(contexts, name, "703")[0] != "parking"
    assert find(contexts, name, "112")[0].startswith("emergency-")


def test_the_step_that_a_transfer_looks_for_is_the_first(contexts):
    assert contexts["parking"].extensions["700"][0] == "Park(,r)"


def test_a_call_for_a_slot_that_is_taken_goes_back(contexts):
    """It is not asked of Asterisk, which would take another one."""
    steps = contexts["slot"].extensions["701"]
    taken = 'GotoIf($["${DEVICE_STATE(park:701@parkedcalls)}" = "INUSE"]?not-parked,s,1)'
    assert steps.index(taken) < steps.index("Park(,r)") and steps[-1] == "Goto(not-parked,s,1)"


def test_the_module_and_its_file_are_there_with_a_lot_only():
    with_lot, without = (whole(one).hosts[HOST] for one in (PARKING, INVENTORY))
    assert "res_parking.conf" in files(with_lot) and "res_parking.conf" not in files(without)
    tree = rendered(PARKING, "modules.conf", "res_parking.conf")
    assert "load = func_devstate.so\n" in tree["modules.conf"]
    assert "load = res_parking.so\n" in tree["modules.conf"] and "load = bridge_holding.so\n" in tree["modules.conf"]
    assert "parkpos = 701-702\n" in tree["res_parking.conf"] and "parkingtime = 60\n" in tree["res_parking.conf"]
    assert "parking" not in rendered(INVENTORY, "modules.conf")["modules.conf"]
