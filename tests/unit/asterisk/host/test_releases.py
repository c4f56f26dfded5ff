# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run says of a host's Asterisk: its age, newer releases, and advisories, on a given day."""

from __future__ import annotations

import datetime
import re

import pytest

from ansible_collections.trunkline.voice.plugins.filter.asterisk_age import asterisk_age
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.releases import Tables, age, is_dead
from ansible_collections.trunkline.voice.plugins.plugin_utils.releases import day, tables

TODAY = datetime.date(2026, 11, 25)
TABLES = Tables(
    series={"16": {"security": "2023-10-09"}, "20": {"security": "2027-10-19"}, "22": {"security": "2029-10-16"}},
    until="2026-08-27", read="2026-06-25",
    releases={"16.28.0": "2022-08-18", "20.6.0": "2024-01-25", "22.9.0": "2026-04-09", "22.10.0": "2026-06-11",
              "22.10.1": "2026-06-25", "22.11.0": "2026-08-27"},
    advisories=[
        {"id": "GHSA-aaaa", "cve": "CVE-2026-1", "modules": ["res_pjsip"], "fixed": {"20": "20.20.1", "22": "22.10.1"}},
        {"id": "GHSA-bbbb", "modules": ["chan_ooh323"], "fixed": {"20": "20.20.1", "22": "22.10.1"}},
        {"id": "GHSA-cccc", "cve": "CVE-2026-2", "modules": ["asterisk"], "fixed": {"20": "20.18.2"},
         "debian": "1:16.28.0~dfsg-0+deb11u9"},
    ],
    loaded=["res_pjsip"])


def of(package: str, today: datetime.date = TODAY):
    return age(package, TABLES, today)


def test_the_newest_of_its_series_has_nothing_to_say():
    found = of("1:22.11.0~trunkline1+deb13")
    assert (found.warns, found.days, found.newest, found.dead) == (False, 90, "22.11.0", False)
    assert found.text == ("Asterisk 22.11.0 of 2026-08-27, 90 days old. The table has no newer 22 (up to 2026-08-27)."
                          " No advisory of the table (up to 2026-06-25) touches it.")


def test_a_newer_release_is_named():
    found = of("1:22.10.1+dfsg+~cs6.17.60671434-1")
    assert found.warns and not found.touching and not found.unknown
    assert "The table has 22.11.0 of 2026-08-27." in found.text


def test_a_build_without_a_fix_is_touched():
    """The newest of 22.10 and 22.9 is by number, and modules that are not loaded are counted only."""
    found = of("1:22.10.0~trunkline1+deb12")
    assert (found.touching, found.elsewhere, found.unknown) == (
        ["CVE-2026-1 (res_pjsip)"], ["GHSA-bbbb (chan_ooh323)"], [])
    assert "It lacks the fix of CVE-2026-1 (res_pjsip). It lacks 1 more, of modules that this collection does" in (
        found.text)


def test_a_distribution_s_package_may_have_the_fix():
    found = of("1:22.10.0+dfsg+~cs6.17.60671434-1")
    assert not found.touching and found.unknown == ["CVE-2026-1 (res_pjsip)", "GHSA-bbbb (chan_ooh323)"]
    assert "is unknown: ask whoever made it." in found.text


@pytest.mark.parametrize("package, known", [
    ("1:16.28.0~dfsg-0+deb11u8", False), ("1:16.28.0~dfsg-0+deb11u9", True), ("1:16.28.0~dfsg-0+deb11u10", True),
    ("1:16.28.0~dfsg-1", False), ("1:16.29.0~dfsg-0+deb11u10", False), ("1:16.28.0~dfsg-0+deb12u10", False),
])
def test_a_backport_of_debian_is_known_fixed_in_that_package_only(package, known):
    assert ("CVE-2026-2 (asterisk)" not in of(package).unknown) is known


