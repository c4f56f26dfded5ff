# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests generated from Twilio's documents, for a twin whose account has at least one resource of each kind.

Schemathesis makes requests that fit a document, and requests that do not. It knows neither the account's SIDs nor what
a domain or a password looks like, so that most of its requests would be refused for the same dull reason: `requests`
puts such values in, always, sometimes or never.
"""

import dataclasses
import itertools
import json
import re
import sqlite3
from urllib.parse import quote, unquote

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

from . import document
from .conftest import ACCOUNT, Api
from .openapi.plain import PLAIN

SID = re.compile(r"\b([A-Z]{2})[0-9a-f]{32}\b")
APPLICATION = "AP" + "c3" * 16
TODAY = "2026-11-20"
PLAIN_COLLECTIONS = [one for collections in PLAIN.values() for one in collections]
# Values by the parameter's name, for those whose schema does not say what they look like.
LIKELY = {
    **{name: values for one in PLAIN_COLLECTIONS for name, values in one.likely().items()},
    "AreaCode": ["775", "212"],
    "AutoCorrectAddress": ["false"],
    "CidrPrefixLength": ["24", "32", "0"],
    "City": ["Reno"],
    "Continent": ["EUROPE", "ASIA"],
    "CountryCode": ["+1", "+91"],
    "CustomerName": ["Trunkline", "Example"],
    "DomainName": ["a.pstn.twilio.com", "new.pstn.twilio.com", "sub.a.pstn.twilio.com", ""],
    "EndDate": [TODAY, TODAY + "T10:00:00Z"],
    "FriendlyName": ["Seed", "Other", "New"],
    "From": ["+17756187988"],
    "IpAddress": ["203.0.113.7", "198.51.100.0", "192.0.2.1"],
    "IsoCode": ["US", "IN", "LV"],
    "IsoCountry": ["US", "GB"],
    "LogLevel": ["error", "warning", "notice", "debug"],
    "Origin": ["twilio", "hosted"],
    "Page": ["0", "1"],
    "PageSize": ["1", "2", "50", "1000"],
    "Password": ["Correct-Horse-9", "Battery-Staple-9"],
    "PhoneNumber": ["+17756187988", "+15005550006", "+15005550009"],
    "PostalCode": ["89501"],
    "Priority": ["0", "10", "65535"],
    "Region": ["NV"],
    "SipUrl": ["sip:pbx1.example.com", "sip:203.0.113.7:5060;transport=tcp", "sips:pbx1.example.com"],
    "StartDate": [TODAY, TODAY + "T10:00:00Z"],
    "Street": ["1 Main Street"],
    "To": ["+919876543210"],
    "UpdateRequest": [
        json.dumps([{"iso_code": iso, f"{kind}_enabled": switch} for iso in ("IN", "LV")])
        for kind in ("low_risk_numbers", "high_risk_special_numbers", "high_risk_tollfraud_numbers")
        for switch in ("true", "false")
    ],
    "Username": ["pbx", "other"],
    "Weight": ["0", "10", "65535"],
    **{name: [TODAY] for name in ("StartTime", "StartTime<", "StartTime>", "EndTime", "EndTime<", "EndTime>")},
}


OPERATIONS = {
    (method.upper(), template): schema[template][method.upper()]
    for schema in map(schemathesis.openapi.from_dict, document.DOCUMENTS)
    for template, methods in schema.raw_schema["paths"].items() for method in methods
}


@dataclasses.dataclass(frozen=True)
class Request:
    """A request to an operation: by name the values of the path, and the texts of query and form."""

    method: str
    template: str
    places: dict
    query: dict
    form: dict | None = None

    @property
    def path(self):
        return re.sub(r"\{(\w+)\}", lambda found: quote(self.places[found[1]], safe=""), self.template)


class Ground:
    """A twin with a populated account, whose first state `restore` brings back.

    `known` has the account's SIDs by their two letters; `places` has for each path the placeholders of what exists.
    """

    def __init__(self, folder):
        self.api = Api(folder)
        self.known = {"AP": [APPLICATION]}
        self._populate()
        self.places = {template: self._places(template) for _, template in OPERATIONS}
        self.whole = {letters: list(sids) for letters, sids in self.known.items()}
        self.image = sqlite3.connect(":memory:", check_same_thread=False)
        self.api.store.connection.backup(self.image)

    def restore(self):
        self.image.backup(self.api.store.connection)
        self.known = {letters: list(sids) for letters, sids in self.whole.items()}

    def send(self, request):
        answer = self.api.http.request(request.method, request.path, params=request.query, data=request.form)
        self._remember(answer.text)
        return answer

    def _remember(self, text):
        for found in SID.finditer(text):
            sids = self.known.setdefault(found[1], [])
            if found[0] not in sids:
                sids.append(found[0])

    def _make(self, path, **form):
        made = self.api.make(path, **form)
        self._remember(json.dumps(made))
        return made["sid"]

    def _fill(self, one, above=""):
        path = above + one.path.replace("{AccountSid}", ACCOUNT)
        made = self._make(path + one.suffix, **one.create)
        for child in one.children:
            self._fill(child, f"{path}/{made}")

    def _populate(self):
        api = self.api
        for number in ("+17756187988", "+15005550006"):
            api.own(number)
        for path in ("caller-ids/+15005550007", "for-sale/+15005550009", "for-sale/+17755550009"):
            api.http.put("/twin/" + path).raise_for_status()
        first, _second = (self._make(api.trunks, DomainName=f"{name}.pstn.twilio.com") for name in "ab")
        trunk = f"{api.trunks}/{first}"
        for name in ("Seed", "Other"):
            self._make(trunk + "/OriginationUrls", Weight="1", Priority="2", Enabled="true", FriendlyName=name,
                       SipUrl="sip:pbx1.example.com")
            acl = self._make(api.access_lists + ".json", FriendlyName=name)
            self._make(f"{api.access_lists}/{acl}/IpAddresses.json", FriendlyName=name, IpAddress="203.0.113.9")
            credentials = self._make(api.credential_lists + ".json", FriendlyName=name)
            self._make(f"{api.credential_lists}/{credentials}/Credentials.json", Username="asterisk",
                       Password="Correct-Horse-9")
            if name == "Seed":
                self._make(trunk + "/IpAccessControlLists", IpAccessControlListSid=acl)
                self._make(trunk + "/CredentialLists", CredentialListSid=credentials)
            for one in PLAIN_COLLECTIONS:
                self._fill(one)
        numbers = api.get(api.account + "/IncomingPhoneNumbers.json").json()["incoming_phone_numbers"]
        self._make(trunk + "/PhoneNumbers", PhoneNumberSid=numbers[0]["sid"])
        for letter, code in (("a", 32201), ("b", 32205)):
            api.store.insert("call", {
                "sid": "CA" + letter * 32, "account_sid": ACCOUNT, "trunk_sid": first, "status": "failed",
                "direction": "trunking-terminating", "sip_call_id": letter, "from": "+17756187988",
                "to": "+919876543210", "sip_status": 403, "error_code": code, "error_text": "Refused",
                "date_created": TODAY + "T09:59:55Z", "end_time": TODAY + "T10:00:42Z",
            })
        for method, template in OPERATIONS:
            if method == "GET" and not re.search(r"\{(?!AccountSid)", template):
                self._remember(api.get(template.replace("{AccountSid}", ACCOUNT)).text)

    def _places(self, template):
        names = re.findall(r"\{(\w+)\}", template)
        there = []
        for values in itertools.product(*(self.likely(*self._parameter(template, name)) for name in names)):
            request = Request("GET", template, dict(zip(names, values, strict=True)), {})
            if not names or self.send(request).status_code == 200:
                there.append(request.places)
        return there

    @staticmethod
    def _parameter(template, name):
        _, described, _ = document.operation("GET", template)
        return name, next(one["schema"] for one in described["parameters"] if one["name"] == name)

    def likely(self, name, schema):
        """Return values that the account may know for a parameter, the newest first, or none."""
        letters = re.match(r"\^([A-Z]{2})\[", schema.get("pattern", ""))
        return self.known.get(letters[1], [])[::-1] if letters else LIKELY.get(name, [])


def _text(value):
    """Return a value as a form carries it: text, or a list of texts for a parameter that is given several times."""
    if isinstance(value, list):
        return [_text(one) or "" for one in value]
    if isinstance(value, str):
        return value
    return json.dumps(value)


# What programs stumble over, for any parameter: empty, long, unprintable, not quite a number, a day or JSON.
ODD = (
    "", " ", "-", "a" * 65, "a" * 300, "\N{LATIN SMALL LETTER E WITH ACUTE}" * 5000, "\0", "a\nb", "\ud7ff\ue000",
    "%", "*", "'", "-1", "65536", "9" * 30, "1e3", "\N{ARABIC-INDIC DIGIT THREE}", "TRUE", "null", "2026-02-30",
    TODAY + "T24:00:00Z", "[]", "[1]", "[[]]", "{}", '[{"iso_code": 1}]', '[{"iso_code": "US"}, null]', "[" * 20000,
    "NaN", '[{"iso_code": "US", "low_risk_numbers_enabled": []}]', "sip:", "https://", "https://[", "http://a:b/",
)
# Of a hundred values.
ALWAYS, OFTEN, SOMETIMES, NEVER = 100, 75, 50, 0
# How a request is made: the share of values that are replaced, and what it starts from.
MANNERS = {
    "likely": (ALWAYS, GenerationMode.POSITIVE), "odd": (ALWAYS, GenerationMode.POSITIVE),
    "fitting": (SOMETIMES, GenerationMode.POSITIVE), "wrong": (SOMETIMES, GenerationMode.NEGATIVE),
    "wild": (NEVER, GenerationMode.NEGATIVE),
}


@st.composite
def requests(draw, ground, method, template, manners=tuple(MANNERS)):
    """Draw a request to this operation, made in one of the manners.

    A likely request has optional parameters as well. An odd request is a likely one with one odd value, which
    so reaches the code that checks it.
    """
    manner = draw(st.sampled_from(manners))
    share, mode = MANNERS[manner]
    case = draw(OPERATIONS[method, template].as_strategy(generation_mode=mode))
    _, described, _ = document.operation(method, template)
    schemas = {"path": {}, "query": {}, "form": document.form_of(described)["properties"]}
    for one in described.get("parameters", []):
        schemas[one["in"]][one["name"]] = one["schema"]

    def filled(place, values):
        texts = {name: _text(value) for name, value in values.items()}
        for name in {**schemas[place], **values} if share == ALWAYS else values:
            likely = ground.likely(name, schemas[place].get(name, {}))
            if likely and draw(st.integers(1, 100)) <= (share if name in values else SOMETIMES):
                texts[name] = draw(st.sampled_from(likely))
        return texts

    # Schemathesis gives them as they stand in a URL.
    places = {name: unquote(str(value)) for name, value in (case.path_parameters or {}).items()}
    if draw(st.integers(1, 100)) <= max(share, OFTEN) and ground.places[template]:
        places = draw(st.sampled_from(ground.places[template]))
    elif share:
        places = filled("path", places)
    query = filled("query", case.query if isinstance(case.query, dict) else {})
    form = filled("form", case.body if isinstance(case.body, dict) else {}) if method == "POST" else None
    given = [(texts, name) for texts in (query, form or {}) for name in texts]
    if manner == "odd" and given:
        texts, name = draw(st.sampled_from(given))
        texts[name] = draw(st.sampled_from(ODD))
    return Request(method, template, places, query, form)


def wrong_with(method, path, answer):
    """Return what is wrong with an answer to any request: a list of sentences.

    A success fits its operation's schema, a refusal has Twilio's error body (twilio.com/docs/usage/twilios-response),
    and there is no other answer.
    """
    status = answer.status_code
    if 200 <= status < 300:
        return document.complaints(method, path, status, answer.json() if answer.content else None)
    if not 400 <= status < 500:
        return [f"status {status}"]
    try:
        body = answer.json()
    except ValueError:
        return [f"the error is not JSON: {answer.text!r}"]
    if not isinstance(body, dict) or set(body) != {"code", "message", "more_info", "status"}:
        return [f"the error is not code, message, more_info and status: {body!r}"]
    right = {
        "code": type(body["code"]) is int, "message": isinstance(body["message"], str) and body["message"],
        "more_info": body["more_info"] == f"https://www.twilio.com/docs/errors/{body['code']}",
        "status": body["status"] == status,
    }
    return [f"the error's {name} is {body[name]!r}" for name, holds in right.items() if not holds]
