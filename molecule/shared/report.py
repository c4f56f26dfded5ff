# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the JUnit files NAME.xml of the reports folder: `report.py NAME...`.

It prints a line for each lab test with what the test saw, a line for each report with its time and the files that took
most of it, and a line with the sums. It exits with 1 if a test failed or
if there was none: an empty run must not look like a good one.
"""

import os
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

REPORTS = Path(os.environ["TRUNKLINE_CACHE"], "reports")


def verdict(case):
    """Return passed, FAILED or skipped."""
    parts = {part.tag for part in case}
    return "FAILED" if parts & {"failure", "error"} else "skipped" if "skipped" in parts else "passed"


def row(case):
    """Return (name, verdict, what was seen); the name is empty for a test that is not one of the lab's."""
    properties = {part.get("name"): part.get("value") for part in case.iter("property")}
    variant = case.get("name").partition("[")[2]
    check = properties.get("check", "")
    if check and variant:
        check += f" ({variant.rstrip(']')})"
    return check, verdict(case), properties.get("seen", "")


def clock(seconds):
    """Return a duration as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def spent(name, cases):
    """Return the line of a report: how long its tests took, and the five files that took longest.

    Workers of pytest side by side take more than the clock says.
    """
    files = Counter()
    for case in cases:
        files[case.get("classname", "").split(".")[-1]] += float(case.get("time", 0))
    longest = ", ".join(f"{file} {clock(seconds)}" for file, seconds in files.most_common(5))
    return f"{name}: {len(cases)} tests in {clock(sum(files.values()))}; {longest}"


def main(names):
    reports = {name: list(ET.parse(REPORTS / f"{name}.xml").iter("testcase")) for name in names}
    rows = [row(case) for cases in reports.values() for case in cases]
    checks = [one for one in rows if one[0]]
    width = max((len(row[0]) for row in checks), default=0)
    for check, outcome, seen in checks:
        print(f"{outcome:7} {check:{width}}  {seen}".rstrip())
    for name, cases in reports.items():
        print(spent(name, cases))
    outcomes = [row[1] for row in rows]
    skipped = outcomes.count("skipped")
    print(
        f"{outcomes.count('passed')} passed, {outcomes.count('FAILED')} failed"
        + (f", {skipped} skipped" if skipped else "")
    )
    return not rows or "FAILED" in outcomes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