def test_a_series_that_began_after_a_fix_has_it():
    assert not of("22.9.0").elsewhere[1:] and "CVE-2026-2 (asterisk)" not in of("22.9.0").touching
    assert of("20.6.0").touching == ["CVE-2026-1 (res_pjsip)", "CVE-2026-2 (asterisk)"]


@pytest.mark.parametrize("today, dead", [
    (datetime.date(2023, 10, 9), False), (datetime.date(2023, 10, 10), True)])
def test_a_series_is_dead_the_day_after_its_last(today, dead):
    assert is_dead("16", TABLES, today) is dead
    assert ("gets no fixes since 2023-10-09" in of("1:16.28.0~dfsg-0+deb11u9", today).text) is dead


def test_what_is_unknown_is_said():
    found = of("1:24.0.0-1")
    assert (found.version, found.days, found.newest, found.dead, found.warns) == ("24.0.0", None, "", None, True)
    assert "How long series 24 gets fixes is unknown." in found.text
    for package in ("certified-22.8-cert3", "GIT-master-1234", "1:22.10"):
        assert of(package).text == f"Asterisk {package}: its age and advisories are unknown."
    assert of("").text == "There is no Asterisk yet." and not of("").warns


def test_a_long_list_is_counted():
    rows = [{"id": f"GHSA-{number}", "modules": [], "fixed": {"22": "22.11.0"}} for number in range(6)]
    found = age("22.10.1", Tables(TABLES.series, "", "", TABLES.releases, rows), TODAY)
    assert "It lacks the fix of GHSA-0, GHSA-1, GHSA-2, GHSA-3 and 2 more." in found.text


def test_the_shipped_table_is_whole():
    shipped = tables()
    assert {"chan_pjsip", "res_pjsip_pubsub"} <= set(shipped.loaded)
    for name, date in shipped.releases.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", name) and day(date) <= day(shipped.until)
    for row in shipped.advisories:
        assert set(row) <= {"id", "cve", "modules", "fixed", "debian"} and row["modules"]
        assert re.fullmatch(r"GHSA(-[0-9a-z]{4}){3}", row["id"])
        assert re.fullmatch(r"CVE-\d{4}-\d+", row.get("cve", "CVE-2026-1"))
        assert all(version in shipped.releases and version.startswith(f"{series}.")
                   for series, version in row["fixed"].items())
    for row in shipped.series.values():
        assert day(row["fixes"]) < day(row["security"])


def test_the_overflow_that_ubuntu_and_epel_have():
    """Their packages of 18.10, 20.6 and 18.12, in the source without a fix; of what they ship nobody here knows."""
    for package in ("1:18.10.0~dfsg+~cs6.10.40431411-2", "1:20.6.0~dfsg+~cs6.13.40431414-2build5", "18.12.1-1"):
        assert "CVE-2026-57191 (res_pjsip_pubsub)" in age(package, tables(), TODAY).unknown
    for built in ("1:22.10.0~trunkline1+deb13", "22.10.0-0.trunkline1.el9"):
        assert "CVE-2026-57191 (res_pjsip_pubsub)" in age(built, tables(), TODAY).touching
    assert not age("1:22.10.1~trunkline1+deb13", tables(), TODAY).touching


def test_the_filter_takes_a_package_before_the_program_s_word():
    look = {"packages": {"asterisk": "1:22.10.1~trunkline1+deb13"}, "commands": {"version": {"stdout": "Asterisk 1\n"}}}
    found = asterisk_age(look, "2026-11-25")
    assert found["checks"][0] == {
        "trunk": "Asterisk", "check": "version", "result": "warning", "cause": "", "detail": found["text"], "fix": ""}
    assert (found["version"], found["days"]) == ("22.10.1", 153)
    built = asterisk_age({"packages": {}, "commands": {"version": {"stdout": "Asterisk 22.11.0\n"}}}, "2026-11-25")
    assert built["checks"][0]["result"] == "passed"
