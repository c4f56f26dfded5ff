# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that leave a message in a mailbox: its lamp, its mail, who may listen, also from outside, and changed PINs."""

from __future__ import annotations

import email.policy
import os
import time

import numpy
import pytest

from labtest.audio import RATE, chatter, from_ulaw, recognised, samples, to_ulaw
from labtest.incoming import CALLER, SOUNDS, start_devices
from labtest.plays import play
from labtest.softphone import Softphone
from labtest.twin import place_incoming_call
from labtest.waiting import until

OFFICE, REMOTE = "+17756187988", "+12025550143"
PIN, SECOND, THIRD = "729416", "806135", "592653"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
SAID = "demo-thanks"        # what the twin's callers say
BOXES = "/var/spool/asterisk/voicemail/default"
SPOOL = f"{BOXES}/1001"
MAIL, BEN, LOG, SAYS = "/var/mail/anna", "/var/mail/ben", "/var/tmp/softphone.log", "/var/log/asterisk/messages.log"
FEATURES = {
    "pbx_phones": [{"name": name, "password": PASSWORD, "mailbox": name} for name in ("1001", "1002")],
    "pbx_speed_dials": [{"dial": dial, "to": {"mailbox": name}} for dial, name in (("82", "1002"), ("83", "1003"))],
    "pbx_dids": [
        {"number": OFFICE, "to": {"mailbox": "1001"}}, {"number": REMOTE, "to": {"mailbox_login": "remote"}}],
    "pbx_mailbox_logins": [{"name": "remote", "mailboxes": ["1001"], "wrong_pins": 3}],
    "pbx_mailboxes": [
        {"name": "1001", "pin": PIN, "owner": "Anna Müller", "email": "anna@example.com", "prompt": "vm-intro"},
        {"name": "1002", "pin": PIN, "email": "ben@example.com", "delete_after_mail": True, "max_seconds": 10},
        {"name": "1003", "pin": PIN, "max_messages": 1}],
    "pbx_voicemail_sender": "pbx@example.com",
    "pbx_emergency_notify": {"emails": ["missing@example.com", "anna@example.com"], "location": "Büro 204, 2nd floor"},
}
INSTALL = "DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends"


def site(**changed):
    run = play("site", variables={**FEATURES, "verify_number": "", **changed})
    assert run.code == 0, run.output[-4000:]
    return run


@pytest.fixture(scope="module", autouse=True)
def built(pbx, phone, address, declare):
    """The PBX's sendmail hands mail to the Exim of another host; site.yml declares the mailboxes."""
    phone.check_output(f"{INSTALL} exim4-daemon-light && rm -f {MAIL} {BEN}")
    phone.check_output("for one in anna ben; do id $one || useradd $one || exit 1; done")
    phone.check_output(
        "sed -i -e 's/^dc_local_interfaces=.*/dc_local_interfaces=/'"
        " -e 's/^dc_other_hostnames=.*/dc_other_hostnames=example.com/'"
        " /etc/exim4/update-exim4.conf.conf && update-exim4.conf && systemctl restart exim4")
    pbx.check_output(f"{INSTALL} msmtp-mta && rm -rf {BOXES}/100?")
    pbx.check_output(
        f"printf 'account default\\nhost {address['phone1']}\\nport 25\\nfrom pbx@example.com\\n' > /etc/msmtprc")
    declare(FEATURES)
    yield
    phone.check_output("systemctl stop softphone || true; apt-get purge --yes 'exim4*'")
    pbx.check_output(f"apt-get purge --yes msmtp-mta msmtp; rm -rf /etc/msmtprc {BOXES}/100?")


@pytest.fixture
def dial(phone, address):
    """Return dial(*keys), which calls the mailbox from its phone and presses keys, two seconds between each."""
    def call(*keys):
        phone.run("systemctl stop softphone")
        within = []
        for key in "|".join(keys):
            within.append(["wait", "", "2"] if key == "|" else [
                "INFO", "application/dtmf-relay", f"Signal={key}\r\nDuration=120\r\n"])
            within.append(["wait", "", "0.3"])
        return start_devices(phone, address, devices=[None], dial="*97", within=within)()

    return call


def messages(pbx, folder: str, box: str = "1001") -> int:
    return len(pbx.run(f"ls {BOXES}/{box}/{folder}/*.txt").stdout.split())


def heard(phone, pbx, prompt: str) -> float:
    """Return how much of a prompt is in what a desk phone has heard."""
    sound = samples(pbx.file(f"{SOUNDS}/{prompt}.wav").content)
    return recognised(sound, from_ulaw(numpy.frombuffer(phone.hear(), numpy.uint8)))


def secret(pbx) -> str:
    return pbx.run(f"sed -n 's/^password *=[ >]*//p' {SPOOL}/secret.conf").stdout.strip()


