# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diagnosis names the cause of each refusal that was recorded."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._sip.diagnosis import diagnose
from ansible_collections.trunkline.voice.plugins.module_utils._sip.ladder import Facts
from ansible_collections.trunkline.voice.plugins.module_utils._sip.problem import Problem

from .recorded import cases, title

KNOWN = {"trunk": "main", "endpoint": "twilio-acme", "domain": "acme.pstn.twilio.com"}


@pytest.mark.parametrize("case", cases("refusals"), ids=title)
def test_refusal(case):
    facts = {"method": "INVITE", "number": "+14155550100", **case["facts"]}
    finding = diagnose(Problem(facts.pop("problem", "refused")), Facts(**facts), KNOWN)
    assert finding.name == case["cause"]
    for words in case.get("says", ()):
        assert words in finding.cause
