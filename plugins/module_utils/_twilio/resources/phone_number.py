# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers that an account owns.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from __future__ import annotations

from typing import Optional

from ..._core.resource import COMPUTED, Field, Resource
from ..._core.validators import e164, text
from ..endpoint import V2010, Endpoint

NUMBERS = f"{V2010}/IncomingPhoneNumbers"

#: An address of the account, which numbers refer to: https://www.twilio.com/docs/usage/api/address
ADDRESS = Resource(
    kind="address",
    option="addresses",
    identity=("name",),
    fields=(Field("name", wire="friendly_name", required=True), Field("emergency_enabled", type="bool", mode=COMPUTED)),
    additive=True,
    service=Endpoint("api", f"{V2010}/Addresses", "addresses"),
)


def attaching(values):
    """Setting a trunk deletes the number's voice application, says the page above."""
    return {"voice_application_sid": None} if values.get("trunk") else {}


def _nothing_is_none(value: str) -> Optional[str]:
    """Twilio writes an empty text for a webhook that is not set, and null in some answers."""
    return value or None


PHONE_NUMBER = Resource(
    kind="phone number",
    option="phone_numbers",
    identity=("phone_number",),
    create_state="purchased",
    delete_state="released",
    additive=True,
    effects=attaching,
    fields=(
        Field("phone_number", required=True, check=e164),
        Field("name", wire="friendly_name", check=text(64), initial=lambda values: values["phone_number"]),
        Field("trunk", wire="trunk_sid", refers="trunk", clearable=True),
        Field("emergency_address", wire="emergency_address_sid", refers="address", clearable=True),
        Field("emergency_address_status", mode=COMPUTED),
        Field("voice_application_sid", mode=COMPUTED, shown=True, seen=_nothing_is_none),
        Field("voice_url", mode=COMPUTED, shown=True, seen=_nothing_is_none),
    ),
    service=Endpoint("api", NUMBERS, "incoming_phone_numbers"),
)
