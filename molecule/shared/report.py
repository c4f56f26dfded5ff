# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.py NAME...``: what the JUnit files NAME.xml of the reports folder tell.

A line for each check of the lab, with what it saw; then one line that adds everything up. Exits 1 if a test failed or
if there was none: an empty run must not look like a good one.
"""

import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

REPORTS = Path(os.environ["TRUNKLINE_CACHE"], "reports")


def verdict(case):
    """passed, FAILED or skipped."""
    parts = {part.tag for part in case}
    return "FAILED" if parts & {"failure", "error"} else "skipped" if "skipped" in parts else "passed"


def row(case):
    """(check, verdict, what was seen); the check is empty for a test that is not one of the lab's."""
    told = {part.get("name"): part.get("value") for part in case.iter("property")}
    dummy, dummy, variant = case.get("name").partition("[")
    check = told.get("check", "")
    if check and variant:
        check += f" ({variant.rstrip(']')})"
    return check, verdict(case), told.get("seen", "")


def main(names):
    rows = [row(case) for name in names for case in ET.parse(REPORTS / f"{name}.xml").iter("testcase")]
    checks = [one for one in rows if one[0]]
    width = max((len(check) for check, dummy, dummy in checks), default=0)
    for check, outcome, seen in checks:
        print(f"{outcome:7} {check:{width}}  {seen}".rstrip())
    outcomes = [outcome for dummy, outcome, dummy in rows]
    skipped = outcomes.count("skipped")
    print(
        f"{outcomes.count('passed')} passed, {outcomes.count('FAILED')} failed"
        + (f", {skipped} skipped" if skipped else "")
    )
    return not rows or "FAILED" in outcomes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
