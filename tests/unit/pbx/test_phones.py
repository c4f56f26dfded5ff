# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for phones and for the trunk's side of their calls."""

from __future__ import annotations

import re

import pytest

from ansible_collections.trunkline.voice.plugins.action.configure_asterisk import FILES, files
from labtest.dialled import rendered

from ..inventory.whole import whole
from .dialplan import read

INVENTORY = {
    "trunkline_public_address": "203.0.113.10",
    "trunkline_trunks": [{
        "name": "Main", "domain": "main.pstn.twilio.com", "caller_id": "+17756187988", "caller_name": "Head office",
        "ip_access_control_list": "Office"}],
    "pbx_phones": [{"name": "1001", "password": "Canary-12345", "max_contacts": 2}],
    "pbx_dids": [{"number": "+17756187988", "phone": "1001"}],
}


def file(name: str, **options) -> str:
    return rendered({**INVENTORY, **options}, name)[name]


def rings(devices: list[str]) -> list[str]:
    """The devices that Dial gets, of those that PJSIP_DIAL_CONTACTS returned; the name alone is its first contact."""
    steps = read(file("extensions.conf"))["devices"].extensions["s"]
    (pattern,) = re.findall(r'REGEX\("(\S+)" &\$\{DEVICES\}\)\}\?known\)$', "\n".join(steps), re.M)
    joined = "&".join(devices)
    pattern = pattern.replace("${ARG1}", "1001").replace("\\;", ";")
    return devices if re.search(pattern, "&" + joined) else ["PJSIP/1001"]


HOME, MOBILE = "PJSIP/1001/sip:1001@192.0.2.7:5060", "PJSIP/1001/sip:1001@198.51.100.9:61234;transport=TCP;ob;line=a1-b"


@pytest.mark.parametrize("devices", [[HOME], [HOME, MOBILE], [HOME, MOBILE, "PJSIP/1001/sips:1001@pc-4.example.com"]])
def test_each_device_of_a_phone_rings(devices):
    assert rings(devices) == devices


@pytest.mark.parametrize("contact", [
    "sip:x&PJSIP/+19005550143@twilio-main", "sip:x,30,G(outbound^+19005550143^1)@192.0.2.7", "sip:${X}@192.0.2.7",
    'sip:"x"@192.0.2.7', "sip:x@192.0.2.7|y", "tel:+19005550143",
])
def test_what_a_device_registers_is_no_instruction(contact):
    assert rings([HOME, f"PJSIP/1001/{contact}"]) == ["PJSIP/1001"]


def test_a_call_to_twilio_shows_the_trunk_whoever_calls():
    endpoint, = re.findall(r"^\[twilio-main\]\(twilio-base\).*?(?=^$)", file("pjsip.conf"), re.M | re.S)
    assert "from_domain = main.pstn.twilio.com" in endpoint
    assert "from_user" not in endpoint      # Asterisk would drop the name
    contexts = read(file("extensions.conf", pbx_emergency_numbers=["911"]))
    for context in ("trunk-twilio-main", "emergency-twilio-main"):
        for steps in contexts[context].extensions.values():
            caller = [step for step in steps if "CALLERID" in step]
            assert caller == [
                "Set(CALLERID(num)=+17756187988)", "Set(CALLERID(name)=Head office)", "Set(CALLERID(pres)=allowed)"]


def test_templates_come_before_thousands_of_auths():
    lines = file("pjsip.conf").splitlines()
    sections = [index for index, line in enumerate(lines) if line.startswith("[")]
    assert max(sections) < lines.index("#include pjsip_secrets.conf") < lines.index("#tryinclude local.d/pjsip.conf")


def test_info_within_a_call_is_answered_and_no_message_reaches_the_dialplan():
    loaded = re.findall(r"^load = (\w+)\.so$", file("modules.conf"), re.M)
    assert {"res_pjsip_dtmf_info", "res_pjsip_empty_info"} <= set(loaded)
    assert "res_pjsip_messaging" not in loaded


@pytest.mark.parametrize(("options", "talking", "holding"), [
    ({}, "300", "3600"), ({"pbx_rtp_timeout_seconds": 0, "pbx_rtp_hold_timeout_seconds": 7200}, "0", "7200"),
])
def test_silence_ends_a_call_when_the_inventory_says(options, talking, holding):
    found = dict(re.findall(r"^(rtp_timeout\w*) = (\d+)$", file("pjsip.conf", **options), re.M))
    assert found == {"rtp_timeout": talking, "rtp_timeout_hold": holding}


def test_who_is_put_on_hold_hears_the_music_of_the_folder():
    music = {"pbx_hold_music": "/srv/music"}
    assert "load = res_musiconhold.so" in file("modules.conf", **music)
    assert "\ndirectory = /srv/music\n" in file("musiconhold.conf", **music)
    assert files(whole({**INVENTORY, **music}).hosts["pbx1"]) == (*FILES, "musiconhold.conf")


def test_without_music_there_is_nothing_of_it():
    assert "musiconhold" not in file("modules.conf")
    assert files(whole(INVENTORY).hosts["pbx1"]) == FILES
