# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account, which is the root of all declarations."""

from __future__ import annotations

from ..._core.resource import Field, Resource
from .credential_list import CREDENTIAL_LIST
from .dialing_permissions import COUNTRY
from .ip_access_control_list import IP_ACCESS_CONTROL_LIST
from .phone_number import ADDRESS, PHONE_NUMBER
from .trunk import TRUNK

ACCOUNT = Resource(
    kind="account",
    identity=("account_sid",),
    fields=(Field("account_sid"),),
    children=(ADDRESS, IP_ACCESS_CONTROL_LIST, CREDENTIAL_LIST, TRUNK, PHONE_NUMBER, COUNTRY),
)

#: What module twilio_trunking declares: all that trunks are made of.
TRUNKING = tuple(child.option for child in (IP_ACCESS_CONTROL_LIST, CREDENTIAL_LIST, TRUNK, COUNTRY))
