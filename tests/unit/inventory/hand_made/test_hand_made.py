# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of configurations that people wrote by hand, and what becomes a note."""

from __future__ import annotations

import random

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.adopt import Choices, adopted_inventory
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.hand_made.host import read_files
from tests.unit.inventory.test_adopt import ACCOUNT, account

from .samples import EXTENSIONS, PJSIP, SECRETS, VOICEMAIL, WIZARD, folder

NUMBER, OTHER = "+17756187988", "+17756187989"


def adopted(*others: str, trunk: dict | None = None, unreadable: dict | None = None, **files: str) -> dict:
    """The inventory of the account and of one host with these files; its options and notes as `options`, `notes`."""
    files = {"pjsip": PJSIP, "extensions": EXTENSIONS, "voicemail": VOICEMAIL, **files}
    found = folder(*others, unreadable=unreadable, **{name: text for name, text in files.items() if text is not None})
    given = {"domain_name": "asterisk-pbx1.pstn.twilio.com", "phone_numbers": [NUMBER, OTHER], **(trunk or {})}
    rich = account(**given)
    host = {"trunkline_public_address": "203.0.113.10", "adopt_found": {"changed": False, "configuration": found}}
    made = adopted_inventory(rich, Choices(hosts={"pbx1": host}))
    assert made["problems"] == [] and made["ask"] == [], made["problems"]
    return {**made, "options": made["hosts"][0]["options"], "notes": made["report"][0]["decide"]}


def dialplan(text: str, **files: str) -> dict:
    """The same with another dialplan, and every note."""
    return adopted(extensions=text, **files)


def test_a_whole_pbx():
    made = adopted()
    options = made["options"]
    assert [(row["name"], row["class"], row["mailbox"]) for row in options["pbx_phones"][:1]] == [
        ("1001", "national", "1001")]
    assert options["pbx_phones"][1] == {
        "name": "1002", "password": "Phone-1002-pass", "max_contacts": 2, "class": "national",
        "when_busy": {"mailbox": "1002"}, "when_unanswered": {"mailbox": "1002"}, "when_absent": {"mailbox": "1002"}}
    assert options["pbx_dids"] == [
        {"number": NUMBER, "to": {"announcement": "say-welcome"}}, {"number": OTHER, "to": {"ring_group": "ring-1002"}}]
    assert options["pbx_ring_groups"][0] == {
        "name": "ring-1001-1002", "members": ["1001", "1002"], "seconds": 25, "otherwise": {"mailbox": "1001"}}
    assert options["pbx_mailboxes"][0] == {
        "name": "1001", "pin": "492173608152", "max_messages": 50, "owner": "Anna Example", "email": "anna@example.com"}
    assert options["pbx_voicemail_code"] == "*98" and options["pbx_external_address"] == "203.0.113.10"
    (trunk,) = made["variables"]["trunkline_trunks"]
    assert (trunk["caller_id"], trunk["caller_name"]) == (NUMBER, "Asterisk PBX")
    # The PBX's own password of the trunk is taken, so that nobody is asked for it.
    assert trunk["username"] == "Asterisk" and made["passwords"] == {"Asterisk": "Trunk-password-1"}
    assert not [secret for secret in SECRETS if secret in str(made["report"])]


def test_every_extension_is_carried_over_or_a_note():
    """What calls anything is a note, and opens no country."""
    made = adopted()
    assert "pbx_countries" not in made["options"]
    noted = " ".join(made["notes"])
    for line in ("extensions.conf:12:", "extensions.conf:16:", "extensions.conf:18:", "extensions.conf:28:"):
        assert line in noted
    assert {row["class"] for row in made["options"]["pbx_phones"]} == {"national"}