def test_a_message_lights_the_lamp_and_comes_by_mail(called, pbx, phone, address, detail):
    """A caller's message is recorded, the phone's lamp goes on, and mail brings the recording."""
    softphone = Softphone(phone, address["pbx1"])
    softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"])
    until(lambda: "Messages-Waiting: no" in phone.file(LOG).content_string)
    called(OFFICE, keys="w" * 18, until=lambda: time.sleep(16))
    until(lambda: "Voice-Message: 1/0" in phone.file(LOG).content_string)
    until(lambda: phone.file(MAIL).exists and phone.file(MAIL).size)
    softphone.stop()
    mail = email.message_from_bytes(phone.file(MAIL).content, policy=email.policy.default)
    sound = next(part for part in mail.walk() if part.get_content_maintype() == "audio")
    said = samples(pbx.file(f"{SOUNDS}/{SAID}.wav").content)
    share = recognised(said, samples(sound.get_payload(decode=True)))
    detail(f"{share:.0%} of what the caller said is in the mail {str(mail['Subject'])!r}")
    assert messages(pbx, "INBOX") == 1
    assert share > 0.6 and "pbx@example.com" in mail["From"] and "anna@example.com" in mail["To"]


def test_a_wrong_pin_opens_nothing(dial, pbx):
    """Three wrong PINs, none of them the mailbox's: nobody listens, and the message stays new."""
    assert dial("1234#", "1001#", "#")["dialled"] == 200
    assert messages(pbx, "INBOX") == 1 and not messages(pbx, "Old")


def test_a_pin_that_is_changed_by_telephone_survives_runs(dial, asterisk, pbx, detail):
    """The owner changes the PIN; neither a run nor a changed mailbox nor a restart brings the old one back."""
    dial(f"{PIN}#", "0", "5", f"{SECOND}#", f"{SECOND}#")
    assert secret(pbx) == SECOND
    assert site().changed["pbx1"] == 0
    first, *others = FEATURES["pbx_mailboxes"]
    site(pbx_mailboxes=[{**first, "max_messages": 9}, *others])
    pbx.check_output("systemctl restart asterisk && asterisk -rx 'core waitfullybooted'")
    dial(f"{PIN}#", "0", "5", f"{THIRD}#", f"{THIRD}#")
    assert secret(pbx) == SECOND
    dial(f"{SECOND}#", "0", "5", f"{THIRD}#", f"{THIRD}#")
    assert secret(pbx) == THIRD
    detail("kept through two runs and a restart, in " + f"{SPOOL}/secret.conf")


def keyed(*attempts):
    """Return the keys of attempts from outside, each a mailbox and a PIN, with the time that prompts take."""
    return "w" * 6 + ("w" * 8).join(f"{box}#wwww{pin}#" for box, pin in attempts)


def test_wrong_pins_from_outside_lock_the_caller_and_the_mailbox(called, twin, twilio, asterisk, pbx, detail):
    """The owner's old PIN, an easy one, and the right one for a mailbox that is not there end the call.

    The next call of the same caller is not answered, after a reload either. Another caller's wrong PIN is the third one
    for the mailbox, which the right one opens no more.
    """
    asterisk("database deltree wrong_pins")
    before, written = len(twin.calls()), int(pbx.check_output(f"wc -l < {SAYS}"))
    assert called(REMOTE, keys=keyed(("1001", PIN), ("1001", "111111"), ("1002", THIRD)))["sip_status"] == 200
    asterisk("core reload")
    assert called(REMOTE, keys=keyed(("1001", THIRD)))["sip_status"] == 403
    place_incoming_call(twilio, REMOTE, CALLER[:-1] + "1", keyed(("1001", SECOND), ("1001", THIRD)))
    assert twin.call_to(REMOTE, before + 2, seconds=60)["sip_status"] == 200
    said = pbx.check_output(f"tail -n +{written + 1} {SAYS}")
    detail(asterisk("database show wrong_pins").replace("\n", "; "))
    assert said.count("Wrong PIN for mailbox 1001") == 3 and said.count("Wrong PIN for a mailbox that is not open") == 1
    assert said.count("Mailbox 1001 is locked for calls from outside: 3 wrong PINs") == 1
    assert said.count(f"Refused a call from {CALLER} to remote: locked after 3 wrong PINs") == 1
    assert said.count(f"Refused {CALLER[:-1]}1 at mailbox 1001: locked after wrong PINs") == 1
    assert "listens to mailbox" not in said and THIRD not in said
    assert len(twin.calls()) == before + 3      # nobody was called


def test_the_owner_listens_and_the_lamp_goes_off(dial, pbx, phone, address):
    """Who keys the PIN hears the message; it is an old one then, and the phone's lamp is off."""
    dial(f"{THIRD}#", "1", "", "", "", "", "")
    until(lambda: messages(pbx, "Old") == 1 and not messages(pbx, "INBOX"))
    softphone = Softphone(phone, address["pbx1"])
    softphone.start("1001", os.environ["TRUNKLINE_PHONE_PASSWORD"])
    until(lambda: "Voice-Message: 0/1" in phone.file(LOG).content_string)
    assert "Messages-Waiting: yes" not in phone.file(LOG).content_string
    softphone.stop()


