# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP credential lists: the user names and passwords that the trunks they are attached to accept.

https://www.twilio.com/docs/voice/sip/api/sip-credentiallist-resource
"""

from __future__ import annotations

from ..._core.resource import WRITE_ONLY, Field, Resource
from ..._core.validators import text
from ..endpoint import V2010, Endpoint
from ..validators import password

LISTS = f"{V2010}/SIP/CredentialLists"

CREDENTIAL = Resource(
    kind="credential",
    option="credentials",
    identity=("username",),
    fields=(
        Field("username", required=True, check=text(32)),
        Field("password", mode=WRITE_ONLY, secret=True, needed=True, check=password),
    ),
    limit=1000,
    service=Endpoint("api", LISTS + "/{0}/Credentials", "credentials", taken=(21240, 21243)),
)

CREDENTIAL_LIST = Resource(
    kind="credential list",
    option="credential_lists",
    additive=True,
    identity=("name",),
    fields=(Field("name", wire="friendly_name", required=True, check=text(64)),),
    children=(CREDENTIAL,),
    service=Endpoint("api", LISTS, "credential_lists", taken=(21240,)),
)
