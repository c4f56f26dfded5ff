# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which countries may be called, and which of their expensive numbers.

https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource
"""

from __future__ import annotations

from ..._core.resource import Field, Resource
from ..endpoint import Endpoint
from ..validators import iso_country

PERMISSIONS = "/v1/DialingPermissions"
#: The one request that changes permissions, many at once:
#: https://www.twilio.com/docs/voice/api/dialingpermissions-bulkcountryupdate-resource
BULK_UPDATES = Endpoint("voice", PERMISSIONS + "/BulkCountryUpdates", "")

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
    service=Endpoint("voice", PERMISSIONS + "/Countries", "content", sid="iso_code", lags=True),
)
