# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a call and of the events within it (CDR, CEL): the fields of a line of JSON, how Asterisk writes
them, and the database they go to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from .._asterisk import validators as asterisk
from .._core import validators
from .values import wrong

#: What the service that stores records reads. It is there where a database is named.
FILE = "records.conf"
_VARIABLE = "pbx_records_database"
#: The folder of a socket on the PBX.
_SOCKET = re.compile(r"/[A-Za-z0-9._/-]{1,90}")
#: libpq takes a name with = or :// for a whole connection string.
_NAME = re.compile(r"(?!.*://)[^=\x00-\x1f\x7f]+")
#: PostgreSQL cuts longer ones.
_NAME_BYTES = 63
#: Said in place of a value, which may be a URL with a password in it.
_OF_A_URL = "of a URL, give each part by the option that it has here"
_SYSTEM_CAS = "/etc/ssl/certs/ca-certificates.crt"

#: A MOS of 1 to 4.4 by ITU-T G.107, from delay, jitter and loss: Asterisk 22 has it times 20, as the mean of a leg's
#: reports, and 0 before the first one (calc_media_experience_score in res/res_rtp_asterisk.c of 22.10). It says 4.37 of
#: a leg on which nothing came at all: measured.
SCORES = {
    name: f"${{IF($[0${{CHANNEL(rtcp,{side}_normdevmes)}} > 0 & 0${{CHANNEL(rtcp,{count})}} > 0]"
          f"?$[${{CHANNEL(rtcp,{side}_normdevmes)}} / 20]):0:4}}"
    for name, side, count in (("mos", "local", "rxcount"), ("sent_mos", "remote", "txcount"))
}
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
    **SCORES,
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


#: The field that is there where a queue has a service level.
_SERVICE_LEVEL = "queue_service_level"
#: The fields in the order of the line.
FIELDS: tuple[tuple[str, str], ...] = (
    *((name, _number(f"${{CDR({name},u)}}")) for name in ("start", "answer", "end")),
    *((name, f"${{CDR({name})}}") for name in ("duration", "billsec")),
    ("caller", _free("${CDR(clid)}")),
    *((name, _words(f"${{CDR({name})}}")) for name in (
        "disposition", "src", "dst", "direction", "number", "trunk", "destination", "phone", "twilio_sid",
        "twilio_out_sid", "queue", "queue_left", "recording", "channel", "dstchannel", "lastapp", "dcontext",
        "uniqueid", "linkedid")),
    ("sequence", "${CDR(sequence)}"),
    ("queue_wait", _number("${CDR(queue_wait)}")),
    (_SERVICE_LEVEL, _number(f"${{CDR({_SERVICE_LEVEL})}}")),
    *((f"{side}_{name}", _number(f"${{CDR({side}_{name})}}")) for side in ("trunk", "phone") for name in QUALITY),
)

#: The events that are recorded: who rang, was answered, was joined with whom, and what phones did with a call. Left out
#: is what says the same once more: the end of a channel follows its hangup, that of a call the last hangup.
EVENTS = (
    "CHAN_START", "ANSWER", "BRIDGE_ENTER", "BRIDGE_EXIT", "APP_START", "APP_END", "PARK_START", "PARK_END", "PICKUP",
    "FORWARD", "BLINDTRANSFER", "ATTENDEDTRANSFER", "HANGUP",
)
#: The applications whose start and end are recorded: those where a caller is, and no other phone.
APPLICATIONS = ("queue", "voicemail")
#: The fields of an event in the order of the line, by the names that Asterisk gives them. `extra` is JSON of Asterisk's
#: own, and there is none for some events.
EVENT_FIELDS: tuple[tuple[str, str], ...] = (
    ("eventtime", _number("${eventtime}")),
    ("eventtype", _words("${eventtype}")),
    *((name, _words(f"${{CHANNEL({name})}}")) for name in ("channame", "uniqueid", "linkedid")),
    ("cid_num", _words("${CALLERID(num)}")),
    # QUOTE warns of an empty name, which most legs have: quotes and backslashes are left out.
    ("cid_name", '"${FILTER(\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff,${CALLERID(name)})}"'),
    *((name, _words(f"${{CHANNEL({name})}}")) for name in ("exten", "context", "appname")),
    ("peer", f'"${{FILTER({_PLAIN}\\x2c,${{CHANNEL(peer)}})}}"'),
    ("extra", "[${eventextra}]"),
)


def fields(host: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of a host's records."""
    used = any(row["service_level_seconds"] for row in host["pbx_queues"])
    return [field for field in FIELDS if used or field[0] != _SERVICE_LEVEL]


def quality(asterisk_major: int) -> dict[str, str]:
    """Return what the dialplan reads of the audio of a leg: older versions of Asterisk have no score."""
    return {name: value for name, value in QUALITY.items() if asterisk_major >= 22 or name not in SCORES}


def problems(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right in the database of a host."""
    row = host[_VARIABLE]
    if not row:
        return
    if row["host"] and not _is_host(row["host"]):
        yield (f"{_VARIABLE}.host must be one name, one address, or the folder of a socket such as /run/postgresql;"
               f" {_OF_A_URL}.")
    for option in ("name", "user"):
        yield from wrong(f"{_VARIABLE}.{option}", _name, row[option] or None)
    if row["password"] == "":
        yield f"{_VARIABLE}.password is empty: a vault or an environment variable may not be set."
    else:
        yield from wrong(f"{_VARIABLE}.password", asterisk.secret, row["password"])
    if not 1 <= row["port"] <= 65535:
        yield f"{_VARIABLE}.port must be from 1 to 65535, not {row['port']}."
    yield from wrong(f"{_VARIABLE}.ca_file", asterisk.path, row["ca_file"] or None)
    if row["ca_file"] and not row["sslmode"].startswith("verify"):
        yield f"{_VARIABLE}.ca_file is not used with sslmode {row['sslmode']}: take verify-full, or leave ca_file out."
    if row["sslmode"] == "disable" and row["host"] and not _is_near(row["host"]):
        yield (f"{_VARIABLE}.sslmode must not be disable, or who called whom can be read on its way to {row['host']};"
               " it is for private addresses.")


def _name(value: str) -> str:
    """Validate the name of a database or of a user of it."""
    asterisk.rendered(value)
    if not _NAME.fullmatch(value) or len(value.encode()) > _NAME_BYTES:
        raise ValueError(f"must be 1 to {_NAME_BYTES} bytes on one line, without = and ://; {_OF_A_URL}")
    return value


def _is_host(text: str) -> bool:
    """Return whether libpq connects to one host by a text. It takes a comma for more than one."""
    try:
        validators.host(text)
    except ValueError:
        return _SOCKET.fullmatch(text) is not None
    return True


def _is_near(host: str) -> bool:
    return host.startswith("/") or validators.is_private(host)


def connection(host: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return what the service has to know, by libpq's names, each value percent-encoded; nothing without a database.

    :param name: the PBX, by its name in the inventory.
    """
    row = host[_VARIABLE]
    if not row:
        return {}
    given = {
        "pbx": name, "host": row["host"], "port": str(row["port"]), "dbname": row["name"], "user": row["user"],
        "secret": row["password"], "sslmode": row["sslmode"],
        "sslrootcert": (row["ca_file"] or _SYSTEM_CAS) if row["sslmode"].startswith("verify") else "",
    }
    return {option: quote(value, safe="/:") for option, value in given.items()}
