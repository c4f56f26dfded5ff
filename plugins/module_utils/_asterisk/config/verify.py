# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verify that the running Asterisk has what was declared, and that no trunk stopped answering.

The scratch Asterisk was started on the same files. Both are asked the same questions on their consoles, and a
difference means that a reload had no effect.
"""

from __future__ import annotations

import re
import time
from typing import Iterator, Mapping

from .. import contacts
from .conf import Content, Section
from .configuration import Config
from .console import Ask
from .dialplan import NOT_CONTEXTS
from .pjsip import LISTED, ROW, Objects

SETTLE_SECONDS = 8
MAX_QUESTIONS = 100  # for objects of one type, each of which costs milliseconds
#: What differs between the answers of two Asterisks that read the same files.
VOLATILE = re.compile(r"\s*(?:In use|Not in use|Unavailable|[\d.]+ of inf)\b|InUse|Idle|0x[0-9a-f]+")
#: A queue with its limit and strategy, or a member with its interface. A dynamic member is no file's.
QUEUE_ROW = re.compile(
    r"^(\S+) +has \d+ calls \(max (\w+)\) in ('\w+') strategy|^ +(?!\d+\. |.*\(dynamic\))(\S.*?/\S+(?: from \S+)?)")
#: The console command whose answer shows that a file was read.
ANSWERS = {
    "rtp.conf": "rtp show settings", "manager.conf": "manager show users", "modules.conf": "module show like .so",
    "http.conf": "http show status", "queues.conf": "queue show",
}


def questions(before: Config, after: Config) -> list[str]:
    """Return the console commands whose answers show whether Asterisk has what `after` changes in `before`."""
    asked = [question for kind in LISTED for question in _of_kind(kind, before.pjsip, after.pjsip)]
    old, new = before.conf("extensions.conf"), after.conf("extensions.conf")
    asked += [
        f"dialplan show {name}" for name in new.by_name
        if name not in NOT_CONTEXTS and _contents(old.named(name)) != _contents(new.named(name))
    ]
    return asked + [
        question for name, question in ANSWERS.items() if before.conf(name).content != after.conf(name).content]


def differences(expected: Mapping[str, str], live: Ask) -> Iterator[str]:
    """Yield a sentence for each question that the running Asterisk answers otherwise than expected."""
    for question, answer in expected.items():
        if _comparable(question, answer) != _comparable(question, live(question)):
            yield f"'{question}' does not say what the new configuration says"


def contact_states(ask: Ask) -> dict[str, str]:
    """Return the status of each contact (see contacts.Row), by AOR and URI."""
    rows = contacts.rows(ask("pjsip show contacts").splitlines())
    return {f"{row.aor}/{row.uri}": row.status for row in rows}


def lost_contacts(
    before: Mapping[str, str], ask: Ask, trunks: Mapping[str, str], seconds: float = SETTLE_SECONDS,
) -> list[str]:
    """Return the trunks' AORs that were reachable before and are not any more.

    :param before: the contacts' states before the change.
    :param trunks: each trunk's AOR, and the endpoint by which to qualify it: a contact that the reload made anew has no
        state until it was qualified.
    """
    were = {name.partition("/")[0] for name, status in before.items() if status == "Avail"} & set(trunks)
    if not were:
        return []
    states = _states(ask)
    for aor in sorted(were):
        if "Avail" not in states.get(aor, ()):
            ask(f"pjsip qualify {trunks[aor]}")
    deadline = time.monotonic() + seconds
    while True:
        states = _states(ask)
        lost = sorted(aor for aor in were if "Avail" not in states.get(aor, ()))
        if not lost or time.monotonic() > deadline:
            # Without qualify_frequency a contact has no state, and is not lost.
            return [aor for aor in lost if "NonQual" not in states.get(aor, ())]
        time.sleep(0.2)


def _states(ask: Ask) -> dict[str, set[str]]:
    """Return the states of each AOR's contacts."""
    found: dict[str, set[str]] = {}
    for name, status in contact_states(ask).items():
        found.setdefault(name.partition("/")[0], set()).add(status)
    return found


def _of_kind(kind: str, before: Objects, after: Objects) -> list[str]:
    """Return the questions about the objects of a type that differ: one each, of very many some and the list."""
    was, now = before.by_key, after.by_key
    changed = [
        name for name in dict.fromkeys(before.names(kind) + after.names(kind))
        if _content(was, (kind, name)) != _content(now, (kind, name))
    ]
    asked = [f"pjsip show {kind} {name}" for name in changed[:MAX_QUESTIONS]]
    return asked + ([f"pjsip list {LISTED[kind]}"] if len(changed) > MAX_QUESTIONS else [])


def _content(objects: Mapping[tuple[str, str], Section], key: tuple[str, str]) -> Content:
    return objects[key].content if key in objects else []


def _contents(sections: list[Section]) -> list[Content]:
    return [section.content for section in sections]


def _comparable(question: str, answer: str) -> list[str]:
    lines = [VOLATILE.sub("", line).rstrip() for line in answer.splitlines()]
    if question.startswith("pjsip show"):
        # Compare the settings; the tables above them show states and calls.
        return sorted(line for line in lines if re.match(r"\s*\w+\s+: ", line) and "contact " not in line)
    if question.startswith("pjsip list"):
        # Compare the names; the rest of a row shows states and calls.
        return sorted(row["name"] for row in map(ROW.fullmatch, lines) if row)
    if question.startswith("module show"):
        return sorted(line.split()[0] for line in lines if ".so" in line)
    if question == "queue show":
        # Compare the queues, and the members that a file declares; the rest of a row shows states and calls.
        return sorted(" ".join(filter(None, row.groups())) for row in map(QUEUE_ROW.match, answer.splitlines()) if row)
    return [line for line in lines if line.strip()]