@pytest.mark.parametrize(("pattern", "dialled", "expected"), [
    ("_X.", "+${EXTEN}", "national"),
    ("_+1NXXNXXXXXX", "${EXTEN}", "national"),
    ("_NXXNXXXXXX", "+1${EXTEN}", "national"),
    ("_9NXXNXXXXXX", "+1${EXTEN:1}", "national"),
    ("_9.", "${EXTEN:1}", "national"),
    ("_[2-9]XX[2-9]XXXXXX", "+1${EXTEN}", "national"),
    ("_011.", "+${EXTEN:3}", "national"),          # 011 1 775 … is a number of the country as well
    ("_+91XXXXXXXXXX", "${EXTEN}", "internal"),    # India alone is not the caller ID's country
    ("_415XXXXXXX", "+1${EXTEN}", "internal"),     # a part of the country
    ("_011.", "${EXTEN}", "internal"),
    ("_NXXXXXX", "+1775${EXTEN}", "internal"),
    ("_1900NXXXXXX", "+${EXTEN}", "internal"),
    ("_NXXNXXXXXX", "+1900${EXTEN:3}", "internal"),
    ("_X.", "+17756187000", "internal"),           # one number whatever is dialled
    ("_X.", "${NUMBER}", "internal"),
    ("_X./1001", "+${EXTEN}", "internal"),         # for one caller alone
])
def test_a_class_opens_no_more_than_the_dialplan_did(pattern, dialled, expected):
    made = dialplan(
        f"[internal]\nexten => 1001,1,Dial(PJSIP/1001)\nexten => {pattern},1,Dial(PJSIP/{dialled}@twilio)\n")
    assert {row["class"] for row in made["options"]["pbx_phones"]} == {expected}
    assert any(note.startswith(f"extensions.conf:3: extension {pattern} of [internal]") for note in made["notes"])


@pytest.mark.parametrize("line", [
    "exten => _1415.,1,Hangup(21)", "exten => +14155551234,1,Congestion()", "exten => 14155551234,1,Busy()",
    "include => first\n[first]\nexten => _X.,1,Hangup()\n[internal](+)", "exten => _[0-1]X.,1,NoOp()",
    "include => out\nexten => _X.,1,Hangup()\n[out]",
    "exten => _1900NXXXXXX,1,Congestion()", "exten => _1808.,1,Playback(no)"])
def test_a_pattern_that_closes_numbers_closes_all_of_them(line):
    made = dialplan(f"[internal]\n{line}\nexten => _X.,1,Dial(PJSIP/+${{EXTEN}}@twilio)\n")
    assert {row["class"] for row in made["options"]["pbx_phones"]} == {"internal"}


@pytest.mark.parametrize("step", ["Authenticate(1234)", "GotoIf($[1]?2:3)", "Macro(out)", "Gosub(x,1)", "AGI(x.py)"])
def test_what_asks_before_it_calls_out_is_a_note(step):
    made = dialplan(f"[internal]\nexten => _X.,1,{step}\n same => n,Dial(PJSIP/+${{EXTEN}}@twilio)\n")
    assert {row["class"] for row in made["options"]["pbx_phones"]} == {"internal"}
    assert any(note.startswith("extensions.conf:2: extension _X. of [internal]") for note in made["notes"])
    assert "1234" not in str(made["report"])


def test_a_way_out_at_certain_hours_is_none():
    made = dialplan("[internal]\ninclude => out,09:00-17:00,mon-fri,*,*\n[out]\nexten => _X.,1,"
                    "Dial(PJSIP/+${EXTEN}@twilio)\n")
    assert {row["class"] for row in made["options"]["pbx_phones"]} == {"internal"}
    assert any("at certain hours only" in note for note in made["notes"])


