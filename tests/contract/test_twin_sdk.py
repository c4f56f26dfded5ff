# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's own SDK drives every resource of a twin that runs as its service does."""

import sqlite3
import stat
import threading
from datetime import datetime, timedelta, timezone

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests import sdk

from .conftest import ACCOUNT, KEY, SECRET, TOKEN

NUMBER = "+17756187988"


@pytest.fixture
def twilio(served):
    url, dummy = served
    requests.post(url + "/twin/reset", timeout=5).raise_for_status()
    return sdk.client(url, ACCOUNT, TOKEN)


def test_trunk(twilio):
    trunk = twilio.trunking.v1.trunks.create(
        friendly_name="Asterisk-SIP-Trunk", domain_name="asterisk-pbx1.pstn.twilio.com", secure=False
    )
    assert (trunk.domain_name, trunk.secure, trunk.transfer_mode) == (
        "asterisk-pbx1.pstn.twilio.com", False, "disable-all"
    )
    assert twilio.trunking.v1.trunks(trunk.sid).update(secure=True, transfer_mode="enable-all").secure
    assert twilio.trunking.v1.trunks(trunk.sid).fetch().date_created.year > 2000
    recording = twilio.trunking.v1.trunks(trunk.sid).recordings()
    assert recording.update(mode="record-from-answer").trim == "do-not-trim"
    assert recording.fetch().mode == "record-from-answer"
    assert [one.sid for one in twilio.trunking.v1.trunks.list()] == [trunk.sid]
    assert twilio.trunking.v1.trunks(trunk.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        twilio.trunking.v1.trunks(trunk.sid).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)


def test_origination_urls(twilio):
    trunk = twilio.trunking.v1.trunks.create()
    urls = twilio.trunking.v1.trunks(trunk.sid).origination_urls
    made = urls.create(weight=1, priority=2, enabled=True, friendly_name="pbx1", sip_url="sip:pbx1.example.com")
    assert urls(made.sid).update(enabled=False, weight=3).weight == 3
    assert (urls(made.sid).fetch().enabled, [one.priority for one in urls.list()]) == (False, [2])
    assert urls(made.sid).delete()
    assert urls.list() == []


def test_access_lists_and_their_place_on_a_trunk(twilio):
    lists = twilio.api.v2010.accounts(ACCOUNT).sip.ip_access_control_lists
    made = lists.create(friendly_name="Asterisk-Server")
    assert lists(made.sid).update(friendly_name="Asterisk-Servers").friendly_name == "Asterisk-Servers"
    assert lists(made.sid).fetch().subresource_uris["ip_addresses"].endswith("/IpAddresses.json")
    addresses = lists(made.sid).ip_addresses
    address = addresses.create(friendly_name="pbx1", ip_address="10.99.0.10")
    assert addresses(address.sid).update(cidr_prefix_length=24).cidr_prefix_length == 24
    assert [(one.ip_address, one.ip_access_control_list_sid) for one in addresses.list()] == [("10.99.0.10", made.sid)]
    assert addresses(address.sid).fetch().friendly_name == "pbx1"

    trunk = twilio.trunking.v1.trunks(twilio.trunking.v1.trunks.create().sid)
    assert trunk.ip_access_control_lists.create(ip_access_control_list_sid=made.sid).sid == made.sid
    assert [one.friendly_name for one in trunk.ip_access_control_lists.list()] == ["Asterisk-Servers"]
    assert trunk.ip_access_control_lists(made.sid).fetch().trunk_sid == trunk.fetch().sid
    assert trunk.fetch().auth_type_set == ["IP_ACL"]
    assert trunk.ip_access_control_lists(made.sid).delete()
    assert addresses(address.sid).delete()
    assert lists(made.sid).delete()


