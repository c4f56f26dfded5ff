# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of every Twilio module has in common."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection to Twilio, and the attributes of a managed resource."""

    DOCUMENTATION = r"""
options:
  account_sid:
    description:
      - The account, C(AC) and 32 hexadecimal digits. Needed with an API key as well.
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
      - The Twilio region that holds the account's data, such as V(ie1). Its credentials are the region's own.
      - If not given, E(TWILIO_REGION) is used.
    type: str
  edge:
    description:
      - The Twilio edge to enter by, such as V(dublin). Twilio routes a O(region) without one to V(us1).
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
    description: Shows the resource before and after, as far as it is managed. Passwords are never shown.
    support: full
"""
