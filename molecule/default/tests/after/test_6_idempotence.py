# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Further runs: idempotence, check mode and drift."""

from __future__ import annotations

from labtest.plays import play


def test_second_run_changes_nothing(detail):
    """A second run of site.yml changes nothing on any host."""
    run = play("site", "--diff", "-vvv")
    assert run.code == 0, run.output[-4000:]
    detail(str(run.changed))
    assert run.changed and set(run.changed.values()) == {0}


def test_second_run_of_the_twin_changes_nothing():
    """A second run of twin.yml changes nothing."""
    run = play("twin")
    assert run.code == 0, run.output[-4000:]
    assert run.changed == {"twilio": 0}


def test_check_mode_of_a_built_system_changes_nothing():
    """--check --diff of an unchanged system shows no difference."""
    run = play("site", "--check", "--diff")
    assert run.code == 0, run.output[-4000:]
    assert set(run.changed.values()) == {0}
    assert "\n--- before" not in run.output


def test_drift_is_shown_and_mended(account, pbx):
    """--check --diff shows drift at Twilio and on the PBX, and the next run reverts it."""
    named = [one for one in account.sip.ip_access_control_lists.list() if one.friendly_name == "Asterisk-Server"][0]
    entries = account.sip.ip_access_control_lists(named.sid).ip_addresses
    entries.create(friendly_name="by hand", ip_address="198.51.100.7")
    pbx.check_output("echo '; ByHand51' >> /etc/asterisk/rtp.conf")
    secrets = "/etc/asterisk/pjsip_secrets.conf"
    pbx.check_output("sed -i --follow-symlinks 's/^password = .*/password = ByHand52/' %s", secrets)
    pbx.check_output("echo '[general]' > /etc/asterisk/iax.conf")
    shown = play("site", "--check", "--diff")
    assert shown.changed == {"localhost": 1, "pbx1": 1}, shown.output
    assert '-                    "ip_address": "198.51.100.7"' in shown.output, shown.output
    assert "\n-; ByHand51" in shown.output and "--- before: /etc/asterisk/iax.conf" in shown.output, shown.output
    assert "\n-password = ********" in shown.output and "ByHand52" not in shown.output, shown.output
    assert len(entries.list()) == 2
    assert pbx.check_output("tail -n 1 /etc/asterisk/rtp.conf") == "; ByHand51"
    mended = play("site")
    assert mended.code == 0 and mended.changed == {"localhost": 1, "pbx1": 1}
    assert len(entries.list()) == 1
    left = pbx.run("grep ByHand5 /etc/asterisk/*.conf; ls /etc/asterisk/iax.conf")
    assert not left.stdout, left.stdout


def test_password_sent_again():
    """twilio_trunk_update_password sends the password again, as one change that does not show it."""
    run = play("site", "--diff", "-vvv", variables={"twilio_trunk_update_password": "always"})
    assert run.code == 0, run.output[-4000:]
    assert run.changed == {"localhost": 1, "pbx1": 0}
    assert '+                    "password": "(sent by this run, not shown)"' in run.output
