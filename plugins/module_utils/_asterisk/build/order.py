# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a build makes, and the key of it: two orders with one key make the same package."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Collection, Mapping, Sequence

from ..._core.errors import TrunklineError

#: A newer number makes a newer package of the same Asterisk to apt. It rises with any change of a file of the recipe.
RECIPE = 1
KEY_LENGTH = 12


@dataclass(frozen=True)
class Recipe:
    """The part of an order that does not depend on a host.

    :param sources: the table of releases: their date, their files with SHA-256 and addresses, and their patches.
    :param modules: the names of the modules to build.
    :param files: the content of the script, of the unit and of what each format has, by path: what is in deb/ or rpm/
        is for packages of that format alone.
    """

    sources: Mapping[str, Mapping[str, Any]]
    modules: Sequence[str]
    files: Mapping[str, str]

    def files_for(self, form: str) -> dict[str, str]:
        """Return the files of a format, by the name that the script knows them by."""
        split = {path: path.rpartition("/") for path in self.files}
        return {name: self.files[path] for path, (folder, _slash, name) in split.items() if folder in ("", form)}


def newest(sources: Mapping[str, object], wanted: str) -> str:
    """Return the newest release of the table that `wanted` names, a version or the beginning of one, such as 22.

    :raises TrunklineError: the table has none.
    """
    known = sorted(sources, key=_numbers)
    if not has(known, wanted):
        raise TrunklineError(
            f"asterisk_version is {wanted}, and the table of sources has {', '.join(known)}.",
            "Choose one of these, or add a row in asterisk_sources_file.")
    return _fitting(known, wanted)[-1]


def has(sources: Collection[str], wanted: str) -> bool:
    """Return whether the table has a release that `wanted` names, as for `newest`."""
    return bool(_fitting(sources, wanted))


def _fitting(sources: Collection[str], wanted: str) -> list[str]:
    return [version for version in sources if f"{version}.".startswith(f"{wanted}.")]


def _numbers(version: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in version.split(".")]


def order(row: Mapping[str, Any], architecture: str, wanted: str, recipe: Recipe) -> dict[str, Any]:
    """Return the order for a host, as module asterisk_package takes it.

    :param row: the host's platform.
    :param architecture: in the words of the row's format, such as amd64 (deb) and x86_64 (rpm).
    :param wanted: `asterisk_version`.
    """
    version = newest(recipe.sources, wanted)
    source, form = recipe.sources[version], row["build"]["format"]
    package_version, file_name = _NAMES[form](version, row["build"]["suffix"])
    made = {
        "format": form,
        "version": version,
        "package_version": package_version,
        "release": row["codename"] if form == "deb" else row["version"],
        "architecture": architecture,
        "packages": list(row["build"]["packages"]),
        "cross_packages": list(row["build"].get("cross", ())),
        "date": source["date"],
        "sources": [{"name": part["name"], "sha256": part["sha256"]} for part in source["files"]],
        "files": {
            **recipe.files_for(form),
            **{f"patches/{path}": text for path, text in source.get("patches", {}).items()}},
        "modules": sorted(recipe.modules),
    }
    key = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:KEY_LENGTH]
    # Where a file comes from makes no difference to what is made of it.
    return {
        **made, "key": key,
        "addresses": {part["name"]: list(part.get("addresses", ())) for part in source["files"]},
        "file_name": file_name.format(architecture=architecture, key=key),
    }


def _deb(version: str, suffix: str) -> tuple[str, str]:
    """Return a package's version and the name of its file. It sorts below Debian's package of the same Asterisk."""
    made = f"{version}~trunkline{RECIPE}+{suffix}"
    return f"1:{made}", f"asterisk_{made}_{{architecture}}_{{key}}.deb"


def _rpm(version: str, suffix: str) -> tuple[str, str]:
    """Return the same for an RPM. It has no epoch, as EPEL's has none."""
    made = f"{version}-0.trunkline{RECIPE}.{suffix}"
    return made, f"asterisk-{made}.{{architecture}}_{{key}}.rpm"


_NAMES = {"deb": _deb, "rpm": _rpm}
