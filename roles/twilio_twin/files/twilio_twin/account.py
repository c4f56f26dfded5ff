# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""api.twilio.com/2010-04-01: the account, its numbers, its verified caller IDs and its calls.

Fields and answers: Twilio's OpenAPI document twilio_api_v2010. Of a number's many webhooks the twin keeps
what a trunk touches (VoiceUrl, VoiceApplicationSid, TrunkSid); the others are ignored and answered empty.
"""

import secrets
from datetime import datetime

from .errors import Code, TwilioError
from .resource import (
    CREATE,
    E164,
    EVERYTHING,
    UPDATE,
    V2010,
    Field,
    Filter,
    Resource,
    rfc2822,
    sid,
    text,
    web_url,
)
from .store import new_sid

ACCOUNT = "/2010-04-01/Accounts/{account_sid}"
API_VERSION = "2010-04-01"


def national(number):
    """How Twilio names a number of its own accord: (775) 618-7988 for +17756187988, others as they are."""
    if len(number) == 12 and number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def _e164(value, _settings):
    if not E164.fullmatch(value):
        raise ValueError("must be a number in E.164 form, such as +17756187988")
    return value


ACCOUNTS = Resource(
    style=V2010, path="/2010-04-01/Accounts", key="accounts", prefix="AC", table="account",
    actions=frozenset({"fetch"}), main_credentials=True, dates=(),
    source="SELECT rowid AS position, sid AS account_sid, * FROM account",
    columns=("sid", "friendly_name", "auth_token", "status"),
    links=("Calls", "IncomingPhoneNumbers", "OutgoingCallerIds"),
    # The database keeps no dates of an account: it is seeded, not created.
    computed=lambda row, link: {
        "owner_account_sid": row["sid"], "type": "Full", "date_created": None, "date_updated": None,
    },
)


def trunk_number_answer():
    """What the answers about a number have beyond the database's columns, in both generations of API."""
    return {
        "address_requirements": "none", "api_version": API_VERSION, "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "sms_application_sid": None, "sms_fallback_method": "POST", "sms_fallback_url": None,
        "sms_method": "POST", "sms_url": None, "status_callback": None, "status_callback_method": "POST",
        "voice_caller_id_lookup": False, "voice_fallback_method": "POST", "voice_fallback_url": None,
        "voice_method": "POST",
    }


def _number_answer(_row, _link):
    return {
        **trunk_number_answer(),
        "address_sid": None, "bundle_sid": None, "emergency_address_sid": None,
        "emergency_address_status": "unregistered", "emergency_status": "Active", "identity_sid": None,
        "origin": "twilio", "status": "in-use", "type": "local", "voice_receive_mode": "voice",
    }


def _prepare_number(change):
    """A trunk and an application exclude each other: setting one clears the other."""
    trunk = change.values.get("trunk_sid")
    if trunk:
        if not change.store.one(
            "SELECT 1 FROM trunk WHERE sid = ? AND account_sid = ?", trunk, change.account_sid
        ):
            raise TwilioError(Code.NOT_FOUND, f"The requested resource /Trunks/{trunk} was not found")
        change.values["voice_application_sid"] = None
    elif change.values.get("voice_application_sid"):
        change.values["trunk_sid"] = None


def _purchase(change):
    """The twin sells nothing: its control surface gives numbers, so that no test believes it bought one."""
    wanted = change.values["phone_number"]
    raise TwilioError(Code.NUMBER_NOT_AVAILABLE, f"{wanted} is not available")


def _pattern(value):
    """A number filter matches anywhere in the number, ``*`` standing for any one digit."""
    for character in "\\%_":
        value = value.replace(character, "\\" + character)
    return "%" + value.replace("*", "_") + "%"


