# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every scenario's checks have in common: the hosts, the twin, and Twilio's SDK on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import testinfra

from tests.sdk import client

from . import plays
from .twin import Twin


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
    net = os.environ["TRUNKLINE_LAB_NET"]
    return {"pbx1": f"{net}.10", "twilio": f"{net}.20", "phone1": f"{net}.30"}


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


@pytest.fixture(scope="session")
def account():
    """The account on the twin, by Twilio's own SDK."""
    return client(os.environ["TWILIO_API_URL"], os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])


@pytest.fixture
def detail(record_property):
    """detail(text): what the table of checks shows beside the check."""
    return lambda text: record_property("seen", text)


@pytest.fixture(autouse=True)
def _named(request, record_property):
    """A check is called in the table as its docstring's first line says, and by its scenario where that is another."""
    name = (request.function.__doc__ or request.node.name).strip().splitlines()[0].rstrip(".")
    scenario = Path.cwd().name
    record_property("check", name if scenario == "default" else f"{scenario}: {name}")
