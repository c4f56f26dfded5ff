# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of all scenarios: the lab's hosts, the twin, and Twilio's SDK against it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import testinfra

from tests.sdk import client

from . import plays
from .container import container
from .twin import Twin


def _host(name: str):
    assert name in plays.hosts(), f"the lab's inventory has no host {name}"
    variables = plays.hosts()[name]
    if variables.get("ansible_connection") != "ssh":
        return container(name)
    machine = Path(os.environ["TRUNKLINE_CACHE"], "vm")
    return testinfra.get_host(
        f"ssh://{variables['ansible_user']}@{_address(name)}", sudo=True, timeout=variables["ansible_ssh_timeout"],
        ssh_identity_file=str(machine / "key"),
        # A connection that a reboot cut ends, instead of waiting for the machine.
        ssh_extra_args=f"-o UserKnownHostsFile={machine / 'known_hosts'} -o ServerAliveInterval=20",
    )


def _address(name: str) -> str:
    return f"{os.environ['TRUNKLINE_LAB_NET']}.{plays.hosts()[name]['lab_octet']}"


@pytest.fixture(scope="session")
def pbx():
    """Return the PBX as a testinfra host."""
    return _host("pbx1")


@pytest.fixture(scope="session")
def twilio():
    """Return the twin's host as a testinfra host."""
    return _host("twilio")


@pytest.fixture(scope="session")
def phone():
    """Return the softphone's host as a testinfra host."""
    return _host("phone1")


@pytest.fixture(scope="session")
def address():
    """Return each host's address in the lab by its name."""
    return {name: _address(name) for name, variables in plays.hosts().items() if "lab_octet" in variables}


@pytest.fixture(scope="session")
def twin():
    """Return a client of the twin's control API."""
    return Twin(os.environ["TWILIO_API_URL"])


class Declaration:
    """What the checks of one module have declared, which the next module's checks replace or undo."""

    def __init__(self):
        self._stands = False

    def __call__(self, variables: dict) -> None:
        """Have the PBX be what these variables of site.yml say, without a call that proves it."""
        self._stands = True
        run = plays.play("site", variables={"verify_number": "", **variables})
        assert run.code == 0, run.output[-4000:]

    def undo(self) -> None:
        """Have it be what the lab's inventory says, unless it is."""
        if self._stands:
            self({})
            self._stands = False


@pytest.fixture(scope="session")
def _declaration():
    declaration = Declaration()
    yield declaration
    declaration.undo()


@pytest.fixture(scope="module", autouse=True)
def _undone(request, _declaration):
    """Undo what stands for a module that declares nothing: one that does replaces it by the same play."""
    if "declare" not in request.fixturenames:
        _declaration.undo()


@pytest.fixture(scope="module")
def declare(_undone, _declaration):
    """Return declare(variables), by which site.yml runs; the lab's inventory holds again after the module."""
    return _declaration


@pytest.fixture
def asterisk(pbx):
    """Return asterisk(command), which runs a command of the PBX's Asterisk console: asterisk("pjsip show contacts")."""

    def ask(command: str) -> str:
        return pbx.check_output("asterisk -rx %s", command)

    return ask


@pytest.fixture(scope="session")
def account():
    """Return Twilio's SDK, connected to the account on the twin."""
    return client(os.environ["TWILIO_API_URL"], os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])


@pytest.fixture
def detail(record_property):
    """Return detail(text), which sets the text that the table of checks shows beside this test."""
    return lambda text: record_property("seen", text)


@pytest.fixture
def long_calls(twilio):
    """Have the telephone network stay in a call for ten minutes, and not for one."""
    file, reload = "/etc/twilio-twin/asterisk/extensions.conf", "asterisk -rx 'dialplan reload'"
    twilio.check_output(f"sed -i.kept 's/wav,[0-9]*)/wav,600)/' {file} && {reload}")
    assert "wav,600)" in twilio.check_output("asterisk -rx 'dialplan show talk@behaviour'")
    yield
    twilio.check_output(f"mv {file}.kept {file} && {reload}")


@pytest.fixture(autouse=True)
def _named(request, record_property):
    """Name each test in the table of checks by its docstring's first line, and by its scenario unless it is default."""
    name = (request.function.__doc__ or request.node.name).strip().splitlines()[0].rstrip(".")
    scenario = Path.cwd().name
    record_property("check", name if scenario == "default" else f"{scenario}: {name}")
