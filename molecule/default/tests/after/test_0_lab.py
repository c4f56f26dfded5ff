# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab itself. If these tests fail, the others mean nothing."""

import os

import pytest

from labtest.container import container

NET = os.environ["TRUNKLINE_LAB_NET"]
ADDRESSES = {"pbx1": f"{NET}.10", "twilio": f"{NET}.20", "phone1": f"{NET}.30"}
TWILIO_NAMES = ["asterisk-pbx1.pstn.twilio.com", "example.sip.twilio.com", "api.twilio.com"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_host_runs_systemd(name):
    """The host runs systemd at its address."""
    host = container(name)
    assert host.check_output("systemctl is-system-running") == "running"
    assert host.check_output("systemctl whoami $(systemctl show -P MainPID dbus)") == "dbus.service"
    assert host.interface("eth0").addresses[0] == ADDRESSES[name]


@pytest.mark.parametrize("twilio_name", TWILIO_NAMES)
@pytest.mark.parametrize("name", ["pbx1", "phone1"])
def test_name_leads_to_the_twin(name, twilio_name):
    """Twilio's name leads to the twin."""
    host = container(name)
    assert host.addr(twilio_name).ipv4_addresses == [ADDRESSES["twilio"]]
