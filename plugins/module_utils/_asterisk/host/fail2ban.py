# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out from fail2ban's output why it does not run a jail, and how to mend that."""

from __future__ import annotations

import re

_NO_LOG = re.compile(r"Have not found any log file for '?([^\s']+)'? jail")


def refusal(printed: str, ours: str) -> tuple[str, str]:
    """Return fail2ban's reason and the fix.

    :param printed: the last lines of its output.
    :param ours: the jail that should run.
    """
    errors = [line.partition("ERROR")[2].strip() for line in printed.splitlines() if "ERROR" in line]
    why = errors[0] if errors else printed.strip() or "it gave no reason"
    no_log = _NO_LOG.search(printed)
    if not no_log:
        return why, "Mend fail2ban (journalctl -u fail2ban), and run again."
    jail = no_log[1]
    if jail == ours:
        return why, "Run role pbx before, which has Asterisk write that log."
    return why, (
        "fail2ban starts with all of its jails or not at all, and without rsyslog that one has no log. Have it read"
        f" the journal: write the two lines [{jail}] and backend = systemd into /etc/fail2ban/jail.local.")
