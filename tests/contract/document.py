# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's OpenAPI documents (the extracts in openapi/) as a check of requests and of answers."""

import functools
import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from .openapi.extract import FORM, JSON, SERVED

FOLDER = Path(__file__).with_name("openapi")
DOCUMENTS = [json.loads((FOLDER / f"{product}.json").read_text(encoding="utf-8")) for product in SERVED]
# Forms and answers have whole values; a filter may name a day instead of a time, and a part of a number.
WHOLE, FILTER = FormatChecker(formats=()), FormatChecker(formats=())


def _format(name, pattern, *checkers):
    for checker in checkers or (WHOLE, FILTER):
        checker.checks(name)(lambda value: not isinstance(value, str) or bool(re.fullmatch(pattern, value)))


_format("date-time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", WHOLE)
_format("date-time", r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", FILTER)
_format("phone-number", r"\+[1-9]\d{1,14}", WHOLE)
_format("phone-number", r"\+?[\d*]+", FILTER)
# The documents call a path of the 2010 API a URI too.
_format("uri", r"([a-z]+:|/)\S+")
_format("http-method", r"GET|POST")
_format("currency", r"[A-Z]{3}")
_format("iso-country-code", r"[A-Z]{2}")


@WHOLE.checks("date-time-rfc-2822", raises=ValueError)
def _rfc2822(value):
    return not isinstance(value, str) or parsedate_to_datetime(value).utcoffset() is not None


@WHOLE.checks("uri-map")
def _uri_map(value):
    return not isinstance(value, dict) or all(isinstance(one, str) and one for one in value.values())


# The documents let them be null; published answers have an empty text where one is not set.
WEBHOOKS = {
    "voice_application_sid", "voice_url", "voice_fallback_url", "sms_application_sid", "sms_url", "sms_fallback_url",
    "status_callback",
}

# What the form's one field holds, as JSON. The document says it in the prose of UpdateRequest alone.
SWITCH = {"enum": ["true", "false"]}
UPDATE_REQUEST = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            "iso_code": {"type": "string", "format": "iso-country-code"},
            "low_risk_numbers_enabled": SWITCH,
            "high_risk_special_numbers_enabled": SWITCH,
            "high_risk_tollfraud_numbers_enabled": SWITCH,
        },
        "required": ["iso_code"],
        "minProperties": 2,
        "additionalProperties": False,
    },
}


def _strict(node):
    """Return the schema in JSON Schema's words (`nullable` is OpenAPI's), requiring its properties and no other."""
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
    for name in WEBHOOKS & set(node.get("properties") or ()):
        node["properties"][name] = {"anyOf": [{"const": ""}, node["properties"][name]]}
    if isinstance(node.get("properties"), dict) and node.get("format") != "phone-number-capabilities":
        node["required"] = list(node["properties"])
        node["additionalProperties"] = False
    return node


def operations():
    """Return every (method, path) of the extracts."""
    return [
        (method.upper(), path)
        for document in DOCUMENTS for path, methods in document["paths"].items() for method in methods
    ]


def lists():
    """Every path of the extracts that answers GET with a page of a list."""
    answers = {
        path: methods["get"]["responses"]["200"]["content"][JSON]["schema"].get("properties", {})
        for document in DOCUMENTS for path, methods in document["paths"].items() if "get" in methods
    }
    return {path for path, properties in answers.items() if {"meta", "page"} & set(properties)}


def operation(method, path):
    """Return ((method, template), the operation, its document) of a request path. Raises LookupError for none."""
    for document in DOCUMENTS:
        for template, methods in document["paths"].items():
            if method.lower() in methods and _placeholders(template, path) is not None:
                return (method, template), methods[method.lower()], document
    raise LookupError(f"{method} {path} is not in the extracts")


def _placeholders(template, path):
    """Return {name: text} of the template's placeholders in the path, or None where it is another path."""
    found = re.fullmatch(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)), path)
    return found.groupdict() if found else None


@functools.cache
def _answer_validator(method, template, status):
    _, described, document = operation(method, template)
    schema = described["responses"][status].get("content", {}).get(JSON, {}).get("schema")
    if schema is None:
        return None
    whole = {**_strict(schema), "components": _strict(document["components"])}
    return Draft202012Validator(whole, format_checker=WHOLE)


def complaints(method, path, status, body):
    """Return how this answer differs from the document: a list of sentences, empty when it fits."""
    (_, template), described, _ = operation(method, path)
    if str(status) not in described["responses"]:
        return [f"status {status} is not one of {', '.join(described['responses'])}"]
    validator = _answer_validator(method, template, str(status))
    if validator is None:
        return [] if body is None else [f"a body where none belongs: {body!r}"]
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]


def form_of(described):
    """Return the schema of an operation's form, without properties where it takes none."""
    return described.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {"properties": {}})


def request_complaints(method, path, query=None, form=None):
    """Return how this request differs from the document: a list of sentences, each with place and name.

    `path` is decoded. `query` and `form` map names to text, or to a list of texts as `parse_qs` returns them.
    An empty text clears a field, so only its type and its list of values are checked.
    Raises LookupError where no document has the operation.
    """
    (_, template), described, document = operation(method, path)
    form_schema = form_of(described)
    required = {"form": form_schema.get("required", [])}
    schemas = {"path": {}, "query": {}, "form": form_schema["properties"]}
    for one in described.get("parameters", []):
        schemas[one["in"]][one["name"]] = one["schema"]
        if one.get("required"):
            required.setdefault(one["in"], []).append(one["name"])
    given = {"path": _placeholders(template, path), "query": query or {}, "form": form or {}}
    found = []
    for place, values in given.items():
        found += [f"{place} {name}: is missing" for name in required.get(place, []) if name not in values]
        for name, value in values.items():
            if name not in schemas[place]:
                found.append(f"{place} {name}: is not a parameter of {method} {template}")
                continue
            problems = _problems(schemas[place][name], place, value, document)
            found += [f"{place} {name}: {problem}" for problem in problems]
            if (place, name) == ("form", "UpdateRequest"):
                found += [f"form UpdateRequest{problem}" for problem in _update_request_problems(value)]
    return found


def _problems(schema, place, value, document):
    texts = [value] if isinstance(value, str) else value
    if len(texts) != 1:
        return [f"is given {len(texts)} times"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if texts == [""] and schema["type"] == "string":
        schema = {word: schema[word] for word in ("type", "enum") if word in schema}
    validator = Draft202012Validator(schema, format_checker=FILTER if place == "query" else WHOLE)
    return [error.message for error in validator.iter_errors(_read(texts[0], schema["type"]))]


def _read(text, kind):
    """Return the value that a form's text stands for, or the text where it stands for none of this type."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind == "integer" and re.fullmatch(r"-?\d+", text, re.ASCII):
        return int(text)
    return text


def _update_request_problems(value):
    try:
        asked = json.loads(value if isinstance(value, str) else value[0])
    except ValueError as problem:
        return [f": is not JSON: {problem}"]
    validator = Draft202012Validator(UPDATE_REQUEST, format_checker=WHOLE)
    return [f"{error.json_path[1:]}: {error.message}" for error in validator.iter_errors(asked)]
