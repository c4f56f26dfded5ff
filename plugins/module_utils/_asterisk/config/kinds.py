# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which console command makes Asterisk take a changed file, and what only a restart applies. Pure.

Source: Asterisk 22; what PJSIP's reload does not take was measured and is in its own messages ("Transport … is not
fully reloadable", "is not reloadable").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional

from .conf import Conf, read, said

#: The console command by which a module reads its file again.
RELOAD = {
    "pjsip.conf": "module reload res_pjsip.so",
    "extensions.conf": "dialplan reload",
    "rtp.conf": "module reload res_rtp_asterisk.so",
    "logger.conf": "logger reload",
    "manager.conf": "manager reload",
    "features.conf": "module reload features",
    "acl.conf": "module reload acl",
    "ccss.conf": "module reload ccss",
    "cdr.conf": "module reload cdr",
    "cel.conf": "module reload cel",
    "http.conf": "module reload http",
    "indications.conf": "module reload indications",
    "udptl.conf": "module reload udptl",
    "queues.conf": "module reload app_queue.so",
    "voicemail.conf": "module reload app_voicemail.so",
    "musiconhold.conf": "module reload res_musiconhold.so",
    "cdr_custom.conf": "module reload cdr_custom.so",
    "cel_custom.conf": "module reload cel_custom.so",
}
#: Read at the start and never again.
AT_START = ("asterisk.conf", "modules.conf", "pjproject.conf", "stasis.conf")
#: Settings that name a file which Asterisk reads with its own: a certificate that is renewed is reloaded.
_REFERRED = ("cert_file", "priv_key_file", "ca_list_file", "tlscertfile", "tlsprivatekey")
#: What a reload takes of a transport; its socket is made once.
_TRANSPORT_AT_RUN_TIME = (
    "local_net", "external_media_address", "external_signaling_address", "external_signaling_port",
)


@dataclass(frozen=True)
class Needs:
    """What a difference needs: `reloads`, console commands in order, or `restart`, why one is needed."""

    reloads: list[str]
    restart: list[str]


def known(name: str) -> bool:
    """Whether a file is one that Asterisk reads by itself, and not one that such a file includes."""
    return name in RELOAD or name in AT_START


def referred(tree: Mapping[str, str]) -> dict[str, str]:
    """The files outside of the tree that it refers to, by path, and the file of the tree that does."""
    return {
        setting.value: name
        for name in RELOAD
        for section in read(name, tree).sections
        for setting in section.settings if setting.name.lower() in _REFERRED
    }


def reloads_certificates(version: str) -> bool:
    """Whether PJSIP's reload takes a certificate that was renewed under its name. Measured: that of 16.28 does not.

    :param version: what `core show version` prints.
    """
    return not version.startswith("Asterisk 16.")


def needs(before: Mapping[str, str], after: Mapping[str, str]) -> Needs:
    """What makes a running Asterisk that has read the tree `before` agree with the tree `after`.

    Where a restart is needed nothing is reloaded: half of a change could break what runs, as an endpoint would that has
    moved to a transport which is not there yet.
    """
    reloads, restart = [], []
    for name in (*AT_START, *RELOAD):
        was, now = read(name, before), read(name, after)
        if _content(was) == _content(now):
            continue
        fixed = [f"{name} is read at the start only"] if name in AT_START else []
        if name == "pjsip.conf":
            fixed = _fixed(was, now)
        restart += fixed
        reloads += [] if fixed else [RELOAD[name]]
    return Needs([] if restart else reloads, restart)


def _content(conf: Conf) -> list:
    """What a file says, without comments, blank lines and where it says it."""
    return [
        (section.name, section.template, said(section))
        for section in conf.sections
    ]


def _fixed(was: Conf, now: Conf) -> list[str]:
    """Why PJSIP's part needs a restart: its transports' sockets and the settings of its stack are made once."""
    before, after = _fixed_objects(was), _fixed_objects(now)
    return [
        f"PJSIP makes its {kind} [{name}] at the start only, and it"
        f" {'is new' if key not in before else 'is gone' if key not in after else 'changes'}"
        for key in sorted({*before, *after})
        for kind, name in [key]
        if before.get(key) != after.get(key)
    ]


def _fixed_objects(conf: Conf) -> dict[tuple[str, str], Optional[list]]:
    return {
        (section.type, section.name): sorted(
            (setting.name.lower(), setting.value)
            for setting in section.settings
            if setting.name.lower() not in _TRANSPORT_AT_RUN_TIME
        )
        for section in conf.sections
        if not section.template and section.type in ("transport", "system")
    }
