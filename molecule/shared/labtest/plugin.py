# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every scenario's checks have in common: the hosts, Twilio's SDK on the twin, and the table at the end."""

from __future__ import annotations

import os

import pytest
import testinfra

from . import plays
from .twin import Twin

_ROWS = pytest.StashKey[list]()


def _host(name: str):
    assert name in plays.hosts(), f"the lab's inventory has no host {name}"
    return testinfra.get_host(f"podman://{name}")


@pytest.fixture(scope="session")
def pbx():
    """The PBX, to look at from inside."""
    return _host("pbx1")


@pytest.fixture(scope="session")
def twilio():
    """The twin's host, to look at from inside."""
    return _host("twilio")


@pytest.fixture(scope="session")
def phone():
    """The host of the softphone."""
    return _host("phone1")


@pytest.fixture(scope="session")
def address():
    """Host to its address in the lab."""
    return {name: variables["trunkline_public_address"] for name, variables in plays.hosts().items() if "trunkline_public_address" in variables}


@pytest.fixture(scope="session")
def twin():
    """The twin's control surface."""
    return Twin(os.environ["TWILIO_API_URL"])


@pytest.fixture
def asterisk(pbx):
    """Asks the PBX's Asterisk on its console: asterisk("pjsip show contacts")."""

    def ask(command: str) -> str:
        return pbx.check_output("asterisk -rx %s", command)

    return ask


@pytest.fixture
def detail(record_property):
    """detail(text): what the table shows beside the check's name."""
    return lambda text: record_property("detail", text)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call" or report.failed:
        name = (getattr(item, "function", None).__doc__ or item.name).strip().splitlines()[0].rstrip(".")
        variant = getattr(item, "callspec", None)
        text = dict(report.user_properties).get("detail", "")
        item.config.stash.setdefault(_ROWS, []).append((name, variant.id if variant else "", report.outcome, text))


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash.get(_ROWS, [])
    if not rows:
        return
    names = [f"{name} [{variant}]" if variant else name for name, variant, _, _ in rows]
    width = max(map(len, names))
    terminalreporter.section("what was seen")
    for name, (_, _, outcome, text) in zip(names, rows):
        mark = {"passed": "ok  ", "failed": "FAIL"}.get(outcome, outcome)
        terminalreporter.write_line(f"{mark} {name:<{width}}  {text}".rstrip(), red=outcome == "failed", green=outcome == "passed")
