# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of causes: what a probe saw, what it means, and how to fix it. The first row that fits counts.

Twilio's codes and reasons are those of its error dictionary (https://www.twilio.com/docs/api/errors) and of
https://www.twilio.com/docs/sip-trunking/troubleshooting. Twilio does not always send X-Twilio-Error, so each refusal
has a row for its code and, further down, one for its status and reason where those say as much.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypedDict

from .problem import Problem


class When(TypedDict, total=False):
    """The facts that a row requires: a value, one of a tuple or range, or a pattern that is found in it.

    `problem` is the probe's, `edges` and `contact` are the trunk's, `fault` is what the PBX says of n8n; the others are
    fields of `ladder.Facts`.
    """

    problem: Problem
    method: str
    status: int | tuple[int, ...] | range
    reason: re.Pattern[str]
    twilio: int | tuple[int, ...]
    request_host: re.Pattern[str]
    challenged: bool
    credentials: bool
    contact: re.Pattern[str]
    edges: re.Pattern[str]
    fault: re.Pattern[str]


class Cause(NamedTuple):
    """A row. `name` is for programs; `cause` and `fix` are sentences, filled in with the facts."""

    name: str
    when: When
    cause: str
    fix: str


def _has(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


SIP_DOMAIN = _has(r"(^|\.)sip(\.[a-z0-9-]+)?\.twilio\.com$")
NOT_TERMINATION = _has(r"^(?!.*\.pstn(\.[a-z0-9-]+)?\.twilio\.com$).")
TLS = _has(r";transport=tls\b")

FIX_ACL = "Set trunkline_public_address of this PBX to {address_seen} and run role twilio_trunk: it adds that to {acl}."
FIX_CREDENTIALS = (
    "Set the trunk's username and password to those of a user in {credential_list}, and run roles twilio_trunk (with"
    " twilio_trunk_update_password: always) and pbx."
)
FIX_CALLER = (
    "Set caller_id of trunk {trunk} to a number that the Twilio account owns or has verified, and run role pbx."
)
FIX_COUNTRY = (
    "Add the number's country to twilio_trunk_countries and run role twilio_trunk. If that variable is not set, permit"
    " the country in Twilio's console under Voice, Settings, Geo permissions."
)
FIX_BLOCKED = "Call another number, or ask Twilio's support to unblock it."
FIX_TRIAL = "Verify {number} in Twilio's console, or upgrade the account."
FIX_E164 = "Dial the number in E.164 form: a plus sign, the country code and the number, as in +17756187988."
FIX_CONCURRENT = "Wait for calls to end, or complete the account's business profile to raise the limit."
FIX_SECURE = "Set the trunk's secure to what both sides should use, and run roles twilio_trunk and pbx."
FIX_TERMINATION = "Set the trunk's termination to {domain}, or remove it, and run role pbx."
FIX_CPS = "Place fewer calls per second on trunk {trunk}, or raise its limit in Twilio's console."
FIX_MEDIA = (
    "Allow UDP of the RTP ports through the firewall in both directions (Twilio's media uses 168.86.128.0/18, ports"
    " 10000 to 60000), and set pbx_external_address if the PBX is behind NAT."
)

# What fails on the PBX: before any SIP was sent, or without an answer to it.
LOCAL = (
    Cause("asterisk-down", {"problem": Problem.AMI_UNREACHABLE},
          "Asterisk's manager interface at {manager} does not answer ({detail}).",
          "Start Asterisk (journalctl -u asterisk shows why it stopped), or run role pbx, which configures the"
          " interface."),
    Cause("manager-login", {"problem": Problem.AMI_LOGIN},
          "Asterisk's manager interface refuses user {manager_user} with the secret in {manager_secret_file}.",
          "Run role pbx, which writes both, or correct verify_manager_user and verify_manager_secret_file."),
    Cause("manager-secret-missing", {"problem": Problem.SECRET_MISSING},
          "Cannot read the secret of manager user {manager_user} from {manager_secret_file}: {detail}.",
          "Run role pbx, which writes the file, and run the check as root (become: true)."),
    Cause("manager-denied", {"problem": Problem.AMI_DENIED},
          "Manager user {manager_user} lacks a permission that the check needs ({detail}).",
          "Give the user read = call,user and write = originate,reporting,command in manager.conf; role pbx does"
          " that."),
    Cause("manager-error", {"problem": Problem.AMI_ERROR},
          "Asterisk could not carry out an action of the check ({detail}).",
          "Look at Asterisk's log from the time of the check."),
    Cause("history-missing", {"problem": Problem.HISTORY_MISSING},
          "Asterisk runs without res_pjsip_history, so its SIP messages cannot be read.",
          "Add load = res_pjsip_history.so to modules.conf and restart Asterisk; role pbx does both."),
    Cause("endpoint-missing", {"problem": Problem.ENDPOINT_MISSING},
          "Asterisk has no endpoint {endpoint}: it is not configured, or Asterisk rejected it for an unknown option.",
          "Run role pbx. If the endpoint is still missing, look for errors of res_pjsip in Asterisk's log."),
    Cause("contact-missing", {"problem": Problem.CONTACT_MISSING},
          "Endpoint {endpoint} has no contact to call.", "Add a contact to its AOR; role pbx does that."),
    Cause("extension-missing", {"problem": Problem.EXTENSION_MISSING},
          "The dialplan has no extension for {number} in context {context}.",
          "Name the context of outbound calls, and a number as it is dialled there; role pbx makes context outbound."),
    Cause("prompt-missing", {"problem": Problem.PROMPT_MISSING},
          "Asterisk has no prompt {sound} that it can play ({detail}). No call was placed, as it would be silent.",
          "Install the package asterisk-core-sounds-en-wav on the PBX, which role asterisk does on Debian (elsewhere"
          " unpack upstream's archive of that name into /usr/share/asterisk/sounds/en), or set verify_sound to an"
          " installed prompt."),
    Cause("number-nowhere", {"problem": Problem.NUMBER_NOWHERE},
          "A call to {number} reaches nothing, and the inventory sends it to {destination}.",
          "Run role pbx. If it changes nothing, look for {number} in the output of asterisk -rx 'dialplan show numbers'"
          " and for what is written by hand in /etc/asterisk/local.d. A manager user {manager_user} of your own needs"
          " read = call,user, or no number is heard of."),
    Cause("number-elsewhere", {"problem": Problem.NUMBER_ELSEWHERE},
          "A call to {number} reaches {reached}, and the inventory sends it to {destination}.",
          "Run role pbx. If it changes nothing, look for {number} in the output of asterisk -rx 'dialplan show numbers'"
          " and for what is written by hand in /etc/asterisk/local.d."),
    Cause("name-unresolved", {"problem": Problem.DNS},
          "The PBX cannot resolve {host}.",
          "Fix the PBX's name servers (/etc/resolv.conf), or correct the trunk's domain or termination."),
    Cause("options-unanswered", {"problem": Problem.TIMEOUT, "method": "OPTIONS"},
          "OPTIONS to {peer} for {request_host} got no answer within {timeout} s.",
          "Allow SIP through the firewall to Twilio and back, and check that {request_host} resolves to Twilio."),
    Cause("tls-edge-name", {"problem": Problem.OPTIONS_NOT_SENT, "contact": TLS, "edges": _has(r"\w")},
          "Asterisk has no TLS connection to the edge of endpoint {endpoint}, so it sent no OPTIONS. Most likely"
          " Twilio's certificate lacks the edge's own name, which Asterisk connects to when a trunk has edges.",
          "If Asterisk's log says that the server identity does not match, remove edges from the trunk and set its"
          " termination to its name at one edge, as in name.pstn.frankfurt.twilio.com. Otherwise allow TCP port 5061"
          " through the firewall to Twilio, and put the CA that signed Twilio's certificate into pbx_tls_ca."),
    Cause("tls-failed", {"problem": Problem.OPTIONS_NOT_SENT, "contact": TLS},
          "Asterisk has no TLS connection to {host}, so it sent no OPTIONS.",
          "Allow TCP port 5061 through the firewall to Twilio, and look for the transport in Asterisk's log: if it says"
          " that the certificate is not trusted, put the CA that signed Twilio's certificate into pbx_tls_ca."),
    Cause("options-not-sent", {"problem": Problem.OPTIONS_NOT_SENT},
          "Asterisk sent no OPTIONS to the trunk's contact {contact}, although the PBX resolves {host}.",
          "Add the name to DNS if it is only in /etc/hosts, which Asterisk does not read. Otherwise look for errors of"
          " the transport in Asterisk's log."),
    Cause("contact-not-avail", {"problem": Problem.CONTACT_NOT_AVAIL},
          "OPTIONS was answered with {status}, but Asterisk has the contact as {contact_status}.",
          "Raise qualify_timeout of the endpoint's AOR above the round-trip time, and look at Asterisk's log."),
    Cause("contact-unreachable", {"problem": Problem.CONTACT_UNREACHABLE},
          "Asterisk sent no INVITE because the trunk's contact {contact} does not answer OPTIONS.",
          "Allow SIP through the firewall to Twilio and back, and check that the contact's name resolves to Twilio."),
    Cause("not-dialled", {"problem": Problem.NOT_DIALLED},
          "The dialplan accepted {number} in context {context}, but no INVITE was sent.",
          "If Asterisk's log says that the number was refused, add its country to twilio_trunk_countries or"
          " pbx_countries. Otherwise look at the output of asterisk -rx 'dialplan show {number}@{context}'."),
    Cause("other-endpoint", {"problem": Problem.OTHER_ENDPOINT},
          "The call went out on {channel} instead of endpoint {endpoint}.",
          "Verify the trunk that context {context} uses, or change the context to dial through endpoint {endpoint}."),
    Cause("host-ignored", {"problem": Problem.TIMEOUT, "request_host": NOT_TERMINATION},
          "INVITE for {request_host} got no answer: Twilio drops requests whose host is not a termination URI"
          " (name.pstn.twilio.com).",
          FIX_TERMINATION),
    Cause("invite-unanswered", {"problem": Problem.TIMEOUT},
          "INVITE to {peer} for {request_host} got no answer.",
          "Allow SIP through the firewall to Twilio and back, and check that a trunk has the domain {request_host}."),
    Cause("not-answered", {"problem": Problem.NOT_ANSWERED},
          "{number} did not answer within {answer_seconds} s (the last response was {provisional}).",
          "Answer the call, choose another verify_number, or raise verify_answer_seconds."),
    Cause("not-recorded", {"problem": Problem.NOT_RECORDED},
          "The call was answered, but Asterisk did not record it.",
          "Load app_mixmonitor.so and format_wav.so, and make Asterisk's spool directory writable for it; role pbx does"
          " both."),
    Cause("nothing-received", {"problem": Problem.NOTHING_RECEIVED},
          "The call was answered, but no audio packets came from the trunk.", FIX_MEDIA),
    Cause("nothing-sent", {"problem": Problem.NOTHING_SENT},
          "The call was answered, but Asterisk sent no audio packets to the trunk.",
          "Install the prompt {sound} on the PBX, and see with 'rtp set debug on' where the packets go."),
    Cause("heard-silence", {"problem": Problem.HEARD_SILENCE},
          "The call was answered and packets came, but they carried only silence.",
          "Call a number that speaks or plays a tone. If this one does, look the call up in Twilio's call log."),
    Cause("played-silence", {"problem": Problem.PLAYED_SILENCE},
          "The call was answered, but Asterisk sent only silence.",
          "Install the prompt {sound} on the PBX (package asterisk-core-sounds-en-wav), or set verify_sound to another"
          " one."),
)

# A workflow of n8n that is asked where calls go. The faults are those that n8n_route.py of role pbx logs.
N8N = (
    Cause("n8n-not-installed", {"problem": Problem.N8N, "fault": _has("^(the script|there is no|/.* has no)")},
          "The PBX cannot ask n8n {route}: {fault}.", "Run role pbx, which installs what asks n8n."),
    Cause("n8n-unreachable", {"problem": Problem.N8N, "fault": _has("^unreachable")},
          "Workflow {route} of n8n is {fault}.",
          "Start n8n, let the PBX reach it through firewalls, and check that the name in url resolves on the PBX."),
    Cause("n8n-slow", {"problem": Problem.N8N, "fault": _has("^no answer within")},
          "Workflow {route} of n8n gave {fault}.",
          "Have the workflow answer first and do the rest after, or raise answer_seconds."),
    Cause("n8n-token", {"problem": Problem.N8N, "fault": _has("^token refused")},
          "Workflow {route} of n8n does not admit the PBX ({fault}).",
          "Set token to the value of the webhook's Header Auth credential, whose name is X-Trunkline-Token, and run"
          " role pbx."),
    Cause("n8n-not-published", {"problem": Problem.N8N, "fault": _has("^status 404")},
          "Workflow {route} of n8n has no such webhook ({fault}).",
          "Publish the workflow, and set url to the webhook's production URL."),
    Cause("n8n-workflow-failed", {"problem": Problem.N8N, "fault": _has("^status 5")},
          "The workflow of n8n {route} failed, or what stands before n8n did ({fault}).",
          "Look at the workflow's executions in n8n: the last one says which node failed."),
    Cause("n8n-tls", {"problem": Problem.N8N, "fault": _has("^(certificate refused|no TLS|ca_file)")},
          "The PBX has no trusted connection to n8n {route}: {fault}.",
          "Give n8n a certificate for the name in url, or set ca_file to the CA that signed it."),
    Cause("n8n-client-certificate", {"problem": Problem.N8N, "fault": _has("^client")},
          "The certificate that the PBX shows n8n {route} is of no use: {fault}.",
          "Set client_file to a PEM file that Asterisk's group can read and others cannot, with a certificate whose CA"
          " n8n's side trusts, its chain, and its key without a pass phrase."),
    Cause("n8n-redirect", {"problem": Problem.N8N, "fault": _has("^redirect")},
          "Workflow {route} of n8n answered with a {fault}.", "Set url to the webhook itself."),
    Cause("n8n-not-allowed", {"problem": Problem.N8N, "fault": _has("^destination .* is not allowed")},
          "The workflow of n8n {route} named what the PBX does not allow: {fault}.",
          "Add the destination to allow and run role pbx, or correct the workflow."),
    Cause("n8n-answer", {"problem": Problem.N8N},
          "Workflow {route} of n8n answered what the PBX does not take: {fault}.",
          "Have the workflow respond with JSON of the contract, version 1, such as {example}."),
)

# What Twilio answered.
REFUSED = (
    Cause("sip-domain-called", {"status": 404, "request_host": SIP_DOMAIN},
          "Twilio answered 404 because trunk {trunk} is called at the SIP domain {request_host} instead of its"
          " termination URI.",
          FIX_TERMINATION),
    Cause("termination-wrong", {"status": 404, "request_host": NOT_TERMINATION},
          "The answer was 404 because trunk {trunk} is called at {request_host}, which is not a termination URI"
          " (name.pstn.twilio.com).",
          FIX_TERMINATION),
    Cause("number-unknown", {"status": 404, "method": "INVITE", "credentials": True},
          "Twilio answered 404: the number {number} does not exist ({reason}).",
          "Set verify_number to a number that exists."),
    Cause("trunk-unknown", {"status": 404},
          "Twilio answered 404: it has no trunk with the domain {request_host}.",
          "Run role twilio_trunk, or set the trunk's domain to the domain that trunk {trunk} has at Twilio."),
    Cause("address-not-in-acl", {"twilio": 32201},
          "Twilio refused the call (403, 32201): it came from {address_seen}, which is not in {acl}.", FIX_ACL),
    Cause("credentials-wrong", {"twilio": 32202},
          "Twilio refused the user or password of trunk {trunk} (403, 32202).", FIX_CREDENTIALS),
    Cause("trunk-open-to-nobody", {"twilio": 32200},
          "Twilio refused the call (32200): trunk {trunk} has neither an access control list nor a credential list"
          " that admits it.",
          "Attach {acl} and {credential_list} to the trunk; role twilio_trunk does that."),
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
          "Twilio refused the call (503, {twilio}): trunk {trunk} exceeded its limit of calls per second.", FIX_CPS),
    Cause("concurrent-calls", {"twilio": 10004},
          "Twilio refused the call (503, 10004): the account reached its limit of concurrent calls.",
          FIX_CONCURRENT),
    Cause("account-not-active", {"twilio": 10001},
          "Twilio refused the call ({status}, 10001): the account is suspended or closed.",
          "Reactivate the account in Twilio's console; usually its balance is exhausted."),
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
    # The rows below apply where Twilio sent no code.
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
          "Twilio refused the call (403) because trunk {trunk} is called at {request_host}, which is not a termination"
          " URI (name.pstn.twilio.com). The name or address of an edge belongs in the Route header.",
          FIX_TERMINATION),
    Cause("address-not-in-acl", {"status": 403, "challenged": False},
          "Twilio refused the call (403) before it asked for credentials: it came from {address_seen}, which is most"
          " likely not in {acl}, or no trunk has the domain {request_host}.",
          FIX_ACL),
    Cause("credentials-wrong", {"status": 403, "credentials": True},
          "Twilio refused the call (403) after the PBX sent credentials: the user or password of trunk {trunk} is most"
          " likely wrong.",
          FIX_CREDENTIALS),
    Cause("credentials-missing", {"status": (401, 407), "credentials": False},
          "Twilio asked for credentials ({status}) and Asterisk has none for endpoint {endpoint}.",
          "Give the endpoint an outbound_auth without a realm; role pbx does that where the trunk has a username."),
    Cause("credentials-wrong", {"status": (401, 407)},
          "Twilio did not accept the credentials of trunk {trunk} and asked again ({status}).", FIX_CREDENTIALS),
    Cause("trial-account", {"status": 400, "reason": _has("unverified")},
          "Twilio refused the call (400 {reason}): a trial account may only call numbers that it has verified.",
          FIX_TRIAL),
    Cause("number-not-e164", {"status": (400, 484)},
          "Twilio refused {number} ({status} {reason}): it is most likely not a valid number in E.164 form.",
          FIX_E164),
    Cause("codec-mismatch", {"status": 415},
          "Twilio supports none of the codecs that endpoint {endpoint} offers (415).",
          "Allow ulaw and alaw on the endpoint; role pbx does that."),
    Cause("encryption-mismatch", {"status": 488},
          "Twilio does not accept the media or transport that the PBX offered (488 {reason}): most likely one side of"
          " trunk {trunk} is secure and the other is not, or they have no codec in common.",
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
          "Try again. If it keeps failing, look at Twilio's status page and at the call in its call log."),
    Cause("refused", {"status": range(300, 700)},
          "The far end refused the request with {status} {reason}.",
          "Look the call up in Twilio's call log, which names the error."),
)

LAST_RESORT = Cause("unknown", {}, "The check failed for an unknown cause ({problem}: {detail}).",
                    "Look at Asterisk's log from the time of the check.")

CAUSES = (*LOCAL, *N8N, *REFUSED, LAST_RESORT)
