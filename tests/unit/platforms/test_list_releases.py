# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of releases and advisories, brought up to date from a clone that the test makes."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import pytest
import yaml

PATH = Path(__file__).parents[3] / "tools/list_asterisk_releases.py"
SPEC = importlib.util.spec_from_file_location("list_asterisk_releases", PATH)
tool = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)

LOG = "### Summary:\n\n  - [{0}](https://example.com/{0}): A title\n\n### Closed Issues:\n\n  - !{1}: x\n"
OLD, NEW = "GHSA-aaaa-bbbb-cccc", "GHSA-dddd-eeee-ffff"
TABLE = {
    "series": {"22": {"fixes": "2028-10-16", "security": "2029-10-16"}}, "until": "2026-08-27", "read": "2026-01-01",
    "releases": {"22.11.0": "2026-08-27"},
    "advisories": [{"id": OLD, "cve": "CVE-2026-1", "modules": ["res_pjsip"], "fixed": {"20": "20.1.0"},
                    "debian": "1:16.28.0~dfsg-0+deb11u9"}],
}


@pytest.fixture
def clone(tmp_path):
    """A clone with three releases, a candidate and a tag that is no release."""
    def git(*words: str, date: str = "2026-01-01") -> None:
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
               for what, value in (("NAME", "A"), ("EMAIL", "a@example.com"), ("DATE", f"{date}T12:00:00Z"))}
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True,
                       env={**who, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"})

    git("init", "--quiet")
    (tmp_path / "ChangeLogs").mkdir()
    for version, date, advisory in (
            ("22.9.0", "2026-04-09", OLD), ("22.10.0", "2026-06-11", NEW), ("22.10.1", "2026-06-25", OLD),
            ("22.10.2-rc1", "2026-07-01", NEW), ("certified-22.8", "2026-07-02", NEW)):
        path = tmp_path / f"ChangeLogs/ChangeLog-{version}.md"
        path.write_text(LOG.format(advisory, "GHSA-xxxx-xxxx-xxxx"))
        git("add", ".", date=date)
        git("commit", "--quiet", "-m", version, date=date)
        git("tag", version)
    return tmp_path


def test_a_clone_s_releases_and_what_they_resolve(clone):
    dates = tool.released(clone)
    assert dates == {"22.9.0": "2026-04-09", "22.10.0": "2026-06-11", "22.10.1": "2026-06-25"}
    assert tool.resolved(clone, list(dates)) == {OLD: {"22": "22.9.0"}, NEW: {"22": "22.10.0"}}


def test_what_people_wrote_stays(clone):
    dates = tool.released(clone)
    made = tool.updated(TABLE, dates, tool.resolved(clone, list(dates)))
    assert (made["until"], made["read"], list(made["releases"])[-1]) == ("2026-08-27", "2026-06-25", "22.11.0")
    rows = {row["id"]: row for row in made["advisories"]}
    assert rows[OLD] == {**TABLE["advisories"][0], "fixed": {"20": "20.1.0", "22": "22.9.0"}}
    assert rows[NEW] == {"id": NEW, "modules": [], "fixed": {"22": "22.10.0"}}
    assert yaml.safe_load("x:\n" + tool.written(made))["x"] == made


def test_the_shipped_table_is_as_the_tool_writes_it():
    text = tool.TABLE.read_text(encoding="utf-8")
    table = yaml.safe_load(text)["__asterisk_build_releases"]
    again = {**tool.updated(table, table["releases"], {}), "read": table["read"]}
    assert text.partition("__asterisk_build_releases:\n")[2] == tool.written(again)
