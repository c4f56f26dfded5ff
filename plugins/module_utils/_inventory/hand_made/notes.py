# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect what a person has to decide, by file and line."""

from __future__ import annotations

from typing import Iterable

from ..._asterisk.config.conf import Fault, Place
from ..._asterisk.config.configuration import Config
from ..._asterisk.config.redact import Hider, secrets


class Notes:
    """Sentences without their full stop, each with the place that it is about, in the order of the files."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def add(self, what: str, place: Place | None = None) -> None:
        self._found[Fault(what, place)] = None

    def extend(self, faults: Iterable[Fault]) -> None:
        self._found.update(dict.fromkeys(faults))

    @property
    def found(self) -> list[Fault]:
        """The notes in the order in which they were made."""
        return list(self._found)

    def sentences(self, config: Config) -> list[str]:
        """Return the sentences, without any secret of the configuration.

        A secret that is also the name of an object or mailbox is said as a name, which does not give it away.
        """
        names = {name for file in config for section in config.conf(file).sections
                 for name in (section.name, *(setting.name for setting in section.settings))}
        hide = Hider(secrets(config) - names)
        order = sorted(self._found, key=lambda fault: (fault.place is not None, fault.place or Place("")))
        return [hide(f"{fault.place}: {fault.what}." if fault.place else f"{fault.what}.") for fault in order]
