# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the read-only modules make of Twilio's rows."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._twilio.queries import alerts


class ApiClient:
    def __init__(self, *rows):
        self.rows = lambda *_args, **_filters: iter(rows)


@pytest.mark.parametrize(("row", "code"), [
    ({"error_code": "32204"}, 32204), ({"error_code": 32204}, 32204), ({"error_code": None}, None),
    ({"error_code": ""}, None), ({}, None), ({"error_code": "odd"}, None),
])
def test_an_alert_is_read_however_its_code_is_written(row, code):
    (found,) = alerts(ApiClient({"sid": "NO1", **row}), 60, [])
    assert (found["code"], found["sid"], found["text"]) == (code, "NO1", None)
    assert bool(alerts(ApiClient({"sid": "NO1", **row}), 60, [32])) == (code == 32204)
