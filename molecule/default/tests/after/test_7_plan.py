# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""plan.yml on an unchanged system, and after drift."""

from __future__ import annotations

import json

from labtest.plays import play


def test_plan_of_a_built_system_is_empty(detail):
    """plan.yml on an unchanged system ends with 0 and says that there is nothing to change."""
    run = play("plan")
    last = run.output.rstrip().splitlines()[-1]
    detail(last)
    assert run.code == 0, run.output[-4000:]
    assert last == "Nothing to change: 0 to add, 0 to change, 0 to remove."


def test_plan_names_drift_on_both_sides(account, pbx, tmp_path, detail):
    """What was changed by hand on both sides is named as drift with exit code 2, and mended by site.yml."""
    trunk = account.trunking.v1.trunks.list()[0]
    trunk.update(transfer_mode="sip-only")
    pbx.check_output("echo '; by hand' >> /etc/asterisk/rtp.conf && chmod 0644 /etc/asterisk/logger.conf")
    pbx.check_output("systemctl stop asterisk")
    try:
        run = play("plan", variables={"plan_json": str(tmp_path / "plan.json")})
        still = pbx.check_output("tail -n 1 /etc/asterisk/rtp.conf; systemctl is-active asterisk || true").split()
    finally:
        mended = play("site")
    plan = json.loads((tmp_path / "plan.json").read_text())
    detail(plan["summary"])
    assert run.code == 2, run.output[-4000:]
    assert still == [";", "by", "hand", "inactive"]
    assert sorted((change["where"], change["line"]) for change in plan["changes"]) == [
        ("Twilio", '~ trunk Asterisk-SIP-Trunk (transfer_mode "sip-only" → "disable-all") [drift]'),
        ("pbx1", "~ file /etc/asterisk/rtp.conf [drift]"),
        ("pbx1", "~ owner and mode of /etc/asterisk/logger.conf [drift]"),
        ("pbx1", "~ service asterisk; start [drift]"),
    ]
    assert mended.code == 0, mended.output[-4000:]
    again = play("plan")
    assert again.code == 0, again.output[-4000:]
