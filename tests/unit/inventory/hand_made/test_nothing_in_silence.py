# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory does not say of a configuration is a note, and no text of a file ends the run."""

from __future__ import annotations

import pytest

from .samples import EXTENSIONS, PJSIP, VOICEMAIL, WIZARD
from .test_hand_made import NUMBER, adopted, dialplan

CONTACT = "contact=sip:asterisk-pbx1.pstn.twilio.com"
EDGE = "contact=sip:asterisk-pbx1.pstn.{}.twilio.com"
OUT = "[internal]\nexten => _1NXXNXXXXXX,1,{}Dial(PJSIP/+${{EXTEN}}@twilio{})\n{}"


@pytest.mark.parametrize(("line", "note"), [
    ("exten => 700,hint,park:700@parkedcalls", "the hint of 700 of [internal] (park:700@parkedcalls) is not carried"),
    ("exten => 1001,hint,PJSIP/1001&Custom:DND", "the hint of 1001 of [internal] (PJSIP/1001&Custom:DND) is not"),
    ("include => parkedcalls", "[internal] includes parkedcalls, which is in no file that was read, and is not"),
    ("include => day|9:00-17:00|mon-fri|*|*", "[internal] includes day|9:00-17:00|mon-fri|*|*, which is in no file"),
    ("exten => *97,1,Authenticate(4711)\n same => n,VoiceMailMain()", "extension *97 of [internal] plays mailboxes"),
    ("[general]\nautofallthrough=no", "autofallthrough = no of [general] is not carried over"),
])
def test_a_line_of_the_dialplan(line, note):
    made = dialplan(f"[internal]\nexten => 1001,1,Dial(PJSIP/1001)\n{line}\n")
    assert any(one.startswith(f"extensions.conf:3: {note}") or one.startswith(f"extensions.conf:4: {note}")
               for one in made["notes"]), made["notes"]


@pytest.mark.parametrize("hint", ["exten => 1001,hint,PJSIP/1001", "exten => _10XX,hint,PJSIP/${EXTEN}"])
def test_the_hint_of_a_phone_is_carried_over(hint):
    made = dialplan(f"[general]\nstatic=yes\nautofallthrough=yes\n[internal]\n{hint}\n")
    assert not [note for note in made["notes"] if "hint" in note or "general" in note]


@pytest.mark.parametrize(("before", "options", "after", "note"), [
    ("", ",60,L(600000)", "", "the options of Dial() (L…) are not carried over"),
    ("", "", " same => n,Dial(PJSIP/+${EXTEN}@other)\n", "what comes after Dial() is not carried over (Dial)"),
    ("Set(CALLERID(pres)=prohib)\n same => n,", "", "", "Set(CALLERID(pres)) is not carried over"),
    ("Set(CALLERID(num)=${MINE})\n same => n,", "", "", "calls show ${MINE} here, which is no number in E.164"),
])
def test_what_a_call_out_does_besides(before, options, after, note):
    made = dialplan(OUT.format(before, options, after))
    assert any(note in one and one.startswith("extensions.conf:") for one in made["notes"]), made["notes"]


@pytest.mark.parametrize(("steps", "note"), [
    ("Set(CALLERID(name)=Sales)\n same => n,Dial(PJSIP/1001)", "Set(CALLERID(name)) is not carried over"),
    ("Set(CALLERID(num)=100)\n same => n,Dial(PJSIP/1001)", "phones are shown the number 100 in place of the caller's"),
    ("Dial(PJSIP/1001,900)", "Dial() rings for 900 seconds, which is not carried over; here it is 300 at most"),
    ("VoiceMail(1001)\n same => n,Goto(internal,1001,1)", "what comes after VoiceMail() is not carried over (Goto)"),
])
def test_what_a_call_in_does_besides(steps, note):
    made = dialplan(f"[from-twilio]\nexten => {NUMBER},1,{steps}\n")
    assert [row["number"] for row in made["options"]["pbx_dids"]] == [NUMBER]
    assert any(note in one for one in made["notes"]), made["notes"]


