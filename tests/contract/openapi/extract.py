# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the extracts beside this file from Twilio's OpenAPI documents.

usage: python3 extract.py FOLDER, where FOLDER holds twilio_trunking_v1.json and twilio_api_v2010.json of
https://github.com/twilio/twilio-oai (MIT, see LICENSE). An extract keeps, of the operations that the twin
serves, the names of the parameters and the schema of each answer; prose and examples are left out.
"""

import json
import sys
from pathlib import Path

READ, WRITE = ("get",), ("get", "post", "delete")
LIST = ("get", "post")
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
ACCESS_LISTS = ACCOUNT + "/SIP/IpAccessControlLists"
CREDENTIAL_LISTS = ACCOUNT + "/SIP/CredentialLists"
TRUNK = "/v1/Trunks/{TrunkSid}"

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
        # A purchase is always refused, so it has no answer to hold against the document.
        ACCOUNT + "/IncomingPhoneNumbers.json": READ,
        ACCOUNT + "/IncomingPhoneNumbers/{Sid}.json": WRITE,
        ACCOUNT + "/OutgoingCallerIds.json": LIST,
        ACCOUNT + "/OutgoingCallerIds/{Sid}.json": WRITE,
        ACCOUNT + "/Calls.json": READ,
        ACCOUNT + "/Calls/{Sid}.json": READ,
    },
}
LEFT_OUT = ("description", "x-twilio", "example", "examples", "x-class-extra-annotation",
            "x-field-extra-annotation", "x-getter-extra-annotation")


def bare(node):
    """The schema without prose."""
    if isinstance(node, list):
        return [bare(one) for one in node]
    if isinstance(node, dict):
        return {key: bare(value) for key, value in node.items() if key not in LEFT_OUT}
    return node


def references(node):
    """The names of the component schemas that the node refers to."""
    if isinstance(node, list):
        return {name for one in node for name in references(one)}
    if isinstance(node, dict):
        here = {node["$ref"].rsplit("/", 1)[1]} if isinstance(node.get("$ref"), str) else set()
        return here | {name for value in node.values() for name in references(value)}
    return set()


def operation(whole):
    """{"query": names, "form": names, "required": names, "answers": {status: schema or None}}."""
    form = whole.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
    form = form.get("schema", {})
    return {
        "query": [one["name"] for one in whole.get("parameters", []) if one["in"] == "query"],
        "form": sorted(form.get("properties", {})),
        "required": form.get("required", []),
        "answers": {
            status: bare(answer.get("content", {}).get("application/json", {}).get("schema"))
            for status, answer in whole["responses"].items()
        },
    }


def extract(document, served):
    paths = {
        path: {method: operation(document["paths"][path][method]) for method in methods}
        for path, methods in served.items()
    }
    schemas, wanted = {}, references(paths)
    while wanted - set(schemas):
        for name in wanted - set(schemas):
            schemas[name] = bare(document["components"]["schemas"][name])
        wanted |= references(schemas)
    return {"paths": paths, "components": {"schemas": dict(sorted(schemas.items()))}}


if __name__ == "__main__":
    for product, served in SERVED.items():
        document = json.loads((Path(sys.argv[1]) / f"twilio_{product}.json").read_text(encoding="utf-8"))
        text = json.dumps(extract(document, served), indent=1)
        Path(__file__).with_name(f"{product}.json").write_text(text + "\n", encoding="utf-8")
