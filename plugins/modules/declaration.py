# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: declaration
short_description: Check what an inventory declares before anything is touched
version_added: 0.1.0
description:
  - Reads what the inventory declares for one PBX and its trunks and names everything that cannot be right, all at once.
  - Its options are the inventory's variables under their own names, so that its messages name what to mend.
  - It asks nobody and changes nothing. C(playbooks/site.yml) runs it first, on the controller, for each PBX.
author: the trunkline.voice authors (@trunkline)
options:
  trunkline_trunks:
    description: The trunks, each stated once for both sides.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The trunk's name at Twilio.
        type: str
        required: true
      domain:
        description: The termination domain, which ends in C(.pstn.twilio.com).
        type: str
        required: true
      termination:
        description: The host that Asterisk calls, where that is not the domain; a localised URI, for example.
        type: str
      caller_id:
        description: The number shown to the called, in E.164 form. The account must own it or have verified it.
        type: str
        required: true
      caller_name:
        description: The name shown to the called.
        type: str
      ip_access_control_list:
        description: The name of the trunk's IP access control list. Its addresses are those of the PBX hosts.
        type: str
      credential_list:
        description: The name of the trunk's credential list.
        type: str
      username:
        description: The user name in the credential list that the PBX gives.
        type: str
      password:
        description: Its password; at least 12 characters with an upper-case letter, a lower-case letter and a digit.
        type: str
      secure:
        description: Whether calls must use TLS and SRTP.
        type: bool
        default: false
      transport:
        description: How SIP travels on a trunk that is not secure.
        type: str
        choices: [udp, tcp]
        default: udp
      transfer_mode:
        description: Whether the PBX may transfer calls with REFER.
        type: str
        choices: [disable-all, enable-all, sip-only]
        default: disable-all
      cnam_lookup_enabled:
        description: Whether Twilio looks up the caller's name for incoming calls.
        type: bool
        default: false
      transfer_caller_id:
        description: Whose number a call that was transferred with REFER shows.
        type: str
        choices: [from-transferee, from-transferor]
      recording:
        description: Whether Twilio records calls, from when on, and whether each side on a channel of its own.
        type: str
        choices:
          - do-not-record
          - record-from-ringing
          - record-from-answer
          - record-from-ringing-dual
          - record-from-answer-dual
      recording_trim:
        description: Whether silence is cut off recordings.
        type: str
        choices: [do-not-trim, trim-silence]
      disaster_recovery_url:
        description: The URL that Twilio asks for TwiML when no origination URL takes a call.
        type: str
      disaster_recovery_method:
        description: The HTTP method of that request.
        type: str
        choices: [GET, POST]
      origination:
        description: Whether Twilio sends the trunk's incoming calls to the PBX hosts.
        type: bool
        default: true
      origination_urls:
        description: Where Twilio sends incoming calls, in place of the PBX hosts' own addresses.
        type: list
        elements: dict
        suboptions:
          sip_url:
            description: The SIP URI, such as C(sip:pbx.example.com;transport=tcp).
            type: str
            required: true
          name:
            description: Its friendly name.
            type: str
          priority:
            description: 0 to 65535. The lowest is tried first.
            type: int
          weight:
            description: 0 to 65535. Its share of the calls among those of one priority.
            type: int
          enabled:
            description: Whether it gets calls.
            type: bool
      phone_numbers:
        description: The numbers on the trunk in E.164 form, in place of those of the PBX hosts' pbx_dids.
        type: list
        elements: str
      ip_access_control_lists:
        description: The names of more IP access control lists to attach.
        type: list
        elements: str
      credential_lists:
        description: The names of more credential lists to attach.
        type: list
        elements: str
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
  twilio_trunk_ip_access_control_lists:
    description:
      - Lists stated in full. One that a trunk names as well gets these entries in place of the PBX hosts' addresses.
    type: list
    elements: dict
    suboptions:
      state:
        description: Whether it is there.
        type: str
        choices: [present, absent]
        default: present
      name:
        description: Its name.
        type: str
        required: true
      addresses:
        description: Its entries, all of them. Not managed where not given.
        type: list
        elements: dict
        suboptions:
          ip_address:
            description: An IPv4 address, or the first address of a network.
            type: str
            required: true
          cidr_prefix_length:
            description: The length of the network's prefix.
            type: int
          name:
            description: The entry's friendly name.
            type: str
  twilio_trunk_credential_lists:
    description: Lists stated in full. One that a trunk names as well gets these users in place of the trunk's own.
    type: list
    elements: dict
    suboptions:
      state:
        description: Whether it is there.
        type: str
        choices: [present, absent]
        default: present
      name:
        description: Its name.
        type: str
        required: true
      credentials:
        description: Its users, all of them. Not managed where not given.
        type: list
        elements: dict
        suboptions:
          username:
            description: The user name.
            type: str
            required: true
          password:
            description: Its password; needed for a user that is not there yet.
            type: str
  twilio_trunk_countries:
    description: The countries that may be called; any other may not. Not managed where not given.
    type: list
    elements: dict
    suboptions:
      iso_code:
        description: The country's two letters.
        type: str
        required: true
      low_risk_numbers:
        description: Whether its ordinary numbers may be called.
        type: bool
      high_risk_special_numbers:
        description: Whether its special services and premium numbers may be called.
        type: bool
      high_risk_tollfraud_numbers:
        description: Whether its numbers that toll fraud uses may be called.
        type: bool
  twilio_trunk_keep_extra:
    description: The lists whose entries stay at Twilio although the inventory does not have them.
    type: list
    elements: str
    choices:
      - addresses
      - credentials
      - ip_access_control_lists
      - credential_lists
      - origination_urls
      - phone_numbers
      - countries
    default: []
  twilio_trunk_update_password:
    description: Whether a password that Twilio has already is sent again.
    type: str
    choices: [always, on_create]
    default: on_create
  twilio_trunk_removal_limit:
    description:
      - The share of what is there, in percent, above which a run refuses to remove what the inventory does not have.
    type: int
    default: 50
  twilio_trunk_extra_addresses:
    description: More entries for every access control list.
    type: list
    elements: dict
    default: []
    suboptions:
      ip_address:
        description: An IPv4 address, or the first address of a network.
        type: str
        required: true
      cidr_prefix_length:
        description: The length of the network's prefix, V(0) to V(32).
        type: int
        default: 32
      name:
        description: The entry's friendly name.
        type: str
  trunkline_public_address:
    description: The IPv4 address of the PBX as Twilio sees it.
    type: str
    required: true
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
  pbx_codecs: {description: The codecs in order., type: list, elements: str, choices: [ulaw, alaw, g722],
               default: [ulaw, alaw]}
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
  pbx_international_prefixes:
    description: Prefixes that stand for the plus sign when a person dials.
    type: list
    elements: str
    default: []
  pbx_national_rules:
    description: How national numbers become E.164.
    type: list
    elements: dict
    default: []
    suboptions:
      pattern:
        description: What is dialled, as an Asterisk pattern without its underscore.
        type: str
        required: true
      strip:
        description: How many digits to drop from the front.
        type: int
        default: 0
      prefix:
        description: What to put in front, the plus sign and a country code.
        type: str
        required: true
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
attributes:
  check_mode:
    description: It changes nothing in any mode.
    support: full
"""

EXAMPLES = r"""
- name: Check what the inventory declares
  trunkline.voice.declaration:
    trunkline_trunks: "{{ trunkline_trunks }}"
    pbx_phones: "{{ pbx_phones }}"
    trunkline_public_address: 203.0.113.10
    pbx_twilio_signalling_networks: [54.172.60.0/30]
"""

RETURN = r"""
problems:
  description: A sentence for each thing that cannot be right, beginning with its variable.
  returned: failure
  type: list
  elements: str
  sample: ["trunkline_trunks[0].caller_id must be a number in E.164 form …"]
"""

from ansible_collections.trunkline.voice.plugins.module_utils._glue.check import check_options
from ansible_collections.trunkline.voice.plugins.module_utils._glue.declaration import check, options

if __name__ == "__main__":
    check_options(options(), check)
