# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single values, right and wrong."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk import validators as asterisk
from ansible_collections.trunkline.voice.plugins.module_utils._core import validators
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.validators import (
    password,
    stored_prefix,
    termination_domain,
)


@pytest.mark.parametrize(
    ("check", "value", "normal"),
    [
        (validators.e164, "+17756187988", "+17756187988"),
        (validators.e164, "+919876543210", "+919876543210"),
        (validators.ipv4, "203.0.113.10", "203.0.113.10"),
        (validators.ipv4_network, "192.0.2.0/24", "192.0.2.0/24"),
        (validators.host, "pbx_1", "pbx_1"),
        (validators.host, "2001:db8::1", "2001:db8::1"),
        (validators.dns_name, "pbx.example.com", "pbx.example.com"),
        (validators.port, 65535, 65535),
        (validators.at_least(1), 1, 1),
        (asterisk.host, "pbx.example.com:5080", "pbx.example.com:5080"),
        (asterisk.host, "192.0.2.1", "192.0.2.1"),
        (validators.prefix_length, 0, 0),
        (validators.prefix_length, 32, 32),
        (validators.text(5), " abc ", "abc"),
        (stored_prefix, 0, 32),
        (stored_prefix, 24, 24),
        (termination_domain, "Asterisk-PBX1.pstn.twilio.com", "asterisk-pbx1.pstn.twilio.com"),
        (termination_domain, "site.asterisk-pbx1.pstn.twilio.com", "site.asterisk-pbx1.pstn.twilio.com"),
        (password, "Canary-12345", "Canary-12345"),
    ],
)
def test_a_right_value_comes_back_in_its_normal_form(check, value, normal):
    assert check(value) == normal


@pytest.mark.parametrize(
    ("check", "value", "sentence"),
    [
        (validators.e164, "17756187988", "E.164"),
        (validators.e164, "+0775618798", "E.164"),
        (validators.e164, "+177561", "E.164"),
        (validators.e164, "+1775618798812345", "E.164"),
        (validators.e164, "+1 775 618 7988", "E.164"),
        (validators.e164, "+17756187988\n", "E.164"),
        (validators.ipv4, "203.0.113.256", "IPv4"),
        (validators.ipv4, "203.0.113.0/24", "IPv4"),
        (validators.ipv4, "2001:db8::1", "IPv4"),
        (validators.ipv4, "pbx1.example.com", "IPv4"),
        (validators.ipv4, "", "IPv4"),
        (validators.ipv4_network, "192.0.2.0", "IPv4 network"),
        (validators.ipv4_network, "192.0.2.0", "not '192.0.2.0': write 192.0.2.0/32 for that address alone"),
        (validators.ipv4_network, "192.0.2.1/24", ": write 192.0.2.0/24, or 192.0.2.1/32 for that address alone"),
        (validators.ipv4_network, "192.0.2.0/030", "not '192.0.2.0/030': write 192.0.2.0/30"),
        (validators.ipv4_network, "192.0.2.0/08", "not '192.0.2.0/08': write 192.0.0.0/8, or 192.0.2.0/32"),
        (validators.ipv4_network, "192.0.2.0/255.255.255.0", "not '192.0.2.0/255.255.255.0': write 192.0.2.0/24"),
        (validators.ipv4_network, "192.0.2.0/0.0.0.255", "not '192.0.2.0/0.0.0.255': write 192.0.2.0/24"),
        (validators.ipv4_network, "0.0.0.0", "such as 192.0.2.0/24, not '0.0.0.0'$"),
        (validators.ipv4_network, "office.example.com", "such as 192.0.2.0/24, not 'office.example.com'"),
        (validators.host, "10.0.0.256", "host name or an address"),
        (validators.host, "pbx..example", "host name or an address"),
        (validators.host, "a" * 254, "host name or an address"),
        (validators.dns_name, "pbx_1.example.com", "DNS name"),
        (validators.dns_name, "pbx", "DNS name"),
        (validators.dns_name, "203.0.113.10", "DNS name"),
        (validators.port, 0, "port from 1 to 65535"),
        (validators.port, 65536, "port from 1 to 65535"),
        (validators.at_least(1), 0, "1 or more"),
        (validators.whole_number(1, 60, "seconds"), 61, "must be from 1 to 60 seconds"),
        (asterisk.host, "pbx.example.com:70000", "host name, with a port"),
        (asterisk.host, "[2001:db8::1]:5060", "host name, with a port"),
        (asterisk.host, "pbx;x", "host name, with a port"),
        (validators.prefix_length, 33, "0 to 32"),
        (validators.prefix_length, -1, "0 to 32"),
        (validators.text(5), "abcdef", "1 to 5"),
        (validators.text(5), "  ", "1 to 5"),
        (termination_domain, "asterisk-pbx1.sip.twilio.com", "SIP domain"),
        (termination_domain, "asterisk-pbx1", "end in .pstn.twilio.com"),
        (termination_domain, "pstn.twilio.com", "end in .pstn.twilio.com"),
        (termination_domain, "asterisk-pbx1.pstn.twilio.com.pstn.twilio.com", "once"),
        (termination_domain, "asterisk_pbx1.pstn.twilio.com", "letters, digits and hyphens"),
        (termination_domain, "-pbx.pstn.twilio.com", "letters, digits and hyphens"),
        (password, "Short-1", "12 characters"),
        (password, "canary-of-mine-1", "upper-case"),
        (password, "CANARY-OF-MINE-1", "lower-case"),
        (password, "Canary-of-mine", "digit"),
    ],
)
def test_a_wrong_value_is_explained(check, value, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        check(value)
    if check is password:
        assert value not in str(caught.value)
