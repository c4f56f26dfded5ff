# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode and plan before the first run: they show what will be done and change nothing."""

from __future__ import annotations

import os

from labtest.plays import play


def traces(pbx) -> tuple:
    """Return the state of the PBX that a run would change."""
    return (
        pbx.check_output("dpkg-query --show"),
        pbx.check_output("find /etc -newer /proc/1/exe -type f | sort | xargs -r md5sum | md5sum; ls /etc | md5sum"),
        pbx.file("/etc/asterisk").exists,
    )


def test_first_check(pbx, account, detail):
    """--check --diff before the first run shows what it will do and changes nothing."""
    before = traces(pbx)
    run = play("site", "--check", "--diff", "-vvv")
    assert run.code == 0, run.output[-6000:]
    for will_be in (
        '+            "domain_name": "asterisk-pbx1.pstn.twilio.com"',
        '+                    "username": "Asterisk"',
        "+contact = sip:asterisk-pbx1.pstn.twilio.com",
        "+from_domain = asterisk-pbx1.pstn.twilio.com",
    ):
        assert will_be in run.output, will_be
    detail(str(run.changed))
    assert all(count > 0 for count in run.changed.values())
    assert traces(pbx) == before
    assert not account.trunking.v1.trunks.list()
    assert not account.sip.ip_access_control_lists.list() + account.sip.credential_lists.list()
    for name in ("TRUNKLINE_TRUNK_PASSWORD", "TRUNKLINE_PHONE_PASSWORD", "TWILIO_AUTH_TOKEN"):
        assert os.environ[name] not in run.output


def test_first_plan(pbx, account, detail):
    """plan.yml before the first run says what will be added on both sides and changes nothing."""
    before = traces(pbx)
    run = play("plan")
    detail(run.output.rstrip().splitlines()[-1])
    assert run.code == 2, run.output[-6000:]
    for line in ("+ package asterisk", "+ file /etc/asterisk/pjsip.conf", "+ service asterisk; start"):
        assert f"\n  {line}\n" in run.output, run.output[-6000:]
    # Of all that is declared only the permission to call a country is there before.
    drifted = [line for line in run.output.splitlines() if "[drift]" in line]
    assert len(drifted) == 1 and "country IN" in drifted[0], drifted
    assert traces(pbx) == before and not account.trunking.v1.trunks.list()
