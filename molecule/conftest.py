# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Set up what the tests of all scenarios share, and where each session writes its report."""

import os
import sys
from pathlib import Path

import pytest

# The collection by its full name, as Ansible finds it.
sys.path[:0] = [path for path in os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep) if path]

pytest_plugins = ["labtest.plugin", "labtest.incoming", "labtest.desk"]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Write a JUnit report for each scenario and folder, since molecule gives all runs of a scenario the same options.

    The scenario is the working directory: a scenario may run tests of another. `make check` names its own report.
    """
    if config.option.xmlpath:
        return
    scenario, folder = Path.cwd().name, Path(config.args[0]).parent.name
    config.option.xmlpath = os.path.join(os.environ["TRUNKLINE_CACHE"], "reports", f"{scenario}-{folder}.xml")


def pytest_collection_modifyitems(items):
    """Search for secrets last: what is searched is the output of all that ran before."""
    items.sort(key=lambda item: item.path.name == "test_9_secrets.py")