def test_credential_lists_and_their_place_on_a_trunk(twilio):
    lists = twilio.api.v2010.accounts(ACCOUNT).sip.credential_lists
    made = lists.create(friendly_name="Asterisk-Credentials")
    assert lists(made.sid).update(friendly_name="Credentials").friendly_name == "Credentials"
    assert [one.sid for one in lists.list()] == [lists(made.sid).fetch().sid]
    credentials = lists(made.sid).credentials
    one = credentials.create(username="Asterisk", password="Correct-Horse-9")
    assert credentials(one.sid).update(password="Battery-Staple-9").username == "Asterisk"
    assert [found.username for found in credentials.list()] == [credentials(one.sid).fetch().username]
    with pytest.raises(TwilioRestException) as weak:
        credentials.create(username="other", password="weak")
    assert weak.value.code == 21243

    trunk = twilio.trunking.v1.trunks(twilio.trunking.v1.trunks.create().sid)
    trunk.credentials_lists.create(credential_list_sid=made.sid)
    assert [found.sid for found in trunk.credentials_lists.list()] == [trunk.credentials_lists(made.sid).fetch().sid]
    assert trunk.credentials_lists(made.sid).delete()
    assert credentials(one.sid).delete()
    assert lists(made.sid).delete()


def test_numbers_and_caller_ids(twilio, served):
    url, dummy = served
    requests.put(f"{url}/twin/numbers/{NUMBER}", timeout=5).raise_for_status()
    requests.put(f"{url}/twin/caller-ids/+15005550006", timeout=5).raise_for_status()
    number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
    trunk = twilio.trunking.v1.trunks(twilio.trunking.v1.trunks.create().sid)
    attached = trunk.phone_numbers.create(phone_number_sid=number.sid)
    assert (attached.phone_number, attached.trunk_sid) == (NUMBER, trunk.fetch().sid)
    assert [one.sid for one in trunk.phone_numbers.list()] == [trunk.phone_numbers(number.sid).fetch().sid]
    assert trunk.phone_numbers(number.sid).delete()
    assert number.update(trunk_sid=trunk.fetch().sid).fetch().trunk_sid == trunk.fetch().sid
    with pytest.raises(TwilioRestException) as sold:
        twilio.incoming_phone_numbers.create(phone_number="+15005550001")
    assert sold.value.code == 21422
    assert number.delete()

    caller = twilio.outgoing_caller_ids.list(phone_number="+15005550006")[0]
    assert caller.update(friendly_name="Reception").fetch().friendly_name == "Reception"
    assert len(twilio.validation_requests.create(phone_number="+15005550007").validation_code) == 6
    assert caller.delete()
    assert twilio.outgoing_caller_ids.list() == []


def test_addresses_and_bought_numbers(twilio, served):
    url, dummy = served
    addresses = twilio.api.v2010.accounts(ACCOUNT).addresses
    home = addresses.create(customer_name="Trunkline", street="1 Main Street", city="Reno", region="nv",
                            postal_code="89501", iso_country="US", emergency_enabled=True)
    assert addresses(home.sid).update(friendly_name="Office").region == "NV"
    assert [one.sid for one in addresses.list(iso_country="US")] == [addresses(home.sid).fetch().sid]
    requests.put(f"{url}/twin/for-sale/+15005550001", timeout=5).raise_for_status()
    number = twilio.incoming_phone_numbers.create(area_code="500")
    assert number.update(emergency_address_sid=home.sid).emergency_address_status == "registered"
    with pytest.raises(TwilioRestException) as needed:
        number.delete()
    assert needed.value.code == 21634
    assert number.update(emergency_address_sid="").emergency_address_sid is None
    assert (number.delete(), addresses(home.sid).delete()) == (True, True)


def test_dialing_permissions(twilio):
    permissions = twilio.voice.v1.dialing_permissions
    update = permissions.bulk_country_updates.create(
        update_request='[{"iso_code": "LV", "low_risk_numbers_enabled": "true"}]'
    )
    assert (update.update_count, update.update_request) == (1, "accepted")
    enabled = permissions.countries.list(low_risk_numbers_enabled=True)
    assert [(one.iso_code, one.country_codes) for one in enabled] == [("LV", ["+371"]), ("US", ["+1"])]
    assert not permissions.countries("LV").fetch().high_risk_special_numbers_enabled
    prefixes = permissions.countries("LV").highrisk_special_prefixes.list()
    assert [one.prefix for one in prefixes] == ["+37181", "+3719000"]
    assert permissions.settings().fetch().dialing_permissions_inheritance
    assert not permissions.settings().update(dialing_permissions_inheritance=False).dialing_permissions_inheritance
    assert len(permissions.countries.list(page_size=100)) == 242


