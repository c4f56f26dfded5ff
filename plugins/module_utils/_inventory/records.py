# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the record of a call says: the fields of a line of calls.json, and how Asterisk writes each of them."""

from __future__ import annotations

#: What RTCP says of the audio of a leg, as the dialplan reads it: received here, and by the other side, which has said
#: nothing yet where its values are 0. The round trip is 65,536 s where the clocks of a short call do not fit: measured.
QUALITY = {
    "received": "${CHANNEL(rtcp,rxcount)}",
    "lost": "${CHANNEL(rtcp,rxploss)}",
    "jitter": "${CHANNEL(rtcp,rxjitter)}",
    "sent": "${CHANNEL(rtcp,txcount)}",
    "sent_lost": "${CHANNEL(rtcp,txploss)}",
    "sent_jitter": "${CHANNEL(rtcp,txjitter)}",
    "round_trip": "${IF($[0${CHANNEL(rtcp,rtt)} < 60]?${CHANNEL(rtcp,rtt)})}",
}
_PLAIN = "0-9A-Za-z_+.@/\\x20\\x28\\x29\\x3a\\x3b\\x2d"
_NUMBER = "0-9.\\x2d"


def _words(value: str) -> str:
    """Write what has letters and digits. A character beyond those would end the string."""
    return f'"${{FILTER({_PLAIN},{value})}}"'


def _free(value: str) -> str:
    """Write what a caller may have chosen: any characters but those that control a terminal."""
    return f"${{QUOTE(${{FILTER(\\x20-\\x7e\\x80-\\xff,{value})}})}}"


def _number(value: str) -> str:
    """Write a number in quotes, as a leg without audio has none."""
    return f'"${{FILTER({_NUMBER},{value})}}"'


#: The fields in the order of the line.
FIELDS: tuple[tuple[str, str], ...] = (
    *((name, _number(f"${{CDR({name},u)}}")) for name in ("start", "answer", "end")),
    *((name, f"${{CDR({name})}}") for name in ("duration", "billsec")),
    ("caller", _free("${CDR(clid)}")),
    *((name, _words(f"${{CDR({name})}}")) for name in (
        "disposition", "src", "dst", "direction", "number", "trunk", "destination", "phone", "twilio_sid",
        "twilio_out_sid", "queue", "queue_left", "channel", "dstchannel", "lastapp", "dcontext", "uniqueid",
        "linkedid")),
    ("sequence", "${CDR(sequence)}"),
    ("queue_wait", _number("${CDR(queue_wait)}")),
    *((f"{side}_{name}", _number(f"${{CDR({side}_{name})}}")) for side in ("trunk", "phone") for name in QUALITY),
)
