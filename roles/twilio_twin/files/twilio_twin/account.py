# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""api.twilio.com/2010-04-01: the account, its verified caller IDs and its calls.

Fields and answers: Twilio's OpenAPI document twilio_api_v2010.
"""

import secrets
from datetime import datetime

from .errors import Code, TwilioError
from .resource import (
    CREATE,
    E164,
    EVERYTHING,
    V2010,
    Change,
    Field,
    Filter,
    Link,
    Resource,
    rfc2822,
    text,
)
from .settings import Settings
from .store import Row, new_sid

ACCOUNT = "/2010-04-01/Accounts/{account_sid}"
API_VERSION = "2010-04-01"


def national(number: str) -> str:
    """Return the friendly name that Twilio gives a number: (775) 618-7988 for +17756187988, others unchanged."""
    if len(number) == 12 and number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def e164(value: str, _settings: Settings) -> str:
    """Take a number in E.164 form."""
    if not E164.fullmatch(value):
        raise ValueError("must be a number in E.164 form, such as +17756187988")
    return value


ACCOUNTS = Resource(
    style=V2010, path="/2010-04-01/Accounts", key="accounts", prefix="AC", table="account",
    actions=frozenset({"fetch"}), main_credentials=True,
    # An account sees itself and its subaccounts.
    source="""
        SELECT a.rowid AS position, a.*, seer.sid AS account_sid
        FROM account a JOIN account seer ON seer.sid IN (a.sid, a.owner_account_sid)""",
    columns=("sid", "friendly_name", "auth_token", "status"),
    links=("Addresses", "Calls", "IncomingPhoneNumbers", "OutgoingCallerIds"),
    computed=lambda row, link: {"owner_account_sid": row["owner_account_sid"] or row["sid"], "type": "Full"},
)


def _verify(change: Change) -> Row:
    """Answer as if the verification call went out. PUT /twin/caller-ids stands for the human who enters the code."""
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
        Field("PhoneNumber", e164, when=(CREATE,), required=(CREATE,)),
        Field("FriendlyName", text(maximum=64)),
    ),
    filters=(Filter("PhoneNumber", "phone_number = ?"), Filter("FriendlyName", "friendly_name = ?")),
    respond=_verify, statuses={"create": 200}, missing_in=("ie1", "au1"),
)


def _call_answer(row: Row, _link: Link) -> Row:
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


def moments(param: str, column: str) -> tuple[Filter, ...]:
    """Return the three filters on a time: at it, up to it, from it. A date alone means that whole day."""
    return tuple(
        Filter(param + mark, f"substr({column}, 1, length(?)) {operator} ?")
        for mark, operator in (("", "="), ("<", "<="), (">", ">="))
    )


# The SIP edge writes each call when it decides on it; the API makes none.
CALLS = Resource(
    style=V2010, path=ACCOUNT + "/Calls", key="calls", prefix="CA", table="call",
    actions=frozenset({"list", "fetch"}), newest_first=True, dates=(),
    source="SELECT rowid AS position, * FROM call",
    columns=("sid", "account_sid", "trunk_sid", "direction", "from", "to", "status"),
    computed=_call_answer, links=("Events", "Notifications", "Recordings"),
    filters=(
        Filter("To", '"to" = ?'), Filter("From", '"from" = ?'), Filter("Status", "status = ?"),
        Filter("ParentCallSid", "NULL = ?"),
        *moments("StartTime", "start_time"), *moments("EndTime", "end_time"),
    ),
)

RESOURCES = (ACCOUNTS, CALLER_IDS, CALLS)
