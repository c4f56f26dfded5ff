# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources of the twin that can be listed, created, read, updated and deleted, and need nothing else to exist.

A row here is all that the twin's tests need of such a resource: its operations are in the extracts of Twilio's OpenAPI
documents (extract.py), each is called once and its answer checked (test_twin_answers.py), and each is fuzzed
(fuzzing.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LIST, WRITE = ("get", "post"), ("get", "post", "delete")


@dataclass(frozen=True)
class Plain:
    """A collection.

    :param path: its path, or of a child the part after its parent's own path. :param suffix: of every path.
    :param create: a form that creates one. :param change: a form that changes it.
    :param placeholder: the document's name for its SID in the paths of its children.
    """

    path: str
    create: Mapping[str, str]
    change: Mapping[str, str]
    suffix: str = ""
    placeholder: str = ""
    children: tuple[Plain, ...] = field(default_factory=tuple)

    def operations(self, above: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each path of the document with its methods."""
        path = above + self.path
        yield path + self.suffix, LIST
        yield f"{path}/{{Sid}}{self.suffix}", WRITE
        for child in self.children:
            yield from child.operations(f"{path}/{{{self.placeholder}}}")

    def likely(self) -> dict[str, list[str]]:
        """Form parameter to the values that these forms have."""
        found: dict[str, list[str]] = {}
        for form in (self.create, self.change, *(child.likely() for child in self.children)):
            for name, value in form.items():
                found.setdefault(name, []).extend([value] if isinstance(value, str) else value)
        return found


#: By Twilio's document.
PLAIN = {
    "api_v2010": (
        Plain(
            "/2010-04-01/Accounts/{AccountSid}/Addresses", suffix=".json",
            create={
                "CustomerName": "Trunkline", "Street": "1 Hasanparthy Road", "City": "Kazipet", "Region": "Ts",
                "PostalCode": "506003", "IsoCountry": "IN", "FriendlyName": "Home", "EmergencyEnabled": "true",
            },
            change={"Street": "2 Hasanparthy Road", "StreetSecondary": "Floor 1"},
        ),
    ),
}
