# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""teardown.yml, and site.yml after it."""

from __future__ import annotations

import warnings

from labtest.plays import play


def test_teardown(account, pbx, detail):
    """teardown.yml removes what is declared on both sides, once, and site.yml makes it again."""
    refused = play("teardown")
    assert refused.code != 0 and "Nothing was touched" in refused.output
    assert account.trunking.v1.trunks.list() and pbx.service("asterisk").is_running
    first = play("teardown", variables={"teardown_confirm": "yes"})
    try:
        if first.code != 0 or "RETRYING" in first.output:
            said = pbx.run("journalctl --unit=fail2ban --output=cat --lines=30; tail -n 60 /var/log/fail2ban.log")
            warnings.warn(f"fail2ban refused a reload:\n{said.stdout}", stacklevel=1)
        assert first.code == 0, first.output[-4000:]
        assert not account.trunking.v1.trunks.list()
        assert not account.sip.ip_access_control_lists.list() + account.sip.credential_lists.list()
        assert not pbx.service("asterisk").is_running and not pbx.service("asterisk").is_enabled
        left = pbx.check_output("ls -A /etc/asterisk").split()
        detail(f"left in /etc/asterisk: {', '.join(left) or 'nothing'}")
        assert not [name for name in left if name.endswith(".conf")]
        assert pbx.package("asterisk").is_installed
        again = play("teardown", variables={"teardown_confirm": "yes"})
        assert again.code == 0 and set(again.changed.values()) == {0}, again.output[-4000:]
    finally:
        made = play("site")
    assert made.code == 0, made.output[-4000:]
