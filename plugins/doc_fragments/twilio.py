# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of the Twilio modules has in common.

The options of each resource stand here once. tests/generate_docs.py makes the rows of twilio_trunking from them.
"""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection to Twilio, of what can be declared there, and the attributes of the modules."""

    DOCUMENTATION = r"""
options:
  account_sid:
    description:
      - The account, C(AC) and 32 hexadecimal digits. Needed with an API key as well.
      - Trunks belong to the account whose credentials are used, so a subaccount needs its own.
      - If not given, E(TWILIO_ACCOUNT_SID) is used.
    type: str
  auth_token:
    description:
      - The account's auth token. An API key is the safer choice, since it can be revoked alone.
      - If not given, E(TWILIO_AUTH_TOKEN) is used.
    type: str
  api_key:
    description:
      - The SID of an API key, C(SK) and 32 hexadecimal digits. Where it is given, O(auth_token) is not used.
      - If not given, E(TWILIO_API_KEY) is used.
    type: str
  api_secret:
    description:
      - The API key's secret.
      - If not given, E(TWILIO_API_SECRET) is used.
    type: str
  api_url:
    description:
      - Where a twin of Twilio listens, such as V(http://10.99.0.20:8080). If not given, Twilio itself is asked.
      - If not given, E(TWILIO_API_URL) is used.
    type: str
  region:
    description:
      - The Twilio region that holds the account's data, V(us1), V(ie1) or V(au1). Each region has its own credentials;
        those of another are answered 401. Twilio's own choice is V(us1).
      - If not given, E(TWILIO_REGION) is used.
    type: str
  edge:
    description:
      - The Twilio edge to enter by. If not given, the one of the O(region) - V(ashburn) for V(us1), V(dublin) for
        V(ie1), V(sydney) for V(au1).
      - If not given, E(TWILIO_EDGE) is used.
    type: str
  timeout:
    description: How long to wait for one answer of Twilio, in seconds.
    type: int
    default: 30
requirements:
  - twilio >= 9.0 on the host that runs the module
notes:
  - It runs where the C(twilio) package is, which is the controller as a rule. Give the credentials once, with
    C(module_defaults) for the action group C(trunkline.voice.twilio).
"""

    ATTRIBUTES = r"""
options: {}
attributes:
  check_mode:
    description: Looks at Twilio, changes nothing, and returns what a real run would do.
    support: full
  diff_mode:
    description: Shows what is managed, before and after. Passwords are never shown.
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Only reads, so that check mode makes no difference.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: none
"""

    PASSWORD = r"""
options:
  update_password:
    description:
      - With V(on_create), a password is sent only for a credential that is not there yet. With V(always), every
        password that is given is sent at each run, which is a change each time.
      - Twilio keeps a digest of each password and never gives it back, so a password cannot be compared.
    type: str
    choices: [always, on_create]
    default: on_create
"""

    IP_ACCESS_CONTROL_LIST = r"""
options:
  addresses:
    description:
      - The addresses and networks that may send calls. Not given, they stay as they are; V([]) removes all.
      - New addresses are added before old ones are removed. An entry that keeps its O(ignore:name) and gets another
        address is changed in one request.
    type: list
    elements: dict
    suboptions:
      ip_address:
        description: An IPv4 address, or the first address of a network.
        type: str
        required: true
      cidr_prefix_length:
        description:
          - The length of the network's prefix, V(0) to V(32). A new address without it is a single address.
          - Twilio stores V(0) as V(32).
        type: int
      name:
        description:
          - The entry's friendly name, at most 255 characters, which no other entry of the list has. A new entry without
            it is named by its address.
        type: str
"""

    CREDENTIAL_LIST = r"""
options:
  credentials:
    description: The user names and passwords. Not given, they stay as they are; V([]) removes all.
    type: list
    elements: dict
    suboptions:
      username:
        description: The name that the PBX gives, at most 32 characters.
        type: str
        required: true
      password:
        description:
          - At least 12 characters with an upper-case letter, a lower-case letter and a digit.
          - Needed only for a credential that is not there yet.
        type: str
"""

    TRUNK = r"""
options:
  domain_name:
    description:
      - The termination domain, which ends in C(.pstn.twilio.com) and is unique among all of Twilio's customers.
      - A new trunk without it cannot be called. V("") takes it away.
      - If no trunk has the name but another trunk of the account has this domain, then that trunk is meant, and is
        renamed.
    type: str
  secure:
    description:
      - Whether calls must use TLS and SRTP. The PBX has to be switched at the same time. V(false) on a new trunk.
    type: bool
  transfer_mode:
    description: Whether the PBX may transfer calls with REFER. V(disable-all) on a new trunk.
    type: str
    choices: [disable-all, enable-all, sip-only]
  transfer_caller_id:
    description: The caller ID that a transfer's target sees. V(from-transferee) on a new trunk.
    type: str
    choices: [from-transferee, from-transferor]
  cnam_lookup_enabled:
    description:
      - Whether Twilio looks up the caller's name for incoming calls, which it charges. V(false) on a new trunk.
    type: bool
  recording:
    description: Which part of each call Twilio records, and in how many channels. V(do-not-record) on a new trunk.
    type: str
    choices:
      - do-not-record
      - record-from-ringing
      - record-from-answer
      - record-from-ringing-dual
      - record-from-answer-dual
  recording_trim:
    description: Whether silence at the ends of a recording is cut off. V(do-not-trim) on a new trunk.
    type: str
    choices: [do-not-trim, trim-silence]
  disaster_recovery_url:
    description:
      - Where Twilio asks for TwiML when no origination URL takes an incoming call, an http or https URL. V("") takes it
        away.
    type: str
  disaster_recovery_method:
    description: The HTTP method for that.
    type: str
    choices: [GET, POST]
  ip_access_control_lists:
    description:
      - The names of the IP access control lists that guard the trunk. Not given, they stay as they are; V([]) detaches
        all.
    type: list
    elements: str
  credential_lists:
    description:
      - The names of the credential lists that guard the trunk. Not given, they stay as they are; V([]) detaches all.
    type: list
    elements: str
  origination_urls:
    description:
      - Where Twilio sends the trunk's incoming calls, at most ten. Not given, they stay as they are; V([]) removes all.
      - New URLs are added before old ones are removed, unless there is no room for both. An entry that keeps its
        O(ignore:name) and gets another URL is changed in one request.
    type: list
    elements: dict
    suboptions:
      sip_url:
        description:
          - A SIP URI such as V(sip:pbx.example.com:5060;transport=tcp). For TLS, add V(;transport=tls); Twilio does not
            support C(sips:).
        type: str
        required: true
      name:
        description:
          - Its friendly name, at most 64 characters. A new one without it is named by what follows C(sip:).
        type: str
      priority:
        description: V(0) to V(65535). Twilio tries the lowest first. V(10) on a new one.
        type: int
      weight:
        description: V(0) to V(65535). The share of calls among those of one priority. V(10) on a new one.
        type: int
      enabled:
        description: Whether Twilio uses it. V(true) on a new one.
        type: bool
  phone_numbers:
    description:
      - The numbers whose incoming calls go to the trunk, in E.164 form. The account must own them; see
        M(trunkline.voice.twilio_phone_number). Not given, they stay as they are; V([]) detaches all.
      - A number of another trunk moves to this one in one request, so that no call finds it on neither.
      - Attaching a number deletes its voice application, and its voice URL is no longer requested. The step says which
        ones, and from which trunk it comes.
      - A number that is taken off the trunk stays in the account. It is never released.
      - The number itself is changed, and not the trunk's own list of numbers, which regions C(ie1) and C(au1) lack.
    type: list
    elements: str
"""

    COUNTRIES = r"""
options:
  countries:
    description:
      - The countries that may be called. Not given, permissions stay as they are.
      - B(Any country that is not listed is closed), all three of its permissions; V([]) closes every country. With
        O(keep_extra=countries), countries that are not listed stay as they are.
    type: list
    elements: dict
    suboptions:
      iso_code:
        description:
          - The country's two letters (ISO 3166-1 alpha-2). At Twilio V(US) stands for the United States and Canada.
        type: str
        required: true
      low_risk_numbers:
        description: Whether its ordinary numbers may be called. Not given, it stays as it is.
        type: bool
      high_risk_special_numbers:
        description:
          - Whether its expensive special services may be called, such as premium-rate numbers. Not given, it stays as
            it is.
        type: bool
      high_risk_tollfraud_numbers:
        description: Whether its numbers that are known for toll fraud may be called. Not given, it stays as it is.
        type: bool
"""
