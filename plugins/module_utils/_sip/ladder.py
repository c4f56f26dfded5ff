# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ladder of one dialogue with the trunk: its messages in order, and the facts that follow from them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterable, Protocol, Sequence

from .message import Message, parse, redacted, uri_of


@dataclass(frozen=True)
class Step:
    """A message of the ladder, `sent` by the PBX to `peer` or received from it.

    `text` is the message without secrets; `times` is above 1 where the message was retransmitted.
    """

    sent: bool
    peer: str
    message: Message
    text: str
    times: int = 1

    @property
    def brief(self) -> str:
        """Return the label without a response's reason phrase."""
        return str(self.message.status) if self.message.status else self.label

    @property
    def line(self) -> str:
        """Return the label with its direction: `-> INVITE` sent, `<- 183 Session Progress` received."""
        return f"{'->' if self.sent else '<-'} {self.label}"

    @property
    def label(self) -> str:
        """Return `INVITE`, `INVITE with credentials` or `183 Session Progress`, with the count of a repeated one."""
        message = self.message
        label = f"{message.status} {message.reason}".strip() if message.status else message.method
        if message.credentials:
            label += " with credentials"
        return f"{label} ({self.times} times)" if self.times > 1 else label


class Entry(Protocol):
    """A recorded message, such as an entry of `_asterisk.sip_history`."""

    @property
    def sent(self) -> bool:
        """Return whether the PBX sent it."""

    @property
    def peer(self) -> str:
        """Return the address of the far end."""

    @property
    def text(self) -> str:
        """Return the SIP message."""


@dataclass(frozen=True)
class Facts:
    """The facts that a ladder shows of the last INVITE or OPTIONS that the PBX sent; all empty where it sent none.

    `method`, `peer`, `request_host`, `number`, `caller` and `caller_host` are the request's. `challenged`: Twilio asked
    for credentials. `credentials`: the request had them. `status` and `reason` are the final response's, 0 and ""
    without one; `provisional` is the highest status before it. `twilio` and `twilio_text` come from X-Twilio-Error.
    `address_seen` is where Twilio saw the request come from. `cancelled`: the PBX sent CANCEL.
    """

    method: str = ""
    peer: str = ""
    request_host: str = ""
    number: str = ""
    caller: str = ""
    caller_host: str = ""
    challenged: bool = False
    credentials: bool = False
    status: int = 0
    reason: str = ""
    provisional: int = 0
    twilio: int = 0
    twilio_text: str = ""
    address_seen: str = ""
    cancelled: bool = False

    @property
    def sent(self) -> bool:
        """Return whether the PBX sent a request at all."""
        return bool(self.method)


def steps(entries: Iterable[Entry]) -> list[Step]:
    """Return the ladder of messages in their order, each retransmission counted on the message it repeats.

    :raises NotSip: where a text is not a SIP message.
    """
    found: list[Step] = []
    places: dict[tuple[object, ...], int] = {}
    for entry in entries:
        message = parse(entry.text)
        key = (entry.sent, message.method, message.status, message.cseq, message.header("via"), message.header("to"))
        if key in places:
            place = places[key]
            found[place] = replace(found[place], times=found[place].times + 1)
        else:
            places[key] = len(found)
            text = redacted(entry.text.replace("\r\n", "\n")).rstrip("\n")
            found.append(Step(entry.sent, entry.peer, message, text))
    return found


def settled(ladder: Sequence[Step]) -> bool:
    """Return whether every request that the PBX sent, except ACK, has its final response."""
    asked = {(step.message.call_id, step.message.cseq) for step in ladder if step.sent and step.message.method}
    answered = {(step.message.call_id, step.message.cseq) for step in ladder if step.message.status >= 200}
    return bool(ladder) and all(key in answered for key in asked if key[1][1] != "ACK")


def facts(ladder: Sequence[Step]) -> Facts:
    """Return the facts of the last INVITE or OPTIONS that the PBX sent."""
    requests = [step for step in ladder if step.sent and step.message.method in ("INVITE", "OPTIONS")]
    if not requests:
        return Facts()
    request = requests[-1].message
    uri, caller = uri_of(request.uri), uri_of(request.header("from"))
    answers = [step.message for step in ladder if not step.sent and step.message.cseq[1] == request.method]
    mine = [answer for answer in answers if (answer.call_id, answer.cseq) == (request.call_id, request.cseq)]
    return replace(
        _answered(mine),
        method=request.method,
        peer=requests[-1].peer,
        request_host=uri.host,
        number=uri.user,
        caller=caller.user,
        caller_host=caller.host,
        challenged=any(answer.status in (401, 407) for answer in answers),
        credentials=request.credentials,
        address_seen=next((answer.seen_address for answer in reversed(mine or answers)), ""),
        cancelled=any(step.sent and step.message.method == "CANCEL" for step in ladder),
    )


def _answered(answers: Sequence[Message]) -> Facts:
    """Return what the responses to one request say."""
    provisional = max((answer.status for answer in answers if answer.status < 200), default=0)
    final = next((answer for answer in answers if answer.status >= 200), None)
    if final is None:
        return Facts(provisional=provisional)
    code, text = final.twilio_error
    return Facts(status=final.status, reason=final.reason, provisional=provisional, twilio=code, twilio_text=text)
