# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the mailboxes of voicemail.conf."""

from __future__ import annotations

from typing import Any

from ..._asterisk.config.conf import Section, Setting
from ..._asterisk.config.configuration import Config
from .endpoints import value
from .notes import Notes
from .numbers import Rows

#: Settings of [general], and the options that they become on each mailbox.
LIMITS = {"maxmsg": "max_messages", "maxsecs": "max_seconds"}
#: Options of a mailbox that are the same here.
SERVED = ("attach=yes", "tz=", "delete=no", "saycid=", "envelope=")


def mailboxes(config: Config, rows: Rows) -> None:
    """Add a row of pbx_mailboxes for each mailbox of context default."""
    conf = config.conf("voicemail.conf")
    rows.notes.extend(conf.faults)
    limits = {option: int(text) for section in conf.named("general") for name, option in LIMITS.items()
              if (text := value(section, name)).isdigit() and int(text)}
    for section in conf.sections:
        if section.name in ("general", "zonemessages") or section.template:
            continue
        for setting in section.settings:
            if section.name == "default":
                _mailbox(setting, limits, rows)
            else:
                rows.notes.add(f"mailbox {setting.name} of context {section.name} is not carried over; here all are of"
                               " context default", setting.place)
    _general(conf.named("general"), rows.notes)


def _mailbox(setting: Setting, limits: dict[str, int], rows: Rows) -> None:
    fields = [field.strip() for field in setting.value.split(",", 4)]
    pin, owner, email, dummy_pager, options = [*fields, *[""] * (5 - len(fields))]
    row: dict[str, Any] = {"name": setting.name, "pin": pin.lstrip("-"), **limits}
    row.update({option: text for option, text in (("owner", owner), ("email", email)) if text})
    unknown = []
    for option in filter(None, (part.strip() for part in options.split("|"))):
        if option.lower() == "delete=yes" and email:
            row["delete_after_mail"] = True
        elif not option.lower().startswith(SERVED):
            unknown.append(option.partition("=")[0])
    if dummy_pager:
        unknown.append("its pager")
    if unknown:
        rows.notes.add(f"mailbox {setting.name} has {', '.join(unknown)}, which is not carried over", setting.place)
    rows.add("pbx_mailboxes", row, setting.place)


def _general(sections: list[Section], notes: Notes) -> None:
    """Note the settings by which a mailbox leads out of itself."""
    for section in sections:
        for setting in section.settings:
            if setting.name.lower() in ("dialout", "callback", "exitcontext", "operator", "sendvoicemail",
                                        "externnotify", "externpass", "externpasscheck", "odbcstorage"):
                notes.add(f"{setting.name} of mailboxes is not carried over", setting.place)
