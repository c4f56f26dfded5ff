# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""teardown.yml against a served twin, whose PBX does not exist."""

from __future__ import annotations

from .test_playbooks import HERE, NAME, lists, named, variables


def test_teardown_removes_what_is_declared_and_nothing_else(run, sdk):
    assert run("site", *HERE)[0] == 0
    other = sdk.trunking.v1.trunks.create(friendly_name="Other")
    sdk.sip.ip_access_control_lists.create(friendly_name="Other")
    there = len(lists(sdk))
    for arguments, sentence in (
        (HERE, "Nothing was touched: that needs the word yes"),
        ((*HERE, *variables(teardown_confirm=True)), "Nothing was touched: that needs the word yes"),
        (("--limit", "pbx1", *variables(teardown_confirm="yes")), "Nothing was touched: --limit leaves out localhost"),
    ):
        code, printed = run("teardown", *arguments)
        assert code != 0 and sentence in printed and "UNREACHABLE" not in printed, printed
        assert ("nobody gets the domain of a removed trunk for up to 30 days" in printed) == ("pbx1" not in arguments)
        assert len(lists(sdk)) == there

    credentials = named(sdk.sip.credential_lists, "Asterisk-Credentials")
    link = other.credentials_lists.create(credentials.sid)
    code, printed = run("teardown", *HERE, *variables(teardown_confirm="yes"))
    assert code != 0 and "Could not delete credential list Asterisk-Credentials" in printed, printed
    sdk.trunking.v1.trunks(other.sid).credentials_lists(link.sid).delete()

    code, printed = run("teardown", *HERE, "--diff", *variables(teardown_confirm="yes"))
    assert code == 0, printed
    assert sorted(thing.friendly_name for thing in lists(sdk)) == ["Other", "Other"]
    assert [number.trunk_sid for number in sdk.incoming_phone_numbers.list()] == [None]
    code, printed = run("teardown", *HERE, *variables(teardown_confirm="yes"))
    assert code == 0 and "changed=0" in printed


def test_teardown_keeps_the_trunk_and_its_domain_where_that_is_asked_for(run, sdk):
    assert run("site", *HERE)[0] == 0
    sdk.trunking.v1.trunks.create(friendly_name="Other")
    yes, keep = variables(teardown_confirm="yes"), variables(teardown_keep_trunks=True)
    code, printed = run("teardown", *HERE, *keep, "--check")
    assert code == 0 and f"trunk {NAME} stays with its domain" in printed and "30 days" not in printed, printed
    code, printed = run("teardown", *HERE, *yes, *keep)
    assert code == 0, printed
    assert sorted(thing.friendly_name for thing in lists(sdk)) == [NAME, "Other"]
    trunk = named(sdk.trunking.v1.trunks, NAME)
    assert trunk.domain_name == "asterisk-pbx1.pstn.twilio.com"
    for things in ("ip_access_control_lists", "credentials_lists", "origination_urls", "phone_numbers"):
        assert not getattr(trunk, things).list()
    code, printed = run("teardown", *HERE, *yes, *keep)
    assert code == 0 and "changed=0" in printed, printed
    # What was kept can be built upon, and a trunk that is not there is not made.
    assert run("site", *HERE)[0] == 0
    assert named(sdk.trunking.v1.trunks, NAME).sid == trunk.sid
    code, printed = run("teardown", *HERE, *yes)
    assert code == 0 and "-e teardown_keep_trunks=true" in printed
    assert run("teardown", *HERE, *yes, *keep)[0] == 0
    assert [thing.friendly_name for thing in lists(sdk)] == ["Other"]


def test_teardown_touches_nothing_where_a_pbx_is_out_of_reach(run, sdk):
    assert run("site", *HERE)[0] == 0
    code, printed = run("teardown", *variables(teardown_confirm="yes"))
    assert code == 2 and "Nothing was touched: pbx1 cannot be reached." in printed, printed
    assert "--limit 'all:!pbx1'" in printed and len(lists(sdk)) == 3