@pytest.mark.parametrize(("steps", "note"), [
    ("Dial(PJSIP/${EXTEN},20)\n same => n,VoiceMail(${EXTEN})", "1001, 1002 ring for 20 seconds,"),
    ("Dial(PJSIP/${EXTEN})", "1001, 1002 ring until somebody answers,"),
    ("Dial(PJSIP/${EXTEN},30)", ""),
])
def test_how_long_a_phone_rings(steps, note):
    """Also by a number that leads to it alone; not where a ring group rings as long."""
    numbers = "".join(f"exten => +1202555014{seconds // 10},1,Dial(PJSIP/1001,{seconds})\n" for seconds in (10, 30))
    made = dialplan(f"[internal]\nexten => _10XX,1,{steps}\n[from-twilio]\n{numbers}")
    found = [one.partition(": ")[2] for one in made["notes"] if " ring" in one]
    rest = " which is not carried over: here a phone rings for 30 seconds, and a ring group for its own."
    expected = ["+12025550141 rings for 10 seconds,", *([note] if note else [])]
    assert sorted(found) == sorted(one + rest for one in expected)


@pytest.mark.parametrize(("count", "shown"), [
    (3, "+12025550140, +12025550141, +12025550142 ring for 9 seconds,"),
    (4, "+12025550140, +12025550141, +12025550142 and 1 more ring for 9 seconds,"),
])
def test_of_many_that_ring_as_long_the_first_are_named(count, shown):
    numbers = "".join(f"exten => +1202555014{index},1,Dial(PJSIP/1001,9)\n" for index in range(count))
    made = dialplan(f"[from-twilio]\n{numbers}")
    assert len([one for one in made["notes"] if shown in one]) == 1, made["notes"]


@pytest.mark.parametrize(("change", "note"), [
    (("max_contacts=1", "max_contacts=1\nremove_existing=no\nsupport_path=yes"),
     "aor 1001 has settings that are not carried over: remove_existing, support_path"),
    (("username=1001", "username=1001\nrealm=example.com"), "auth 1001 has settings that are not carried over: realm"),
    (("aors=1001", "aors=1001\nlanguage=de\ndevice_state_busy_at=1"),
     "endpoint 1001 has settings that are not carried over: device_state_busy_at, language"),
    (("[phone](!)", "[sip]\ntype=endpoint\naors=sip\n[sip]\ntype=aor\ncontact=sip:acme.sip.ie1.twilio.com\n[phone](!)"),
     "endpoint sip calls acme.sip.ie1.twilio.com, which is no trunk of Twilio's, and is not carried over; a SIP"),
    (("local_net=192.168.1.0/24", "tos=cs3"), "transport transport-udp has settings that are not carried over: tos"),
    (("match=54.172.60.0/30", "match_header=X-A: b"), "identify twilio looks at a header (match_header), which is not"),
    (("from_user=+17756187988", "from_user=17756187988"), "endpoint twilio shows 17756187988, which is no number in"),
    (("outbound_auth=twilio-auth", "outbound_auth=twilio-auth\nauth=twilio-auth"),
     "endpoint twilio asks Twilio for a password (auth), which is not carried over"),
    (("outbound_auth=twilio-auth", "outbound_auth=twilio-auth,other"),
     "endpoint twilio has more than one outbound_auth, of which only twilio-auth is carried over"),
    (("<+17756187988>", "<100>"), "endpoint twilio shows 100, which is no number in E.164"),
])
def test_a_setting_of_pjsip(change, note):
    made = adopted(pjsip=PJSIP.replace(*change))
    assert any(note in one and one.startswith("pjsip.conf:") for one in made["notes"]), made["notes"]


def test_an_object_that_is_there_twice_is_a_note():
    """Asterisk refuses such a file, so that nobody can say which of the two is meant."""
    made = adopted(pjsip=PJSIP + "[1002]\ntype=auth\nusername=1002\npassword=Another-pass-99\n")
    assert [row["name"] for row in made["options"]["pbx_phones"]] == ["1001"]
    assert sum("auth 1002 is there 2 times, which Asterisk refuses" in note for note in made["notes"]) == 2


