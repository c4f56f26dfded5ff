# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialing permissions: which countries may be called, and which of their expensive numbers.

https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Mapping

from ..._core.errors import TrunklineError
from ..._core.resource import Field, Resource
from ..endpoint import Endpoint
from ..validators import iso_country
from ..waiters import wait_until_shown

if TYPE_CHECKING:
    from ..._core.apply import Outcome
    from ..._core.plan import Step
    from ..account_state import AccountState

PERMISSIONS = "/v1/DialingPermissions"
#: The one request that changes permissions, many at once:
#: https://www.twilio.com/docs/voice/api/dialingpermissions-bulkcountryupdate-resource
BULK_UPDATES = Endpoint("voice", PERMISSIONS + "/BulkCountryUpdates", "")


def _update_all(account: AccountState, steps: list[Step]) -> tuple[list[Outcome], list[str]]:
    """Change the permissions of all countries in one request, and wait until the list shows them."""
    before = {row.key: row.values for row in account.known(COUNTRY.kind)}
    after = {step.key[-1]: {**before[step.key[-1]], **step.values} for step in steps}
    request = {"UpdateRequest": json.dumps([_written(values) for values in after.values()])}
    outcome = account.client.together([partial(account.client.post, BULK_UPDATES, request)])[0]
    if isinstance(outcome, TrunklineError):
        return [outcome, *[None] * (len(steps) - 1)], []

    def shown() -> bool:
        rows = {row.key: row.values for row in account.siblings(COUNTRY, ())}
        return all(rows[key] == values for key, values in after.items())

    warnings = wait_until_shown(shown, lambda: "; ".join(map(str, steps)), account.client.sleep)
    return [(step.id, after[step.key[-1]]) for step in steps], warnings


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a country as the bulk update takes it."""
    wire = {field.name: field.wire or field.name for field in COUNTRY.fields}
    return {
        wire[name]: str(value).lower() if isinstance(value, bool) else value for name, value in values.items()
    }


COUNTRY = Resource(
    kind="country",
    option="countries",
    identity=("iso_code",),
    reset_to={
        "low_risk_numbers": False,
        "high_risk_special_numbers": False,
        "high_risk_tollfraud_numbers": False,
    },
    fields=(
        Field("iso_code", required=True, check=iso_country),
        Field("low_risk_numbers", wire="low_risk_numbers_enabled", type="bool"),
        Field("high_risk_special_numbers", wire="high_risk_special_numbers_enabled", type="bool"),
        Field("high_risk_tollfraud_numbers", wire="high_risk_tollfraud_numbers_enabled", type="bool"),
    ),
    service=Endpoint("voice", PERMISSIONS + "/Countries", "content", sid="iso_code", write_all=_update_all),
)
