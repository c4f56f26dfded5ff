# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of every scenario have in common, and where they leave their reports."""

import os
import sys
from pathlib import Path

import pytest

# The collection by its full name, as Ansible finds it.
sys.path[:0] = [path for path in os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep) if path]

pytest_plugins = ["labtest.plugin"]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """A JUnit report for each folder of checks, as molecule gives all runs of a scenario the same options.

    The scenario is the folder that they run in: it may take checks of another.
    """
    scenario, folder = Path.cwd().name, Path(config.args[0]).parent.name
    config.option.xmlpath = os.path.join(os.environ["TRUNKLINE_CACHE"], "reports", f"{scenario}-{folder}.xml")
