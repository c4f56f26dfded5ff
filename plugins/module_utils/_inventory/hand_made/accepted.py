# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the rows that validation accepts, and note the others."""

from __future__ import annotations

import re
from typing import Any, Iterator, NamedTuple

from ..inventory import read
from ..options import Values
from .numbers import Rows

#: A sentence about a row: the option, the row's index, the column, and the message.
SENTENCE = re.compile(
    r"(?:[^ ]+: )?(?P<option>[a-z0-9_]+)(?:\[(?P<row>[0-9]+)\](?:\.(?P<column>[a-z_]+))?)?(?P<rest>.*)", re.DOTALL)
#: What validation guesses that a person meant who types an inventory.
HINT = re.compile(r"; did you mean [^;]*\?$")
#: Columns without which a row means less, and nothing else.
OPTIONAL = frozenset((
    "otherwise", "when_busy", "when_unanswered", "when_absent", "mailbox", "caller_name", "owner", "email",
    "delete_after_mail", "max_contacts", "max_messages", "max_seconds", "seconds", "prompt"))
#: A prompt is optional in a mailbox, and all that an announcement is.
NEEDED = {"pbx_announcements": ("prompt",)}


class Refusal(NamedTuple):
    """A sentence of validation about something that was read: `row` is None where it is about a whole option."""

    option: str
    row: int | None
    column: str
    sentence: str


def keep_accepted(name: str, variables: Values, options: dict[str, Any], rows: Rows) -> None:
    """Remove from the rows and options of a host what validation refuses, until it refuses nothing of them.

    :param variables: the host's other variables. :param options: options that are no rows.
    """
    while True:
        found = list(_refusals(name, variables, options, rows))
        if not found:
            return
        for refusal in sorted(found, key=lambda one: -1 if one.row is None else one.row, reverse=True):
            if refusal.row is None:
                del options[refusal.option]
                rows.notes.add(f"{refusal.option} is not carried over: {refusal.sentence}")
            else:
                _remove(refusal, rows)


def _refusals(name: str, variables: Values, options: Values, rows: Rows) -> Iterator[Refusal]:
    """Yield a refusal for each row or option that validation refuses, the first of each."""
    seen = set()
    for sentence in read({name: {**variables, **options, **rows.rows}}, {}, {}).problems:
        found = SENTENCE.fullmatch(sentence)
        option = found["option"] if found else ""
        index = int(found["row"]) if found and found["row"] else None
        if option not in (*options, *rows.rows):    # another option of ours may be what the sentence is about
            option, index = next((name for name in options if name in sentence), ""), None
        is_ours = index < len(rows.rows.get(option, ())) if index is not None else option in options
        if found and is_ours and (option, index) not in seen:
            seen.add((option, index))
            column = (found["column"] or "") if index is not None else ""
            about = f"{column}{found['rest']}" if index is not None else sentence
            yield Refusal(option, index, column, about.strip(" ."))


def _remove(refusal: Refusal, rows: Rows) -> None:
    option, index = refusal.option, refusal.row or 0
    row, place = rows.rows[option][index], rows.places[option][index]
    one = re.sub("(?<=x)es$|s$", "", option.replace("pbx_", "", 1)).replace("_", " ")    # pbx_mailboxes: a mailbox
    subject = f"{one} {row.get('name') or row.get('number')}"
    sentence = HINT.sub("", refusal.sentence)
    if refusal.column in OPTIONAL and refusal.column in row and refusal.column not in NEEDED.get(option, ()):
        # A phone's extension states all of these at once, so they are one sentence.
        same = [column for column in row if column.startswith("when_") and row[column] == row[refusal.column]]
        for column in same or [refusal.column]:
            del row[column]
        if len(same) > 1:
            sentence = f"{', '.join(same)}{sentence.removeprefix(refusal.column).replace(' names ', ' name ', 1)}"
        rows.notes.add(f"{subject}: {sentence}; it is carried over without that", place)
        return
    rows.remove(option, index)
    rows.notes.add(f"{subject} is not carried over: {sentence}", place)