def test_a_setting_of_the_wizard():
    made = adopted(pjsip=PJSIP[: PJSIP.index("[phone](!)")], pjsip_wizard=WIZARD.replace(
        "accepts_auth = yes", "accepts_auth = yes\nhas_hint = yes\nphoneprov/MAC = 0") + "sends_auth = yes\n")
    assert any("[1001] has settings that are not carried over: has_hint, phoneprov/MAC" in one for one in made["notes"])
    assert any("auth carrier-oauth belongs to nothing that is carried over" in one for one in made["notes"])


def test_a_setting_of_voicemail_and_of_rtp():
    made = adopted(
        voicemail=VOICEMAIL.replace("maxmsg=50", "maxmsg=50\nattach=no\nemailbody=Dear ${VM_NAME}\nmaxsecs=2x")
        + "[zonemessages]\ncentral=America/Chicago|Q\n", rtp="[general]\nrtpstart=10000\nstunaddr=stun.example.com\n"
        "[ice_host_candidates]\n10.0.0.1 => 203.0.113.10\n")
    noted = "\n".join(made["notes"])
    for name in ("voicemail.conf:4: attach", "voicemail.conf:5: emailbody", "voicemail.conf:6: maxsecs",
                 "voicemail.conf:10: [zonemessages]", "rtp.conf:3: stunaddr of rtp.conf",
                 "rtp.conf:4: [ice_host_candidates]"):
        assert name in noted
    assert "voicemail.conf:2" not in noted and "voicemail.conf:3" not in noted


def test_files_of_other_names():
    noted = adopted("cel.conf", "sip.conf", "agents.conf")["notes"]
    assert noted[1] == "other files of the folder are not read: cel.conf, agents.conf."


@pytest.mark.parametrize(("contacts", "edges", "note"), [
    (["ashburn", "umatilla"], ["ashburn", "umatilla"], ""),
    (["dublin", "moon"], ["dublin"], "endpoint twilio calls edge moon, which is not carried over"),
    (["dublin", ""], ["dublin"], "endpoint twilio calls dublin and a name without an edge"),
    ([""], None, ""),
])
def test_the_edges_of_a_trunk(contacts, edges, note):
    lines = [EDGE.format(edge).replace("..", ".") for edge in contacts]
    made = adopted(pjsip=PJSIP.replace(CONTACT, "\n".join(lines)))
    assert made["variables"]["trunkline_trunks"][0].get("edges") == edges
    assert not note or any(note in one for one in made["notes"])


def test_endpoints_of_one_trunk_with_other_edges():
    """To name no edge is to call another one than the endpoint that names Dublin."""
    more = "".join(part.replace("[twilio]", "[europe]").replace("aors=twilio", "aors=europe").replace(
        CONTACT, EDGE.format("dublin")) for part in (PJSIP[PJSIP.index("[twilio]"): PJSIP.index("[twilio]\ntype=id")],))
    made = adopted(pjsip=PJSIP + more)
    assert "edges" not in made["variables"]["trunkline_trunks"][0]
    assert sum("differs from another endpoint of the same trunk in its edges" in note for note in made["notes"]) == 2


def test_a_mailbox_that_is_not_there_is_one_sentence_a_phone():
    made = adopted(voicemail="")
    (note,) = [note for note in made["notes"] if "phone 1002" in note]
    assert note.endswith("phone 1002: when_busy, when_unanswered, when_absent name mailbox '1002', which is not in"
                         " pbx_mailboxes; it is carried over without that.")


@pytest.mark.parametrize("number", ["9" * 5000, "²", "5²", "٣", "0x10", "-1", ""])
def test_a_number_that_is_none_ends_no_run(number):
    made = adopted(
        pjsip=PJSIP.replace("max_contacts=1", f"max_contacts={number}").replace(":5060", f":{number}"),
        extensions=EXTENSIONS.replace("_10XX,1,", f"1001,{number},").replace(",25,", f",{number},").replace(
            "${EXTEN},20", f"${{EXTEN:{number}}},{number}"),
        voicemail=VOICEMAIL.replace("maxmsg=50", f"maxmsg={number}"),
        rtp=f"[general]\nrtpstart={number}\nrtpend={number}\n")
    assert [row["name"] for row in made["options"]["pbx_phones"]] == ["1002"]
    assert "pbx_sip_port" not in made["options"] and "pbx_rtp_port_start" not in made["options"]
