# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What callers of a queue are told of the wait, and whom a random queue calls.

On demand, on a lab that stands: Asterisk tells of a minute or more, by a quarter of the first caller's wait, so that
the first one waits for more than two minutes.
    make check ARGS="../features/tests/on_demand/test_queue_wait.py"
"""

from __future__ import annotations

import re
import time

import pytest

from labtest.waiting import until

SUPPORT = "+17756187988"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
PHONES = ("1001", "1002")
RANDOM = ("random", "wrandom")
QUEUES = {
    "pbx_phones": [{"name": name, "password": PASSWORD} for name in PHONES],
    "pbx_dids": [{"number": SUPPORT, "to": {"queue": "support"}}],
    "pbx_queues": [
        {"name": "support", "members": ["1001"], "seconds": 180, "announce_wait": True, "max_wait_seconds": 600,
         "join_needs": "nobody", "stay_needs": "nobody"},       # a device of the lab registers for a minute
        *({"name": name, "members": [*PHONES], "strategy": name} for name in RANDOM)],
}


@pytest.fixture(scope="module", autouse=True)
def built(declare):
    """A run of site.yml by which calls go there."""
    declare(QUEUES)


@pytest.fixture
def placed(asterisk):
    """Return placed(queue), which has a caller come to a queue from inside. Each caller is hung up at the end."""
    yield lambda queue: asterisk(f"channel originate Local/s@queue-{queue}/n application Wait 300")
    asterisk("channel request hangup all")


@pytest.mark.parametrize("queue", RANDOM)
def test_each_phone_is_called_sooner_or_later(phones, placed, asterisk, queue, detail):
    """Of 12 calls each phone gets some: that one gets none has a chance of 1 in 2048."""
    def talking():
        return re.findall(r"^PJSIP/(100\d)-\w+!.*!Up!", asterisk("core show channels concise"), re.M)

    reports, taken = [phones(name, [0], 60) for name in PHONES], []
    for dummy in range(12):
        placed(queue)
        until(talking)
        taken += talking()
        asterisk("channel request hangup all")
        until(lambda: not talking())
    for report in reports:
        report()
    detail(f"{taken}")
    assert set(taken) == set(PHONES)


def test_who_waits_hears_for_how_long(called, phones, placed, asterisk, likeness, detail):
    """The phone takes a call after 130 s; who comes while two are there hears that it will take a minute."""
    report = phones("1001", [130], 170)
    placed("support")
    until(lambda: "!Up!" in "".join(re.findall(r"^PJSIP/1001-.*", asterisk("core show channels concise"), re.M)), 160)
    placed("support")
    call = called(SUPPORT, until=lambda: time.sleep(10))
    report()
    heard = likeness(call, "queue-holdtime")
    detail(f"{heard:.0%} of the announcement; {asterisk('queue show support').splitlines()[0]}")
    assert heard > 0.8
