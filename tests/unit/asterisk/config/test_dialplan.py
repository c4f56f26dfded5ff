# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dialplan says, which numbers a pattern takes, and what it names that is not there."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import pjsip, references
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.configuration import Config
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.dialplan import Extension, split
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.references import Available

AVAILABLE = Available(
    applications=frozenset(
        "answer dial execif gosub gosubif goto gotoif gotoiftime hangup log playback queue return set voicemail".split()
    ),
    # The last one as Asterisk lists it.
    functions=frozenset(("CALLERID", "CHANNEL", "FILTER", "LEN", "PJSIP_RESPONSE_HEADE")),
    endpoints=frozenset(("1001", "twilio-a")), queues=frozenset(("sales",)), mailboxes=frozenset(("1001@default",)),
    sounds=frozenset(("hello-world",)),
)
GOOD = """\
[general]
static = yes
[outbound]
include => internal
exten => _+X.,1,Set(CALLERID(num)=+17756187988)
 same => n,GotoIf($["${EXTEN}" = "x?y:z"]?other,1)
 same => n,Gosub(call,s,1(${EXTEN},twilio-a))
 same => n,Goto(${NEXT},1)
 same => n(end),ExecIf($[${LEN(${X})} > 0]?Playback(hello-world):Goto(end))
exten => other,1,Dial(PJSIP/${EXTEN}@twilio-a&Local/1001@internal,20)
[internal]
exten => 1001,hint,PJSIP/1001
exten => 1001,1,Dial(PJSIP/1001)
 same => n,VoiceMail(1001,u)
 same => n,Queue(sales)
 same => n,Set(CHANNEL(hangup_handler_push)=call,s,back)
[call]
exten => s,1(back),GosubIf($[1]?call,s,1)
 same => n,Set(SID=${PJSIP_RESPONSE_HEADER(read,X-Twilio-CallSid)})
 same => n,GotoIfTime(9:00-17:00,mon-fri,*,*?internal,1001,1)
"""


def found(text):
    plan = Config({"extensions.conf": text}).dialplan
    return [(fault.what, fault.place.line) for fault in [*plan.faults, *references.faults(plan, AVAILABLE)]]


def test_a_sound_dialplan_has_no_fault():
    assert found(GOOD) == []


