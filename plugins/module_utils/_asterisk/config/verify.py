# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the running Asterisk has what was declared.

What it should answer is what the scratch Asterisk answers that was started on the same files: both are asked the same
questions, and a difference means that a reload did not take.
"""

from __future__ import annotations

import re
import time
from typing import Callable, Iterator, Mapping

from .configuration import Config
from .dialplan import NOT_CONTEXTS
from .pjsip import LISTED, ROW, Objects

SETTLE_SECONDS = 8
MOST_ASKED = 100  # objects of a kind, each of which costs milliseconds
CONTACT = re.compile(
    r"\s*Contact:\s+(?P<aor>[^/\s]+)/(?P<uri>\S+)\s+\S+\s+(?P<status>Avail|Unavail|NonQual|Unknown)\b.*")
#: What differs between two that read the same files.
VOLATILE = re.compile(r"\s*(?:In use|Not in use|Unavailable|[\d.]+ of inf)\b|InUse|Idle|0x[0-9a-f]+")
#: A queue with its limit and strategy, or a member with its interface. A dynamic member is no file's.
QUEUE_ROW = re.compile(
    r"^(\S+) +has \d+ calls \(max (\w+)\) in ('\w+') strategy|^ +(?!\d+\. |.*\(dynamic\))(\S.*?/\S+(?: from \S+)?)")
#: What shows that a file was read.
ANSWERS = {
    "rtp.conf": "rtp show settings", "manager.conf": "manager show users", "modules.conf": "module show like .so",
    "http.conf": "http show status", "queues.conf": "queue show",
}

Ask = Callable[[str], str]


def questions(before: Config, after: Config) -> list[str]:
    """The console commands whose answers tell whether Asterisk runs with `after`, of what differs from `before`."""
    asked = [question for kind in LISTED for question in _of_kind(kind, before.pjsip, after.pjsip)]
    old, new = before.conf("extensions.conf"), after.conf("extensions.conf")
    asked += [
        f"dialplan show {name}" for name in new.by_name
        if name not in NOT_CONTEXTS and _contents(old.named(name)) != _contents(new.named(name))
    ]
    for name, question in ANSWERS.items():
        asked += [question] if before.conf(name).content != after.conf(name).content else []
    return asked


def differences(asked: list[str], expected: Ask, live: Ask) -> Iterator[str]:
    """A sentence for each question that both answer differently."""
    for question in asked:
        if _comparable(question, expected(question)) != _comparable(question, live(question)):
            yield f"'{question}' does not say what the new configuration says"


def contacts(ask: Ask) -> dict[str, str]:
    """The state of each contact, by AOR and URI: Avail, Unavail, NonQual or Unknown."""
    rows = (CONTACT.fullmatch(line) for line in ask("pjsip show contacts").splitlines())
    return {f"{row['aor']}/{row['uri']}": row["status"] for row in rows if row}


def worse(before: Mapping[str, str], ask: Ask, trunks: Mapping[str, str], seconds: float = SETTLE_SECONDS) -> list[str]:
    """The AORs that were reachable before and are not any more.

    :param trunks: AOR to the endpoint by which it is asked again, for those to look at. One whose contact is new is not
        known until it has been asked.
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
            # One that is not asked at all, as its qualify_frequency says, is not lost.
            return [aor for aor in lost if "NonQual" not in states.get(aor, ())]
        time.sleep(0.2)


def _states(ask: Ask) -> dict[str, set[str]]:
    """The states of each AOR's contacts."""
    found: dict[str, set[str]] = {}
    for name, status in contacts(ask).items():
        found.setdefault(name.partition("/")[0], set()).add(status)
    return found


def _of_kind(kind: str, before: Objects, after: Objects) -> list[str]:
    """What shows that PJSIP's objects of a kind are there: each one that differs or, of very many, some and a list."""
    was, now = before.by_key, after.by_key
    changed = [
        name for name in dict.fromkeys(before.names(kind) + after.names(kind))
        if _content(was, (kind, name)) != _content(now, (kind, name))
    ]
    asked = [f"pjsip show {kind} {name}" for name in changed[:MOST_ASKED]]
    return asked + ([f"pjsip list {LISTED[kind]}"] if len(changed) > MOST_ASKED else [])


def _content(objects: Mapping, key: tuple) -> list:
    return objects[key].content if key in objects else []


def _contents(sections: list) -> list:
    return [section.content for section in sections]


def _comparable(question: str, answer: str) -> list[str]:
    lines = [VOLATILE.sub("", line).rstrip() for line in answer.splitlines()]
    if question.startswith("pjsip show"):
        # The settings; the tables above them show states and calls.
        return sorted(line for line in lines if re.match(r"\s*\w+\s+: ", line) and "contact " not in line)
    if question.startswith("pjsip list"):
        # The names; the rest of a row shows states and calls.
        return sorted(row["name"] for row in map(ROW.fullmatch, lines) if row)
    if question.startswith("module show"):
        return sorted(line.split()[0] for line in lines if ".so" in line)
    if question == "queue show":
        # The queues, and the members that a file declares; the rest of a row shows states and calls.
        return sorted(" ".join(filter(None, row.groups())) for row in map(QUEUE_ROW.match, answer.splitlines()) if row)
    return [line for line in lines if line.strip()]
