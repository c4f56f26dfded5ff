# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory declares of the server itself, in the words of module declaration."""

from __future__ import annotations


class ModuleDocFragment:
    """Variables of roles asterisk and firewall, and what role pbx has for them."""

    DOCUMENTATION = r"""
options:
  asterisk_service_settings:
    description: Settings of the unit's C([Service]) section in place of role asterisk's.
    type: dict
    default: {}
  pbx_twilio_media_networks:
    description: The IPv4 networks that Twilio's audio comes from.
    type: list
    elements: str
    default: []
  firewall_enabled:
    description: Whether there is a firewall. Not managed where not given.
    type: bool
  firewall_sip_ports:
    description: The ports of SIP that it guards.
    type: list
    elements: int
  firewall_phone_networks:
    description: The IPv4 networks that phones are in.
    type: list
    elements: str
  firewall_roaming_phones:
    description: Whether phones may be anywhere else as well.
    type: bool
    default: false
  firewall_sip_rate:
    description: How many SIP packets a second an address that is not Twilio's may send.
    type: int
  firewall_sip_burst:
    description: How many it may send at once.
    type: int
  firewall_fail2ban:
    description: Whether fail2ban keeps addresses out that give wrong passwords.
    type: bool
    default: false
  firewall_ban_failures:
    description: After how many of them.
    type: int
    default: 5
  firewall_ban_find_seconds:
    description: Within how many seconds.
    type: int
    default: 600
  firewall_ban_seconds:
    description: For how many seconds.
    type: int
    default: 3600
"""