@pytest.mark.parametrize(("old", "new", "line", "fault"), [
    ("Playback(hello-world)", "Playbakc(hello-world)", 9, "there is no application Playbakc"),
    ("Playback(hello-world)", "Playback(good-bye)", 9, "there is no prompt good-bye"),
    ("${LEN(${X})}", "${LENGHT(${X})}", 9, "there is no function LENGHT"),
    ("CALLERID(num)", "CALLERDI(num)", 5, "there is no function CALLERDI"),
    (":Goto(end))", ":Goto(start))", 9, "leads to priority start of extension"),
    ("?other,1)", "?another,1)", 6, "leads to extension another of [outbound]"),
    ("?other,1)", "?other,3)", 6, "leads to priority 3 of extension other"),
    ("Gosub(call,s,1(", "Gosub(cal,s,1(", 7, "leads to context [cal]"),
    ("Gosub(call,s,1(", "Gosub(call,t,1(", 7, "leads to extension t of [call]"),
    ("include => internal", "include => intern", 4, "includes context [intern]"),
    ("@twilio-a&Local", "@twilio-b&Local", 10, "PJSIP endpoint twilio-b, which does not exist"),
    ("hint,PJSIP/1001", "hint,PJSIP/1009", 12, "PJSIP endpoint 1009, which does not exist"),
    ("Dial(PJSIP/1001)", "Dial(PJSIP/1010)", 13, "PJSIP endpoint 1010, which does not exist"),
    ("Local/1001@internal", "Local/1001@nowhere", 10, "context [nowhere], which does not exist"),
    ("Local/1001@internal", "Local/1099@internal", 10, "extension 1099 of [internal], which does not exist"),
    ("VoiceMail(1001,u)", "VoiceMail(1002,u)", 14, "there is no mailbox 1002@default"),
    ("Queue(sales)", "Queue(sale)", 15, "there is no queue sale"),
    ("=call,s,back)", "=call,s,bakc)", 16, "leads to priority bakc"),
    ("?internal,1001,1)", "?internal,1001,7)", 20, "leads to priority 7"),
    ("Dial(PJSIP/1001)", "Dial(PJSIP/1001", 13, "no application with its arguments in brackets"),
    ("exten => _+X.,1,", "exten => _+X.,n,", 5, "its first one must be 1"),
    ("exten => _+X.,1,", "exten => _+X.,0,", 5, "priority 0 is below 1, so Asterisk leaves this line out"),
    ("exten => _+X.,1,", "exten => _+X.,N,", 5, "'N' is no priority"),
    (" same => n(end)", "exten => _+X.,hint,PJSIP/1001\n same => n(end)", 10, "n counts from the hint before it"),
    ("exten => other,1,", "exten => other,n,", 10, "extension other begins with priority n; its first one must be 1"),
    ("exten => _+X.,1,", "exten => _[0-9X.,1,", 5, "name,priority,application"),
    ("n(end)", "first", 9, "'first' is no priority"),
    ("n(end)", "1", 9, "has a priority 1 already"),
    ("exten => other,1,", "extne => other,1,", 10, "a context has no setting 'extne'"),
    ("[internal]\nexten => 1001,hint,PJSIP/1001\n", "[internal]\nsame => n,Answer()\n", 12, "before any 'exten'"),
    ("${EXTEN},twilio-a))", "${EXTEN,twilio-a))", 7, "left open"),
])
def test_what_is_not_there_is_named_with_its_line(old, new, line, fault):
    assert old in GOOD
    faults = found(GOOD.replace(old, new, 1))
    assert any(fault in what and at == line for what, at in faults), faults


@pytest.mark.parametrize("name", ["Anna :)", "Anna (home", "Anna, (home)", "a ? b : c"])
def test_what_a_variable_is_given_is_text(name):
    assert found(GOOD.replace("CALLERID(num)=+17756187988", f"CALLERID(num)={name}")) == []


def test_a_hyphen_in_an_extension_means_nothing():
    text = "[a]\nexten => 555-1234,1,Answer()\nexten => 5551234,2,Hangup()\nexten => 1,1,Goto(555-12-34,2)\n"
    assert found(text) == [] and "priority 3 of extension 555-12-34" in found(text.replace("34,2)", "34,3)"))[0][0]


def test_a_context_that_a_module_makes_is_there_where_the_module_is():
    plan = Config({"extensions.conf": "[a]\ninclude => parkedcalls\nexten => 1,1,Goto(parkedcalls,701,1)\n"}).dialplan
    assert list(references.faults(plan, Available(has_context=lambda name: name == "parkedcalls"))) == []
    faults = list(references.faults(plan, Available()))
    assert len(faults) == 2
    assert all("res_parking.so is not loaded; load it in local.d" in fault.what for fault in faults)


def test_what_is_not_known_is_not_judged():
    plan = Config({"extensions.conf": "[a]\nexten => 1,1,Strange(PJSIP/x)\n same => n,Dial(PJSIP/x)\n"}).dialplan
    assert list(references.faults(plan, Available())) == []


