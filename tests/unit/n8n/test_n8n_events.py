# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service that tells n8n of calls: what an event says, and that none is lost, doubled or out of order."""

from __future__ import annotations

import importlib
import json
import os

import jsonschema
import pytest

from .test_n8n_route import CONFIG, ROOT, n8n_client

n8n_events = importlib.import_module("n8n_events")
EVENT = json.loads((ROOT / "docs/schemas/n8n-event-1.json").read_text(encoding="utf-8"))
CALL = "linked_id=1795650000.42&to=+17756187988&from=%2B919876543210&from_name=Zo%C3%AB+%26+Co%3D1" \
       "&twilio_call_sid=CA1&twilio_account_sid=AC1"
RTCP = "ssrc=1;themssrc=2;lp=3;rxjitter=0.001500;rxcount=500;txjitter=0.000100;txcount=501;rlp=0;rtt=0.020000"
BEGAN = 1795650000
ANSWERED = "1795650010000@answered@reception@1795650000.42.event"
ENDED = "1795650070500@ended@reception@1795650000.42.event"


def ended(**changes):
    given = {"answered": "", "cause": "16", "voicemail": "", "mailbox": "", "routed_to": "", "keys": "2#",
             "attempts": "1", "tag": "crm:1", "rtcp": "", **changes}
    return "&".join(f"{name}={value}" for name, value in given.items()) + f"&{CALL}\n"


def events(file, text):
    found = n8n_events.Record.named(file).events(text, "pbx1")
    for event in found:
        jsonschema.validate(event, EVENT)
    return found


def test_who_answered():
    (event,) = events(ANSWERED, f"by=phone 1001&{CALL}\n")
    assert event["answered_by"] == {"phone": "1001"} and event["from_name"] == "Zoë & Co=1"
    assert (event["from"], event["to"]) == ("+919876543210", "+17756187988")
    assert (event["id"], event["time"]) == ("pbx1/1795650000.42/answered/1795650010000", "2026-11-25T23:40:10Z")


@pytest.mark.parametrize(("changes", "kinds", "expected"), [
    ({"answered": "1795650010000 phone 1001", "rtcp": RTCP}, ["ended"],
     {"disposition": "answered", "duration_seconds": 70, "talk_seconds": 60, "answered_by": {"phone": "1001"}}),
    ({"answered": "1795650010000 outside +12025550143"}, ["ended"], {"answered_by": {"outside": "+12025550143"}}),
    ({"mailbox": "sales", "voicemail": "SUCCESS"}, ["voicemail", "ended"],
     {"disposition": "voicemail", "talk_seconds": 0, "answered_by": None}),
    ({"mailbox": "sales", "voicemail": "FAILED"}, ["missed", "ended"], {"disposition": "missed"}),
    ({"routed_to": "hangup busy", "cause": "17"}, ["ended"],
     {"disposition": "refused", "cause": 17, "routed_to": {"hangup": "busy"}}),
    ({"routed_to": "ring_group sales"}, ["missed", "ended"], {"disposition": "missed", "tag": "crm:1", "keys": "2#"}),
    ({"cause": "", "attempts": ""}, ["missed", "ended"], {"cause": 0, "attempts": 0, "quality": None}),
])
def test_how_a_call_ended(changes, kinds, expected):
    found = events(ENDED, ended(**changes))
    assert [event["event"] for event in found] == kinds
    assert {name: found[-1][name] for name in expected} == expected


def test_an_id_that_is_no_time_gives_no_duration():
    assert events("1795650070500@ended@reception@trunkline-1a-dialplan.event", ended())[-1]["duration_seconds"] == 0


def test_the_quality_is_that_of_the_callers_audio():
    assert events(ENDED, ended(rtcp=RTCP))[-1]["quality"] == {
        "packets_received": 500, "packets_lost": 3, "jitter_ms": 1.5, "packets_sent": 501, "packets_lost_by_peer": 0,
        "rtt_ms": 20}
    for nothing in ("", "garbage", RTCP.replace("500", "0").replace("501", "0"), RTCP.replace("500", "x")):
        assert events(ENDED, ended(rtcp=nothing))[-1]["quality"] is None


@pytest.mark.parametrize("file", ["", "x.event", "1@2@3.event", "a@ended@r@1.2.event", "1@ended@r@1.2", ".event"])
def test_what_is_no_record_is_left_alone(file):
    assert n8n_events.Record.named(file) is None


