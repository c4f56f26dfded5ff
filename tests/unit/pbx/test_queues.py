# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for queues: who is called and how, and that no queue calls out."""

from __future__ import annotations

import re

import pytest

from ansible_collections.trunkline.voice.plugins.action.configure_asterisk import FILES, files
from labtest.dialled import rendered

from ..inventory.features.test_wrong_queues import RIGHT
from ..inventory.whole import whole
from .dialplan import read
from .test_incoming import reached

NAMES = ("extensions.conf", "modules.conf", "queues.conf")


@pytest.fixture(scope="module")
def tree():
    return rendered(RIGHT, *NAMES)


@pytest.fixture(scope="module")
def steps(tree):
    return read(tree["extensions.conf"])["queue-support"].extensions


def test_a_caller_waits_and_goes_where_the_queue_says(steps):
    assert steps["s"] == [
        "Answer()", "Playback(company/wait)", "Set(CDR(queue)=support)", "Set(__QUEUED=${EPOCH})",
        "Queue(support,Cir,,,600)", "Gosub(queue-left,s,1(${QUEUESTATUS}))",
        'GotoIf($["${QUEUESTATUS}" = "FULL"]?hangup,busy,1)',
        'GotoIf($["${QUEUESTATUS}" = "JOINEMPTY" | "${QUEUESTATUS}" = "LEAVEEMPTY"]?announcement-closed,s,1)',
        "Goto(ring-group-sales,s,1)"]


def test_a_member_is_called_by_its_devices_and_judged_by_its_endpoint(tree, steps):
    assert steps["1002"] == ["Gosub(ring,s,1(1002,20))", "Hangup(${CAUSE})"]
    members = re.findall(r"^member => (.*)$", tree["queues.conf"], re.M)
    assert members == [f"Local/{name}@queue-support/n,0,{name},PJSIP/{name}" for name in ("1001", "1002")]
    assert "\nringinuse = no\n" in tree["queues.conf"]


def test_neither_a_caller_nor_a_member_reaches_what_calls_out(tree):
    contexts = read(tree["extensions.conf"])
    assert {name for name in reached(contexts, "queue-support") if "trunk" in name or "out" in name} == set()
    # Neither of them transfers by a key, and a phone that answers with another address is not followed.
    assert not set("tThHcxXwWkK") & set(re.search(r"Queue\(support,(\w*),", tree["extensions.conf"])[1])


def test_music_takes_the_place_of_the_ringing_tone():
    assert "Queue(support,Ci,,,600)" in rendered({**RIGHT, "pbx_hold_music": "/srv/music"}, NAMES[0])[NAMES[0]]


def test_without_a_queue_there_is_nothing_of_it(tree):
    without = {**RIGHT, "pbx_queues": [], "pbx_dids": RIGHT["pbx_dids"][1:]}
    assert "\nload = app_queue.so\n" in tree["modules.conf"]
    assert "queue" not in rendered(without, NAMES[1])[NAMES[1]]
    assert files(whole(RIGHT).hosts["pbx1"]) == (*FILES, "queues.conf")
    assert files(whole(without).hosts["pbx1"]) == FILES
