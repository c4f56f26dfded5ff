# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory says of a phone: the number that its calls show, when it is busy, its language, where calls go."""

from __future__ import annotations

import numpy
import pytest

from labtest.audio import from_ulaw, recognised, samples
from labtest.incoming import CALLER, SOUNDS
from labtest.twin import place_incoming_call

OFFICE, SITE_NUMBER, MOBILE = "+17756187988", "+12025550143", "+919876543210"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
SITE = {
    "pbx_phones": [
        {"name": "1001", "password": PASSWORD, "caller_id": SITE_NUMBER, "busy_at": 2, "max_contacts": 2,
         "when_busy": {"hangup": "refused"}},
        {"name": "1002", "password": PASSWORD, "language": "es"},
        {"name": "1003", "password": PASSWORD, "forward_always": {"number": "+91 98765 43210"}},
        {"name": "1004", "password": PASSWORD, "caller_id": SITE_NUMBER, "when_busy": {"number": MOBILE}},
        {"name": "1005", "password": PASSWORD, "forward_always": {"phone": "1003"}},
    ],
    "pbx_forward_outside": True,
    "pbx_dids": [{"number": OFFICE, "phone": "1001"}, {"number": SITE_NUMBER, "to": {"ring_group": "both"}}],
    "pbx_ring_groups": [{"name": "both", "members": ["1001", "1002"]}],
    "verify_number": "",
}


pytestmark = pytest.mark.usefixtures("nothing_up")


@pytest.fixture(scope="module", autouse=True)
def built(declare):
    """Run site.yml with phones that have options."""
    declare(SITE)


def test_a_phone_shows_its_own_number_but_in_an_emergency(desk, twin, detail):
    """1001 shows the number of its site, 1002 that of the trunk, and 933 shows the trunk's from both."""
    before, first, second = len(twin.calls()), desk("1001"), desk("1002")
    for phone in (first, second):
        assert [phone.dial(number) for number in (MOBILE, "933")] == [200, 200]
    shown = [(call["to"], call["from"]) for call in twin.calls()[before:]]
    detail(f"{shown}")
    assert shown == [(MOBILE, SITE_NUMBER), ("933", OFFICE), (MOBILE, OFFICE), ("933", OFFICE)]


def test_a_phone_is_busy_with_two_calls_whatever_devices_it_has(desk, called, twilio, twin, detail):
    """Two calls ring at both devices of 1001. The third goes where 1001 says, and in a ring group 1002 alone rings."""
    first, second, other = desk("1001"), desk("1001"), desk("1002")
    for rang in (1, 2):
        place_incoming_call(twilio, OFFICE, CALLER)
        for device in (first, second):
            device.wait(lambda seen, count=rang: seen["rang"] == count)
    statuses = [called(OFFICE)["sip_status"], other.dial("1001")]
    place_incoming_call(twilio, SITE_NUMBER, CALLER)
    other.wait(lambda seen: seen["rang"] == 1)
    detail(f"{statuses}, rang {first.see()['rang']} and {second.see()['rang']}")
    assert statuses == [403, 403] and first.see()["rang"] == second.see()["rang"] == 2


def test_a_phone_hears_its_language(desk, pbx, detail):
    """1002 hears what a code says in its own language."""
    pbx.check_output(f"install -D -m 0644 {SOUNDS}/demo-thanks.wav {SOUNDS[:-2]}es/activated.wav")
    phone = desk("1002")
    assert phone.dial("*78") == 200
    phone.wait(lambda seen: seen["up"] == [False])
    heard = recognised(
        samples(pbx.file(f"{SOUNDS}/demo-thanks.wav").content), from_ulaw(numpy.frombuffer(phone.hear(), numpy.uint8)))
    assert phone.dial("*79") == 200
    pbx.check_output(f"rm {SOUNDS[:-2]}es/activated.wav")
    detail(f"{heard:.0%} recognised")
    assert heard > 0.6


def test_calls_go_where_the_inventory_says_until_a_code_says_otherwise(desk, twin, detail):
    """Calls to 1003 go to a mobile, to 1002 after *72, to the mobile again after *73; the third call is one too many.

    The mobile is shown the number of 1003, and not that of 1001, which calls.
    """
    first, second, third = desk("1001"), desk("1002", 0.5), desk("1003")
    before, statuses = len(twin.calls()), []
    for code in ("", "*721002", "*73"):
        statuses += [third.dial(code)] if code else []
        statuses.append(first.dial("1003"))
    assert second.see()["rang"] == 1
    statuses.append(second.dial("1003"))
    shown = [(call["to"], call["from"]) for call in twin.calls()[before:]]
    detail(f"{statuses}, {shown}")
    assert statuses == [200, 200, 200, 200, 200, 503] and third.see()["rang"] == 0
    assert shown == [(MOBILE, OFFICE)] * 2


def test_a_busy_phones_calls_go_outside_as_its_own(desk, twin):
    """1004 is not to be disturbed: its calls go to the mobile, and show the number of 1004."""
    before, first, busy = len(twin.calls()), desk("1002"), desk("1004")
    assert [busy.dial("*78"), first.dial("1004"), busy.dial("*79")] == [200, 200, 200]
    assert [(call["to"], call["from"]) for call in twin.calls()[before:]] == [(MOBILE, SITE_NUMBER)]
    assert busy.see()["rang"] == 0


def test_a_circle_of_a_code_and_the_inventory_ends(desk, twin, detail):
    """1005 goes to 1003 by the inventory, and 1003 to 1005 by a code: a call to either is refused."""
    before, first, third = len(twin.calls()), desk("1002"), desk("1003")
    statuses = [third.dial("*721005"), first.dial("1003"), first.dial("1005"), third.dial("*73")]
    detail(f"{statuses}")
    assert statuses[0] == statuses[-1] == 200 and all(status >= 400 for status in statuses[1:3])
    assert len(twin.calls()) == before