class N8n:
    """What n8n was sent, and the faults that it answers with, in their order; the last stays."""

    def __init__(self, *faults):
        self.faults, self.taken, self.tries = list(faults), [], 0

    def ask(self, route, body, headers):
        self.tries += 1
        if self.faults:
            fault = self.faults.pop(0) if len(self.faults) > 1 else self.faults[0]
            if fault:
                raise fault
        event = json.loads(body)
        assert route.url == "https://n8n.example.com/e" and headers["Idempotency-Key"] == event["id"]
        self.taken.append((event["event"], event["call_id"]))


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Return lab(*faults): a shipper with a spool, an n8n and a clock."""
    spool, config, said, now = tmp_path / "spool", tmp_path / "n8n.conf", [], [BEGAN + 100.0]
    spool.mkdir()
    config.write_text(f"{CONFIG}events_url = https://n8n.example.com/e\n")

    class Lab:
        def __init__(self, *faults):
            self.n8n, self.said, self.now, self.spool, self.config = N8n(*faults), said, now, spool, config
            monkeypatch.setattr(n8n_events, "ask", self.n8n.ask)
            self.restart()

        def restart(self):
            self.shipper = n8n_events.Shipper(str(spool), str(config), said.append, lambda: now[0])

        def write(self, call, at=BEGAN, kind="ended", row="reception", text=None):
            path = spool / f"{at}000@{kind}@{row}@{call}.event"
            path.write_text(ended(mailbox="sales", voicemail="SUCCESS") if text is None else text)
            os.utime(path, (at, at))

        def run(self, seconds=0):
            now[0] += seconds
            return self.shipper.run_once()

        @property
        def left(self):
            return len(list(spool.iterdir()))

    return Lab


def test_events_arrive_in_their_order_and_once(lab):
    one = lab()
    for call, at in (("3.1", BEGAN + 2), ("1.1", BEGAN), ("2.1", BEGAN + 1)):
        one.write(call, at)
    one.run()
    one.run()
    assert one.n8n.taken == [(kind, call) for call in ("1.1", "2.1", "3.1") for kind in ("voicemail", "ended")]
    assert (one.left, one.said) == (0, [])


def test_nothing_is_lost_while_n8n_is_away(lab):
    one = lab(n8n_client.Fault("unreachable: Connection refused"))
    one.write("1.1")
    one.write("2.1", BEGAN + 1)
    for dummy in range(100):
        one.run(600)
    assert one.left == 2 and one.n8n.tries == 100, "no more than the first record is tried at a time"
    assert one.said == ["n8n reception: events wait: unreachable: Connection refused"]
    one.n8n.faults = []
    one.run(61)
    assert [call for dummy, call in one.n8n.taken] == ["1.1", "1.1", "2.1", "2.1"] and one.left == 0
    assert one.said[1:] == ["n8n reception: events are taken again"]


def test_the_pauses_grow(lab):
    one = lab(n8n_client.Fault("unreachable"))
    one.write("1.1")
    for dummy in range(300):
        one.run(1)
    assert 8 <= one.n8n.tries <= 12, one.n8n.tries


def test_a_restart_in_mid_delivery_sends_the_same_event_again(lab):
    one = lab(None, RuntimeError("killed"))
    one.write("1.1")
    with pytest.raises(RuntimeError):
        one.run()
    one.n8n.faults = []
    one.restart()
    one.run()
    assert one.n8n.taken == [("voicemail", "1.1"), ("voicemail", "1.1"), ("ended", "1.1")] and one.left == 0


def test_one_row_does_not_wait_for_another(lab):
    one = lab()
    one.write("1.1", row="other")
    one.write("2.1", BEGAN + 1)
    one.run()
    assert [call for dummy, call in one.n8n.taken] == ["2.1", "2.1"] and one.left == 1
    one.run(n8n_events.REFUSED_SECONDS + 61)
    assert one.left == 0 and "1.1.event is lost" in one.said[-1] and "has no other" in one.said[-1]


def test_a_configuration_that_cannot_be_read_loses_nothing(lab):
    one = lab()
    one.write("1.1")
    kept = one.config.read_text()
    one.config.unlink()
    one.run(86400)
    one.run(86400)
    assert one.left == 1
    one.config.write_text(kept)
    one.run(61)
    assert one.left == 0 and len(one.n8n.taken) == 2


class Picky(N8n):
    """It refuses events of a kind, as a workflow does whose chat is down."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def ask(self, route, body, headers):
        self.tries += 1
        if json.loads(body)["event"] == self.kind:
            raise n8n_client.Refused("status 500", 500)
        super().ask(route, body, headers)


