# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of causes: each row is reached by what it is made for, and its sentences are whole."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import string
from pathlib import Path

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils import _asterisk
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.ami import AmiError
from ansible_collections.trunkline.voice.plugins.module_utils._sip import causes
from ansible_collections.trunkline.voice.plugins.module_utils._sip.causes import CAUSES, LAST_RESORT, LOCAL, N8N
from ansible_collections.trunkline.voice.plugins.module_utils._sip.diagnosis import diagnose
from ansible_collections.trunkline.voice.plugins.module_utils._sip.ladder import Facts, facts
from ansible_collections.trunkline.voice.plugins.module_utils._sip.problem import Problem

from .recorded import ladder

ROOT = Path(__file__).parents[3]
DOMAIN = "asterisk-pbx1.pstn.twilio.com"
KNOWN = {
    "trunk": "Asterisk-SIP-Trunk", "endpoint": "twilio-asterisk-pbx1", "domain": DOMAIN, "host": DOMAIN,
    "contact": f"sip:{DOMAIN}", "contact_status": "Unavail", "context": "outbound", "acl": "Asterisk-Server",
    "credential_list": "Asterisk-Credentials", "sound": "demo-congrats", "timeout": 6, "answer_seconds": 30,
    "manager": "127.0.0.1:5038", "manager_user": "verify", "manager_secret_file": "/etc/asterisk/manager_secret.conf",
    "edges": [], "detail": "Permission denied", "channel": "PJSIP/other-00000001",
    "method": "INVITE", "peer": "10.99.0.20:5060", "request_host": DOMAIN, "number": "+919876543210",
    "caller": "+17756187988", "address_seen": "203.0.113.10", "challenged": True, "credentials": True,
    "status": 0, "reason": "a reason", "provisional": 183, "twilio": 0, "twilio_text": "", "problem": "refused",
    "destination": "menu main", "reached": "phone 1001",
    "route": "reception", "fault": "status 404", "example": "an example",
}
SIP_DOMAIN = {"status": 404, "request_host": "asterisk-pbx1.sip.twilio.com"}
# What is seen besides KNOWN, the cause, and what its sentences must say.
TABLE = [
    ({"problem": "ami-unreachable"}, "asterisk-down", ["127.0.0.1:5038"]),
    ({"problem": "ami-login"}, "manager-login", ["verify", "/etc/asterisk/manager_secret.conf"]),
    ({"problem": "secret-missing"}, "manager-secret-missing", ["/etc/asterisk/manager_secret.conf", "as root"]),
    ({"problem": "ami-denied"}, "manager-denied", ["Permission denied", "call,user", "originate,reporting,command"]),
    ({"problem": "ami-error"}, "manager-error", ["Permission denied"]),
    ({"problem": "history-missing"}, "history-missing", ["res_pjsip_history"]),
    ({"problem": "endpoint-missing"}, "endpoint-missing", ["twilio-asterisk-pbx1", "role pbx"]),
    ({"problem": "contact-missing"}, "contact-missing", ["twilio-asterisk-pbx1"]),
    ({"problem": "extension-missing"}, "extension-missing", ["+919876543210", "outbound"]),
    ({"problem": "number-nowhere"}, "number-nowhere", ["reaches nothing", "menu main", "local.d"]),
    ({"problem": "number-elsewhere"}, "number-elsewhere", ["reaches phone 1001", "sends it to menu main"]),
    ({"problem": "prompt-missing"}, "prompt-missing", ["demo-congrats", "asterisk-core-sounds-en-wav", "verify_sound"]),
    ({"problem": "n8n", "fault": "there is no n8n.conf"}, "n8n-not-installed", ["there is no n8n.conf", "role pbx"]),
    ({"problem": "n8n", "fault": "unreachable: No route"}, "n8n-unreachable", ["No route", "Start"]),
    ({"problem": "n8n", "fault": "no answer within 3 s"}, "n8n-slow", ["3 s", "answer_seconds"]),
    ({"problem": "n8n", "fault": "token refused: status 403"}, "n8n-token", ["403", "X-Trunkline-Token"]),
    ({"problem": "n8n"}, "n8n-not-published", ["status 404", "production URL"]),
    ({"problem": "n8n", "fault": "status 500"}, "n8n-workflow-failed", ["status 500", "executions"]),
    ({"problem": "n8n", "fault": "certificate refused: expired"}, "n8n-tls", ["expired", "ca_file"]),
    ({"problem": "n8n", "fault": "client certificate refused: UNKNOWN_CA"}, "n8n-client-certificate",
     ["UNKNOWN_CA", "client_file"]),
    ({"problem": "n8n", "fault": "redirect: status 302, which is not followed"}, "n8n-redirect", ["302", "url"]),
    ({"problem": "n8n", "fault": "destination phone 1 is not allowed"}, "n8n-not-allowed", ["phone 1", "allow"]),
    ({"problem": "n8n", "fault": "invalid JSON"}, "n8n-answer", ["invalid JSON", "an example"]),
    ({"problem": "dns"}, "name-unresolved", [DOMAIN, "/etc/resolv.conf"]),
    ({"problem": "timeout", "method": "OPTIONS"}, "options-unanswered", ["10.99.0.20:5060", DOMAIN, "6 s"]),
    (
        {"problem": "options-not-sent", "method": None, "contact": f"sip:{DOMAIN};transport=tls"}, "tls-failed",
        [DOMAIN, "5061", "pbx_tls_ca"],
    ),
    (
        {"problem": "options-not-sent", "contact": f"sip:{DOMAIN};transport=tls", "edges": ["frankfurt"]},
        "tls-edge-name", ["the server identity does not match", "name.pstn.frankfurt.twilio.com", "5061", "pbx_tls_ca"],
    ),
    ({"problem": "options-not-sent", "method": None}, "options-not-sent", [f"sip:{DOMAIN}", "/etc/hosts"]),
    ({"problem": "contact-not-avail", "status": 200}, "contact-not-avail", ["200", "Unavail", "qualify_timeout"]),
    ({"problem": "contact-unreachable"}, "contact-unreachable", [f"sip:{DOMAIN}", "firewall"]),
    ({"problem": "not-dialled"}, "not-dialled", ["+919876543210", "outbound"]),
    ({"problem": "other-endpoint"}, "other-endpoint", ["PJSIP/other-00000001", "twilio-asterisk-pbx1"]),
    ({"problem": "timeout", "request_host": "pbx.example.com"}, "host-ignored", ["pbx.example.com", DOMAIN]),
    ({"problem": "timeout"}, "invite-unanswered", ["10.99.0.20:5060", DOMAIN]),
    ({"problem": "not-answered"}, "not-answered", ["+919876543210", "30 s", "183"]),
    ({"problem": "not-recorded"}, "not-recorded", ["app_mixmonitor"]),
    ({"problem": "nothing-received"}, "nothing-received", ["168.86.128.0/18", "pbx_external_address"]),
    ({"problem": "nothing-sent"}, "nothing-sent", ["demo-congrats"]),
    ({"problem": "heard-silence"}, "heard-silence", ["silence"]),
    ({"problem": "played-silence"}, "played-silence", ["demo-congrats"]),
    (SIP_DOMAIN, "sip-domain-called", ["404", "asterisk-pbx1.sip.twilio.com", "termination", DOMAIN]),
    ({**SIP_DOMAIN, "method": "OPTIONS"}, "sip-domain-called", ["404", "Asterisk-SIP-Trunk"]),
    ({"status": 404, "request_host": "sip.twilio.com"}, "sip-domain-called", ["sip.twilio.com"]),
    ({"status": 404, "request_host": "asterisk-pbx1.sip.dublin.twilio.com"}, "sip-domain-called", ["dublin"]),
    ({"status": 404, "request_host": "pbx.example.com"}, "termination-wrong", ["pbx.example.com", DOMAIN]),
    ({"status": 404}, "number-unknown", ["+919876543210"]),
    ({"status": 404, "credentials": False}, "trunk-unknown", [DOMAIN, "role twilio_trunk"]),
    ({"status": 404, "request_host": "a.pstn.dublin.twilio.com", "credentials": False}, "trunk-unknown", ["dublin"]),
    ({"status": 404, "method": "OPTIONS"}, "trunk-unknown", [DOMAIN]),
    ({"status": 403, "twilio": 32201}, "address-not-in-acl", ["403", "203.0.113.10", "Asterisk-Server"]),
    ({"status": 403, "twilio": 32202}, "credentials-wrong", ["403", "Asterisk-Credentials", "Asterisk-SIP-Trunk"]),
    ({"status": 403, "twilio": 32200}, "trunk-open-to-nobody", ["Asterisk-Server", "Asterisk-Credentials"]),
    ({"status": 403, "twilio": 32204}, "caller-id-not-owned", ["403", "+17756187988", "32204", "caller_id"]),
    ({"status": 403, "twilio": 32206}, "caller-id-not-owned", ["32206"]),
    ({"status": 403, "twilio": 32205}, "country-not-permitted", ["+919876543210", "twilio_trunk_countries"]),
    ({"status": 403, "twilio": 32203}, "destination-blocked", ["+919876543210"]),
    ({"status": 400, "twilio": 32101}, "number-not-e164", ["400", "+919876543210"]),
    ({"status": 400, "twilio": 32100}, "trial-account", ["verified"]),
    ({"status": 503, "twilio": 32001}, "calls-per-second", ["32001", "Asterisk-SIP-Trunk"]),
    ({"status": 503, "twilio": 32012}, "calls-per-second", ["32012"]),
    ({"status": 503, "twilio": 10004}, "concurrent-calls", ["10004"]),
    ({"status": 603, "twilio": 10001}, "account-not-active", ["603", "10001"]),
    ({"status": 488, "twilio": 32207}, "srtp-on-plain-trunk", ["SRTP", "secure"]),
    ({"status": 488, "twilio": 32208}, "rtp-on-secure-trunk", ["32208", "secure"]),
    ({"status": 488, "twilio": 32209}, "plain-sip-on-secure-trunk", ["TLS", "secure"]),
    ({"status": 483, "twilio": 32006}, "max-forwards", ["Max-Forwards"]),
    # Without X-Twilio-Error.
    ({"status": 403, "reason": "Caller ID is unauthorized. A Valid…"}, "caller-id-not-owned", ["caller_id"]),
    ({"status": 403, "reason": "Invalid Caller ID", "challenged": False}, "caller-id-not-owned", ["+17756187988"]),
    ({"status": 403, "reason": "No International Authorization"}, "country-not-permitted", ["+919876543210"]),
    ({"status": 403, "reason": "Phone number is blocked for verification"}, "destination-blocked", ["+919876543210"]),
    ({"status": 403, "reason": "Phone number is blacklisted", "challenged": False}, "destination-blocked", ["+91987"]),
    ({"status": 403, "reason": "Invalid credentials", "challenged": False}, "credentials-wrong", ["(403 Invalid"]),
    (
        {"status": 403, "challenged": False, "credentials": False, "request_host": "54.172.60.0"}, "termination-wrong",
        ["54.172.60.0", DOMAIN],
    ),
    (
        {"status": 403, "challenged": False, "credentials": False}, "address-not-in-acl",
        ["203.0.113.10", "most likely", DOMAIN],
    ),
    ({"status": 403}, "credentials-wrong", ["most likely"]),
    ({"status": 407, "credentials": False}, "credentials-missing", ["407", "outbound_auth", "twilio-asterisk-pbx1"]),
    ({"status": 401, "credentials": False}, "credentials-missing", ["401"]),
    ({"status": 407}, "credentials-wrong", ["407", "Asterisk-Credentials"]),
    ({"status": 400, "reason": "The number +1 is unverified."}, "trial-account", ["verified"]),
    ({"status": 400, "reason": "Invalid Phone Number"}, "number-not-e164", ["+919876543210"]),
    ({"status": 484}, "number-not-e164", ["484"]),
    ({"status": 415}, "codec-mismatch", ["ulaw", "twilio-asterisk-pbx1"]),
    ({"status": 488}, "encryption-mismatch", ["488", "secure"]),
    ({"status": 503, "reason": "Trunk CPS limit exceeded"}, "calls-per-second", ["Trunk CPS limit exceeded"]),
    ({"status": 503, "reason": "Trunk concurrent call limit exceeded"}, "concurrent-calls", ["business profile"]),
    ({"status": 486}, "busy", ["+919876543210", "486"]),
    ({"status": 600}, "busy", ["600"]),
    ({"status": 480}, "not-answered", ["480"]),
    ({"status": 603}, "declined", ["603"]),
    ({"status": 503}, "twilio-trouble", ["503"]),
    ({"status": 500}, "twilio-trouble", ["500"]),
    ({"status": 302}, "refused", ["302"]),
    ({"status": 699}, "refused", ["699"]),
    ({"status": 700}, "unknown", ["refused", "Permission denied"]),
]
FIELDS = {field.name for field in dataclasses.fields(Facts)}


