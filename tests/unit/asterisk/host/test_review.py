# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against a host's Asterisk: somebody else's, and a series that gets no fixes any more."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host import review
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.server import Server
from ansible_collections.trunkline.voice.plugins.plugin_utils.releases import tables

TODAY = datetime.date(2026, 11, 25)
ROLE = Path(__file__).parents[4] / "roles/asterisk"


def reviewed(found: Server, packages=None, dead=False, **said: str) -> review.Reviewed:
    look = {"packages": packages or {}, "commands": {name: {"rc": 0, "stdout": text} for name, text in said.items()}}
    return review.reviewed(found, look, dead, tables(), TODAY)


FINE = Server(22, method="build")


def test_a_host_without_an_asterisk():
    found = reviewed(FINE)
    assert (found.refusal, found.warnings, found.notes) == ("", [], ["There is no Asterisk yet."])


def test_the_version_is_in_the_notes_and_a_newer_one_is_said_each_run():
    package = {"asterisk": "1:22.10.1~trunkline1+deb13"}
    found = reviewed(FINE, package)
    assert found.notes == found.warnings and found.notes[0].startswith("Asterisk 22.10.1 of 2026-06-25, 153 days old.")
    newest = reviewed(FINE, {"asterisk": "1:22.11.0~trunkline1+deb13"})
    assert newest.warnings == [] and newest.notes[0].startswith("Asterisk 22.11.0 of 2026-08-27")


@pytest.mark.parametrize("path", review.FREEPBX)
def test_freepbx_is_refused_by_name_also_where_the_system_is(path):
    found = reviewed(Server(refusal="runs Debian 10."), others=f"/usr/sbin/asterisk\n{path}\n", owner="asterisk22: x")
    assert found.refusal.startswith(f"runs FreePBX ({path}), which writes /etc/asterisk itself:")


def test_another_asterisk_is_refused_by_its_path():
    for path in review.BUILDS:
        found = reviewed(FINE, others=f"{path}\n")
        assert found.refusal.startswith(f"has an Asterisk that no package owns, {path}: remove it first")
    assert "of package asterisk22, /usr/sbin/asterisk: remove it first (apt-get remove asterisk22)" in reviewed(
        FINE, others="/usr/sbin/asterisk\n", owner="asterisk22: /usr/sbin/asterisk\n").refusal


def test_what_rpm_prints_of_a_file_that_nobody_owns_is_no_package():
    said = {"others": {"stdout": "/usr/sbin/asterisk\n"},
            "owner": {"rc": 1, "stdout": "file /usr/sbin/asterisk is not owned by any package\n"}}
    assert review._occupied({"packages": {}, "commands": said}).startswith("has an Asterisk that no package owns")


def test_the_package_s_own_program_is_none():
    """Also one whose installation was killed: dpkg owns it, and does not call it installed."""
    for packages in ({"asterisk": "1:22.11.0-1"}, {}):
        found = reviewed(FINE, packages, others="/usr/sbin/asterisk\n", owner="asterisk: /usr/sbin/asterisk\n")
        assert found.refusal == ""
    both = reviewed(FINE, {"asterisk": "1:22.11.0-1"}, others="/usr/sbin/asterisk\n/usr/local/sbin/asterisk\n")
    assert "/usr/local/sbin/asterisk" in both.refusal


def test_what_is_looked_for_is_what_the_look_asks():
    asked = yaml.safe_load((ROLE / "vars/main/files.yml").read_text(encoding="utf-8"))["__asterisk_commands"]
    rows = {row["name"]: row["argv"] for row in asked}
    assert rows["others"][2:] == [*review.FREEPBX, *review.BUILDS]
    assert rows["owner"][-1] == review.PROGRAM and {"loose"} <= set(rows)


def test_a_configuration_by_hand_is_kept_and_shown():
    names = [f"/etc/asterisk/{name}.conf" for name in "gfedcba"]
    found = reviewed(FINE, loose="\n".join(names) + "\n")
    assert found.notes[1] == found.warnings[0] == (
        "/etc/asterisk has files that role pbx did not write (a.conf, b.conf, c.conf, d.conf, e.conf, f.conf and 1"
        " more). It keeps them in /etc/asterisk/trees, in a folder whose name ends in -found, and Asterisk no longer"
        " reads them there.")


@pytest.mark.parametrize("method", ["build", "file"])
@pytest.mark.parametrize("series", [16, 18, 21])
def test_a_dead_series_is_refused_unless_told(method, series):
    refused = reviewed(Server(series, method=method)).refusal
    assert refused.startswith(f"would have Asterisk {series}, which gets no security fixes since ")
    assert refused.endswith("choose a series that does (20, 22, 23), or set asterisk_dead_series to true.")
    assert reviewed(Server(series, method=method), dead=True).refusal == ""


@pytest.mark.parametrize("series", [20, 22, 23, 24])
def test_a_series_with_fixes_is_taken(series):
    assert reviewed(Server(series, method="build")).refusal == ""


def test_the_system_s_own_package_is_its_row_s_choice():
    found = reviewed(Server(16, method="package", warnings=["Old."]), {"asterisk": "1:16.28.0~dfsg-0+deb11u10"})
    assert found.refusal == "" and found.warnings[0] == "Old."
    assert "Series 16 gets no fixes since 2023-10-09." in found.warnings[1]