@pytest.mark.parametrize(("steps", "leads"), [
    ("1,Dial(PJSIP/1001)", {"phone": "1001"}),
    ("1,Dial(PJSIP/1001,30,tTr)", {"phone": "1001"}),
    ("1,Dial(${PJSIP_DIAL_CONTACTS(1001)},30)", {"phone": "1001"}),
    ("1,Dial(${DESK},30)", {"phone": "1001"}),
    ("1,Goto(internal,1001,1)", {"phone": "1001"}),
    ("1,Answer()\n same => n,Wait(1)\n same => n,Dial(PJSIP/1001)\n same => n,Hangup()", {"phone": "1001"}),
    ("1,VoiceMail(1001@default,su)", {"mailbox": "1001"}),
    ("1,Voicemail(1001)", {"mailbox": "1001"}),
    ("1,Hangup(17)", {"hangup": "busy"}),
    ("1,Busy()", {"hangup": "busy"}),
    ("1,Playback(company/closed)", {"announcement": "say-company-closed"}),
    ("1,Dial(PJSIP/1001,20)\n same => n,Dial(PJSIP/1002,20)", {"ring_group": "ring-1001"}),
    ("1,Dial(PJSIP/1001,20)\n same => n,Dial(PJSIP/+4930123456@twilio)", {"phone": "1001"}),
    ("1,Dial(PJSIP/1001,20)\n same => n,GotoIf($[1]?9)", {"phone": "1001"}),
    ("n,Dial(PJSIP/1001)", None),
    ("1,Dial(SIP/1001)", None),
    ("1,Dial(PJSIP/1003)", None),
    ("1,Dial(PJSIP/1001&PJSIP/4930123456@twilio)", None),
    ("1,Dial(PJSIP/+4930123456@twilio)", None),
    ("1,Dial(PJSIP/twilio/sip:+4930123456@example.com)", None),
    ("1,Dial(${WHO})", None),
    ("1,DISA(no-password,internal)", None),
    ("1,Goto(${WHERE},1)", None),
    ("1,Goto(loop,s,1)", None),
    ("1,VoiceMail(1001@other)", None),
    ("1,Queue(sales)", None),
    ("1,System(rm -rf /)", None),
])
def test_where_a_number_leads(steps, leads):
    made = dialplan(
        "[globals]\nDESK=PJSIP/1001\n[internal]\nexten => 1001,1,Dial(PJSIP/1001)\n[loop]\n"
        "exten => s,1,Goto(loop,s,1)\n"
        f"[from-twilio]\nexten => {NUMBER},{steps}\n")
    rows = made["options"].get("pbx_dids", [])
    found = [row.get("to") or {"phone": row["phone"]} for row in rows]
    assert found == ([leads] if leads else [])
    if not leads:
        assert any(note.startswith("extensions.conf:8: ") for note in made["notes"]), made["notes"]


@pytest.mark.parametrize("extension", ["_X.", "_.", "_+X.", "s", "17756187988", "_+1775618798[89]", "_+1775618XXXX"])
def test_a_number_that_is_not_written_out_is_a_note(extension):
    made = dialplan(f"[from-twilio]\nexten => {extension},1,Dial(PJSIP/1001)\n")
    assert "pbx_dids" not in made["options"]
    note = f"extensions.conf:2: extension {extension} of [from-twilio] is not carried over (Dial)."
    assert note in made["notes"]


def test_a_phone_that_the_inventory_cannot_have_is_a_note_with_all_that_leads_to_it():
    weak = PJSIP.replace("Phone-1001-pass", "1001")
    made = adopted(pjsip=weak)
    assert [row["name"] for row in made["options"]["pbx_phones"]] == ["1002"]
    assert [row["number"] for row in made["options"]["pbx_dids"]] == [OTHER]
    noted = "\n".join(made["notes"])
    assert "pjsip.conf:" in noted and "phone 1001 is not carried over: password must have 12 characters" in noted
    assert "Twilio refuses" not in noted    # a phone's password is no one of Twilio's
    assert "did +17756187988 is not carried over" in noted


def test_a_mailbox_without_a_right_column_is_named_by_its_word():
    made = adopted(voicemail=VOICEMAIL.replace("Anna Example", "Anna [Example]"))
    noted = " ".join(made["notes"])
    assert "mailbox 1001: owner must be one line" in noted and "mailboxe " not in noted