def finding_of(seen):
    """The diagnosis of KNOWN where `seen` replaces some of it."""
    values = {**KNOWN, **seen}
    facts_of_it = Facts(**{name: values[name] for name in FIELDS & values.keys()})
    return diagnose(Problem(values["problem"]), facts_of_it, {name: values[name] for name in values.keys() - FIELDS})


@pytest.mark.parametrize("seen, name, words", TABLE, ids=[f"{name}-{seen}" for seen, name, _words in TABLE])
def test_cause_and_fix(seen, name, words):
    finding = finding_of(seen)
    assert finding.name == name
    for word in words:
        assert word in finding.cause + finding.fix
    assert "(unknown" not in finding.cause + finding.fix


def test_every_row_is_reached():
    reached = {finding_of(seen).cause for seen, _name, _words in TABLE}
    made = {row.cause.format_map({**KNOWN, **seen}): row for seen, _name, _words in TABLE for row in CAUSES}
    assert {row.cause for row in CAUSES} == {made[cause].cause for cause in reached}


@pytest.mark.parametrize("row", CAUSES, ids=lambda row: row.name)
def test_sentences(row):
    """One sentence of cause, one of fix, filled only with facts that somebody provides."""
    for text in (row.cause, row.fix):
        assert text.endswith(".") and (text[0].isupper() or text.startswith("{"))
        assert {field for dummy, field, dummy, dummy in string.Formatter().parse(text) if field} <= set(KNOWN)
    if row is not LAST_RESORT:
        assert set(row.when) <= set(KNOWN) and row.when