def test_an_event_that_n8n_refuses_holds_up_its_own_call_alone(lab, monkeypatch):
    """After an hour it is lost and named, and what else its call has to say is sent."""
    one = lab()
    one.n8n = Picky("voicemail")
    monkeypatch.setattr(n8n_events, "ask", one.n8n.ask)
    one.write("1.1")
    one.write("1.1", BEGAN + 5, kind="answered", text=f"by=phone 1001&{CALL}\n")
    one.write("2.1", BEGAN + 6, kind="answered", text=f"by=phone 1001&{CALL}\n")
    one.run()
    assert one.n8n.taken == [("answered", "2.1")] and one.left == 2
    assert one.said == [f"n8n reception: {BEGAN}000@ended@reception@1.1.event waits, and others go on: status 500"]
    for dummy in range(61):
        one.run(60)
    assert one.left == 2 and len(one.said) == 1, "nothing was taken since, and so it may be n8n's fault"
    one.write("3.1", BEGAN + 7, kind="answered", text=f"by=phone 1001&{CALL}\n")
    one.run(61)
    one.run(61)
    assert one.n8n.taken[1:] == [("answered", "3.1"), ("ended", "1.1"), ("answered", "1.1")] and one.left == 0
    assert one.said[1:] == [f"n8n reception: voicemail of {BEGAN}000@ended@reception@1.1.event is lost: status 500"]


def test_a_chat_that_comes_back_gets_what_waited_and_n8n_nothing_twice(lab, monkeypatch):
    one = lab()
    one.n8n = Picky("ended")
    monkeypatch.setattr(n8n_events, "ask", one.n8n.ask)
    one.write("1.1")
    one.run()
    one.n8n.kind = ""
    one.run(61)
    assert one.n8n.taken == [("voicemail", "1.1"), ("ended", "1.1")] and one.left == 0


def test_an_n8n_that_refuses_everything_loses_nothing_and_is_not_asked_for_all(lab, monkeypatch):
    monkeypatch.setattr(n8n_events, "MAX_REFUSED", 3)
    one = lab(n8n_client.Refused("status 500", 500))
    for number in range(20):
        one.write(f"{number}.1", BEGAN + number)
    one.run()
    assert one.n8n.tries == 4
    for dummy in range(80):
        one.run(100)
    assert one.left == 20 and one.n8n.tries <= 4 * 81
    one.n8n.faults = []
    one.run(61)
    one.run(61)
    assert one.left == 0 and len(one.n8n.taken) == 40


def test_a_token_that_is_refused_loses_nothing_for_a_week(lab):
    one = lab(n8n_client.Refused("token refused: status 403", 403))
    one.write("1.1")
    one.run(6 * 86400)
    one.run(3600)
    assert one.left == 1
    one.run(86400)
    assert one.left == 0 and "ended of " in one.said[-1] and "is lost: token refused" in one.said[-1]


@pytest.mark.parametrize("text", ["", "answered=", ended()[:-1]])
def test_a_record_that_was_cut_off_holds_up_nobody(lab, text):
    one = lab()
    one.write("1.1", text=text)
    one.write("2.1", BEGAN + 1)
    one.run()
    assert [call for dummy, call in one.n8n.taken] == ["2.1", "2.1"] and one.left == 0
    assert "1.1.event is lost: it is not whole" in one.said[0]


def test_a_record_that_is_being_written_is_waited_for(lab):
    one = lab()
    one.write("1.1", BEGAN + 99, text="answered=")
    one.run()
    assert (one.left, one.said) == (1, [])
    one.write("1.1", BEGAN + 99)
    one.run()
    assert one.left == 0 and len(one.n8n.taken) == 2


def test_the_disk_is_not_filled(lab, monkeypatch):
    monkeypatch.setattr(n8n_events, "MAX_RECORDS", 3)
    one = lab(n8n_client.Fault("unreachable"))
    for number in range(5):
        one.write(f"{number}.1", BEGAN + number)
    one.run()
    assert one.left == 3 and one.said[0].startswith("2 records are lost, the oldest")
    one.n8n.faults = []
    one.run(61)
    assert [call for dummy, call in one.n8n.taken] == ["2.1", "2.1", "3.1", "3.1", "4.1", "4.1"]


def test_a_long_spool_is_looked_at_again_meanwhile(lab):
    one = lab()
    for number in range(5):
        one.write(f"{number}.1", BEGAN + number)
    assert one.shipper.run_once(most=3) and one.left == 2
    assert not one.shipper.run_once(most=3) and one.left == 0