def test_alerts(twilio, served):
    dummy, folder = served
    moment = datetime.now(timezone.utc).replace(microsecond=0)
    edge = sqlite3.connect(folder / "twin.db")
    edge.execute(
        "INSERT INTO call (sid, account_sid, direction, sip_call_id, status, error_code, date_created)"
        " VALUES (?, ?, 'trunking-terminating', 'one', 'failed', 32201, ?)",
        ("CA" + "a" * 32, ACCOUNT, moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
    )
    edge.commit()
    edge.close()
    alert, = twilio.monitor.v1.alerts.list(log_level="error", start_date=moment, end_date=moment)
    assert (alert.error_code, alert.resource_sid, alert.date_created) == ("32201", "CA" + "a" * 32, moment)
    assert twilio.monitor.v1.alerts(alert.sid).fetch().request_variables is None
    assert twilio.monitor.v1.alerts.list(start_date=moment + timedelta(seconds=1)) == []


def test_account_and_calls(twilio, served):
    assert twilio.api.v2010.accounts(ACCOUNT).fetch().status == "active"
    assert twilio.calls.list(to="+919876543210", status="completed") == []
    url, dummy = served
    key = sdk.client(url, ACCOUNT, SECRET, api_key=KEY)
    assert key.trunking.v1.trunks.list() == []
    with pytest.raises(TwilioRestException) as refused:
        sdk.client(url, ACCOUNT, "wrong").trunking.v1.trunks.create()
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_the_sdk_follows_both_kinds_of_pages_to_the_end(twilio):
    lists = twilio.api.v2010.accounts(ACCOUNT).sip.ip_access_control_lists
    names = [f"{number:02}" for number in range(11)]
    for name in names:
        twilio.trunking.v1.trunks.create(friendly_name=name)
        lists.create(friendly_name=name)
    assert [one.friendly_name for one in twilio.trunking.v1.trunks.list(page_size=4)] == names
    assert [one.friendly_name for one in lists.list(page_size=4)] == names
    last = twilio.trunking.v1.trunks.page(page_size=4).next_page().next_page()
    assert [one.friendly_name for one in last.previous_page()] == names[4:8]
    last = lists.page(page_size=4).next_page().next_page()
    assert [one.friendly_name for one in last.previous_page()] == names[4:8]


def test_a_connection_is_kept_even_over_refusals(served):
    url, dummy = served
    with requests.Session() as session:
        peers = set()
        for path, form in (("/v1/Trunks", {"Secure": "x"}), ("/v1/No", {"a": "b" * 100_000}), ("/v1/Trunks", {})):
            answer = session.post(url + path, data=form, stream=True, timeout=5)
            peers.add(answer.raw.connection.sock.getsockname())
            assert answer.content
        assert len(peers) == 1


def test_a_write_waits_for_the_edges(twilio, served):
    dummy, folder = served
    edge = sqlite3.connect(folder / "twin.db", isolation_level=None, check_same_thread=False)
    edge.execute("BEGIN IMMEDIATE")
    assert twilio.trunking.v1.trunks.list() == [], "reading does not wait"
    committed = threading.Event()
    edges_end = threading.Timer(0.3, lambda: (committed.set(), edge.execute("COMMIT")))
    edges_end.start()
    assert twilio.trunking.v1.trunks.create().sid and committed.is_set()
    edges_end.join()
    edge.close()


def test_the_edge_in_the_same_group_can_read_and_write_the_database(served):
    dummy, folder = served
    for name in ("twin.db", "twin.db-wal", "twin.db-shm"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o660, name
