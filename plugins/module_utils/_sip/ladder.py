# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one dialogue with the trunk tells: its steps in order, how it ended, and what the far end saw. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .message import Message, parse, redacted, uri_of


@dataclass(frozen=True)
class Step:
    """A message of the ladder: `sent` by the PBX to `peer`, or received from it; `text` without what its credentials
    could be had from; `times` above 1 where it was retransmitted."""

    sent: bool
    peer: str
    message: Message
    text: str
    times: int = 1

    @property
    def brief(self) -> str:
        """The label without a response's reason phrase."""
        return str(self.message.status) if self.message.status else self.label

    @property
    def line(self) -> str:
        """The label with its direction: `-> INVITE` sent, `<- 183 Session Progress` received."""
        return f"{'->' if self.sent else '<-'} {self.label}"

    @property
    def label(self) -> str:
        """`INVITE`, `INVITE with credentials`, `183 Session Progress`; with the number of times, if several."""
        message = self.message
        label = f"{message.status} {message.reason}".strip() if message.status else message.method
        if message.credentials:
            label += " with credentials"
        return f"{label} ({self.times} times)" if self.times > 1 else label


def steps(entries) -> list[Step]:
    """The ladder of messages in the order they passed, retransmissions folded into their first.

    :param entries: things with `sent`, `peer` and `text`, as `_asterisk.history` gives them.
    :raises NotSip: where a text is no SIP message.
    """
    found: list[Step] = []
    places: dict = {}
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


def settled(ladder: list[Step]) -> bool:
    """Whether every request that the PBX sent, ACK aside, has its final response."""
    asked = {(step.message.call_id, step.message.cseq) for step in ladder if step.sent and step.message.method}
    answered = {(step.message.call_id, step.message.cseq) for step in ladder if step.message.status >= 200}
    return bool(ladder) and all(key in answered for key in asked if key[1][1] != "ACK")


def facts(ladder: list[Step]) -> dict:
    """What the diagnosis wants to know of the last request, with `method` INVITE or OPTIONS, that the PBX sent.

    :returns: `method`, `peer`, `request_host`, `number`, `caller`, `caller_host` of the request; `challenged` and
        `credentials`: whether Twilio asked for them, whether the request had them; `status` and `reason` of its final
        response (0 and "" without one), `provisional`: the highest one before; `twilio`, `twilio_text` of
        X-Twilio-Error; `address_seen`; `cancelled`. Empty where no such request was sent.
    """
    requests = [step for step in ladder if step.sent and step.message.method in ("INVITE", "OPTIONS")]
    if not requests:
        return {}
    request = requests[-1].message
    method, uri, caller = request.method, uri_of(request.uri), uri_of(request.header("from"))
    answers = [step.message for step in ladder if not step.sent and step.message.cseq[1] == method]
    mine = [answer for answer in answers if answer.cseq == request.cseq and answer.call_id == request.call_id]
    final = next((answer for answer in mine if answer.status >= 200), None)
    last = final or (mine or answers or [None])[-1]
    code, text = final.twilio_error if final else (0, "")
    return {
        "method": method,
        "peer": requests[-1].peer,
        "request_host": uri.host,
        "number": uri.user,
        "caller": caller.user,
        "caller_host": caller.host,
        "challenged": any(answer.status in (401, 407) for answer in answers),
        "credentials": request.credentials,
        "status": final.status if final else 0,
        "reason": final.reason if final else "",
        "provisional": max((answer.status for answer in mine if answer.status < 200), default=0),
        "twilio": code,
        "twilio_text": text,
        "address_seen": last.seen_address if last else "",
        "cancelled": any(step.sent and step.message.method == "CANCEL" for step in ladder),
    }
