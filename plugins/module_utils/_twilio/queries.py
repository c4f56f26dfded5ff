# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queries of the read-only modules."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, Iterable
from urllib.parse import parse_qsl

from .._core.resource import render
from .account_state import AccountState
from .client import ApiClient
from .endpoint import V2010, Endpoint
from .errors import code_of
from .resources.account import ACCOUNT, TRUNKING
from .resources.dialing_permissions import COUNTRY
from .resources.phone_number import PHONE_NUMBER

VERIFIED = Endpoint("api", f"{V2010}/OutgoingCallerIds", "outgoing_caller_ids")
ALERTS = Endpoint("monitor", "/v1/Alerts", "alerts")
#: Regions without the list of verified caller IDs:
#: https://www.twilio.com/docs/global-infrastructure/regional-product-and-feature-availability
WITHOUT_VERIFIED = ("ie1", "au1")


def trunks(client: ApiClient, name: str | None = None) -> list[dict[str, Any]]:
    """List the account's trunks, or those of one name, with all that is attached to them; sorted by name."""
    found = AccountState(client).inspect(["trunk"])
    return sorted(
        (
            {
                **render(node, ids=True),
                "auth_types": sorted(node.values.get("auth_type_set") or ()),
                "symmetric_rtp_enabled": node.values.get("symmetric_rtp_enabled"),
            }
            for node in found if name in (None, node.values["name"])
        ),
        key=lambda trunk: str(trunk["name"]),
    )


def trunking(client: ApiClient, countries: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Read the current state of all that `twilio_trunking` declares, by its options; of countries only if requested."""
    own = [child for child in ACCOUNT.children if child.option in TRUNKING and (countries or child is not COUNTRY)]
    found: dict[str, list[dict[str, Any]]] = {child.option: [] for child in own}
    for node in AccountState(client).inspect([child.kind for child in own]):
        found[node.resource.option].append(render(node, ids=True))
    return found


def caller_ids(client: ApiClient, region: str | None = None) -> list[dict[str, Any]]:
    """List the numbers that calls may show: the ones that the account owns, and the ones that it has verified."""
    verified = [] if region in WITHOUT_VERIFIED else [partial(lambda: list(client.rows(VERIFIED)))]
    owned, *more = client.all([partial(lambda: list(client.rows(PHONE_NUMBER.service))), *verified])
    rows = [("owned", row) for row in owned] + [("verified", row) for rows in more for row in rows]
    return sorted(
        (
            {
                "phone_number": row["phone_number"],
                "name": row.get("friendly_name"),
                "kind": kind,
                "sid": row["sid"],
                "trunk_sid": row.get("trunk_sid"),
            }
            for kind, row in rows
        ),
        key=lambda row: (row["phone_number"], row["kind"]),
    )


def alerts(client: ApiClient, minutes: int, codes: Iterable[int]) -> list[dict[str, Any]]:
    """List the account's alerts of the last minutes, the newest first.

    :param codes: the prefixes that error codes may have: 32 stands for 32000 to 32999. Empty: every code.
    """
    since = datetime.now(timezone.utc) - timedelta(minutes=minutes)
    rows = client.rows(ALERTS, StartDate=since.strftime("%Y-%m-%dT%H:%M:%SZ"))
    prefixes = tuple(map(str, codes)) or ("",)
    return [
        {
            "code": code_of(row.get("error_code")),
            "level": row.get("log_level"),
            "time": row.get("date_generated") or row.get("date_created"),
            "text": dict(parse_qsl(row.get("alert_text") or "")).get("Msg") or row.get("alert_text"),
            "resource_sid": row.get("resource_sid"),
            "sid": row["sid"],
        }
        for row in rows if str(row.get("error_code") or "").startswith(prefixes)
    ]
