# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For any account and declaration, check mode says what the run then leaves behind, and a second run changes nothing.

Every request on the way is one that Twilio's documents have.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

from .accounts import CANARY, Twin
from .document import request_complaints
from .test_ladders import without_marks

NUMBERS = ("+17756187988", "+17756187989", "+17756187990")
bounded = settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def some(**values):
    """Any of these options, or none of them."""
    return st.fixed_dictionaries({}, optional=values)


def row(required, **optional):
    return st.fixed_dictionaries(required, optional=optional)


def rows(each, *unique, most=4):
    return st.lists(each, max_size=most, unique_by=tuple(lambda one, name=name: one.get(name) for name in unique))


names = st.sampled_from(["first", "second", "third", "fourth"])
addresses = rows(
    row({"ip_address": st.sampled_from([f"203.0.113.{n}" for n in range(8, 14)]), "name": names},
        cidr_prefix_length=st.sampled_from([0, 24, 32])),
    "ip_address", "name",
)
credentials = rows(row({"username": names, "password": st.just(CANARY)}), "username")
origination = rows(
    row({"sip_url": st.sampled_from([f"sip:pbx{n}.example.com" for n in range(6)]), "name": names},
        priority=st.integers(0, 3), weight=st.integers(0, 3), enabled=st.booleans()),
    "sip_url", "name",
)
lists = st.lists(st.sampled_from(["One", "Two", "Three"]), unique=True)
trunk = {
    "domain_name": st.sampled_from(["truth-a.pstn.twilio.com", "Truth-B.pstn.twilio.com", ""]),
    "secure": st.booleans(),
    "transfer_mode": st.sampled_from(["disable-all", "enable-all", "sip-only"]),
    "transfer_caller_id": st.sampled_from(["from-transferee", "from-transferor"]),
    "cnam_lookup_enabled": st.booleans(),
    "recording": st.sampled_from(["do-not-record", "record-from-answer-dual"]),
    "recording_trim": st.sampled_from(["do-not-trim", "trim-silence"]),
    "disaster_recovery_url": st.sampled_from(["https://example.com/voice", ""]),
    "disaster_recovery_method": st.sampled_from(["GET", "POST"]),
    "ip_access_control_lists": lists,
    "credential_lists": lists,
    "origination_urls": origination,
    "phone_numbers": st.lists(st.sampled_from(NUMBERS), unique=True),
    "keep_extra": st.lists(st.sampled_from(["ip_access_control_lists", "origination_urls", "phone_numbers"])),
}
permissions = some(low_risk_numbers=st.booleans(), high_risk_special_numbers=st.booleans())
countries = rows(
    st.builds(lambda code, more: {"iso_code": code, **more}, st.sampled_from(["US", "GB", "IN", "DE"]), permissions),
    "iso_code",
)
DECLARATIONS = {
    "acl": some(addresses=addresses, keep_extra=st.just(["addresses"])).map(lambda more: {"name": "List", **more}),
    "credentials": some(credentials=credentials).map(lambda more: {"name": "List", **more}),
    "trunk": some(**trunk).map(lambda more: {"name": "Trunk", **more}),
    "number": some(
        trunk=st.sampled_from(["Other", "Third", ""]), name=names, emergency_address=st.sampled_from(["Office", ""]),
    ).map(lambda more: {"phone_number": NUMBERS[0], **more}),
    "countries": st.builds(
        lambda rows, keep: {"countries": rows, "keep_extra": keep}, countries, st.sampled_from([[], ["countries"]]),
    ),
}


@pytest.fixture(scope="module")
def twin(served):
    return Twin(served[0])


def furnished(twin):
    twin.empty()
    for number in NUMBERS:
        twin.own(number)
    for name in ("One", "Two", "Three"):
        twin.run("acl", {"name": name})
        twin.run("credentials", {"name": name})
    for name in ("Other", "Third"):
        twin.run("trunk", {"name": name})
    twin.sdk.addresses.create(
        friendly_name="Office", customer_name="Office", street="1 Main St", city="Reno", region="NV",
        postal_code="89501", iso_country="US", emergency_enabled=True,
    )
    twin.run("number", {"phone_number": NUMBERS[1], "trunk": "Other"})


def refused(twin, kind, params):
    """Whether the declaration contradicts itself, which is said before anything is asked."""
    twin.requests()
    try:
        twin.run(kind, params, True)
    except TrunklineError as error:
        assert "disaster_recovery_method is of no use" in str(error) and not twin.requests()
        return True
    return False


@pytest.mark.parametrize("kind", sorted(DECLARATIONS))
@bounded
@given(data=st.data())
def test_what_a_check_says_is_what_the_run_leaves_behind(twin, kind, data):
    furnished(twin)
    for params in data.draw(st.lists(DECLARATIONS[kind], min_size=1, max_size=3)):
        assume(not refused(twin, kind, params))
        said, done = twin.run(kind, params, True), twin.run(kind, params)
        again = twin.run(kind, params)
        assert said["diff"] == done["diff"] and said["steps"] == done["steps"]
        assert not again["changed"], again["steps"]
        assert without_marks(done["diff"]["after"]) == without_marks(again["diff"]["before"])
    asked = twin.requests()
    assert asked
    for one in asked:
        found = request_complaints(one["method"], one["path"], one["query"], one["form"])
        # The log hides a password behind three stars.
        assert not found, (one, found)
