# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of feature codes: what phones dial on the PBX itself.

A code begins with `*` or `#`, as no phone's name, no emergency number and no telephone number does, so that it can hide
none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from . import paging, speed_dials
from .features import queue
from .features.hours import switches
from .options import nearest


class Code(NamedTuple):
    """A feature that has a code.

    does: what dialling it does, as the card for users says it.
    default: its code where the inventory names none, as users of FreePBX know it.
    key: the family of Asterisk's database in which its state is kept, an entry for each phone; or `pickup`, `intercom`.
    sets: whether the code sets the entry; it clears it otherwise, or calls the number in it (CALLS). The codes of
        queues do both in turn.
    takes_number: whether a number follows the code.
    """

    does: str
    default: str
    key: str
    sets: bool = False
    takes_number: bool = False


_PICKUP, _INTERCOM = "pickup", "intercom"
#: Codes of these keys are there only where a phone has this option.
NEEDS = {_PICKUP: "pickup_group", _INTERCOM: "intercom"}
CODES: Mapping[str, Code] = {
    "forward_always": Code("Forward all calls", "*72", "forward_always", sets=True, takes_number=True),
    "cancel_forward_always": Code("Stop forwarding all calls", "*73", "forward_always"),
    "forward_busy": Code("Forward calls while you are busy", "*90", "forward_busy", sets=True, takes_number=True),
    "cancel_forward_busy": Code("Stop forwarding calls while you are busy", "*91", "forward_busy"),
    "forward_unanswered": Code(
        "Forward calls that you do not answer", "*52", "forward_unanswered", sets=True, takes_number=True),
    "cancel_forward_unanswered": Code("Stop forwarding calls that you do not answer", "*53", "forward_unanswered"),
    "do_not_disturb": Code("Do not disturb: your phone does not ring", "*78", "do_not_disturb", sets=True),
    "cancel_do_not_disturb": Code("Your phone rings again", "*79", "do_not_disturb"),
    "pickup_group": Code("Take a call that rings at another phone of your group", "*8", _PICKUP),
    "pickup_phone": Code("Take a call that rings at one phone of your group", "**", _PICKUP, takes_number=True),
    "intercom": Code("Speak at a phone that answers by itself", "*80", _INTERCOM, takes_number=True),
    "call_back": Code("Call back who called you last", "*69", "last_caller"),
    "redial": Code("Call the number again that you dialled last", "*66", "last_dialled"),
    queue.LOG_IN: Code("Take calls of your queues; dialled again, take none any more", "*45", "queue_agent", sets=True),
    queue.PAUSE: Code("Pause: no queue calls you; dialled again, they do", "*46", "queue_paused", sets=True),
}
#: Features that call what is in their entry, which a call that rang or that the phone placed has set.
CALLS = ("call_back", "redial")
_FORM = re.compile("[*#][*#0-9]{1,5}")
_VARIABLE = "pbx_feature_codes"


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the codes of a host.

    :param host: a value for each option of `options.of_pbx`, normalised.
    """
    stated = host.get(_VARIABLE) or {}
    for name, code in stated.items():
        if name not in CODES:
            near = nearest(name, CODES)
            yield f"{_VARIABLE}.{name} is no feature: " + (
                f"did you mean {near}?" if near else f"it must be one of {', '.join(CODES)}.")
        elif code and not _FORM.fullmatch(code):
            yield (
                f"{_VARIABLE}.{name} must be * or # and 1 to 5 more of 0-9, * and #, in quotes, or null for no code,"
                f" not {code!r}.")
    yield from _clashes(_codes(host))
    yield from _clashes_with_others(host)


def _clashes_with_others(host: Mapping[str, Any]) -> Iterator[str]:
    """Find the codes outside of this table that one of this table, or another of them, hides."""
    others = {"pbx_voicemail_code": host["pbx_voicemail_code"]} if host["pbx_mailboxes"] else {}
    others.update({f"{row['source']}.override_code": row["code"] for row in switches(host)})
    others.update(paging.codes(host))
    others.update({place: code for code, place in speed_dials.dialled(host).items()})
    places = list(others)
    for index, place in enumerate(places):
        dialled = others[place]
        for name, code in _codes(host).items():
            if dialled == code or (CODES[name].takes_number and dialled.startswith(code)):
                yield f"{place} is {dialled}, which {_VARIABLE}.{name} ({code}) hides: change one of them."
        for other in places[:index]:
            if others[other] == dialled:
                yield f"{place} is {dialled}, which is {other} as well: change one of them."


def _clashes(codes: Mapping[str, str]) -> Iterator[str]:
    """Find codes that Asterisk could not tell apart: two that are the same, and one that continues another."""
    names = list(codes)
    for index, name in enumerate(names):
        for other in names[:index]:
            if codes[name] == codes[other]:
                yield f"{_VARIABLE}.{name} is {codes[name]}, which is the code of {other} as well: change one of them."
        for other in names:
            if CODES[name].takes_number and codes[other] != codes[name] and codes[other].startswith(codes[name]):
                yield (
                    f"{_VARIABLE}.{other} is {codes[other]}, which begins with {codes[name]}, the code of {name}; a"
                    " number follows that one, so the two cannot be told apart: change one of them."
                )


def _codes(host: Mapping[str, Any]) -> dict[str, str]:
    """Return the code of each feature that has one. What has not the form of a code hides none."""
    stated = {name: code for name, code in (host.get(_VARIABLE) or {}).items() if name in CODES}
    idle = [key for key, users in _of_queues(host).items() if not users]
    every = {**{name: one.default for name, one in CODES.items() if one.key not in idle}, **stated}
    return {name: code for name, code in every.items() if code and _FORM.fullmatch(code)}


def _idle(host: Mapping[str, Any]) -> list[str]:
    """Return the keys of the codes that no phone of a host can use."""
    found = [key for key, option in NEEDS.items() if not any(phone.get(option) for phone in host["pbx_phones"])]
    return found + [key for key, users in _of_queues(host).items() if not users]


def _of_queues(host: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the phones that may use the codes of queues, by the codes' keys."""
    phones = queue.phones(host)
    return {
        CODES[queue.LOG_IN].key: [phone["name"] for phone in phones if phone["is_agent"]],
        CODES[queue.PAUSE].key: [phone["name"] for phone in phones],
    }


def rows(host: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the templates print, a row for each feature that has a code and that a phone can use.

    `phones` are those that may watch what the code has set, a lamp for each.
    """
    idle, of_queues = _idle(host), _of_queues(host)
    every = [phone["name"] for phone in host["pbx_phones"]]
    return [
        {"name": name, "code": code, "calls": name in CALLS, **CODES[name]._asdict(),
         "phones": frozenset(of_queues.get(CODES[name].key, every))}
        for name, code in _codes(host).items() if CODES[name].key not in idle
    ]
