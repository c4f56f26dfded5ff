# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of twilio_trunking, made by tests/generate_docs.py: a change here would be lost."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of lists and trunks, with a name and a state each."""

    DOCUMENTATION = r"""
options:
  ip_access_control_lists:
    description: The IP access control lists. One that is not listed is left alone.
    type: list
    elements: dict
    suboptions:
      name:
        description: The list's friendly name, at most 255 characters.
        type: str
        required: true
      state:
        description: Whether the list should be there. A list that a trunk still uses
          cannot be removed.
        type: str
        choices:
          - present
          - absent
        default: present
      addresses:
        description:
          - The addresses and networks that may send calls. Not given, they stay as
            they are; V([]) removes all.
          - New addresses are added before old ones are removed. An entry that keeps
            its O(ignore:name) and gets another address is changed in one request.
        type: list
        elements: dict
        suboptions:
          ip_address:
            description: An IPv4 address, or the first address of a network.
            type: str
            required: true
          cidr_prefix_length:
            description:
              - The length of the network's prefix, V(0) to V(32). A new address without
                it is a single address.
              - Twilio stores V(0) as V(32).
            type: int
          name:
            description:
              - The entry's friendly name, at most 255 characters, which no other
                entry of the list has. A new entry without it is named by its address.
            type: str
  credential_lists:
    description: The credential lists. One that is not listed is left alone.
    type: list
    elements: dict
    suboptions:
      name:
        description: The list's friendly name, at most 64 characters.
        type: str
        required: true
      state:
        description: Whether the list should be there. A list that a trunk still uses
          cannot be removed.
        type: str
        choices:
          - present
          - absent
        default: present
      credentials:
        description: The user names and passwords. Not given, they stay as they are;
          V([]) removes all.
        type: list
        elements: dict
        suboptions:
          username:
            description: The name that the PBX gives, at most 32 characters.
            type: str
            required: true
          password:
            description:
              - At least 12 characters with an upper-case letter, a lower-case letter
                and a digit.
              - Needed only for a credential that is not there yet.
            type: str
  trunks:
    description: The trunks. One that is not listed is left alone.
    type: list
    elements: dict
    suboptions:
      name:
        description: The trunk's friendly name, at most 64 characters.
        type: str
        required: true
      state:
        description:
          - Whether the trunk should be there. Its lists and numbers are detached
            before it is removed, and stay in the account; its origination URLs go
            with it.
        type: str
        choices:
          - present
          - absent
        default: present
      domain_name:
        description:
          - The termination domain, which ends in C(.pstn.twilio.com) and is unique
            among all of Twilio's customers.
          - A new trunk without it cannot be called. V("") takes it away.
          - If no trunk has the name but another trunk of the account has this domain,
            then that trunk is meant, and is renamed.
        type: str
      secure:
        description:
          - Whether calls must use TLS and SRTP. The PBX has to be switched at the
            same time. V(false) on a new trunk.
        type: bool
      transfer_mode:
        description: Whether the PBX may transfer calls with REFER. V(disable-all)
          on a new trunk.
        type: str
        choices:
          - disable-all
          - enable-all
          - sip-only
      transfer_caller_id:
        description: The caller ID that a transfer's target sees. V(from-transferee)
          on a new trunk.
        type: str
        choices:
          - from-transferee
          - from-transferor
      cnam_lookup_enabled:
        description:
          - Whether Twilio looks up the caller's name for incoming calls, which it
            charges. V(false) on a new trunk.
        type: bool
      recording:
        description: Which part of each call Twilio records, and in how many channels.
          V(do-not-record) on a new trunk.
        type: str
        choices:
          - do-not-record
          - record-from-ringing
          - record-from-answer
          - record-from-ringing-dual
          - record-from-answer-dual
      recording_trim:
        description: Whether silence at the ends of a recording is cut off. V(do-not-trim)
          on a new trunk.
        type: str
        choices:
          - do-not-trim
          - trim-silence
      disaster_recovery_url:
        description:
          - Where Twilio asks for TwiML when no origination URL takes an incoming
            call, an http or https URL. V("") takes it away.
        type: str
      disaster_recovery_method:
        description: The HTTP method for that.
        type: str
        choices:
          - GET
          - POST
      ip_access_control_lists:
        description:
          - The names of the IP access control lists that guard the trunk. Not given,
            they stay as they are; V([]) detaches all.
        type: list
        elements: str
      credential_lists:
        description:
          - The names of the credential lists that guard the trunk. Not given, they
            stay as they are; V([]) detaches all.
        type: list
        elements: str
      origination_urls:
        description:
          - Where Twilio sends the trunk's incoming calls, at most ten. Not given,
            they stay as they are; V([]) removes all.
          - New URLs are added before old ones are removed, unless there is no room
            for both. An entry that keeps its O(ignore:name) and gets another URL
            is changed in one request.
        type: list
        elements: dict
        suboptions:
          sip_url:
            description:
              - A SIP URI such as V(sip:pbx.example.com:5060;transport=tcp). For TLS,
                add V(;transport=tls); Twilio does not support C(sips:).
            type: str
            required: true
          name:
            description:
              - Its friendly name, at most 64 characters. A new one without it is
                named by what follows C(sip:).
            type: str
          priority:
            description: V(0) to V(65535). Twilio tries the lowest first. V(10) on
              a new one.
            type: int
          weight:
            description: V(0) to V(65535). The share of calls among those of one priority.
              V(10) on a new one.
            type: int
          enabled:
            description: Whether Twilio uses it. V(true) on a new one.
            type: bool
      phone_numbers:
        description:
          - The numbers whose incoming calls go to the trunk, in E.164 form. The account
            must own them; see M(trunkline.voice.twilio_phone_number). Not given,
            they stay as they are; V([]) detaches all.
          - A number of another trunk moves to this one in one request, so that no
            call finds it on neither.
          - Attaching a number deletes its voice application, and its voice URL is
            no longer requested. The step says which ones, and from which trunk it
            comes.
          - A number that is taken off the trunk stays in the account. It is never
            released.
          - The number itself is changed, and not the trunk's own list of numbers,
            which regions C(ie1) and C(au1) lack.
        type: list
        elements: str
"""