@pytest.mark.parametrize(("change", "note"), [
    (("auth=1001\n", ""), "endpoint 1001 is not carried over: it has no auth"),
    (("username=1001", "username=anna"), "it logs in as anna at AOR 1001"),
    (("auth_type=userpass\nusername=1001", "auth_type=md5\nusername=1001"), "no password in clear text"),
    (("aors=1001", "aors=1001\ndeny=0.0.0.0/0\npermit=192.168.1.0/24"), "open to some addresses only (deny, permit)"),
    (("max_contacts=1", "qualify_frequency=60"), "its AOR takes no registration"),
    (("aors=1001", "aors=1001,1002"), "it has not exactly one auth and one AOR"),
    (("aors=1001", "aors=none"), "it has not exactly one auth and one AOR"),
])
def test_an_endpoint_that_is_no_phone_of_ours(change, note):
    made = adopted(pjsip=PJSIP.replace(*change))
    assert [row["name"] for row in made["options"]["pbx_phones"]] == ["1002"]
    assert any(note in one and one.startswith("pjsip.conf:") for one in made["notes"]), made["notes"]


def test_phones_of_the_wizard():
    made = adopted(pjsip=PJSIP[: PJSIP.index("[phone](!)")], pjsip_wizard=WIZARD)
    assert [(row["name"], row["password"], row["max_contacts"]) for row in made["options"]["pbx_phones"]] == [
        ("1001", "Phone-1001-pass", 1), ("1002", "Phone-1002-pass", 2)]
    noted = "\n".join(made["notes"])
    assert "[old] has no type=wizard" in noted and "endpoint carrier calls sip.example.com, which is no trunk" in noted
    assert "Phone-1001-pass" not in noted


def test_a_trunk_of_the_wizard():
    made = adopted(pjsip=PJSIP[PJSIP.index("[phone](!)"):], pjsip_wizard="""\
[twilio]
type=wizard
sends_auth=yes
remote_hosts=asterisk-pbx1.pstn.dublin.twilio.com
outbound_auth/username=Asterisk
outbound_auth/password=Trunk-password-1
endpoint/context=from-twilio
endpoint/callerid=Asterisk PBX <+17756187988>
""")
    (trunk,) = made["variables"]["trunkline_trunks"]
    assert trunk["password"] == "Trunk-password-1" and trunk["edges"] == ["dublin"]
    assert [row["number"] for row in made["options"]["pbx_dids"]] == [NUMBER, OTHER]


def test_names_of_files_that_are_not_read():
    noted = adopted("sip.conf", "queues.conf", "cel.conf", "extensions.ael",
                    unreadable={"extensions_custom.conf": "Permission denied"})["notes"]
    assert noted[:4] == [
        "extensions_custom.conf cannot be read: Permission denied.",
        "sip.conf: chan_sip, which Asterisk does not have any more; its phones and trunks are not read.",
        "queues.conf: queues are not read; see pbx_queues.", "extensions.ael: a dialplan in AEL is not read."]


def test_comments_tabs_added_sections_and_what_is_missing():
    made = adopted(
        pjsip=PJSIP.replace("[1001](phone)", ";-- [1009](phone)\nauth=1001 --;\n[1001](phone)\t; the desk")
        + "\n[1002](+type=aor)\n\tmax_contacts = 3\n#include more/*.conf\n#include gone.conf\n",
        extensions=EXTENSIONS.replace("exten => 600", "exten\t=>\t600"))
    assert [row["max_contacts"] for row in made["options"]["pbx_phones"]] == [1, 3]
    assert any(note.endswith("it includes gone.conf, which does not exist.") for note in made["notes"])


