# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the mailboxes of voicemail.conf."""

from __future__ import annotations

from typing import Any

from ..._asterisk.config.conf import Section, Setting
from ..._asterisk.config.configuration import Config
from .endpoints import value, whole
from .notes import Notes
from .numbers import Rows

#: Settings of [general], and the options that they become on each mailbox.
LIMITS = {"maxmsg": "max_messages", "maxsecs": "max_seconds"}
#: Settings of [general] that are the same here, "" for any value, and where the others are stated.
SAME = {"format": "", "passwordlocation": "", "charset": "", "mailcmd": "", "attach": "yes", "operator": "no",
        "sendvoicemail": "no", "delete": "no"}
HINTS = {"serveremail": "; see pbx_voicemail_sender", "delete": "; see delete_after_mail of a mailbox"}
#: Options of a mailbox that are the same here.
SERVED = ("attach=yes", "tz=", "delete=no", "saycid=", "envelope=")


def mailboxes(config: Config, rows: Rows) -> None:
    """Add a row of pbx_mailboxes for each mailbox of context default."""
    conf = config.conf("voicemail.conf")
    rows.notes.extend(conf.faults)
    limits = {option: limit for section in conf.named("general") for name, option in LIMITS.items()
              if (limit := whole(value(section, name)))}
    for section in conf.sections:
        if section.name == "general" or section.template:
            continue
        if section.name == "zonemessages":
            rows.notes.add("[zonemessages] is not carried over", section.place)
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
    """Note the settings that are not the same here."""
    for section in sections:
        for setting in section.settings:
            name, given = setting.name.lower(), setting.value.strip().lower()
            if name in LIMITS and whole(given) or SAME.get(name) in ("", given):
                continue
            notes.add(f"{setting.name} of mailboxes is not carried over{HINTS.get(name, '')}", setting.place)
