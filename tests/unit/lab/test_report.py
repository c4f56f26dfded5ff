# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make test` prints at its end."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "molecule" / "shared"
CASE = '<testcase classname="default.tests.after.{file}" name="{name}" time="{time}">{inside}</testcase>'
CHECK = '<properties><property name="check" value="It answers"/><property name="seen" value="200 OK"/></properties>'


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Return what prints the reports, of a folder of this test's own."""
    monkeypatch.setenv("TRUNKLINE_CACHE", str(tmp_path))
    monkeypatch.syspath_prepend(str(SHARED))
    sys.modules.pop("report", None)
    (tmp_path / "reports").mkdir()
    yield importlib.import_module("report")
    sys.modules.pop("report", None)


def write(folder: Path, name: str, cases: list[tuple]) -> None:
    texts = [CASE.format(**dict(zip(("file", "name", "time", "inside"), case))) for case in cases]
    (folder / "reports" / f"{name}.xml").write_text(f"<testsuites><testsuite>{''.join(texts)}</testsuite></testsuites>")


def test_each_part_says_how_long_it_took(report, tmp_path, capsys):
    write(tmp_path, "first", [
        ("test_4_calls", "test_a", 70.4, CHECK), ("test_5_secure", "test_b[tls]", 200, CHECK),
        ("test_4_calls", "test_c", 12, "")])
    write(tmp_path, "second", [("test_1_release", "test_d", 1, '<failure message="x"/>')])
    assert report.main(["first", "second"])
    assert capsys.readouterr().out.splitlines() == [
        "passed  It answers        200 OK",
        "passed  It answers (tls)  200 OK",
        "first: 3 tests in 4:42; test_5_secure 3:20, test_4_calls 1:22",
        "second: 1 tests in 0:01; test_1_release 0:01",
        "3 passed, 1 failed",
    ]


def test_an_empty_run_does_not_look_like_a_good_one(report, tmp_path):
    write(tmp_path, "first", [])
    assert report.main(["first"])
    write(tmp_path, "first", [("test_4_calls", "test_a", 1, CHECK)])
    assert not report.main(["first"])