@pytest.mark.parametrize(("pattern", "number", "expected"), [
    ("100", "100", True), ("100", "1000", False), ("_1XX", "100", True), ("_1XX", "1000", False), ("_N.", "1", False),
    ("_NX.", "21", False), ("_X.", "12", True), ("_X.", "1", False), ("_X!", "1", True), ("_[+0-9]!", "+", True),
    ("_[13-5]Z", "41", True), ("_[13-5]Z", "21", False), ("_Z-X", "10", True), ("_+1NXXNXXXXXX", "+17756187988", True),
    ("555-1234", "5551234", True), ("5551234", "555-12-34", True), ("_9-XXX", "91-23", True), ("_[9-0]", "9", False),
    ("1001/5551234", "1001", True), ("_[a", "a", False), ("_[]X", "1", False), ("_x", "7", True),
    ("_.", "anything", True),
])
def test_patterns(pattern, number, expected):
    assert Extension(pattern).answers(number) is expected


def test_splitting_respects_brackets_quotes_and_backslashes():
    assert split('a,b(c,d),"e,f",g\\,h', ",") == ["a", "b(c,d)", '"e,f"', "g\\,h"]
    assert split("s,1,Dial(a,b)", ",", 3) == ["s", "1", "Dial(a,b)"]
    assert split("a,b,c,d", ",", 3) == ["a", "b", "c,d"]


PJSIP = """\
[udp]
type = transport
[1001]
type = endpoint
context = internal
aors = 1001
auth = 1001
transport = udp
mailboxes = 1001@default
[1001]
type = aor
[1001]
type = auth
[in]
type = identify
endpoint = 1001
match = 203.0.113.0/30, 198.51.100.7, 198.51.100.8:5070, [2001:db8::1]:5060, !198.51.100.9
"""
OTHERS = pjsip.Available(contexts={"internal"}, mailboxes={"1001@default"}, modules={
    "res_pjsip.so", "res_pjsip_endpoint_identifier_ip.so"})


def broken(text):
    return [(fault.what, fault.place.line) for fault in pjsip.faults(Config({"pjsip.conf": text}).pjsip, OTHERS)]


def test_sound_objects_have_no_fault():
    assert broken(PJSIP) == []


@pytest.mark.parametrize(("old", "new", "line", "fault"), [
    ("aors = 1001", "aors = 1001,1002", 6, "aors 1002, and there is no aor of that name"),
    ("auth = 1001", "auth = 1002", 7, "auth 1002, and there is no auth of that name"),
    ("auth = 1001", "outbound_auth = x", 7, "outbound_auth x, and there is no auth"),
    ("transport = udp", "transport = tls", 8, "transport tls, and there is no transport"),
    ("context = internal", "context = inside", 5, "context inside, which the dialplan does not have"),
    ("context = internal\n", "", 3, "has no context"),
    ("1001@default", "1002@default", 9, "mailbox 1002@default, which voicemail.conf does not have"),
    ("mailboxes = 1001@default", "acl = office", 9, "acl office, which acl.conf does not have"),
    ("type = aor", "type = aro", 11, "has type aro, which PJSIP does not have"),
    ("[1001]\ntype = auth", "[1001]\ntype = aor", 12, "two objects [1001] of type aor; the other is at pjsip.conf:10"),
    ("type = identify", "match_header = x", 14, "has no type"),
    ("endpoint = 1001", "endpoint = 1003", 16, "endpoint 1003, and there is no endpoint"),
    ("198.51.100.7", "sip.example.com:5060", 17, "match sip.example.com:5060, which is no address"),
    ("198.51.100.8:5070", "198.51.100.8:70000", 17, "match 198.51.100.8:70000, which is no address"),
    ("type = auth", "type = acl", 13, "type acl, which Asterisk ignores as module res_pjsip_acl.so is not loaded"),
    ("type = auth", "type = registration", 13, "module res_pjsip_outbound_registration.so is not loaded; load it in"),
    ("198.51.100.7", "sip.example.com", 17, "match sip.example.com, which is no address"),
    ("203.0.113.0/30", "203.0.113.0/33", 17, "match 203.0.113.0/33, which is no address"),
])
def test_objects_that_name_nothing(old, new, line, fault):
    assert old in PJSIP
    faults = broken(PJSIP.replace(old, new, 1))
    assert any(fault in what and at == line for what, at in faults), faults
