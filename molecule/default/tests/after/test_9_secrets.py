# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search for a canary secret in all output, files, process lists and journals of the session.

These tests run last: they search the output of every play before them, so they fail where they run alone.
"""

from __future__ import annotations

import os

from labtest import plays

WHOLE_SESSION = "these tests need the whole session before them: make demo"
CANARIES = [os.environ[name] for name in ("TRUNKLINE_TRUNK_PASSWORD", "TRUNKLINE_PHONE_PASSWORD", "TWILIO_AUTH_TOKEN")]


def test_in_no_output(detail):
    """No secret is in any output of these plays, -vvv --diff and failures included."""
    detail(f"{len(plays.PRINTED)} plays, {sum(map(len, plays.PRINTED)) // 1024} KiB")
    assert len(plays.PRINTED) > 10, WHOLE_SESSION
    for canary in CANARIES:
        assert canary and not [output for output in plays.PRINTED if canary in output]


def test_in_no_world_readable_file(pbx, twilio, detail):
    """No secret is in a file that everyone may read."""
    searched = 0
    for host in (pbx, twilio):
        readable = (
            "find /etc /var /tmp /root /run /usr/local /opt /srv -xdev -type f -perm -o=r -not -path '/var/cache/apt/*'"
        )
        searched += int(host.check_output(f"{readable} | wc -l"))
        for canary in CANARIES:
            # A pattern that is not the canary itself: the tests of another lab look at all processes of this machine.
            # grep ends with 1 where it finds nothing, and xargs then with 123.
            found = host.run(f"{readable} -print0 | xargs -0 grep -l -- '[{canary[0]}]{canary[1:]}'")
            assert not found.stdout and found.rc == 123, found
    detail(f"{searched} files")
    assert searched > 200


def test_in_no_process_list(detail):
    """No secret was in a process list while the plays ran."""
    detail(f"{len(plays.PROCESSES)} command lines")
    # The modules themselves were seen at work, on the hosts too.
    for module in ("AnsiballZ_twilio_trunking", "AnsiballZ_asterisk_config"):
        assert any(module in line for line in plays.PROCESSES), WHOLE_SESSION
    for canary in CANARIES:
        assert not [line for line in plays.PROCESSES if canary in line]


def test_in_no_journal(pbx, twilio):
    """No secret is in a journal."""
    for host in (pbx, twilio):
        journal = host.check_output("journalctl --no-pager")
        assert len(journal) > 1000
        assert not [canary for canary in CANARIES if canary in journal]