def test_what_is_not_known_still_makes_a_sentence():
    finding = diagnose(Problem.REFUSED, Facts(method="INVITE", status=403, twilio=32201), {"acl": None})
    assert "the trunk's IP access control list" in finding.cause
    assert diagnose(Problem.REFUSED, Facts(), {}).name == "unknown"


def test_every_problem_has_a_row():
    assert {row.when["problem"] for row in (*LOCAL, *N8N)} == set(Problem) - {Problem.REFUSED}


def test_every_error_of_asterisk_is_a_problem():
    for module in pkgutil.iter_modules(_asterisk.__path__, _asterisk.__name__ + "."):
        importlib.import_module(module.name)

    def errors(kind):
        return {kind}.union(*map(errors, kind.__subclasses__()))

    assert {Problem(kind.problem) for kind in errors(AmiError)} >= {Problem.AMI_ERROR, Problem.HISTORY_MISSING}


@pytest.mark.parametrize("name, cause", [
    ("not_in_acl", "address-not-in-acl"),
    ("bad_credentials", "credentials-wrong"),
    ("caller_id", "caller-id-not-owned"),
    ("asked_again", "credentials-wrong"),
    ("options_sip_domain", "sip-domain-called"),
])
def test_recorded_refusals(name, cause):
    assert diagnose(Problem.REFUSED, facts(ladder(name)), KNOWN).name == cause


