# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""monitor.twilio.com/v1: the alerts, one for each call that failed with one of Twilio's errors.

Fields and answers: Twilio's OpenAPI document twilio_monitor_v1. Twilio keeps alerts for 30 days.
"""

from datetime import datetime, timezone
from urllib.parse import urlencode

from .account import API_VERSION
from .errors import DICTIONARY
from .resource import V1, Filter, Link, Resource
from .store import Row

DAYS = 30


def _date(value: str) -> str:
    """Return a date, or a date and time, as the database writes it; a date alone stands for the whole day."""
    moment = datetime.fromisoformat(value)
    if len(value) <= len("2026-11-23"):
        return moment.date().isoformat()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    try:
        return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        raise ValueError("is too far away") from None


def _alert_answer(row: Row, _link: Link) -> Row:
    code = str(row["error_code"])
    words = {"Msg": row["error_text"] or "", "ErrorCode": code, "SipCallId": row["sip_call_id"], "LogLevel": "ERROR"}
    return {
        "alert_text": urlencode(words), "api_version": API_VERSION, "date_generated": row["date_created"],
        "error_code": code, "log_level": "error", "more_info": f"{DICTIONARY}/{code}", "request_method": None,
        "request_url": None, "service_sid": None,
    }


ALERTS = Resource(
    style=V1, path="/v1/Alerts", key="alerts", prefix="NO", actions=frozenset({"list", "fetch"}), newest_first=True,
    source=f"""
        SELECT rowid AS position, 'NO' || substr(sid, 3) AS sid, account_sid, sid AS resource_sid, sip_call_id,
               error_code, error_text, date_created, coalesce(end_time, date_created) AS date_updated
        FROM call WHERE error_code IS NOT NULL
        AND date_created >= strftime('%Y-%m-%dT%H:%M:%SZ', moment() - {DAYS * 86400}, 'unixepoch')""",
    columns=("sid", "account_sid", "resource_sid"), computed=_alert_answer,
    details=lambda row: dict.fromkeys(("request_headers", "request_variables", "response_body", "response_headers")),
    filters=(
        Filter("LogLevel", "'error' = ?", str.lower),
        Filter("StartDate", "substr(date_created, 1, length(?)) >= ?", _date),
        Filter("EndDate", "substr(date_created, 1, length(?)) <= ?", _date),
    ),
)

RESOURCES = (ALERTS,)
