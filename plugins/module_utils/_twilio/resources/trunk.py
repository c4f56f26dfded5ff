# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic SIP trunks and what is attached to them.

https://www.twilio.com/docs/sip-trunking/api/trunk-resource
"""

from __future__ import annotations

from ..._core.checks import text
from ..._core.resource import COMPUTED, SET, Field, Resource
from ..checks import termination_domain
from ..endpoint import Endpoint
from .credential_list import CREDENTIAL_LIST
from .ip_access_control_list import IP_ACCESS_CONTROL_LIST

TRUNKS = "/v1/Trunks"
_NAME = Field("name", wire="friendly_name", required=True)

TRUNK_IP_ACCESS_CONTROL_LIST = Resource(
    kind="IP access control list",
    option="ip_access_control_lists",
    identity=("name",),
    fields=(_NAME,),
    link=True,
    target=IP_ACCESS_CONTROL_LIST,
    service=Endpoint(
        "trunking", TRUNKS + "/{0}/IpAccessControlLists", "ip_access_control_lists", "IpAccessControlListSid"
    ),
)

TRUNK_CREDENTIAL_LIST = Resource(
    kind="credential list",
    option="credential_lists",
    identity=("name",),
    fields=(_NAME,),
    link=True,
    target=CREDENTIAL_LIST,
    service=Endpoint("trunking", TRUNKS + "/{0}/CredentialLists", "credential_lists", "CredentialListSid"),
)

TRUNK = Resource(
    kind="trunk",
    identity=("name",),
    fields=(
        Field("name", wire="friendly_name", required=True, check=text(64)),
        Field("domain_name", check=termination_domain),
        Field("secure", type="bool", default=False),
        Field("transfer_mode", choices=("disable-all", "enable-all", "sip-only"), default="disable-all"),
        Field("transfer_caller_id", choices=("from-transferee", "from-transferor"), default="from-transferee"),
        Field("cnam_lookup_enabled", type="bool", default=False),
        Field("auth_type_set", type="list", mode=COMPUTED, compare=SET),
    ),
    children=(TRUNK_IP_ACCESS_CONTROL_LIST, TRUNK_CREDENTIAL_LIST),
    service=Endpoint("trunking", TRUNKS, "trunks"),
)
