# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose the console commands that reload changed files, and find the changes that need a restart. Pure.

Source: Asterisk 22; what PJSIP's reload does not apply was measured and is in its own messages ("Transport … is not
fully reloadable", "is not reloadable").
"""

from __future__ import annotations

from dataclasses import dataclass

from .configuration import Config
from .pjsip import Objects

#: The files that a module reads, which need not be loaded.
MODULES = {
    "pjsip.conf": "res_pjsip.so", "extensions.conf": "pbx_config.so", "rtp.conf": "res_rtp_asterisk.so",
    "queues.conf": "app_queue.so", "queuerules.conf": "app_queue.so", "voicemail.conf": "app_voicemail.so",
    "musiconhold.conf": "res_musiconhold.so", "confbridge.conf": "app_confbridge.so",
    "res_parking.conf": "res_parking.so", "followme.conf": "app_followme.so", "agents.conf": "app_agent_pool.so",
    "amd.conf": "app_amd.so", "pjsip_notify.conf": "res_pjsip_notify.so", "res_fax.conf": "res_fax.so",
    "cdr_custom.conf": "cdr_custom.so", "cdr_manager.conf": "cdr_manager.so",
    "cdr_sqlite3_custom.conf": "cdr_sqlite3_custom.so", "cel_custom.conf": "cel_custom.so",
    "cel_sqlite3_custom.conf": "cel_sqlite3_custom.so", "cli_aliases.conf": "res_clialiases.so",
}
#: The console command by which Asterisk reads a file again.
RELOAD = {
    **{name: f"module reload {module}" for name, module in MODULES.items()},
    "extensions.conf": "dialplan reload",
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
}
#: Read at the start and never again.
AT_START = ("asterisk.conf", "modules.conf", "pjproject.conf", "stasis.conf")
#: Read for each call, by the dialplan (AST_CONFIG) or a script of its own, which needs no reload.
AT_CALL = ("conference_pins.conf", "n8n.conf", "records.conf")
#: Settings that name a file outside of the configuration: a renewed certificate is reloaded.
_REFERRED = ("cert_file", "priv_key_file", "ca_list_file", "tlscertfile", "tlsprivatekey")
#: What a reload applies of a transport; its socket is made once.
_TRANSPORT_AT_RUN_TIME = (
    "local_net", "external_media_address", "external_signaling_address", "external_signaling_port",
)


@dataclass(frozen=True)
class Needs:
    """The means that apply a difference: `reloads`, console commands in order, or `restart`, the reasons for one."""

    reloads: list[str]
    restart: list[str]


def is_read_by_name(name: str) -> bool:
    """Return whether Asterisk reads a file by itself, and not only where another file includes it."""
    return name in RELOAD or name in AT_START or name in AT_CALL


def referred_files(config: Config) -> dict[str, str]:
    """Return the files outside of a configuration that it refers to, by path, with the name of the referring file."""
    return {
        setting.value: name
        for name in RELOAD
        for section in config.conf(name).sections
        for setting in section.settings if setting.name.lower() in _REFERRED
    }


def reloads_certificates(version: str) -> bool:
    """Return whether PJSIP's reload reads a renewed certificate. Measured: Asterisk 16.28 does not.

    :param version: the output of `core show version`.
    """
    return not version.startswith("Asterisk 16.")


def needs(before: Config, after: Config) -> Needs:
    """Return what makes a running Asterisk that has read `before` agree with `after`.

    Where a restart is needed nothing is reloaded: half of a change could break what runs, such as an endpoint that
    moved to a transport which does not exist yet.
    """
    reloads: list[str] = []
    restart: list[str] = []
    for name in (*AT_START, *RELOAD):
        was, now = before.conf(name), after.conf(name)
        if was.content == now.content:
            continue
        if name in AT_START:
            restart.append(f"{name} is read at the start only")
        elif name == "pjsip.conf" and (fixed := _fixed(before.pjsip, after.pjsip)):
            restart += fixed
        else:
            reloads.append(RELOAD[name])
    return Needs([] if restart else list(dict.fromkeys(reloads)), restart)


def _fixed(was: Objects, now: Objects) -> list[str]:
    """Return why PJSIP needs a restart: it makes its transports' sockets and its stack's settings once."""
    before, after = _fixed_objects(was), _fixed_objects(now)
    return [
        f"PJSIP makes its {kind} [{name}] at the start only, and it"
        f" {'is new' if key not in before else 'is gone' if key not in after else 'changes'}"
        for key in sorted({*before, *after})
        for kind, name in [key]
        if before.get(key) != after.get(key)
    ]


def _fixed_objects(objects: Objects) -> dict[tuple[str, str], list[tuple[str, str]]]:
    return {
        (kind, section.name): sorted(
            (setting.name.lower(), setting.value)
            for setting in section.settings
            if setting.name.lower() not in _TRANSPORT_AT_RUN_TIME
        )
        for kind, section in objects.sections if kind in ("transport", "system")
    }