NUMBERS = Resource(
    style=V2010, path=ACCOUNT + "/IncomingPhoneNumbers", key="incoming_phone_numbers", prefix="PN",
    table="incoming_phone_number", actions=EVERYTHING,
    source="SELECT rowid AS position, * FROM incoming_phone_number",
    columns=(
        "sid", "account_sid", "phone_number", "friendly_name", "trunk_sid", "voice_url", "voice_application_sid",
    ),
    computed=_number_answer,
    fields=(
        Field("PhoneNumber", _e164, when=(CREATE,), required=(CREATE,)),
        Field("FriendlyName", text(maximum=64)),
        Field("VoiceUrl", web_url),
        Field("VoiceApplicationSid", sid("AP", empty=True)),
        Field("TrunkSid", sid("TK", empty=True), when=(UPDATE,)),
    ),
    filters=(
        Filter("PhoneNumber", "phone_number LIKE ? ESCAPE '\\'", _pattern),
        Filter("FriendlyName", "friendly_name = ?"),
        Filter("Beta", "'false' = ?", str.lower),
        Filter("Origin", "'twilio' = ?"),
    ),
    prepare=_prepare_number, insert=_purchase,
)


def _verify(change):
    """Answers as if the verification call went out. The human who enters the code is PUT /twin/caller-ids."""
    number = change.values["phone_number"]
    if change.store.one(
        "SELECT 1 FROM outgoing_caller_id WHERE phone_number = ? AND account_sid = ?", number, change.account_sid
    ):
        raise TwilioError(Code.NUMBER_ALREADY_VERIFIED, f"{number} is already validated for the account")
    return {
        "account_sid": change.account_sid,
        "call_sid": new_sid("CA"),
        "friendly_name": change.values.get("friendly_name") or national(number),
        "phone_number": number,
        "validation_code": f"{secrets.randbelow(10 ** 6):06}",
    }


CALLER_IDS = Resource(
    style=V2010, path=ACCOUNT + "/OutgoingCallerIds", key="outgoing_caller_ids", prefix="PN",
    table="outgoing_caller_id", actions=EVERYTHING,
    source="SELECT rowid AS position, * FROM outgoing_caller_id",
    columns=("sid", "account_sid", "phone_number", "friendly_name"),
    fields=(
        Field("PhoneNumber", _e164, when=(CREATE,), required=(CREATE,)),
        Field("FriendlyName", text(maximum=64)),
    ),
    filters=(Filter("PhoneNumber", "phone_number = ?"), Filter("FriendlyName", "friendly_name = ?")),
    respond=_verify,
)


def _call_answer(row, _link):
    start, end = row["start_time"], row["end_time"]
    seconds = None
    if start and end:
        seconds = str(int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()))
    return {
        "answered_by": None, "api_version": API_VERSION, "caller_name": None,
        "date_created": rfc2822(row["date_created"]), "date_updated": rfc2822(end or start or row["date_created"]),
        "duration": seconds, "end_time": rfc2822(end), "forwarded_from": None,
        "from_formatted": row["from"] and national(row["from"]), "group_sid": None, "parent_call_sid": None,
        "phone_number_sid": None, "price": None, "price_unit": "USD", "queue_time": "0",
        "start_time": rfc2822(start), "to_formatted": row["to"] and national(row["to"]),
    }


def _moment(param, column):
    """The three filters on a time: on it, up to it, from it. A date alone means that whole day."""
    return tuple(
        Filter(param + mark, f"substr({column}, 1, length(?)) {operator} ?")
        for mark, operator in (("", "="), ("<", "<="), (">", ">="))
    )


# Calls appear as the SIP edge decides on them; none is made here.
CALLS = Resource(
    style=V2010, path=ACCOUNT + "/Calls", key="calls", prefix="CA", table="call",
    actions=frozenset({"list", "fetch"}), newest_first=True, dates=(),
    source="SELECT rowid AS position, * FROM call",
    columns=("sid", "account_sid", "trunk_sid", "direction", "from", "to", "status"),
    computed=_call_answer, links=("Events", "Notifications", "Recordings"),
    filters=(
        Filter("To", '"to" = ?'), Filter("From", '"from" = ?'), Filter("Status", "status = ?"),
        Filter("ParentCallSid", "NULL = ?"),
        *_moment("StartTime", "start_time"), *_moment("EndTime", "end_time"),
    ),
)

RESOURCES = (ACCOUNTS, NUMBERS, CALLER_IDS, CALLS)