def test_an_addition_goes_to_the_object_that_asterisk_adds_to():
    """Endpoint, auth and AOR share a name. Without a type Asterisk adds to the first of them, the endpoint."""
    made = adopted(
        pjsip=PJSIP + "\n[1001](+type=endpoint)\ncallerid = \"Zoe\" <1001>\n"
        "[1001](+type=auth)\npassword = Another-pass-9\n[1002](+)\ncallerid = \"Carl\" <1002>\n"
        "[1002](+type=aor)\nmax_contacts = 4\n")
    rows = made["options"]["pbx_phones"]
    assert [row["caller_name"] for row in rows] == ["Zoe", "Carl"]
    assert [row["max_contacts"] for row in rows] == [1, 4]
    assert "Another-pass-9" in str(made) and "Another-pass-9" not in str(made["report"])


def test_an_include_is_read_where_it_stands():
    made = read_files({**folder(pjsip="#include phones/all.conf\n"), "files": {
        "pjsip.conf": "#include phones/all.conf\n", "phones/all.conf": PJSIP}})
    assert [row["name"] for row in made.rows.rows["pbx_phones"]] == ["1001", "1002"]


@pytest.mark.parametrize(("found", "said"), [
    ({"freepbx": "/etc/freepbx.conf"}, "FreePBX writes /etc/asterisk (/etc/freepbx.conf), so nothing of it is read: "),
    ({"ours": True, "found": ["/etc/asterisk/trees/1-found"], "by_hand": ["local.d/queues.conf"]},
     "This collection wrote /etc/asterisk already"),
    ({"exists": False}, "There is no folder /etc/asterisk, so there is nothing to read."),
    ({}, "/etc/asterisk has none of the files that are read"),
])
def test_a_folder_that_is_not_read(found, said):
    host = {"trunkline_public_address": "203.0.113.10", "adopt_found": {"configuration": {**folder(), **found}}}
    made = adopted_inventory(ACCOUNT, Choices(hosts={"pbx1": host}, passwords={"Asterisk": "Good-password-1"}))
    (row,) = made["report"]
    assert row["said"].startswith(said) and row["decide"] == [] and made["hosts"][0]["options"] == {}
    if found.get("ours"):
        assert "-e adopt_asterisk_folder=/etc/asterisk/trees/1-found" in row["said"]
        assert "local.d/queues.conf" in row["said"]


@pytest.mark.parametrize(("result", "said"), [
    ({"unreachable": True, "msg": "Failed"}, "The host was out of reach, so its configuration was not read."),
    ({"failed": True, "msg": "no python here."}, "Its configuration could not be read: no python here."),
])
def test_a_host_that_was_not_read(result, said):
    host = {"trunkline_public_address": "203.0.113.10", "adopt_found": result}
    made = adopted_inventory(ACCOUNT, Choices(hosts={"pbx1": host}, passwords={"Asterisk": "Good-password-1"}))
    assert made["report"] == [{"host": "pbx1", "said": said, "decide": []}]


def test_a_host_that_was_skipped_is_in_no_report():
    host = {"trunkline_public_address": "203.0.113.10", "adopt_found": {"skipped": True}}
    made = adopted_inventory(ACCOUNT, Choices(hosts={"pbx1": host}, passwords={"Asterisk": "Good-password-1"}))
    assert made["report"] == []


def test_what_a_person_gave_counts_before_what_the_host_uses():
    found = folder(pjsip=PJSIP, extensions=EXTENSIONS)
    host = {"trunkline_public_address": "203.0.113.10", "adopt_found": {"configuration": found}}
    made = adopted_inventory(
        account(domain_name="asterisk-pbx1.pstn.twilio.com", phone_numbers=[NUMBER, OTHER]),
        Choices(hosts={"pbx1": host}, passwords={"Asterisk": "Given-password-1"}, caller_ids={"Main": OTHER}))
    (trunk,) = made["variables"]["trunkline_trunks"]
    assert (trunk["password"], trunk["caller_id"]) == ("Given-password-1", OTHER)


