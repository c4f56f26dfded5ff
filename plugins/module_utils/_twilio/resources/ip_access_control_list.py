# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP IP access control lists: which addresses may send calls to the trunks that a list is attached to.

https://www.twilio.com/docs/voice/sip/api/sip-ipaccesscontrollist-resource
"""

from __future__ import annotations

from ..._core.resource import Field, Resource
from ..._core.validators import ipv4, prefix_length, text
from ..endpoint import V2010, Endpoint
from ..validators import stored_prefix

LISTS = f"{V2010}/SIP/IpAccessControlLists"

IP_ADDRESS = Resource(
    kind="IP address",
    option="addresses",
    identity=("ip_address",),
    alternate_key="name",  # error 21235: of two addresses with one name in a list, Twilio refuses the second
    temporary_name=lambda name: name[:249] + " (was)",
    limit=100,
    fields=(
        Field("ip_address", required=True, check=ipv4),
        Field("cidr_prefix_length", type="int", default=32, check=lambda value: stored_prefix(prefix_length(value))),
        Field("name", wire="friendly_name", check=text(255), unique=True,
              initial=lambda values: values["ip_address"]),
    ),
    service=Endpoint("api", LISTS + "/{0}/IpAddresses", "ip_addresses", taken=(21235,)),
)

IP_ACCESS_CONTROL_LIST = Resource(
    kind="IP access control list",
    option="ip_access_control_lists",
    additive=True,
    identity=("name",),
    fields=(Field("name", wire="friendly_name", required=True, check=text(255)),),
    children=(IP_ADDRESS,),
    service=Endpoint("api", LISTS, "ip_access_control_lists", taken=(21235,)),
)
