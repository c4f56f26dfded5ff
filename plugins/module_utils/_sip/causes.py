# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of causes: what was seen, what it means, what mends it. The first row that fits counts.

`when` names facts (see diagnosis.diagnose) and what they must be: a value, one of a tuple or range, or a pattern found
in it. Twilio's codes and reasons are those of its error dictionary (https://www.twilio.com/docs/api/errors) and of
https://www.twilio.com/docs/sip-trunking/troubleshooting. Twilio does not always send X-Twilio-Error, so a refusal has a
row for its code, and below it, where the status and the reason tell as much, one for those.
"""

from __future__ import annotations

import re
from typing import Mapping, NamedTuple


class Cause(NamedTuple):
    """A row. `cause` and `fix` are one sentence each, filled with the facts."""

    name: str
    when: Mapping
    cause: str
    fix: str


def _has(pattern: str) -> re.Pattern:
    return re.compile(pattern, re.IGNORECASE)


SIP_DOMAIN = _has(r"(^|\.)sip(\.[a-z0-9-]+)?\.twilio\.com$")
NOT_TERMINATION = _has(r"^(?!.*\.pstn(\.[a-z0-9-]+)?\.twilio\.com$).")

FIX_ACL = (
    "Set trunkline_public_address of this PBX to {address_seen} and run role twilio_trunk, which puts it into {acl}."
)
FIX_CREDENTIALS = (
    "Put the user and password of {credential_list} into the trunk's username and password, and run roles twilio_trunk"
    " (with twilio_trunk_update_password: always) and pbx."
)
FIX_CALLER = (
    "Set caller_id of trunk {trunk} to a number that the Twilio account owns or has verified, and run role pbx."
)
FIX_COUNTRY = (
    "Add its country to twilio_trunk_countries and run role twilio_trunk; where that is not set, permit the country"
    " under Voice, Settings, Geo permissions in Twilio's console."
)
FIX_BLOCKED = "Call another number, or ask Twilio's support to unblock it."
FIX_TRIAL = "Verify {number} in Twilio's console, or upgrade the account."
FIX_E164 = "Dial a plus sign, the country code and the number, as in +17756187988."
FIX_CONCURRENT = "Wait for calls to end, or complete the account's business profile to raise the limit."
FIX_SECURE = "Set the trunk's secure to what both sides should do, and run roles twilio_trunk and pbx."
FIX_TERMINATION = "Set the trunk's termination to {domain}, or remove it, and run role pbx."
FIX_CPS = "Place fewer calls a second on trunk {trunk}, or have its limit raised in Twilio's console."
FIX_MEDIA = (
    "Let UDP of the RTP ports through the firewall both ways (Twilio's media is 168.86.128.0/18, ports 10000 to 60000),"
    " and set pbx_external_address if the PBX is behind NAT."
)

# What went wrong at the PBX, before SIP or beside it.
LOCAL = (
    Cause("asterisk-down", {"problem": "ami-unreachable"},
          "Asterisk's manager interface at {manager} does not answer ({detail}).",
          "Start Asterisk (journalctl -u asterisk says why it stopped), or run role pbx, which sets the interface up."),
    Cause("manager-login", {"problem": "ami-login"},
          "Asterisk's manager interface refuses user {manager_user} with the secret in {manager_secret_file}.",
          "Run role pbx, which writes both, or name the right user and file."),
    Cause("manager-secret-missing", {"problem": "secret-missing"},
          "The secret of manager user {manager_user} cannot be had from {manager_secret_file}: {detail}.",
          "Run role pbx, which writes it, and verify as root."),
    Cause("manager-denied", {"problem": "ami-denied"},
          "Manager user {manager_user} may not do what the check needs ({detail}).",
          "Give the user read = call and write = originate,reporting,command in manager.conf; role pbx does."),
    Cause("manager-error", {"problem": "ami-error"},
          "Asterisk could not do what the check asked of it ({detail}).",
          "Look into Asterisk's log at the time of the check."),
    Cause("history-missing", {"problem": "history-missing"},
          "Asterisk runs without res_pjsip_history, so its SIP messages cannot be read.",
          "Add load = res_pjsip_history.so to modules.conf and restart Asterisk; role pbx does."),
    Cause("endpoint-missing", {"problem": "endpoint-missing"},
          "Asterisk has no endpoint {endpoint}: it is not configured, or Asterisk dropped it for an unknown option.",
          "Run role pbx, and look into Asterisk's log for errors of res_pjsip if it is still missing."),
    Cause("contact-missing", {"problem": "contact-missing"},
          "Endpoint {endpoint} has no contact to call.", "Give its AOR a contact; role pbx does."),
    Cause("extension-missing", {"problem": "extension-missing"},
          "The dialplan has nothing for {number} in context {context}.",
          "Name the context of outbound calls, and a number as it is dialled there; role pbx makes context outbound."),
    Cause("prompt-missing", {"problem": "prompt-missing"},
          "Asterisk has no prompt {sound} that it can play ({detail}), so no call was placed: it would be silent.",
          "Install the package asterisk-core-sounds-en-wav on the PBX, which role asterisk does, or set verify_sound to"
          " a prompt that is there."),
    Cause("name-unresolved", {"problem": "dns"},
          "The PBX cannot resolve {host}.",
          "Mend the PBX's name servers (/etc/resolv.conf), or the trunk's domain or termination if that is wrong."),
    Cause("options-unanswered", {"problem": "timeout", "method": "OPTIONS"},
          "OPTIONS to {peer} for {request_host} got no answer within {timeout} s.",
          "Let SIP through the firewall to Twilio and back, and check that {request_host} leads to Twilio."),
    Cause("tls-edge-name", {"problem": "options-not-sent", "contact": _has(r";transport=tls\b"), "edges": _has(r"\w")},
          "Asterisk has no TLS connection to the edge of endpoint {endpoint}, so it sent no OPTIONS: most likely"
          " Twilio's certificate lacks the edge's own name, which is called in place of the trunk's where a trunk has"
          " edges.",
          "Where Asterisk's log says that the server identity does not match, take the edges out of the trunk and set"
          " its termination to its name at one of them, as in name.pstn.frankfurt.twilio.com. Otherwise let TCP of port"
          " 5061 through the firewall to Twilio, and put the CA that signed Twilio's certificate into pbx_tls_ca."),
    Cause("tls-failed", {"problem": "options-not-sent", "contact": _has(r";transport=tls\b")},
          "Asterisk has no TLS connection to {host}, so it sent no OPTIONS.",
          "Let TCP of port 5061 through the firewall to Twilio, and look for the transport in Asterisk's log: where it"
          " calls the certificate untrusted, put the CA that signed Twilio's into pbx_tls_ca."),
    Cause("options-not-sent", {"problem": "options-not-sent"},
          "Asterisk sent no OPTIONS to the trunk's contact {contact}, though the PBX knows an address for {host}.",
          "Put the name into DNS if it is only in /etc/hosts, which Asterisk does not read; otherwise look for errors"
          " of the transport in Asterisk's log."),
    Cause("contact-not-avail", {"problem": "contact-not-avail"},
          "OPTIONS was answered with {status}, but Asterisk holds the contact for {contact_status}.",
          "Raise qualify_timeout of the endpoint's AOR above the round trip, and look into Asterisk's log."),
    Cause("contact-unreachable", {"problem": "contact-unreachable"},
          "Asterisk sent no INVITE, since the trunk's contact {contact} does not answer OPTIONS.",
          "Let SIP through the firewall to Twilio and back, and check that the contact's name leads to Twilio."),
    Cause("not-dialled", {"problem": "not-dialled"},
          "The dialplan took {number} in context {context}, but sent no INVITE for it.",
          "Asterisk's log says why where it refused the number: open its country in twilio_trunk_countries or"
          " pbx_countries. Otherwise look at asterisk -rx 'dialplan show {number}@{context}'."),
    Cause("other-endpoint", {"problem": "other-endpoint"},
          "The call went out on {channel} and not on endpoint {endpoint}.",
          "Verify the trunk that context {context} calls on, or let the context choose endpoint {endpoint}."),
    Cause("host-ignored", {"problem": "timeout", "request_host": NOT_TERMINATION},
          "INVITE for {request_host} got no answer: Twilio drops what is for no termination URI"
          " (name.pstn.twilio.com).",
          FIX_TERMINATION),
    Cause("invite-unanswered", {"problem": "timeout"},
          "INVITE to {peer} for {request_host} got no answer.",
          "Let SIP through the firewall to Twilio and back, and check that a trunk with domain {request_host} exists."),
    Cause("not-answered", {"problem": "not-answered"},
          "{number} did not answer within {answer_seconds} s (the last response was {provisional}).",
          "Answer the call, choose another verify_number, or raise verify_answer_seconds."),
    Cause("not-recorded", {"problem": "not-recorded"},
          "The call was answered, but Asterisk recorded nothing of it.",
          "Load app_mixmonitor.so and format_wav.so, and let Asterisk write to its spool folder; role pbx does."),
    Cause("nothing-received", {"problem": "nothing-received"},
          "The call was answered, but no audio packet came from the trunk.", FIX_MEDIA),
    Cause("nothing-sent", {"problem": "nothing-sent"},
          "The call was answered, but Asterisk sent no audio packet to the trunk.",
          "Install the sound {sound} on the PBX, and check with 'rtp set debug on' where the packets go."),
    Cause("heard-silence", {"problem": "heard-silence"},
          "The call was answered and packets came, but they held only silence.",
          "Call a number that speaks or rings audibly; if this one does, Twilio's call log has what it sent."),
    Cause("played-silence", {"problem": "played-silence"},
          "The call was answered, but what Asterisk sent was silence.",
          "Install the sound {sound} on the PBX (package asterisk-core-sounds-en-wav), or name another one."),
)

# What Twilio answered.
REFUSED = (
    Cause("sip-domain-called", {"status": 404, "request_host": SIP_DOMAIN},
          "Twilio answered 404 because trunk {trunk} is called at the SIP domain {request_host} and not at its"
          " termination URI.",
          FIX_TERMINATION),
    Cause("termination-wrong", {"status": 404, "request_host": NOT_TERMINATION},
          "404 came back because trunk {trunk} is called at {request_host}, which is no termination URI"
          " (name.pstn.twilio.com).",
          FIX_TERMINATION),
    Cause("number-unknown", {"status": 404, "method": "INVITE", "credentials": True},
          "404: the number {number} does not exist ({reason}).", "Call a number that exists: set verify_number."),
    Cause("trunk-unknown", {"status": 404},
          "Twilio answered 404: it has no trunk with the domain {request_host}.",
          "Run role twilio_trunk, or set the trunk's domain to the one that trunk {trunk} has at Twilio."),
    Cause("address-not-in-acl", {"twilio": 32201},
          "Twilio refused the call (403, 32201): it came from {address_seen}, which is not in {acl}.", FIX_ACL),
    Cause("credentials-wrong", {"twilio": 32202},
          "Twilio refused the user or password of trunk {trunk} (403, 32202).", FIX_CREDENTIALS),
    Cause("trunk-open-to-nobody", {"twilio": 32200},
          "Twilio refused the call (32200): trunk {trunk} has neither an access control list nor a credential list"
          " that admits it.",
          "Attach {acl} and {credential_list} to the trunk; role twilio_trunk does."),
    Cause("caller-id-not-owned", {"twilio": (32204, 32206)},
          "Twilio refused the caller ID {caller} (403, {twilio}): the account neither owns nor has verified it.",
          FIX_CALLER),
    Cause("country-not-permitted", {"twilio": (32205, 13227, 21215)},
          "Twilio's dialing permissions do not allow calls to {number} (403, {twilio}).",
          FIX_COUNTRY),
    Cause("destination-blocked", {"twilio": 32203},
          "Twilio blocks calls to {number} (403, 32203).", FIX_BLOCKED),
    Cause("number-not-e164", {"twilio": 32101},
          "Twilio refused {number} (400, 32101): it is not a valid number in E.164 form.",
          FIX_E164),
    Cause("trial-account", {"twilio": 32100},
          "Twilio refused the call (32100): a trial account may only call numbers that it has verified.",
          FIX_TRIAL),
    Cause("calls-per-second", {"twilio": (32001, 32012)},
          "Twilio refused the call (503, {twilio}): more calls a second than trunk {trunk} may place.", FIX_CPS),
    Cause("concurrent-calls", {"twilio": 10004},
          "Twilio refused the call (503, 10004): the account has as many calls up as it may have.",
          FIX_CONCURRENT),
    Cause("account-not-active", {"twilio": 10001},
          "Twilio refused the call ({status}, 10001): the account is suspended or closed.",
          "Mend the account (usually its balance) in Twilio's console."),
    Cause("srtp-on-plain-trunk", {"twilio": 32207},
          "Twilio refused the call ({status}, 32207): the PBX offered SRTP on trunk {trunk}, which is not secure.",
          FIX_SECURE),
    Cause("rtp-on-secure-trunk", {"twilio": 32208},
          "Twilio refused the call ({status}, 32208): trunk {trunk} is secure, and the PBX offered RTP without SRTP.",
          FIX_SECURE),
    Cause("plain-sip-on-secure-trunk", {"twilio": 32209},
          "Twilio refused the call ({status}, 32209): trunk {trunk} is secure, and the PBX sent SIP without TLS.",
          FIX_SECURE),
    Cause("max-forwards", {"twilio": 32006},
          "Twilio refused the call (32006): its Max-Forwards is too low.",
          "Set Max-Forwards to 70, and look for a call loop."),
    # The rows below stand where Twilio sent no code.
    Cause("caller-id-not-owned", {"status": 403, "reason": _has("caller.?id")},
          "Twilio refused the caller ID {caller} (403): the account neither owns nor has verified it.", FIX_CALLER),
    Cause("country-not-permitted", {"status": 403, "reason": _has("international")},
          "Twilio's dialing permissions do not allow calls to {number} (403 {reason}).",
          FIX_COUNTRY),
    Cause("destination-blocked", {"status": 403, "reason": _has("blocked|blacklist")},
          "Twilio blocks calls to {number} (403 {reason}).", FIX_BLOCKED),
    Cause("credentials-wrong", {"status": 403, "reason": _has("credential")},
          "Twilio refused the user or password of trunk {trunk} (403 {reason}).", FIX_CREDENTIALS),
    Cause("termination-wrong", {"status": 403, "request_host": NOT_TERMINATION},
          "Twilio refused the call (403) because trunk {trunk} is called at {request_host}, which is no termination URI"
          " (name.pstn.twilio.com); an edge's name or address belongs into the Route.",
          FIX_TERMINATION),
    Cause("address-not-in-acl", {"status": 403, "challenged": False},
          "Twilio refused the call (403) before it asked for credentials: it came from {address_seen}, which is most"
          " likely not in {acl}, or no trunk has the domain {request_host}.",
          FIX_ACL),
    Cause("credentials-wrong", {"status": 403, "credentials": True},
          "Twilio refused the call (403) after it got credentials: the user or password of trunk {trunk} is most likely"
          " wrong.",
          FIX_CREDENTIALS),
    Cause("credentials-missing", {"status": (401, 407), "credentials": False},
          "Twilio asked for credentials ({status}) and Asterisk has none for endpoint {endpoint}.",
          "Give the endpoint an outbound_auth without a realm; role pbx does from the trunk's username and password."),
    Cause("credentials-wrong", {"status": (401, 407)},
          "Twilio did not accept the credentials of trunk {trunk} and asked again ({status}).", FIX_CREDENTIALS),
    Cause("trial-account", {"status": 400, "reason": _has("unverified")},
          "Twilio refused the call (400 {reason}): a trial account may only call numbers that it has verified.",
          FIX_TRIAL),
    Cause("number-not-e164", {"status": (400, 484)},
          "Twilio refused {number} ({status} {reason}): it is most likely not a valid number in E.164 form.",
          FIX_E164),
    Cause("codec-mismatch", {"status": 415},
          "Twilio has no codec in common with what endpoint {endpoint} offers (415).",
          "Allow ulaw and alaw on the endpoint; role pbx does."),
    Cause("encryption-mismatch", {"status": 488},
          "Twilio does not accept the media or the transport that was offered (488 {reason}): most likely one side of"
          " trunk {trunk} is secure and the other is not, or there is no codec in common.",
          FIX_SECURE),
    Cause("calls-per-second", {"status": 503, "reason": _has("cps")},
          "Twilio refused the call (503 {reason}).", FIX_CPS),
    Cause("concurrent-calls", {"status": 503, "reason": _has("concurrent")},
          "Twilio refused the call (503 {reason}).",
          FIX_CONCURRENT),
    Cause("busy", {"status": (486, 600)}, "{number} is busy ({status}).", "Call again later, or another number."),
    Cause("not-answered", {"status": (408, 480, 487)},
          "{number} did not answer ({status} {reason}).", "Answer the call, or choose another verify_number."),
    Cause("declined", {"status": 603},
          "The call was declined (603 {reason}).",
          "Check that the Twilio account is active, and that {number} accepts the call."),
    Cause("twilio-trouble", {"status": range(500, 600)},
          "Twilio failed to carry the call ({status} {reason}).",
          "Try again; if it lasts, look at Twilio's status page, and at the call in its call log."),
    Cause("refused", {"status": range(300, 700)},
          "The far end refused the request with {status} {reason}.",
          "Look the call up in Twilio's call log: it names the error."),
)

LAST_RESORT = Cause("unknown", {}, "What went wrong has no name here ({problem} {detail}).",
                    "Look into Asterisk's log at the time of the check.")

CAUSES = (*LOCAL, *REFUSED, LAST_RESORT)
