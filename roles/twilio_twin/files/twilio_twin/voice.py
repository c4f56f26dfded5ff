# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""voice.twilio.com/v1: which countries an account may dial.

Fields and answers: Twilio's OpenAPI document twilio_voice_v1. The countries are those of countries.csv.
"""

import json
import re
from typing import Any

from .errors import Code, TwilioError
from .resource import CREATE, V1, Change, Field, Filter, Link, Resource, boolean, truth
from .settings import Settings
from .store import Row

DIALING = "/v1/DialingPermissions"
SETTINGS_PATH = "/v1/Settings"
PERMISSIONS = (
    "low_risk_numbers_enabled", "high_risk_special_numbers_enabled", "high_risk_tollfraud_numbers_enabled",
)


def _code(value: str) -> str:
    """Return a country code with its plus, which a query may have lost."""
    return "+" + value.strip().lstrip("+")


def _country_answer(row: Row, link: Link) -> Row:
    prefixes = f"{DIALING}/Countries/{row['iso_code']}/HighRiskSpecialPrefixes"
    return {
        "country_codes": row["country_codes"].split(), "links": {"highrisk_special_prefixes": link(prefixes)},
    }


# A subaccount has its owner's permissions as long as it inherits them.
COUNTRIES = Resource(
    style=V1, path=DIALING + "/Countries", key="content", prefix="", actions=frozenset({"list", "fetch"}),
    source=f"""
        SELECT c.rowid AS position, c.iso_code AS sid, c.iso_code, c.name, c.continent, c.country_codes,
               a.sid AS account_sid, {", ".join(f"coalesce(p.{name}, c.{name}) AS {name}" for name in PERMISSIONS)}
        FROM country c CROSS JOIN account a LEFT JOIN dialing_permission p ON p.rowid = (
            SELECT rowid FROM dialing_permission q
            WHERE q.account_sid = iif(a.dialing_permissions_inheritance, coalesce(a.owner_account_sid, a.sid), a.sid)
            AND q.iso_code = c.iso_code AND q.since <= moment() ORDER BY q.since DESC LIMIT 1)""",
    columns=("iso_code", "name", "continent"), booleans=PERMISSIONS, dates=(), computed=_country_answer,
    filters=(
        Filter("IsoCode", "iso_code = ?"), Filter("Continent", "continent = ?"),
        Filter("CountryCode", "instr(' ' || country_codes || ' ', ' ' || ? || ' ') > 0", _code),
        Filter("LowRiskNumbersEnabled", "low_risk_numbers_enabled = ?", truth),
        Filter("HighRiskSpecialNumbersEnabled", "high_risk_special_numbers_enabled = ?", truth),
        Filter("HighRiskTollfraudNumbersEnabled", "high_risk_tollfraud_numbers_enabled = ?", truth),
    ),
)

PREFIXES = Resource(
    style=V1, path=COUNTRIES.path + "/{iso_code}/HighRiskSpecialPrefixes", key="content", prefix="",
    actions=frozenset({"list"}), parent=COUNTRIES,
    source="""
        SELECT h.rowid AS position, h.prefix AS sid, h.prefix, h.iso_code, a.sid AS account_sid
        FROM high_risk_special_prefix h CROSS JOIN account a""",
    columns=("prefix",), dates=(),
)


def _updates(value: str, _settings: Settings) -> list[Row]:
    """Take JSON text: [{"iso_code", a permission: true or "true"}]. Unknown keys are ignored."""
    try:
        updates = json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError("must be a JSON array") from None
    if not isinstance(updates, list) or not all(isinstance(one, dict) for one in updates):
        raise ValueError("must be a JSON array of objects")
    return [_one_update(one) for one in updates]


def _one_update(one: Row) -> Row:
    if not isinstance(one.get("iso_code"), str) or not re.fullmatch("[A-Z]{2}", one["iso_code"]):
        raise ValueError("each object must have an iso_code, such as GB")
    made: Row = {"iso_code": one["iso_code"]}
    for name in PERMISSIONS:
        if name in one:
            if str(one[name]).lower() not in ("true", "false"):
                raise ValueError(f"{name} must be true or false")
            made[name] = int(str(one[name]).lower() == "true")
    return made


def _update(change: Change) -> Row:
    """Change the permissions of each country, once the lag is over."""
    updates = change.values["update_request"]
    for given in updates:
        _permit(change, given)
    return {"update_count": len(updates), "update_request": "accepted"}


def _permit(change: Change, given: dict[str, Any]) -> None:
    store, key = change.store, (change.account_sid, given["iso_code"])
    columns = ", ".join(PERMISSIONS)
    default = store.one(f"SELECT {columns} FROM country WHERE iso_code = ?", given["iso_code"])
    if not default:
        raise TwilioError(Code.INVALID_PARAMETER, f"There is no country {given['iso_code']}")
    of_it = "FROM dialing_permission WHERE account_sid = ? AND iso_code = ?"
    newest = store.one(f"SELECT {columns} {of_it} ORDER BY since DESC", *key) or default
    wanted = {**newest, **{name: given[name] for name in PERMISSIONS if name in given}}
    lag = change.settings.dialing_update_lag
    if lag:
        store.run(f"DELETE {of_it} AND since < (SELECT max(since) {of_it} AND since <= moment())", *key, *key)
    else:
        store.run(f"DELETE {of_it}", *key)
    if lag or wanted != default:
        row = {"account_sid": key[0], "iso_code": key[1], "since": store.clock() + lag, **wanted}
        store.run(f"DELETE {of_it} AND since = ?", *key, row["since"])
        store.insert("dialing_permission", row)


BULK_UPDATES = Resource(
    style=V1, path=DIALING + "/BulkCountryUpdates", key="", prefix="", actions=frozenset({"create"}), source="",
    columns=(), fields=(Field("UpdateRequest", _updates, required=(CREATE,)),), respond=_update,
)

SETTINGS = Resource(
    style=V1, path=SETTINGS_PATH, key="", prefix="AC", table="account", singleton=True,
    actions=frozenset({"fetch", "update"}),
    source="SELECT rowid AS position, sid AS account_sid, * FROM account",
    columns=(), booleans=("dialing_permissions_inheritance",), dates=(),
    computed=lambda row, link: {"url": link(SETTINGS_PATH)},
    fields=(Field("DialingPermissionsInheritance", boolean),), statuses={"update": 202},
)

RESOURCES = (COUNTRIES, PREFIXES, BULK_UPDATES, SETTINGS)
