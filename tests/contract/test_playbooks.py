# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""plan.yml and adopt.yml against a served twin; teardown.yml is in test_teardown.py.

The PBX of the inventory does not exist; what concerns Twilio alone runs with `--limit localhost`.
"""

from __future__ import annotations

import copy
import json
import re
import stat

import pytest
import yaml

from .conftest import TOKEN
from .played import CANARY, INVENTORY, NUMBER, ROOT

HERE = ("--limit", "localhost")
NAME = "Asterisk-SIP-Trunk"


def lists(sdk) -> list:
    return [*sdk.trunking.v1.trunks.list(), *sdk.sip.ip_access_control_lists.list(), *sdk.sip.credential_lists.list()]


def named(things, name):
    found = [thing for thing in things.list() if thing.friendly_name == name]
    assert len(found) == 1, name
    return found[0]


def variables(**values) -> tuple:
    return "--extra-vars", json.dumps(values)


def last_line(printed: str) -> str:
    return printed.rstrip().splitlines()[-1]


def done_at_twilio(printed: str) -> list:
    """What role twilio_trunk says that it changed, from the output of a run with -v."""
    after = printed.partition('"twilio_trunk_changes": ')[2]
    return json.JSONDecoder().raw_decode(after)[0]


def planned(changes: list) -> list:
    """Changes of a plan as the role tells them."""
    return [{key: change[key] for key in ("action", "what", "fields", "note")} for change in changes]


def test_the_plan_is_what_the_run_then_does(run, sdk, tmp_path):
    files = variables(plan_json=str(tmp_path / "plan.json"), plan_markdown=str(tmp_path / "plan.md"))

    def plan() -> tuple[int, str, dict, str]:
        code, printed = run("plan", *HERE, *files)
        text, markdown = (tmp_path / "plan.json").read_text(), (tmp_path / "plan.md").read_text()
        assert CANARY not in text + markdown and TOKEN not in text + markdown
        return code, printed, json.loads(text), markdown

    code, printed, report, markdown = plan()
    assert code == 2 and report["code"] == 2
    assert last_line(printed) == (
        "Plan: 9 to add, 0 to change, 0 to remove. Nothing was changed yet; playbooks/site.yml does it."
    )
    for line in (
        f'+ trunk {NAME} (domain_name "asterisk-pbx1.pstn.twilio.com", secure false, transfer_mode "disable-all",'
        " cnam_lookup_enabled false)",
        '+ IP address 203.0.113.10 of IP access control list Asterisk-Server (name "pbx1") ⚠ opens',
        "+ credential Asterisk of credential list Asterisk-Credentials"
        ' (password "(sent by this run, not shown)") ⚠ opens',
        f'+ origination URL sip:203.0.113.10 of trunk {NAME} (name "pbx1", priority 10, weight 10, enabled true)',
        f"+ phone number {NUMBER} to trunk {NAME}",
    ):
        assert f"\n  {line}\n" in printed, printed
        assert f"\n{line}\n" in markdown
        assert line in [change["line"] for change in report["changes"]]
    assert (report["add"], report["change"], report["remove"], report["drift"]) == (9, 0, 0, 0)
    assert not lists(sdk)

    code, printed = run("site", *HERE, "-v")
    assert code == 0 and done_at_twilio(printed) == planned(report["changes"])
    assert named(sdk.trunking.v1.trunks, NAME).domain_name == "asterisk-pbx1.pstn.twilio.com"

    code, printed, report, markdown = plan()
    assert code == 0 and report["code"] == 0 and report["changes"] == []
    assert last_line(printed) == "Nothing to change: 0 to add, 0 to change, 0 to remove."
    assert "Nothing to change: Twilio." in markdown

    trunk = named(sdk.trunking.v1.trunks, NAME)
    trunk.update(transfer_mode="sip-only")
    trunk.origination_urls.list()[0].delete()
    access = named(sdk.sip.ip_access_control_lists, "Asterisk-Server")
    access.ip_addresses.create(friendly_name="by\x1b[31m hand\n- nothing", ip_address="198.51.100.7")
    code, printed, report, markdown = plan()
    assert code == 2
    assert last_line(printed).startswith("Plan: 1 to add, 1 to change, 1 to remove.") and report["drift"] == 2
    for line in (
        f'~ trunk {NAME} (transfer_mode "sip-only" → "disable-all") [drift]',
        "- IP address 198.51.100.7 of IP access control list Asterisk-Server [drift]",
    ):
        assert f"\n  {line}\n" in printed and f"\n{line}\n" in markdown
    code, printed = run("site", *HERE, "-v")
    assert code == 0 and done_at_twilio(printed) == planned(report["changes"])


def inventory(**values) -> dict:
    changed = copy.deepcopy(INVENTORY)
    changed["all"]["vars"].update(values)
    return changed


def test_where_calls_come_in_follows_from_how_they_travel(run):
    first = INVENTORY["all"]["vars"]["trunkline_trunks"][0]
    trunks = [
        {**first, "name": name, "domain": f"{name.lower()}.pstn.twilio.com", **more}
        for name, more in (("Datagrams", {}), ("Stream", {"transport": "tcp"}), ("Secure", {"secure": True}))
    ]
    ports = {"pbx_sip_port": 5070, "pbx_tls_port": 5071}
    files = {"pbx_tls_certificate": "/etc/tls/chain.pem", "pbx_tls_private_key": "/etc/tls/key.pem"}
    for more, expected in (
        ({}, {"203.0.113.10", "203.0.113.10;transport=tcp", "203.0.113.10;transport=tls"}),
        (
            {**ports, "trunkline_public_name": "pbx.example.com"},
            {"203.0.113.10:5070", "203.0.113.10:5070;transport=tcp", "pbx.example.com:5071;transport=tls"},
        ),
    ):
        code, printed = run("plan", *HERE, inventory=inventory(trunkline_trunks=trunks, **files, **more))
        assert code == 2, printed
        assert set(re.findall(r"\+ origination URL sip:(\S+) of trunk", printed)) == expected
        assert "+ trunk Secure (domain_name \"secure.pstn.twilio.com\", secure true," in printed


def test_what_follows_from_the_inventory_and_what_is_stated(run):
    first = INVENTORY["all"]["vars"]["trunkline_trunks"][0]
    second = {
        **first, "name": "Second", "domain": "second.pstn.twilio.com", "username": "second",
        "ip_access_control_list": "Stated", "ip_access_control_lists": ["Asterisk-Server"],
    }
    third = {**second, "name": "Third", "domain": "third.pstn.twilio.com", "phone_numbers": [],
             "origination_urls": [{"sip_url": "sip:sbc.example.com", "priority": 1}]}
    stated = [{"name": "Stated", "addresses": [{"ip_address": "192.0.2.1", "name": "sbc"}]}]
    code, printed = run("plan", *HERE, inventory=inventory(
        trunkline_trunks=[{**first, "origination": False}, second, third], pbx_sip_port=5070,
        pbx_dids=[{"number": NUMBER, "phone": "1001", "trunk": "Second"}],
        twilio_trunk_ip_access_control_lists=stated,
        twilio_trunk_extra_addresses=[{"ip_address": "198.51.100.0", "cidr_prefix_length": 24, "name": "office"}],
    ))
    assert code == 2, printed
    lines = {re.split(r" \(| ⚠", line.strip())[0] for line in printed.splitlines() if line.startswith("  + ")}
    assert lines == {
        *(f"+ IP access control list {name}" for name in ("Asterisk-Server", "Stated")),
        "+ IP address 203.0.113.10 of IP access control list Asterisk-Server",
        "+ IP address 198.51.100.0 of IP access control list Asterisk-Server",
        "+ IP address 192.0.2.1 of IP access control list Stated",
        "+ credential list Asterisk-Credentials",
        *(f"+ credential {name} of credential list Asterisk-Credentials" for name in ("Asterisk", "second")),
        *(f"+ trunk {name}" for name in (NAME, "Second", "Third")),
        *(f"+ credential list Asterisk-Credentials to trunk {name}" for name in (NAME, "Second", "Third")),
        *(f"+ IP access control list Asterisk-Server to trunk {name}" for name in (NAME, "Second", "Third")),
        *(f"+ IP access control list Stated to trunk {name}" for name in ("Second", "Third")),
        "+ origination URL sip:203.0.113.10:5070 of trunk Second",
        "+ origination URL sip:sbc.example.com of trunk Third",
        f"+ phone number {NUMBER} to trunk Second",
    }


ERRORS = {
    "wrong value": (
        (), {"inventory": inventory(pbx_dids=[{"number": "1", "phone": "1001"}])},
        "Error, Inventory: pbx_dids[0].number must be a number in E.164 form",
    ),
    "missing variable": (HERE, {"inventory": inventory(trunkline_trunks=None)}, "Error, Inventory: "),
    "credentials": (HERE, {"TWILIO_AUTH_TOKEN": "wrong"}, "Error, Twilio: "),
}


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_of_the_plan_ends_with_1(run, sdk, error):
    arguments, more, sentence = ERRORS[error]
    code, printed = run("plan", *arguments, **more)
    assert code == 1 and sentence in printed, printed
    assert last_line(printed) == "No whole plan: 1 error. Nothing was changed." and not lists(sdk)
    # Twilio is not asked about what cannot be right. What is planned beside a lost PBX: test_exit_codes.py.
    assert f"+ trunk {NAME}" not in printed
    assert ("Twilio answered 401" in printed) == (error == "credentials")


def test_a_plan_that_removes_too_much_is_an_error(run, sdk):
    named_list = sdk.sip.ip_access_control_lists.create(friendly_name="Asterisk-Server")
    for last in range(10):
        sdk.sip.ip_access_control_lists(named_list.sid).ip_addresses.create(
            friendly_name=str(last), ip_address=f"198.51.100.{last}"
        )
    code, printed = run("plan", *HERE)
    assert code == 1 and "This would remove 10 of 11 managed resources, which is more than 50 %" in printed
    code, printed = run("plan", *HERE, *variables(twilio_trunk_removal_limit=100))
    assert code == 2 and "10 to remove" in last_line(printed)


def make_rich(sdk) -> None:
    """An account with most of what an account can have, some of it with names that are hard to write down."""
    def access(name, *addresses):
        made = sdk.sip.ip_access_control_lists.create(friendly_name=name)
        for number, (address, prefix) in enumerate(addresses):
            made.ip_addresses.create(
                friendly_name=f"{name} {number}", ip_address=address, cidr_prefix_length=prefix
            )
        return made.sid

    def users(name, *usernames):
        made = sdk.sip.credential_lists.create(friendly_name=name)
        for username in usernames:
            made.credentials.create(username=username, password=CANARY)
        return made.sid

    office = access("Office {{ 1 }}", ("203.0.113.0", 28), ("198.51.100.7", 32))
    backup = access("It's", ("192.0.2.0", 24))
    shared, own = users("Shared", "anna", "it's {{", "Asterisk"), users("Own # 1", "carl")
    main = sdk.trunking.v1.trunks.create(
        friendly_name="Main é: no", domain_name="rich-main.pstn.twilio.com", transfer_mode="sip-only",
        cnam_lookup_enabled=True, disaster_recovery_url="https://example.com/dr", disaster_recovery_method="GET",
    )
    for sid in (office, backup):
        main.ip_access_control_lists.create(sid)
    for sid in (shared, own):
        main.credentials_lists.create(sid)
    sdk.trunking.v1.trunks(main.sid).recordings().update(mode="record-from-answer-dual", trim="trim-silence")
    for priority, weight, enabled, url in (
        (1, 20, True, "sip:203.0.113.1:5061;transport=tcp"), (65535, 0, False, "sip:pbx.example.com"),
    ):
        main.origination_urls.create(
            friendly_name=f"at {priority}", sip_url=url, priority=priority, weight=weight, enabled=enabled
        )
    second = sdk.trunking.v1.trunks.create(friendly_name="Second", domain_name="rich-second.pstn.twilio.com")
    for sid in (backup, office):
        second.ip_access_control_lists.create(sid)
    second.credentials_lists.create(shared)
    sdk.trunking.v1.trunks(second.sid).phone_numbers.create(sdk.incoming_phone_numbers.list()[0].sid)


def test_adopt_a_rich_account(run, sdk, tmp_path):
    make_rich(sdk)
    written = tmp_path / "adopted"
    known = {
        "adopt_directory": "adopted", "adopt_countries": True, "adopt_pbx_hosts": {"pbx1": "203.0.113.10"},
        "adopt_passwords": {"Asterisk": CANARY, "it's {{": CANARY},
    }
    code, printed = run("adopt", "-vvv", *variables(**{**known, "adopt_passwords": {}}))
    assert code != 0 and not written.exists()
    assert "The PBX needs the password of a user of trunk Main é: no: Asterisk, anna, it's {{, carl." in printed

    (tmp_path / "known.json").write_text(json.dumps(known))
    code, printed = run("adopt", "--diff", "-v", "-e", "@known.json")
    assert code == 0, printed
    vault = written / "group_vars" / "all" / "vault.yml"
    assert stat.S_IMODE(vault.stat().st_mode) == 0o600
    assert vault.read_text().count(CANARY) == 2 and "ansible-vault encrypt" in vault.read_text()
    assert CANARY not in (written / "group_vars" / "all" / "main.yml").read_text()

    code, printed = run("plan", *HERE, inventory=written)
    assert code == 0 and "Error" not in printed, printed
    # Nothing was left out that a run would have managed.
    main = named(sdk.trunking.v1.trunks, "Main é: no")
    main.update(
        transfer_mode="enable-all", cnam_lookup_enabled=False, transfer_caller_id="from-transferor",
        disaster_recovery_url="https://example.com/other", disaster_recovery_method="POST",
    )
    sdk.trunking.v1.trunks(main.sid).recordings().update(mode="do-not-record", trim="do-not-trim")
    main.origination_urls.list()[0].delete()
    sdk.incoming_phone_numbers.list()[0].update(trunk_sid="")
    sdk.voice.v1.dialing_permissions.bulk_country_updates.create(
        update_request='[{"iso_code": "US", "low_risk_numbers_enabled": false}]'
    )
    code, printed = run("plan", *HERE, *variables(plan_json=str(tmp_path / "plan.json")), inventory=written)
    assert code == 2 and "Plan: 2 to add, 2 to change, 0 to remove." in printed
    changes = json.loads((tmp_path / "plan.json").read_text())["changes"]
    assert [len(change["fields"]) for change in changes if change["action"] == "change"] == [7, 1]

    before = vault.read_text()
    code, printed = run("adopt", "-e", "@known.json")
    assert code != 0 and f"{written} is there already" in printed and vault.read_text() == before


def test_adopt_what_site_made(run, tmp_path):
    """The hosts are those of the inventory that it runs with, and only the trunks that are named are adopted."""
    assert run("site", *HERE)[0] == 0
    code, printed = run("adopt", *variables(adopt_trunks=["Other"], adopt_passwords={"Asterisk": "x"}))
    assert code != 0 and "adopt_trunks names Other, and this account has no such trunk." in printed
    (tmp_path / "known.json").write_text(json.dumps({"adopt_trunks": [NAME], "adopt_passwords": {"Asterisk": CANARY}}))
    code, printed = run("adopt", "-e", "@known.json")
    assert code == 0, printed
    hosts = yaml.safe_load((tmp_path / "inventory-adopted" / "hosts.yml").read_text())
    assert hosts["all"]["children"]["pbx"]["hosts"] == {
        "pbx1": {"ansible_host": "127.0.0.1", "ansible_port": 1, "trunkline_public_address": "203.0.113.10"}
    }
    code, printed = run("plan", *HERE, inventory=tmp_path / "inventory-adopted")
    assert code == 0, printed


def test_adopt_with_the_inventory_of_the_readme(run, served, tmp_path):
    """What an inventory says of calls has no part in what is adopted, and is not taken over."""
    shipped = ROOT / "inventory"
    secrets = {"TRUNKLINE_TRUNK_PASSWORD": CANARY, "TRUNKLINE_PHONE_PASSWORD": CANARY}
    assert run("site", *HERE, inventory=shipped, **secrets)[0] == 0
    (tmp_path / "known.json").write_text(json.dumps({"adopt_passwords": {"Asterisk": CANARY}}))
    code, printed = run(
        "adopt", *variables(adopt_directory="adopted"), "-e", "@known.json", inventory=shipped, **secrets)
    assert code == 0, printed
    code, printed = run("plan", *HERE, inventory=tmp_path / "adopted")
    assert code == 0, printed


def test_adopt_a_secure_trunk(run, sdk, tmp_path):
    """The certificate is on the PBX, and not looked for on the controller."""
    sdk.sip.ip_access_control_lists.create("Server").ip_addresses.create(
        friendly_name="pbx1", ip_address="203.0.113.10")
    trunk = sdk.trunking.v1.trunks.create(friendly_name="Safe", domain_name="safe.pstn.twilio.com", secure=True)
    trunk.ip_access_control_lists.create(named(sdk.sip.ip_access_control_lists, "Server").sid)
    trunk.origination_urls.create(
        friendly_name="pbx1", sip_url="sip:pbx.example.com;transport=tls", priority=10, weight=10, enabled=True)
    code, printed = run("adopt", *variables(adopt_directory="adopted"))
    assert code == 0 and "Set pbx_tls_certificate and pbx_tls_private_key" in printed, printed
    hosts = yaml.safe_load((tmp_path / "adopted" / "hosts.yml").read_text())["all"]["children"]["pbx"]["hosts"]
    assert hosts["pbx1"] == {
        "ansible_host": "127.0.0.1", "ansible_port": 1, "trunkline_public_address": "203.0.113.10",
        "trunkline_public_name": "pbx.example.com",
        "pbx_tls_certificate": "/etc/letsencrypt/live/pbx.example.com/fullchain.pem",
        "pbx_tls_private_key": "/etc/letsencrypt/live/pbx.example.com/privkey.pem",
    }
    code, printed = run("plan", *HERE, inventory=tmp_path / "adopted")
    assert code == 0, printed
