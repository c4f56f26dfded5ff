# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are found, taken out of every text whole, and a diff shows all but them."""

from __future__ import annotations

import random
import string

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.redact import (
    HIDDEN,
    MAX_LINES,
    Differ,
    Hider,
    secrets,
)


def test_secrets_are_the_values_of_their_settings_also_where_commented_out():
    text = "[a]\npassword = one\\;1 ; note\nSecret=>two2\n; md5_cred = three3\nusername = four4\npassword = abc\n"
    assert secrets({"x.conf": text}) == {"one;1", "two2", "three3"}


def test_a_secret_goes_whole_however_it_is_written_and_whatever_it_begins_with():
    hide = Hider({"abcd", "abcdef", "ab.d", "x;yz"})
    assert hide("abcdefg (abcd) abcde ab.d abxd x;yz x\\;yz") == (
        f"{HIDDEN}g ({HIDDEN}) {HIDDEN}e {HIDDEN} abxd {HIDDEN} {HIDDEN}")
    assert Hider(())("abcd") == "abcd"


def test_none_of_many_secrets_stays():
    generator = random.Random(1)
    values = ["".join(generator.choices(string.printable, k=generator.randint(4, 12))) for dummy in range(2000)]
    text = "|".join(values)
    assert set(Hider(values, "")(text)) <= set("|") | {"\\"}


def test_a_diff_says_where_and_hides_what_it_must():
    lines = [f"line {number}" for number in range(20)]
    before = "\n".join([*lines, "password = old-one", "password = stays", ""])
    after = "\n".join([*lines[:10], "line ten", *lines[11:], "password = new-one", "password = stays", ""])
    shown = Differ({"x.conf": before}, {"x.conf": after})("x.conf", before, after)
    assert shown.splitlines()[:3] == ["--- before: x.conf", "+++ after: x.conf", "@@ -8,7 +8,7 @@"]
    assert "-line 10\n+line ten\n" in shown and f"-password = {HIDDEN}\n+password = {HIDDEN} (new)\n" in shown
    assert not any(secret in shown for secret in ("old-one", "new-one", "stays"))
    assert Differ({}, {})("x.conf", before, before) == ""


def test_a_diff_of_very_many_lines_ends():
    many = "".join(f"line {number}\n" for number in range(3 * MAX_LINES))
    shown = Differ({}, {})("x.conf", "", many)
    assert shown.endswith(f"+line {MAX_LINES - 1}\n(and up to {2 * MAX_LINES} more lines)\n")


def test_a_diff_shows_each_change_wherever_it_is_and_nothing_else():
    """A window that ended at the same line of both files showed as removed what an insertion had moved beyond it."""
    lines = [f"line {number}" for number in range(5 * MAX_LINES)]
    changed = [*lines[:9], "one more", *lines[9:-9], "the last one", *lines[-9:]]
    shown = Differ({}, {})("x.conf", "\n".join(lines), "\n".join(changed)).splitlines()
    assert [line for line in shown[2:] if line[0] != " "] == [
        "@@ -7,6 +7,7 @@", "+one more", f"@@ -{len(lines) - 11},6 +{len(lines) - 10},7 @@", "+the last one"]


@pytest.mark.parametrize("line", [
    "1001 => {pin},Anna,anna@example.com", "1001 = {pin} ,Anna", ";1001 => -{pin},Anna", "1001=>{pin}",
])
def test_the_pin_of_a_mailbox_is_a_secret(line):
    old, new = (f"[default]\n{line.format(pin=pin)}\n" for pin in ("490213", "80613"))
    shown = Differ({"voicemail.conf": old}, {"voicemail.conf": new})("voicemail.conf", old, new)
    assert "Anna" in shown or "," not in line
    assert "490213" not in shown and "80613" not in shown and HIDDEN in shown


def test_a_number_that_is_dialled_is_no_secret():
    assert secrets({"extensions.conf": "exten => 1001,1,Goto(internal,1001,1)\nsame => n,Hangup(16)\n"}) == set()
