# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk's SIP history: reading it, and leaving it as it was found."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk import sip_history
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.sip_history import (
    HistoryMissing,
    Recorder,
    Row,
    parse_entry,
    parse_list,
)

from .console import Manager, printed

LIST = printed("list")
EMPTY = LIST[:2]
ENTRY = [
    "<--- History Entry 3 Received from 10.99.0.14:5060 at 1795400585 --->",
    "SIP/2.0 200 OK",
    "Call-ID: be5917e7@x",
    "",
    "v=0",
]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(sip_history, "SETTLE_SECONDS", 0)


def test_the_list():
    rows = parse_list(LIST)
    assert len(rows) == 10 and parse_list(EMPTY) == []
    assert rows[0] == Row(
        0, True, "10.99.0.14:5060", "INVITE sip:+919876543200@asterisk-pbx1.pstn.twilio.com SIP/2.0")
    assert rows[4] == Row(4, False, "10.99.0.14:5060", "SIP/2.0 100 trying -- your call is important to us")


def test_an_entry():
    entry = parse_entry(ENTRY)
    assert (entry.number, entry.sent, entry.peer) == (3, False, "10.99.0.14:5060")
    assert entry.text == "SIP/2.0 200 OK\nCall-ID: be5917e7@x\n\nv=0"
    assert parse_entry([]) is None and parse_entry(["An invalid entry was specified."]) is None


def said(manager):
    return [line for line in manager.said if line.startswith("pjsip set")]


def test_unused_it_is_switched_off_and_emptied():
    manager = Manager({"pjsip show history": EMPTY})
    with Recorder(manager, "one"):
        assert said(manager) == ["pjsip set history on"] and manager.actions == []
    assert said(manager)[1:] == ["pjsip set history off", "pjsip set history clear"]


def test_after_a_failure_too():
    manager = Manager({"pjsip show history": EMPTY})
    with pytest.raises(RuntimeError):
        with Recorder(manager, "one"):
            raise RuntimeError
    assert said(manager)[1:] == ["pjsip set history off", "pjsip set history clear"]


def test_kept_but_switched_off_it_is_switched_off_and_not_emptied():
    manager = Manager({"pjsip show history": LIST})
    with Recorder(manager, "one"):
        assert manager.actions == [("PJSIPQualify", {"Endpoint": "one"})]
    assert said(manager) == ["pjsip set history on", "pjsip set history off"]


def test_in_use_it_stays_on():
    lists = iter([LIST[:4], LIST[:6], LIST[:6], LIST, LIST])
    manager = Manager({"pjsip show history": lambda: next(lists)})
    with Recorder(manager, "one") as recorder:
        # Only what came since is ours.
        assert [row.number for row in recorder.requests("ACK")] == [7]
        assert recorder.requests("INVITE") == []
    assert said(manager) == ["pjsip set history on"]


def test_a_dialogue():
    manager = Manager({
        "pjsip show history": EMPTY,
        "pjsip show history where": LIST[:3] + LIST[5:6],
        "pjsip show history entry": ENTRY,
    })
    with Recorder(manager, "one") as recorder:
        assert len(recorder.dialogue("be5917e7@x")) == 2
        assert manager.said[-3] == 'pjsip show history where sip.msg.call-id = "be5917e7@x"'
        before = len(manager.said)
        assert recorder.dialogue('x" or sip.msg.call-id != "') == [] and len(manager.said) == before


def test_without_the_module():
    manager = Manager({"pjsip show history": ["No such command 'pjsip show history' (type 'core show help')"]})
    with pytest.raises(HistoryMissing):
        Recorder(manager, "one").__enter__()
