# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's OpenAPI documents (the extracts in openapi/) as a check of an answer."""

import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

FOLDER = Path(__file__).with_name("openapi")
DOCUMENTS = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]
FORMATS = FormatChecker(formats=())


def _format(name, pattern):
    FORMATS.checks(name)(lambda value: not isinstance(value, str) or bool(re.fullmatch(pattern, value)))


_format("date-time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# The documents call a path of the 2010 API a URI too.
_format("uri", r"([a-z]+:|/)\S+")
_format("http-method", r"GET|POST")
_format("phone-number", r"\+[1-9]\d{1,14}")
_format("currency", r"[A-Z]{3}")


@FORMATS.checks("date-time-rfc-2822", raises=ValueError)
def _rfc2822(value):
    return not isinstance(value, str) or parsedate_to_datetime(value).utcoffset() is not None


@FORMATS.checks("uri-map")
def _uri_map(value):
    return not isinstance(value, dict) or all(isinstance(one, str) and one for one in value.values())


def _strict(node):
    """The schema in JSON Schema's words (``nullable`` is OpenAPI's), with every property there and no other."""
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    node = {key: _strict(value) for key, value in node.items()}
    if node.pop("nullable", False):
        if "type" in node:
            node["type"] = [node["type"], "null"]
        if "enum" in node:
            node["enum"] = [*node["enum"], None]
    if isinstance(node.get("properties"), dict) and node.get("format") != "phone-number-capabilities":
        node["required"] = list(node["properties"])
        node["additionalProperties"] = False
    return node


def operations():
    """Every (method, path) of the extracts."""
    return [
        (method.upper(), path)
        for document in DOCUMENTS for path, methods in document["paths"].items() for method in methods
    ]


def operation(method, path):
    """(the operation, its document) that a request path belongs to; raises LookupError where there is none."""
    for document in DOCUMENTS:
        for template, methods in document["paths"].items():
            pattern = re.sub(r"\\\{\w+\\\}", "[A-Z]{2}[0-9a-f]{32}", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in methods:
                return (method, template), methods[method.lower()], document
    raise LookupError(f"{method} {path} is not in the extracts")


def complaints(method, path, status, body):
    """What the document has against this answer: a list of sentences, empty when it fits."""
    _, described, document = operation(method, path)
    if str(status) not in described["answers"]:
        return [f"status {status} is not one of {', '.join(described['answers'])}"]
    schema = described["answers"][str(status)]
    if schema is None:
        return [] if body is None else [f"a body where none belongs: {body!r}"]
    whole = {**_strict(schema), "components": _strict(document["components"])}
    validator = Draft202012Validator(whole, format_checker=FORMATS)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]