def test_the_how_to_names_what_is_there():
    """Its files, its tests, and the names in the code."""
    page = (ROOT / "docs/howto/add-a-cause.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:plugins|tests|changelogs)/[\w./-]+)`", page)
    assert len(paths) >= 6 and not [path for path in paths if not (ROOT / path).exists()]
    files = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    assert set(re.findall(r"`(test_\w+\.py)`", page)) <= files.keys()
    mine = Path(__file__).read_text(encoding="utf-8")
    tests = re.findall(r"`(test_\w+)`", page)
    assert len(set(tests)) == 4 and all(f"def {name}(" in mine for name in tests)
    assert "\nTABLE = [" in mine and {"REFUSED", "LOCAL", "When", "_has"} <= vars(causes).keys()


def test_the_row_of_the_how_to_is_a_row():
    page = (ROOT / "docs/howto/add-a-cause.md").read_text(encoding="utf-8")
    row, line = (eval(f"({block.strip()})", vars(causes)) for block in re.findall(r"```python\n(.*?)```", page, re.S))
    ((cause,), ((seen, name, words),)) = row, line
    test_sentences(cause)
    assert name == cause.name and seen.items() >= cause.when.items()
    assert all(word in (cause.cause + cause.fix).format_map({**KNOWN, **seen}) for word in words)
