# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic SIP trunks and what is attached to them.

https://www.twilio.com/docs/sip-trunking/api/trunk-resource
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping

from ..._core.resource import COMPUTED, SET, Field, Resource
from ..._core.validators import e164, text, web_url, whole_number
from ..endpoint import Endpoint
from ..validators import origination_url, termination_domain
from .phone_number import NUMBERS, effects_of_attaching, update_number

TRUNKS = "/v1/Trunks"
_NAME = Field("name", wire="friendly_name", required=True)
#: Error 21245, "already associated": https://www.twilio.com/docs/api/errors/21245
_ATTACHED = (21245,)

TRUNK_IP_ACCESS_CONTROL_LIST = Resource(
    kind="IP access control list",
    option="ip_access_control_lists",
    identity=("name",),
    fields=(_NAME,),
    link=True,
    service=Endpoint(
        "trunking", TRUNKS + "/{0}/IpAccessControlLists", "ip_access_control_lists",
        target_sid="IpAccessControlListSid", listed_in=("auth_type_set", "IP_ACL"), lags=True, taken=_ATTACHED,
    ),
)

TRUNK_CREDENTIAL_LIST = Resource(
    kind="credential list",
    option="credential_lists",
    identity=("name",),
    fields=(_NAME,),
    link=True,
    service=Endpoint(
        "trunking", TRUNKS + "/{0}/CredentialLists", "credential_lists",
        target_sid="CredentialListSid", listed_in=("auth_type_set", "CREDENTIAL_LIST"), lags=True, taken=_ATTACHED,
    ),
)

# https://www.twilio.com/docs/sip-trunking/api/originationurl-resource
ORIGINATION_URL = Resource(
    kind="origination URL",
    option="origination_urls",
    identity=("sip_url",),
    alternate_key="name",
    limit=10,
    fields=(
        Field("sip_url", required=True, check=origination_url),
        Field(
            "name", wire="friendly_name", check=text(64),
            initial=lambda values: values["sip_url"].partition(":")[2][:64],
        ),
        Field("priority", type="int", check=whole_number(0, 65535), initial=lambda values: 10),
        Field("weight", type="int", check=whole_number(0, 65535), initial=lambda values: 10),
        Field("enabled", type="bool", initial=lambda values: True),
    ),
    service=Endpoint("trunking", TRUNKS + "/{0}/OriginationUrls", "origination_urls"),
)

# Through the number and not through the trunk's own list of numbers, which does not exist in regions ie1 and au1:
# https://www.twilio.com/docs/global-infrastructure/regional-product-and-feature-availability
TRUNK_PHONE_NUMBER = Resource(
    kind="phone number",
    option="phone_numbers",
    identity=("phone_number",),
    fields=(Field("phone_number", required=True, check=e164),),
    link=True,
    single_owner=True,
    service=Endpoint(
        "api", NUMBERS, "incoming_phone_numbers", held_by="trunk_sid", update=update_number,
        side_effects=effects_of_attaching,
    ),
)


def _disaster_recovery(params: Mapping[str, Any]) -> Iterator[str]:
    if params.get("disaster_recovery_method") and params.get("disaster_recovery_url") == "":
        yield "disaster_recovery_method is of no use without a disaster_recovery_url; leave it out."


TRUNK = Resource(
    kind="trunk",
    option="trunks",
    identity=("name",),
    alternate_key="domain_name",
    additive=True,
    depth=lambda values: str(values.get("domain_name") or "").count("."),
    check=_disaster_recovery,
    fields=(
        Field("name", wire="friendly_name", required=True, check=text(64)),
        Field("domain_name", check=termination_domain, seen=str.lower, clearable=True, unique=True),
        Field("secure", type="bool", default=False),
        Field("transfer_mode", choices=("disable-all", "enable-all", "sip-only"), default="disable-all"),
        Field("transfer_caller_id", choices=("from-transferee", "from-transferor"), default="from-transferee"),
        Field("cnam_lookup_enabled", type="bool", default=False),
        Field(
            "recording", wire="recording.mode", part="Recording", default="do-not-record",
            choices=(
                "do-not-record", "record-from-ringing", "record-from-answer", "record-from-ringing-dual",
                "record-from-answer-dual",
            ),
        ),
        Field(
            "recording_trim", wire="recording.trim", part="Recording", default="do-not-trim",
            choices=("do-not-trim", "trim-silence"),
        ),
        Field("disaster_recovery_url", check=web_url, clearable=True),
        Field("disaster_recovery_method", choices=("GET", "POST")),
        Field("symmetric_rtp_enabled", type="bool", mode=COMPUTED),
        Field("auth_type_set", type="list", mode=COMPUTED, compare=SET),
    ),
    children=(TRUNK_IP_ACCESS_CONTROL_LIST, TRUNK_CREDENTIAL_LIST, ORIGINATION_URL, TRUNK_PHONE_NUMBER),
    service=Endpoint("trunking", TRUNKS, "trunks", taken=(21248,)),
)
