# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""api.twilio.com/2010-04-01: the numbers of an account, and the addresses they may have for emergencies.

Fields and answers: Twilio's OpenAPI document twilio_api_v2010. Of a number's many webhooks the twin keeps those
that a trunk affects (VoiceUrl, VoiceApplicationSid, TrunkSid); the others are ignored and answered empty.
"""

import re

from .account import ACCOUNT, API_VERSION, e164, national
from .errors import Code, TwilioError
from .resource import (
    CREATE,
    EVERYTHING,
    V2010,
    Change,
    Field,
    Filter,
    Link,
    Resource,
    boolean,
    sid,
    text,
    truth,
    web_url,
)
from .settings import Settings
from .store import Row, new_sid, now

UNREGISTERED = "unregistered"


def _country(value: str, _settings: Settings) -> str:
    if not re.fullmatch("[A-Za-z]{2}", value):
        raise ValueError("must be an ISO country code, such as US")
    return value.upper()


def _area_code(value: str, _settings: Settings) -> str:
    if not re.fullmatch("[2-9][0-9]{2}", value, re.ASCII):
        raise ValueError("must be the three digits of an area code of the US or Canada")
    return value


def _refuse_in_use(change: Change) -> None:
    """Refuse to release an address that is the emergency address of a number."""
    if change.store.one(
        "SELECT 1 FROM incoming_phone_number WHERE emergency_address_sid = ?", change.current["sid"]
    ):
        raise TwilioError(
            Code.USED_FOR_EMERGENCIES, f"{change.current['sid']} is the emergency address of a phone number"
        )


def _prepare_address(change: Change) -> None:
    """Write region and postal code in capitals: the twin's correction, which AutoCorrectAddress=false prevents."""
    if change.values.pop("auto_correct_address", 1):
        for column in ("region", "postal_code"):
            if column in change.values:
                change.values[column] = change.values[column].upper()
    if change.current and change.values.get("emergency_enabled") == 0:
        _refuse_in_use(change)


ADDRESSES = Resource(
    style=V2010, path=ACCOUNT + "/Addresses", key="addresses", prefix="AD", table="address", actions=EVERYTHING,
    source="SELECT rowid AS position, * FROM address",
    columns=(
        "sid", "account_sid", "friendly_name", "customer_name", "street", "street_secondary", "city", "region",
        "postal_code", "iso_country",
    ),
    booleans=("emergency_enabled",),
    computed=lambda row, link: {"validated": False, "verified": False},
    fields=(
        *(
            Field(param, text(), required=(CREATE,))
            for param in ("CustomerName", "Street", "City", "Region", "PostalCode")
        ),
        Field("IsoCountry", _country, when=(CREATE,), required=(CREATE,)),
        Field("FriendlyName", text(maximum=64, empty=True)),
        Field("StreetSecondary", text(empty=True)),
        Field("EmergencyEnabled", boolean, default=0),
        Field("AutoCorrectAddress", lambda value, _settings: truth(value or "true")),
    ),
    filters=(
        Filter("CustomerName", "customer_name = ?"), Filter("FriendlyName", "friendly_name = ?"),
        Filter("IsoCountry", "iso_country = ?"), Filter("EmergencyEnabled", "emergency_enabled = ?", truth),
    ),
    prepare=_prepare_address, release=_refuse_in_use,
)


def trunk_number_answer(row: Row) -> Row:
    """Return what answers about a number have beyond the database's columns, in both generations of API.

    A webhook that is not set is an empty text, as in published answers.
    """
    return {
        "address_requirements": "none", "api_version": API_VERSION, "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "sms_application_sid": "", "sms_fallback_method": "POST", "sms_fallback_url": "",
        "sms_method": "POST", "sms_url": "", "status_callback": "", "status_callback_method": "POST",
        "voice_application_sid": row["voice_application_sid"] or "", "voice_caller_id_lookup": False,
        "voice_fallback_method": "POST", "voice_fallback_url": "", "voice_method": "POST",
        "voice_url": row["voice_url"] or "",
    }


def _number_answer(row: Row, _link: Link) -> Row:
    return {
        **trunk_number_answer(row),
        "address_sid": None, "bundle_sid": None, "emergency_status": "Active", "identity_sid": None,
        "origin": "twilio", "status": "in-use", "type": "local", "voice_receive_mode": "voice",
    }


def _prepare_number(change: Change) -> None:
    _exclude_each_other(change)
    if "emergency_address_sid" in change.values:
        _register(change)


def _exclude_each_other(change: Change) -> None:
    """Clear the application where a trunk is set, and the trunk where an application is: they exclude each other."""
    trunk = change.values.get("trunk_sid")
    if trunk:
        if not change.store.one(
            "SELECT 1 FROM trunk WHERE sid = ? AND account_sid = ?", trunk, change.account_sid
        ):
            raise TwilioError(Code.NOT_FOUND, f"The requested resource /Trunks/{trunk} was not found")
        refuse_move(change, change.current.get("trunk_sid"), trunk)
        change.values["voice_application_sid"] = None
    elif change.values.get("voice_application_sid"):
        change.values["trunk_sid"] = None


