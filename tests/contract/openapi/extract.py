# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the extracts beside this file from Twilio's OpenAPI documents.

usage: python3 -m tests.contract.openapi.extract FOLDER, where FOLDER holds twilio_<product>.json of each product below,
from https://github.com/twilio/twilio-oai (MIT, see LICENSE). An extract is a smaller OpenAPI document: of the
operations that the twin serves, the parameters, the form and the answers, and the schemas that those reach.
Prose and examples are left out. Of the other operations it has paths and methods, under x-left-out.
"""

import json
import sys
from pathlib import Path

from .plain import LIST, PLAIN, WRITE

READ = ("get",)
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
ACCESS_LISTS = ACCOUNT + "/SIP/IpAccessControlLists"
CREDENTIAL_LISTS = ACCOUNT + "/SIP/CredentialLists"
TRUNK = "/v1/Trunks/{TrunkSid}"
PERMISSIONS = "/v1/DialingPermissions"

SERVED = {
    "trunking_v1": {
        "/v1/Trunks": LIST,
        "/v1/Trunks/{Sid}": WRITE,
        TRUNK + "/Recording": LIST,
        TRUNK + "/OriginationUrls": LIST,
        TRUNK + "/OriginationUrls/{Sid}": WRITE,
        **{f"{TRUNK}/{name}": LIST for name in ("CredentialLists", "IpAccessControlLists", "PhoneNumbers")},
        **{
            f"{TRUNK}/{name}/{{Sid}}": ("get", "delete")
            for name in ("CredentialLists", "IpAccessControlLists", "PhoneNumbers")
        },
    },
    "api_v2010": {
        "/2010-04-01/Accounts/{Sid}.json": READ,
        ACCESS_LISTS + ".json": LIST,
        ACCESS_LISTS + "/{Sid}.json": WRITE,
        ACCESS_LISTS + "/{IpAccessControlListSid}/IpAddresses.json": LIST,
        ACCESS_LISTS + "/{IpAccessControlListSid}/IpAddresses/{Sid}.json": WRITE,
        CREDENTIAL_LISTS + ".json": LIST,
        CREDENTIAL_LISTS + "/{Sid}.json": WRITE,
        CREDENTIAL_LISTS + "/{CredentialListSid}/Credentials.json": LIST,
        CREDENTIAL_LISTS + "/{CredentialListSid}/Credentials/{Sid}.json": WRITE,
        ACCOUNT + "/IncomingPhoneNumbers.json": LIST,
        ACCOUNT + "/IncomingPhoneNumbers/{Sid}.json": WRITE,
        ACCOUNT + "/OutgoingCallerIds.json": LIST,
        ACCOUNT + "/OutgoingCallerIds/{Sid}.json": WRITE,
        ACCOUNT + "/Calls.json": READ,
        ACCOUNT + "/Calls/{Sid}.json": READ,
    },
    "voice_v1": {
        PERMISSIONS + "/Countries": READ,
        PERMISSIONS + "/Countries/{IsoCode}": READ,
        PERMISSIONS + "/Countries/{IsoCode}/HighRiskSpecialPrefixes": READ,
        PERMISSIONS + "/BulkCountryUpdates": ("post",),
        "/v1/Settings": LIST,
    },
    "monitor_v1": {
        "/v1/Alerts": READ,
        "/v1/Alerts/{Sid}": READ,
    },
}
for product, collections in PLAIN.items():
    for one in collections:
        SERVED[product].update(one.operations())
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LEFT_OUT = "x-left-out"
METHODS = ("get", "post", "put", "patch", "delete")
PROSE = ("description", "title", "example", "examples")


def bare(schema):
    """Return the schema without prose and without words that are Twilio's own (x-...)."""
    if isinstance(schema, list):
        return [bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {word: bare(value) for word, value in schema.items() if word not in PROSE and not word.startswith("x-")}
    if "properties" in schema:
        kept["properties"] = {name: bare(one) for name, one in schema["properties"].items()}
    return kept


def references(node):
    """Return the names of the component schemas that the node refers to."""
    if isinstance(node, list):
        return {name for one in node for name in references(one)}
    if isinstance(node, dict):
        here = {node["$ref"].rsplit("/", 1)[1]} if isinstance(node.get("$ref"), str) else set()
        return here | {name for value in node.values() for name in references(value)}
    return set()


def content(whole, kind):
    return {"content": {kind: {"schema": bare(whole["content"][kind]["schema"])}}} if whole.get("content") else {}


def operation(whole):
    """Return an operation's parameters, form and answers.

    An answer's description, which OpenAPI requires, is one word.
    """
    kept = {"operationId": whole["operationId"]}
    if "parameters" in whole:
        kept["parameters"] = [
            {**{word: one[word] for word in ("name", "in", "required") if word in one}, "schema": bare(one["schema"])}
            for one in whole["parameters"]
        ]
    if "requestBody" in whole:
        kept["requestBody"] = content(whole["requestBody"], FORM)
    kept["responses"] = {
        status: {"description": answer["description"], **content(answer, JSON)}
        for status, answer in whole["responses"].items()
    }
    return kept


def left_out(document, served):
    """Return the methods of each path, of those operations that are not served."""
    others = {
        path: [method for method in METHODS if method in described and method not in served.get(path, ())]
        for path, described in document["paths"].items()
    }
    return {path: methods for path, methods in others.items() if methods}


def extract(document, served):
    """Return the smaller document. Raises KeyError where Twilio's has no such operation or uses another media type."""
    paths = {
        path: {method: operation(document["paths"][path][method]) for method in methods}
        for path, methods in served.items()
    }
    schemas, wanted = {}, references(paths)
    while wanted - set(schemas):
        for name in wanted - set(schemas):
            schemas[name] = bare(document["components"]["schemas"][name])
        wanted |= references(schemas)
    return {
        "openapi": document["openapi"],
        "info": {word: document["info"][word] for word in ("title", "version")},
        "paths": paths,
        LEFT_OUT: left_out(document, served),
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def extracts(folder):
    """Return {file name: text} of every extract, from a folder of Twilio's documents."""
    return {
        f"{product}.json": json.dumps(
            extract(json.loads((Path(folder) / f"twilio_{product}.json").read_text(encoding="utf-8")), served),
            indent=1,
        ) + "\n"
        for product, served in SERVED.items()
    }


if __name__ == "__main__":
    for name, text in extracts(sys.argv[1]).items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8")
