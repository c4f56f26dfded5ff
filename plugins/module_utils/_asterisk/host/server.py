# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Asterisk a host can have, how it gets it, and what of it is missing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Iterator, Mapping, Sequence

from ..._core.errors import TrunklineError
from ..build import deb, order
from .platforms import Row, row_of, supported


@dataclass(frozen=True)
class Choice:
    """The options of a host's Asterisk.

    :param method: auto, package, build or file.
    :param packages: the names of the packages that should be there.
    :param version: which Asterisk a build makes.
    :param file: the package of method file, a path on the controller.
    :param untried: whether a system that nobody tried is accepted.
    """

    method: str
    packages: Sequence[str]
    version: str = "22"
    file: str | None = None
    untried: bool = False


@dataclass(frozen=True)
class Server:
    """A host as role asterisk sees it.

    :param major: the major version of its Asterisk; 0 where the host is refused.
    :param refusal: the end of a sentence that begins with the host's name; "" where the host is right.
    :param missing: what apt or dnf is to install, in its words, without a package of Asterisk that comes as a file.
    :param differs: whether the role has anything to do.
    :param method: package, build or file.
    :param warnings: what every run says of the host, sentences.
    :param bring: whether Asterisk has to come as a file.
    :param order: what is to be built, for method build.
    :param unproven: whether a package that took another's place is not proven yet.
    :param unfinished: whether an installation of packages was killed.
    :param returns: whether the system's own package has to take the place of a built one.
    """

    major: int = 0
    refusal: str = ""
    missing: Sequence[str] = ()
    differs: bool = False
    method: str = ""
    warnings: Sequence[str] = ()
    bring: bool = False
    order: Mapping[str, Any] = field(default_factory=dict)
    unproven: bool = False
    unfinished: bool = False
    returns: bool = False


def server(look: Mapping[str, Any], platforms: Sequence[Row], choice: Choice, recipe: order.Recipe) -> Server:
    """Decide from a look at a host.

    :param look: the result of module host_files, with the packages and, as commands, `boot`, whether the service starts
        at boot, `user`, the number of the user that tasks run as, `architecture`, dpkg's or uname's, `key`, what
        tells the installed Asterisk from another build, `unproven`, the note of a package that is not proven, and
        `unfinished`, what dpkg has to finish.
    """
    user = _said(look, "user")
    if user != "0":
        return Server(refusal=f"runs tasks as user {user}, and these take root: set ansible_become to true.")
    row = row_of(platforms, look["release"], _said(look, "architecture"))
    if row is None or not (row["tried"] or choice.untried):
        return Server(refusal=_unknown(look, platforms, row))
    method = row["install"] if choice.method == "auto" else choice.method
    try:
        if method == "package":
            found = _from_packages(look, row, choice, platforms)
        else:
            found = _from_file(look, row, choice, method, recipe)
        return _with_rest(look, replace(found, warnings=[*found.warnings, *_without_effect(found, choice)]))
    except TrunklineError as error:
        return Server(refusal=f"cannot have its Asterisk: {error}")


def _with_rest(look: Mapping[str, Any], found: Server) -> Server:
    """Add what an earlier run left to do."""
    if found.refusal:
        return found
    unproven, unfinished = bool(_said(look, "unproven")), bool(_said(look, "unfinished"))
    return replace(
        found, unproven=unproven, unfinished=unfinished, differs=found.differs or unproven or unfinished)


def _without_effect(found: Server, choice: Choice) -> Iterator[str]:
    """Yield a sentence where a version was chosen and something else decides it."""
    if found.refusal or found.method == "build" or choice.version in (Choice.version, str(found.major)):
        return
    yield (
        f"asterisk_version {choice.version} has no effect: this host's Asterisk comes by method {found.method}. Set"
        " asterisk_install_method to build for that version.")


def _unknown(look: Mapping[str, Any], platforms: Sequence[Row], row: Row | None) -> str:
    runs = look["release"].get("pretty_name", "what has no os-release")
    tried = f"this role is proven on {supported(platforms)}"
    if row is None:
        architecture = _said(look, "architecture")
        return f"runs {runs}{f' on {architecture}' if architecture else ''}, and {tried}."
    return (
        f"runs {runs}, which is prepared and which nobody has run, and {tried}. To try it, set"
        " asterisk_untried_platform to true, and tell the authors what became of it.")