@pytest.mark.parametrize("extension", [f"{NUMBER}/+4930123456", "_+1775618798X/1001"])
def test_a_number_that_depends_on_who_calls_is_a_note(extension):
    made = dialplan(f"[from-twilio]\nexten => {extension},1,Dial(PJSIP/1001)\n")
    assert "pbx_dids" not in made["options"]
    assert (f"extensions.conf:2: extension {extension} of [from-twilio] is not carried over (Dial); see"
            " pbx_blocked_callers.") in made["notes"]


def test_two_addresses_of_transports_are_a_note():
    more = "[transport-tcp]\ntype=transport\nprotocol=tcp\nbind=192.0.2.1:5070\n[wss]\ntype=transport\nprotocol=wss\n"
    made = adopted(pjsip=more + PJSIP)
    assert (made["options"]["pbx_bind_address"], made["options"]["pbx_sip_port"]) == ("192.0.2.1", 5070)
    noted = "\n".join(made["notes"])
    assert "transport transport-udp is bound to 0.0.0.0, and another one to 192.0.2.1" in noted
    assert "has port 5060, and another one has 5070" in noted and "transport wss has protocol wss" in noted


@pytest.mark.parametrize("network", ["0.0.0.0/0", "203.0.113.0/24", "fe80::/64", "somewhere"])
def test_a_network_that_is_not_private_lets_no_phone_in(network):
    made = adopted(pjsip=PJSIP.replace("local_net=192.168.1.0/24", f"local_net={network}"))
    assert "pbx_local_networks" not in made["options"]
    assert any("no private IPv4 network" in note for note in made["notes"])


def test_a_trunk_alone_with_a_dialplan_that_calls_out_for_nobody():
    """A PBX that is only called from its console: its trunk is carried over, and its way out is a note."""
    made = adopted(
        pjsip=PJSIP[: PJSIP.index("[phone](!)")], voicemail="",
        extensions="[outbound]\nexten => _X.,1,Set(CALLERID(num)=+17756187988)\n same => n,"
                   "Dial(PJSIP/+${EXTEN}@twilio)\n")
    (trunk,) = made["variables"]["trunkline_trunks"]
    assert (trunk["caller_id"], trunk["caller_name"], trunk["username"]) == (NUMBER, "Asterisk PBX", "Asterisk")
    assert set(made["options"]) == {"pbx_external_address", "pbx_local_networks"}
    assert made["notes"] == [
        "extensions.conf:2: extension _X. of [outbound], which nothing that is carried over leads to, is not carried"
        " over (Set, Dial)."]


@pytest.mark.parametrize("seed", range(40))
def test_lines_in_any_order_are_read_without_an_error(seed):
    """Whatever the files say, there is an inventory that validation accepts, and no secret in the notes."""
    draw = random.Random(seed)

    def torn(text: str) -> str:
        lines = [draw.choice((line, line, line, line[: draw.randrange(len(line) + 1)], line.upper(), f"{line},{line}"))
                 for line in text.splitlines()]
        draw.shuffle(lines)
        return "\n".join(lines[: draw.randrange(len(lines) + 1)]) + "\n"

    made = adopted_inventory(
        account(domain_name="asterisk-pbx1.pstn.twilio.com", phone_numbers=[NUMBER, OTHER]),
        Choices(passwords={"Asterisk": "Good-password-1"}, hosts={"pbx1": {
            "trunkline_public_address": "203.0.113.10", "adopt_found": {"configuration": folder(
                pjsip=torn(PJSIP), extensions=torn(EXTENSIONS), voicemail=torn(VOICEMAIL), pjsip_wizard=torn(WIZARD),
                rtp="[general]\nrtpstart=1\nrtpend=70000\n")}}}))
    assert made["problems"] == []
    assert not [secret for secret in SECRETS if secret in str(made["report"])]