def refuse_move(change: Change, before: str | None, trunk: str) -> None:
    """Refuse a number that is on another trunk, where setting number_movable is false."""
    if not change.settings.number_movable and before not in (None, trunk):
        raise TwilioError(Code.TRUNK_INVALID, "Phone number already associated with a trunk")


def _register(change: Change) -> None:
    """Start the registration of another emergency address, or its end."""
    wanted, before = change.values["emergency_address_sid"], change.current
    if wanted == before.get("emergency_address_sid"):
        return
    if wanted:
        if not change.store.one(
            "SELECT 1 FROM address WHERE sid = ? AND account_sid = ? AND emergency_enabled", wanted, change.account_sid
        ):
            raise TwilioError(
                Code.INVALID_PARAMETER, f"EmergencyAddressSid {wanted} is no address that is enabled for emergencies"
            )
        status = before.get("emergency_address_status", UNREGISTERED)
        if status != UNREGISTERED and not change.settings.emergency_address_replaceable:
            raise TwilioError(
                Code.USED_FOR_EMERGENCIES, f"The number's emergency address is {status}: remove it and wait first"
            )
    change.values["emergency_settled_at"] = change.store.clock() + change.settings.emergency_registration_seconds


def _refuse_emergency(change: Change) -> None:
    """Refuse to release a number that has an emergency address, or still loses it."""
    status = change.current["emergency_address_status"]
    if status != UNREGISTERED:
        raise TwilioError(
            Code.USED_FOR_EMERGENCIES, f"{change.current['phone_number']} has an emergency address that is {status}"
        )


def _purchase(change: Change) -> str:
    """Buy a number that PUT /twin/for-sale put on sale: the one wanted, or the first in the area."""
    values = change.values
    area, wanted = values.pop("area_code", None), values.get("phone_number")
    if not wanted and not area:
        raise TwilioError(Code.INVALID_PARAMETER, "Missing required parameter PhoneNumber in the post body")
    found = change.store.one(
        """SELECT phone_number FROM for_sale WHERE (phone_number = ? OR (? IS NULL AND phone_number LIKE ?))
           AND phone_number NOT IN (SELECT phone_number FROM incoming_phone_number) ORDER BY phone_number""",
        wanted, wanted, f"+1{area}_______",
    )
    if not found and wanted:
        raise TwilioError(Code.NUMBER_NOT_AVAILABLE, f"{wanted} is not available")
    if not found:
        raise TwilioError(Code.NO_NUMBER_IN_AREA, f"No phone number is available in the area code {area}")
    number, moment, made = found["phone_number"], now(), new_sid("PN")
    change.store.run("DELETE FROM for_sale WHERE phone_number = ?", number)
    change.store.insert("incoming_phone_number", {
        "friendly_name": national(number), **values, "sid": made, "account_sid": change.account_sid,
        "phone_number": number, "date_created": moment, "date_updated": moment,
    })
    return made


def _pattern(value: str) -> str:
    """Return the SQL pattern of a number filter, which matches anywhere in the number; `*` is any one digit."""
    for character in "\\%_":
        value = value.replace(character, "\\" + character)
    return "%" + value.replace("*", "_") + "%"


NUMBERS = Resource(
    style=V2010, path=ACCOUNT + "/IncomingPhoneNumbers", key="incoming_phone_numbers", prefix="PN",
    table="incoming_phone_number", actions=EVERYTHING,
    source=f"""
        SELECT rowid AS position, *, CASE
               WHEN emergency_address_sid IS NULL
               THEN iif(emergency_settled_at > moment(), 'pending-unregistration', '{UNREGISTERED}')
               ELSE iif(emergency_settled_at > moment(), 'pending-registration', 'registered')
               END AS emergency_address_status
        FROM incoming_phone_number""",
    columns=(
        "sid", "account_sid", "phone_number", "friendly_name", "trunk_sid", "emergency_address_sid",
        "emergency_address_status",
    ),
    computed=_number_answer,
    fields=(
        Field("PhoneNumber", e164, when=(CREATE,)),
        Field("AreaCode", _area_code, when=(CREATE,)),
        Field("FriendlyName", text(maximum=64)),
        Field("VoiceUrl", web_url),
        Field("VoiceApplicationSid", sid("AP", empty=True)),
        Field("TrunkSid", sid("TK", empty=True)),
        Field("EmergencyAddressSid", sid("AD", empty=True)),
    ),
    filters=(
        Filter("PhoneNumber", "phone_number LIKE ? ESCAPE '\\'", _pattern),
        Filter("FriendlyName", "friendly_name = ?"),
        Filter("Beta", "'false' = ?", str.lower),
        Filter("Origin", "'twilio' = ?"),
    ),
    prepare=_prepare_number, insert=_purchase, release=_refuse_emergency,
)

RESOURCES = (ADDRESSES, NUMBERS)