def _from_packages(look: Mapping[str, Any], row: Row, choice: Choice, platforms: Sequence[Row]) -> Server:
    major = row.get("package")
    if not major:
        raise TrunklineError(
            f"{row['name']} has no package of Asterisk that gets updates.",
            "Leave asterisk_install_method out, and it is built.")
    installed = look["packages"].get("asterisk", "")
    if installed and not installed.startswith(f"1:{major}."):
        return Server(major, f"has Asterisk {installed}, and the packages of {row['name']} have Asterisk {major}.")
    # Of several sources, as with backports, the one that has the release's.
    missing = _missing(look, choice, {"asterisk": f"asterisk=1:{major}.*"})
    # Not for `auto`: a build may be newer than what the system has, which takes its place by apt once it is as new.
    returns = bool(installed and _key(look) and choice.method == "package")
    return Server(major, "", missing, returns or _differs(look, missing), "package", _warnings(row), returns=returns)


def _from_file(look: Mapping[str, Any], row: Row, choice: Choice, method: str, recipe: order.Recipe) -> Server:
    if "build" not in row:
        raise TrunklineError(f"no recipe makes a package for {row['name']} yet.", "Leave asterisk_install_method out.")
    if method == "file" and row["build"]["format"] != "deb":
        raise TrunklineError(
            f"asterisk_package_file is a Debian package, and {row['name']} takes RPMs.",
            "Leave asterisk_install_method out, and one is built.")
    made: Mapping[str, Any] = {}
    if method == "build":
        made = order.order(row, _said(look, "architecture"), choice.version, recipe)
        wanted, version = made["key"], made["package_version"]
    else:
        wanted, version = _given(choice.file or "", _said(look, "architecture"))
    # With the epoch, where there is one: 1:22.10.1~t1, 22.10.1-0.t1.el9.
    series = version.partition(".")[0]
    major = int(series.rpartition(":")[2])
    installed, key = look["packages"].get("asterisk", ""), _key(look)
    if installed and not key and installed != wanted and not installed.startswith(f"{series}."):
        epoch, _colon, there = installed.partition(".")[0].rpartition(":")
        taken = made and epoch == series.rpartition(":")[0] and order.has(recipe.sources, there)
        keep = f", or set asterisk_version to {there}" if taken else ""
        return Server(major, f"has Asterisk {installed}, which this role did not install: remove it first"
                             f" ({removal(look, 'asterisk')}; /etc/asterisk stays){keep}.")
    # The key of a package whose installation was killed says nothing yet.
    bring = not installed or wanted not in (key, installed)
    missing = [name for name in _missing(look, choice, {}) if name != "asterisk"]
    differs = bring or _differs(look, missing)
    return Server(major, "", missing, differs, method, _warnings(row), bring, made)


def _key(look: Mapping[str, Any]) -> str:
    """Return the key of the installed Asterisk: of a Debian package a field, of an RPM among what it provides."""
    said = _said(look, "key")
    if look.get("format") != "rpm":
        return said
    provided = (line.split() for line in said.splitlines())
    return next((line[2] for line in provided if line[:2] == ["trunkline-key", "="]), "")


def removal(look: Mapping[str, Any], package: str) -> str:
    """Return the command by which a person removes a package of a host."""
    return f"{'dnf' if look.get('format') == 'rpm' else 'apt-get'} remove {package}"


def _given(path: str, architecture: str) -> tuple[str, str]:
    """Return the identity and the version of the package file of the inventory."""
    found = deb.fields(path)
    if found["Package"] != "asterisk" or not found["Version"].startswith("1:"):
        raise TrunklineError(
            f"asterisk_package_file {path} is package {found['Package']} {found['Version']}.",
            "It must be package asterisk of a version with epoch 1, as Debian's are and as role asterisk_build makes.")
    if found.get("Architecture") != architecture:
        raise TrunklineError(
            f"asterisk_package_file {path} is for {found.get('Architecture')}, and the host is {architecture}.",
            "Name a package of the host's architecture.")
    return deb.identity(found), found["Version"]


def _missing(look: Mapping[str, Any], choice: Choice, pins: Mapping[str, str]) -> list[str]:
    return [pins.get(name, name) for name in choice.packages if name not in look["packages"]]


def _differs(look: Mapping[str, Any], missing: Sequence[str]) -> bool:
    return bool(look["changes"] or look["foreign"] or missing or is_disabled(look))


def _warnings(row: Row) -> list[str]:
    found = [row["warning"].strip()] if "warning" in row else []
    if not row["tried"]:
        found.append(f"{row['name']} is prepared, and nobody has run it: tell the authors what became of it.")
    return found


def _said(look: Mapping[str, Any], command: str) -> str:
    return str(look["commands"].get(command, {}).get("stdout", "")).strip()


def is_disabled(look: Mapping[str, Any]) -> bool:
    """Return whether the host has the service, and does not start it at boot."""
    return _said(look, "boot") == "disabled"
