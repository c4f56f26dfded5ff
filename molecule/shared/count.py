# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``count.py NAME...``: one line that adds up the JUnit files NAME.xml of the reports folder.

Exits 1 if a test failed or if there was none: an empty run must not look like a good one.
"""

import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

reports = Path(os.environ["TRUNKLINE_CACHE"], "reports")
suites = [suite for name in sys.argv[1:] for suite in ET.parse(reports / f"{name}.xml").iter("testsuite")]
tests, failures, errors, skipped = (
    sum(int(suite.get(what)) for suite in suites) for what in ("tests", "failures", "errors", "skipped")
)
failed = failures + errors
print(f"{tests - failed - skipped} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(not tests or bool(failed))
