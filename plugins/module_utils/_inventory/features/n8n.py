# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of n8n: a workflow is asked where a call goes, and may name what its row allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from ..._asterisk import validators as asterisk
from ..._core.validators import is_private
from .feature import Exit, Feature, destination, out_of_range, target_of

_URL = re.compile(r"[!-~]{1,300}")
_TOKEN = re.compile(r"[!-~]{16,200}")
_FILE = re.compile(r"/[A-Za-z0-9._/-]{1,200}")


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    for index, value in enumerate(row["allow"]):
        yield Exit(f"allow[{index}]", value, by_caller=True)
    yield Exit("otherwise", row["otherwise"])


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for option in ("url", *(["events_url"] if row["events_url"] else [])):
        fault = _url_fault(row[option])
        if fault:
            yield option, fault
    for option in ("token", *(["previous_token"] if row["previous_token"] else [])):
        if not _TOKEN.fullmatch(row[option]):
            yield option, "must be 16 to 200 visible characters of ASCII, such as openssl rand -hex 24 makes"
    for option in ("ca_file", "client_file"):
        if row[option] and not _FILE.fullmatch(row[option]):
            yield option, f"must be a path on the PBX that begins with /, not {row[option]!r}"
    if row["client_file"] and not row["url"].startswith("https:"):
        yield "client_file", "is shown to https servers only, and url is none"
    if not row["allow"]:
        yield "allow", "is empty: list the destinations that n8n may name"
    named = [destination(value) for value in row["allow"]]
    for index, one in enumerate(named):
        if one and one in named[:index]:
            yield f"allow[{index}]", f"repeats {one}"
    for index, language in enumerate(row["languages"]):
        try:
            asterisk.language(language)
        except ValueError as error:
            yield f"languages[{index}]", str(error)
    if not row["otherwise"]:
        yield "otherwise", "is missing: say where a call goes that n8n does not decide, such as {phone: \"1001\"}"
    yield from out_of_range(
        row, connect_seconds=(1, 10), answer_seconds=(1, 10), failures=(1, 100), pause_seconds=(1, 3600))


def _url_fault(url: str) -> str:
    """Say what is wrong with the address of a webhook; the token goes there, so that it must not be read on its way."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"is no URL: {url!r}"
    legible = _URL.fullmatch(url) and ";" not in url
    if not legible or parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return f"must be an http or https URL, such as https://n8n.example.com/webhook/calls, not {url!r}"
    if parts.username is not None or parts.password is not None:
        return "must have no user and no password: give token"
    if parts.fragment:
        return f"must have no #, not {url!r}"
    if parts.scheme == "http" and not is_private(parts.hostname):
        return f"must be https, or the token can be read on its way to {parts.hostname}; http is for private addresses"
    return ""


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{option: row[option] for option in (
            "url", "events_url", "may_record", "ca_file", "client_file", "connect_seconds", "answer_seconds",
            "failures", "pause_seconds")},
        # As n8n.conf takes it: no semicolon, no space and no percent sign that means another.
        **{option: quote(row[option], safe="") for option in ("token", "previous_token")},
        "languages": " ".join(row["languages"]),
        "allow": {f"{one.kind} {one.name}": one.target for one in map(destination, row["allow"]) if one},
        "otherwise": target_of(row["otherwise"]),
    }


N8N = Feature(
    "n8n", "pbx_n8n", _exits, _problems, _row, secret_files=("n8n.conf",),
    modules=("res_speech.so", "res_agi.so", "func_env.so", "func_uri.so"))
