# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory says of Asterisk's side but for calls and the server."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  pbx_phones:
    description: The phones that register with the PBX.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The extension, which is also the phone's user name.
        type: str
        required: true
      password:
        description: Its password, under the same rule as a trunk's.
        type: str
        required: true
      caller_name:
        description: The name shown on calls between phones.
        type: str
      trunk:
        description: The name of the trunk that it calls out on, where that is not the first.
        type: str
      max_contacts:
        description: How many registrations it may hold.
        type: int
        default: 1
      class:
        description: Its class of service, where that is not the default one.
        type: str
      max_calls:
        description: How many calls to the telephone network it may have up at once.
        type: int
        default: 2
      calls_per_second:
        description: How many of them it may begin a second.
        type: int
        default: 1
  pbx_dids:
    description: The numbers that ring a phone.
    type: list
    elements: dict
    default: []
    suboptions:
      number:
        description: The number, in E.164 form.
        type: str
        required: true
      phone:
        description: The phone that rings.
        type: str
        required: true
      trunk:
        description: The name of the trunk that it comes in on, where that is not the first.
        type: str
  pbx_bind_address:
    description: The IPv4 address that SIP listens on.
    type: str
    default: 0.0.0.0
  pbx_sip_port:
    description: The port that SIP listens on.
    type: int
    default: 5060
  pbx_tls_port: {description: The TCP port of SIP over TLS where a trunk is secure., type: int, default: 5061}
  pbx_tls_back_port: {description: A second TCP port for TLS that nobody connects to., type: int, default: 5062}
  pbx_tls_certificate: {description: The file on the PBX with its certificate for secure trunks., type: str}
  pbx_tls_private_key: {description: The file on the PBX with the certificate's key., type: str}
  pbx_tls_ca:
    description: The file on the PBX with the CAs that Twilio's certificate is checked against.
    type: str
    default: /etc/ssl/certs/ca-certificates.crt
  trunkline_public_name: {description: The DNS name that calls on secure trunks come to., type: str}
  pbx_external_address:
    description: The IPv4 address that the world sees where the host is behind a NAT.
    type: str
  pbx_local_networks:
    description: The IPv4 networks on this side of the NAT.
    type: list
    elements: str
    default: []
  pbx_twilio_signalling_networks:
    description: The IPv4 networks that calls come in from.
    type: list
    elements: str
    required: true
  pbx_codecs:
    description: The codecs that are offered and accepted, in order.
    type: list
    elements: str
    choices: [ulaw, alaw, g722]
    default: [ulaw, alaw]
  pbx_rtp_port_start:
    description: The first UDP port for audio.
    type: int
    default: 10000
  pbx_rtp_port_end:
    description: The last UDP port for audio.
    type: int
    default: 20000
  pbx_trunk_qualify_frequency:
    description: Seconds between two OPTIONS to a trunk.
    type: int
    default: 60
  pbx_timer_t1:
    description: SIP's timer T1 in milliseconds, 100 to 4000; derived from the round trip where not given.
    type: int
  pbx_timer_b:
    description: SIP's timer B in milliseconds, at least 64 times O(pbx_timer_t1), which must be given with it.
    type: int
  pbx_registration_minimum_expiry:
    description: The shortest registration that is accepted, in seconds.
    type: int
    default: 60
  pbx_registration_default_expiry:
    description: The length of a registration that asks for none, in seconds.
    type: int
    default: 300
  pbx_registration_maximum_expiry:
    description: The longest registration, in seconds.
    type: int
    default: 3600
  pbx_restart_policy:
    description: What happens when a change takes a restart of Asterisk.
    type: str
    choices: [now, when_idle, report]
    default: when_idle
  pbx_restart_patience:
    description: How long V(when_idle) waits for the calls to end, in seconds.
    type: int
    default: 60
"""
