# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes: callers leave messages, which the owner hears by telephone or gets by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..._asterisk import validators as asterisk
from .feature import Exit, Feature, Names, out_of_range
from .pins import pin_problems
from .prompts import prompt_problems

_LEAST_PIN = 4
#: A comma ends a field of voicemail.conf; the others are the ends of a line, of a text or of a variable.
_OWNER = re.compile(r'[^\[\]{}<>"$;\\,|\x00-\x1f]{1,79}')


def _exits(row: Mapping[str, Any]) -> Iterator[Exit]:
    yield from ()


def _problems(row: Mapping[str, Any], host: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row["pin"] is not None:     # None where secrets were not read
        yield from (("pin", problem) for problem in pin_problems(row["pin"], _LEAST_PIN))
        if row["pin"] == row["name"]:
            yield "pin", "must not be the mailbox's own number"
    if row["owner"] and not _OWNER.fullmatch(row["owner"]):
        yield "owner", 'must be one line of at most 79 characters without any of , | < > [ ] { } " $ ; \\'
    if row["email"]:
        try:
            asterisk.mail_address(row["email"])
        except ValueError as error:
            yield "email", str(error)
    if row["delete_after_mail"] and not row["email"]:
        yield "delete_after_mail", "needs an email: a message would be deleted that nobody got"
    yield from prompt_problems(row)
    yield from out_of_range(row, max_messages=(1, 9999), max_seconds=(10, 3600))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {option: row[option] for option in (
        "pin", "owner", "email", "prompt", "delete_after_mail", "max_messages", "max_seconds")}


MAILBOX = Feature(
    "mailbox", "pbx_mailboxes", _exits, _problems, _row,
    names=Names(re.compile(r"[0-9]{2,10}"), "2 to 10 digits"),
    files=("voicemail.conf",), secret_files=("voicemail_boxes.conf",),
    modules=("app_voicemail.so", "res_pjsip_mwi.so", "res_pjsip_mwi_body_generator.so"))
