# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's side, read back with Twilio's own SDK."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def trunk(account):
    named = [trunk for trunk in account.trunking.v1.trunks.list() if trunk.friendly_name == "Asterisk-SIP-Trunk"]
    assert len(named) == 1
    return named[0]


def test_trunk(trunk, detail):
    """Twilio has the trunk: domain, secure off, transfer disable-all."""
    detail(trunk.domain_name)
    assert trunk.domain_name == "asterisk-pbx1.pstn.twilio.com"
    assert trunk.secure is False
    assert str(trunk.transfer_mode) == "disable-all"


def test_access_control_list(account, trunk, address, detail):
    """The trunk's ACL Asterisk-Server holds the PBX's address and no other."""
    attached = account.trunking.v1.trunks(trunk.sid).ip_access_control_lists.list()
    assert [one.friendly_name for one in attached] == ["Asterisk-Server"]
    entries = account.sip.ip_access_control_lists(attached[0].sid).ip_addresses.list()
    detail(", ".join(f"{entry.ip_address}/{entry.cidr_prefix_length}" for entry in entries))
    assert [(entry.ip_address, entry.cidr_prefix_length) for entry in entries] == [(address["pbx1"], 32)]


def test_credential_list(account, trunk, detail):
    """The trunk's credential list Asterisk-Credentials holds the user Asterisk."""
    attached = account.trunking.v1.trunks(trunk.sid).credentials_lists.list()
    assert [one.friendly_name for one in attached] == ["Asterisk-Credentials"]
    users = [one.username for one in account.sip.credential_lists(attached[0].sid).credentials.list()]
    detail(", ".join(users))
    assert users == ["Asterisk"]


def test_origination(account, trunk, address, detail):
    """The trunk's origination URL is the PBX, and its number is on the trunk."""
    urls = trunk.origination_urls.list()
    detail(", ".join(url.sip_url for url in urls))
    assert [(url.sip_url, url.friendly_name, url.enabled) for url in urls] == [(f"sip:{address['pbx1']}", "pbx1", True)]
    numbers = account.trunking.v1.trunks(trunk.sid).phone_numbers.list()
    assert [number.phone_number for number in numbers] == ["+17756187988"]
