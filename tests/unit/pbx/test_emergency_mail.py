# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail about an emergency call: what it says, and that a mail that is not taken is tried again and named."""

from __future__ import annotations

import email
import email.policy
import importlib.util
import io
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "roles/pbx/files/emergency_mail.py"
CALL = {
    "MAIL_TO": "guard@example.com desk@example.com", "MAIL_FROM": "pbx@example.com", "WHO": "1001", "DIALLED": "911",
    "CALLBACK": "+17756187988", "LOCATION": "2. Stock, Büro 204", "WHAT": "Emergency"}


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("emergency_mail", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(mail: bytes):
    return email.message_from_bytes(mail, policy=email.policy.default)


def test_a_mail_says_who_dialled_what_where_and_when(script):
    mail = read(script.message("guard@example.com", CALL, 1795680000, "pbx1"))
    assert mail["Subject"] == "Emergency: Phone 1001 dialled 911"
    assert (mail["To"], mail["From"]) == ("guard@example.com", "pbx@example.com")
    text = mail.get_content()
    for part in ("Phone 1001 dialled 911 at 2026-11-26 08:00:00 UTC on pbx1", "+17756187988", "2. Stock, Büro 204"):
        assert part in text


def test_a_call_that_was_transferred_and_no_location_are_said(script):
    mail = read(script.message("guard@example.com", {**CALL, "WHO": "", "LOCATION": "", "MAIL_FROM": ""}, 0, "pbx1"))
    assert mail["Subject"] == "Emergency: A transferred call dialled 911" and mail["From"] is None
    assert "Location: not stated" in mail.get_content()


def test_one_address_that_fails_holds_no_other(script, monkeypatch):
    """The mail that was taken is not sent twice; the other one is tried so often, and its fault is returned."""
    sent = []

    def send(mail):
        sent.append(read(mail)["To"])
        return "no such user" if sent[-1].startswith("guard") else ""

    monkeypatch.setattr(script, "send", send)
    monkeypatch.setattr(script, "PAUSE_SECONDS", 0)
    assert script.send_all(CALL, 0, "pbx1") == "guard@example.com: no such user"
    assert sent == ["guard@example.com", "desk@example.com", *["guard@example.com"] * 4]


@pytest.mark.parametrize(("command", "fault"), [
    (("/nonexistent/sendmail",), "No such file"), (("false",), "sendmail failed with 1"), (("cat",), "")])
def test_a_sendmail_that_fails_is_named(script, monkeypatch, command, fault):
    monkeypatch.setattr(script, "SENDMAIL", command)
    assert fault in script.send(b"Subject: x\n\n") and bool(script.send(b"")) == bool(fault)


def test_it_reads_the_channel_and_sets_the_fault(script, monkeypatch):
    answers = "".join(f"200 result=1 ({CALL[name]})\n" for name in script.VARIABLES)
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"agi_request: x\nagi_channel: y\n\n{answers}200 result=1\n"))
    monkeypatch.setattr("sys.stdout", said)
    monkeypatch.setattr(script, "send_all", lambda call, now, host: 'no "mail"\nat all' if call == CALL else str(call))
    script.main()
    assert said.getvalue().splitlines()[-1] == 'SET VARIABLE MAIL_FAULT "no  mail  at all"'
