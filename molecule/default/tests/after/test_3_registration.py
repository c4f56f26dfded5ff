# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registration of a real softphone."""

from __future__ import annotations

import os
import time

import pytest

from labtest.softphone import Softphone, steps

PASSWORD = os.environ["TRUNKLINE_PHONE_PASSWORD"]


@pytest.fixture
def softphone(phone, address):
    made = Softphone(phone, address["pbx1"])
    yield made
    phone.run("systemctl stop softphone")


def contacts(asterisk) -> list[str]:
    return [line for line in asterisk("pjsip show contacts").splitlines() if "1001/sip:1001" in line]


def wait_until(condition, seconds: float) -> float:
    """Wait until the condition holds; return the seconds.

    :raises TimeoutError: if it does not.
    """
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > seconds:
            raise TimeoutError(f"it did not happen within {seconds} s")
        time.sleep(0.3)
    return time.monotonic() - begin


def test_registers(softphone, asterisk, address, detail):
    """A softphone registers: REGISTER, 401, REGISTER, 200, and its contact is shown."""
    softphone.start("1001", PASSWORD)
    wait_until(lambda: contacts(asterisk), 10)
    assert address["phone1"] in contacts(asterisk)[0]
    ladder = steps(softphone.host.file("/var/tmp/softphone.log").content_string, "REGISTER")
    detail(", ".join(ladder))
    assert ladder == ["REGISTER", "401", "REGISTER", "200"]


def test_wrong_password(softphone, asterisk, pbx, address, detail):
    """A wrong password does not register and leaves a security event."""
    before = pbx.check_output("cat /var/log/asterisk/security.log").count("\n")
    printed = softphone.run("1001", "Wrong-password-1", seconds=3)
    assert "200" not in steps(printed, "REGISTER")
    assert not contacts(asterisk)
    events = pbx.check_output("cat /var/log/asterisk/security.log").splitlines()[before:]
    refused = [
        line
        for line in events
        if 'SecurityEvent="ChallengeResponseFailed"' in line or 'SecurityEvent="InvalidPassword"' in line
    ]
    assert refused and all('AccountID="1001"' in line and address["phone1"] in line for line in refused), events
    detail(refused[0].partition("SecurityEvent=")[2].split(",")[0].strip('"'))


def test_registration_expires(softphone, asterisk, detail):
    """A phone that vanishes loses its registration when that expires."""
    softphone.start("1001", PASSWORD, options="regint=10")
    wait_until(lambda: contacts(asterisk), 10)
    softphone.kill()
    detail(f"after {wait_until(lambda: not contacts(asterisk), 30):.0f} s")