def test_the_owner_listens_from_outside_and_reaches_nothing_else(called, twin, asterisk, pbx, likeness, detail):
    """Who keys the mailbox and the PIN hears the message, and no key calls anybody back or out."""
    for key in ("mailbox-1001", f"caller-{CALLER}"):
        asterisk(f"database del wrong_pins {key}")
    before, written = len(twin.calls()), int(pbx.check_output(f"wc -l < {SAYS}"))

    def listened():
        until(lambda: "listens to mailbox 1001 from outside" in pbx.check_output(f"tail -n +{written + 1} {SAYS}"), 60)
        time.sleep(25)      # as long as the keys, what is said of the message, and the message take

    # 1 plays the message, 3 2 would call back who left it, 3 4 call out, 0 an operator.
    call = called(REMOTE, keys=keyed(("1001", THIRD)) + "wwww32ww34ww*www0ww*wwww1", until=listened)
    share = likeness(call, SAID)
    detail(f"{share:.0%} of the message recognised")
    assert share > 0.4
    assert len(twin.calls()) == before + 1


def test_an_emergency_call_comes_by_mail_while_it_goes_on(desk, phone, detail):
    """The mail says who dialled what, where, and the number to call back; an address that fails holds none back."""
    phone.check_output(f"rm -f {MAIL}")
    caller = desk("1001")
    assert caller.dial("933") == 200
    until(lambda: "Location:" in phone.run(f"cat {MAIL}").stdout, 60)
    assert caller.see()["up"] == [True]
    mail = email.message_from_bytes(phone.file(MAIL).content, policy=email.policy.default)
    text = mail.get_content()
    detail(f"{mail['Subject']}: {text.splitlines()[0]}")
    assert mail["Subject"] == "Emergency test: Phone 1001 dialled 933" and "pbx@example.com" in mail["From"]
    assert f"Callback number: {OFFICE}" in text and "Location: Büro 204, 2nd floor" in text


def test_an_owner_records_a_greeting_that_callers_hear(desk, pbx, detail):
    """Who keys the PIN records a greeting by 0 and 1; the next caller of the mailbox hears it."""
    said, greeting = chatter(5), f"{BOXES}/1002/unavail"
    owner, caller = desk("1002"), desk("1001")
    assert owner.dial("*97") == 200
    for keys in (f"{PIN}#", "0", "1"):
        time.sleep(3)
        owner.key(0, keys)
    # Asterisk records here once its prompt and the tone are over, and gives the file its name when 1 accepts it.
    until(lambda: pbx.file(f"{greeting}.tmp.wav").exists)
    owner.say(0, to_ulaw(samples(said)))
    owner.key(0, "#")
    time.sleep(2)
    owner.key(0, "1")
    until(lambda: pbx.file(f"{greeting}.wav").exists)
    owner.hang_up(0)
    assert caller.dial("82") == 200
    time.sleep(8)
    caller.hang_up(0)
    share = recognised(samples(said), from_ulaw(numpy.frombuffer(caller.hear(), numpy.uint8)))
    detail(f"{share:.0%} of the greeting recognised")
    assert share > 0.6


def test_a_message_is_as_long_as_it_may_be_and_goes_once_it_was_mailed(desk, phone, pbx, detail):
    """Who speaks for longer than max_seconds is cut off; the mail has so much of it, and the mailbox has nothing."""
    caller = desk("1001")
    assert caller.dial("82") == 200
    caller.key(0, "#")
    caller.say(0, to_ulaw(samples(chatter(14))))
    caller.wait(lambda seen: seen["up"] == [False])
    until(lambda: phone.file(BEN).exists and "audio/" in phone.file(BEN).content_string)
    mail = email.message_from_bytes(phone.file(BEN).content, policy=email.policy.default)
    sound = next(part for part in mail.walk() if part.get_content_maintype() == "audio")
    seconds = len(samples(sound.get_payload(decode=True))) / RATE
    detail(f"{seconds:.1f} s in the mail")
    assert 8 < seconds < 11
    until(lambda: messages(pbx, "INBOX", "1002") == 0)


def test_a_full_mailbox_takes_no_message(desk, pbx, detail):
    """The second caller of a mailbox for one message is told so, and leaves none."""
    caller = desk("1001")
    for index in range(2):
        assert caller.dial("83") == 200
        caller.key(index, "#")
        caller.say(index, to_ulaw(samples(chatter(4))))
        if caller.see()["up"][index]:
            caller.hang_up(index)
        until(lambda: messages(pbx, "INBOX", "1003") == 1)
    share = heard(caller, pbx, "vm-mailboxfull")
    detail(f"{share:.0%} of what a caller is told recognised")
    assert share > 0.6
