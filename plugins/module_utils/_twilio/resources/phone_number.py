# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers that an account owns.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Mapping

from ..._core.errors import TrunklineError
from ..._core.resource import COMPUTED, Field, Node, Resource, Values
from ..._core.validators import e164, text
from ..endpoint import V2010, Endpoint
from ..errors import ApiError
from ..waiters import poll

if TYPE_CHECKING:
    from ..._core.plan import Step
    from ..account_state import AccountState

NUMBERS = f"{V2010}/IncomingPhoneNumbers"
REGISTRATION_ATTEMPTS = 60     # one a second; an address is registered with the emergency service

#: An address of the account, which numbers refer to: https://www.twilio.com/docs/usage/api/address
ADDRESS = Resource(
    kind="address",
    option="addresses",
    identity=("name",),
    fields=(Field("name", wire="friendly_name", required=True), Field("emergency_enabled", type="bool", mode=COMPUTED)),
    additive=True,
    service=Endpoint("api", f"{V2010}/Addresses", "addresses"),
)


def attaching(values: Values) -> Values:
    """Setting a trunk deletes the number's voice application, says the page above."""
    return {"voice_application_sid": None} if values.get("trunk") else {}


def effects_of_attaching(number: Node) -> str:
    """Say what ends when a number is attached to a trunk."""
    notes = []
    if number.values.get("trunk"):
        notes.append(f"leaves trunk {number.values['trunk']}")
    if number.values.get("voice_application_sid"):
        notes.append(f"clears its voice application {number.values['voice_application_sid']}")
    if number.values.get("voice_url"):
        notes.append(f"its voice URL {number.values['voice_url']} is no longer requested")
    return ", ".join(notes)


def update_number(account: AccountState, sid: str, form: Mapping[str, str]) -> Values:
    """Update a number. It moves from one trunk to another in one request, as Twilio documents it; where that is refused
    it leaves the first trunk before it joins the second, as others report that it must."""
    update = partial(account.client.update, PHONE_NUMBER.service, (), sid)
    try:
        return update(form)
    except ApiError as refusal:
        on_trunk = {number.id for number in account.known(PHONE_NUMBER.kind) if number.values.get("trunk")}
        if refusal.status != 400 or not form.get("TrunkSid") or sid not in on_trunk:
            raise
        try:
            update({"TrunkSid": ""})
        except ApiError:
            raise refusal from None
    try:
        return update(form)
    except TrunklineError as error:
        raise TrunklineError(
            f"the number left its trunk and is on none now: {error.what}", error.fix, **error.details, partly=True
        ) from None


def _set_emergency_address(account: AccountState, sid: str, before: str | None, address_sid: str | None) -> None:
    """Give a number another emergency address, or none. One that has an address loses it first: Twilio registers the
    new one only after the old one is unregistered (https://www.twilio.com/docs/sip-trunking/emergency-calling)."""
    if before:
        _register(account, sid, "", "unregistered")
    if address_sid:
        _register(account, sid, address_sid, "registered")


def _unregister(account: AccountState, step: Step) -> None:
    """Remove a number's emergency address, with which it cannot be released."""
    _set_emergency_address(account, str(step.id), step.before.get("emergency_address"), None)


def _register(account: AccountState, sid: str, address_sid: str, wanted: str) -> None:
    client, endpoint = account.client, PHONE_NUMBER.service

    def done(body: Values) -> bool:
        status = body.get("emergency_address_status")
        return status == wanted or str(status).endswith("failure")

    body = poll(
        client.update(endpoint, (), sid, {"EmergencyAddressSid": address_sid}),
        partial(client.fetch, endpoint, (), sid), done, REGISTRATION_ATTEMPTS, client.sleep,
    )
    if body.get("emergency_address_status") != wanted:
        raise TrunklineError(
            f"The emergency address of {body.get('phone_number')} is {body.get('emergency_address_status')}, and not"
            f" {wanted}.",
            "Look at the address in Twilio's console, then run it again.",
        )


def _empty_is_none(value: str) -> str | None:
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
        Field("voice_application_sid", mode=COMPUTED, shown=True, seen=_empty_is_none),
        Field("voice_url", mode=COMPUTED, shown=True, seen=_empty_is_none),
    ),
    service=Endpoint(
        "api", NUMBERS, "incoming_phone_numbers", update=update_number, before_delete=_unregister,
        writers={"emergency_address": _set_emergency_address},
    ),
)
