# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the options of the collection's roles from their argument specs, which state each option once."""

from __future__ import annotations

import difflib
import functools
import re
from pathlib import Path
from typing import Any, Collection, Iterator, Mapping

try:
    import yaml
except ImportError:     # Ansible always has it; ansible-test imports this file without it
    yaml = None  # type: ignore[assignment]

ROLES = Path(__file__).parents[3] / "roles"
#: The roles whose options a PBX host has, in the order in which a run uses them.
PBX_ROLES = ("twilio_trunk", "pbx", "asterisk", "firewall", "verify")
#: The roles whose options a host of n8n has.
N8N_ROLES = ("n8n", "n8n_flow")

#: Prefixes of variables that belong to this collection.
PREFIXES = ("trunkline_", "twilio_trunk_", "twilio_twin_", "pbx_", "asterisk_", "firewall_", "verify_", "adopt_",
            "plan_", "teardown_", "n8n_")
#: Variables of playbooks, and facts that roles publish.
OTHERS = frozenset({
    "adopt_directory", "adopt_trunks", "adopt_passwords", "adopt_caller_ids", "adopt_pbx_hosts", "adopt_countries",
    "adopt_asterisk", "adopt_asterisk_folder", "adopt_found",
    "plan_markdown", "plan_json", "plan_exit_code", "teardown_confirm", "teardown_keep_trunks",
    "twilio_trunk_changes", "twilio_trunk_resources", "twilio_trunk_caller_ids", "asterisk_build_package",
    "asterisk_changes", "asterisk_major",
    "pbx_changes", "firewall_changes", "firewall_notes", "n8n_flow_changes",
})
#: How similar two names must be for one to be a misspelling: pbx_natonal_rules is one, pbx_site is not.
_SIMILARITY = 0.87

#: Dicts with keys of the user's own, whose values have the options of the option beside it that is named here. An
#: argument spec has no word for these; here they are `values`.
_VALUES = {"keys": "otherwise"}
#: Options as an argument spec states them.
Spec = Mapping[str, Mapping[str, Any]]
#: Values by the names of options or variables. Their types are those of the argument specs.
Values = Mapping[str, Any]


@functools.cache
def of_role(role: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Read a role's argument specs: entry point to option to its specification."""
    document = yaml.load((ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"), _loader())
    found = {name: entry.get("options") or {} for name, entry in document["argument_specs"].items()}
    for entry in found.values():
        _with_values(entry)
    return found


def _with_values(spec: Mapping[str, dict[str, Any]]) -> None:
    for name, option in spec.items():
        _with_values(option.get("options") or {})
        if name in _VALUES and option["type"] == "dict" and "options" not in option:
            option["values"] = spec[_VALUES[name]]["options"]


def _loader() -> Any:
    """Return the loader written in C, where PyYAML was built with it."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@functools.cache
def of_pbx() -> dict[str, dict[str, Any]]:
    """Merge the options of all roles that configure a PBX. Of an option that several roles take, the statement with its
    columns counts, or else the first."""
    return _merged(PBX_ROLES)


@functools.cache
def of_n8n() -> dict[str, dict[str, Any]]:
    """Merge the options of the roles that run n8n and import workflows into it."""
    return _merged(N8N_ROLES)


@functools.cache
def of_twin() -> dict[str, dict[str, Any]]:
    """Return the options of the role that runs a twin of Twilio."""
    return of_role("twilio_twin")["main"]


def of_hosts() -> dict[str, dict[str, Any]]:
    """Return the options of all roles that configure hosts."""
    return {**of_twin(), **of_n8n(), **of_pbx()}


def _merged(roles: Collection[str]) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for role in roles:
        for name, option in of_role(role)["main"].items():
            if name not in merged or ("options" in option and "options" not in merged[name]):
                merged[name] = option
    return merged


@functools.cache
def of_controller() -> frozenset[str]:
    """Return the names of the options that localhost may state as well: those of Twilio's side."""
    return frozenset(of_role("twilio_trunk")["main"])


@functools.cache
def known() -> frozenset[str]:
    """Return the names of all variables that this collection reads or publishes."""
    roles = [path.name for path in ROLES.iterdir() if (path / "meta" / "argument_specs.yml").exists()]
    return OTHERS.union(*(entry for role in roles for entry in of_role(role).values()))


def is_ours(name: str) -> bool:
    """Return whether a variable's name begins with a prefix of this collection, whatever its case and its dashes."""
    return _as_ours(name).startswith(PREFIXES)


def misspelt(names: Collection[str]) -> Iterator[str]:
    """Find variables that nothing reads and whose names are nearly those of options.

    Only names with a prefix of this collection count: any other may belong to another role.

    :param names: the variables of a host. :returns: a sentence for each, with the option that may be meant.
    """
    for name in sorted(names):
        if is_ours(name) and name not in known():
            meant = _as_ours(name)
            near = next((one for one in sorted(known()) if _words(one) == _words(meant)), "") or next(
                iter(difflib.get_close_matches(meant, known(), n=1, cutoff=_SIMILARITY)), "")
            # pbx_phones_berlin, of which pbx_phones is composed, is the user's own.
            if near and not (near in names and name.startswith(near)):
                yield f"{name} is no variable of trunkline.voice; did you mean {near}?"


def shortened(names: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Find variables that nothing reads and with whose words options begin, such as pbx_denied.

    It may be the user's own, and surely is where an option of those is given, which may be composed of it.

    :param names: the variables of all hosts. :returns: pairs of a variable and the options that may be meant.
    """
    for name in sorted(names - known()):
        longer = [one for one in sorted(of_pbx()) if one.startswith(f"{name}_")] if is_ours(name) else []
        if longer and not set(longer).intersection(names):
            yield name, longer


def _as_ours(name: str) -> str:
    return name.lower().replace("-", "_")


def _words(name: str) -> list[str]:
    """Return the words of a name in the singular and sorted, so that pbx_country is found to mean pbx_countries, and
    pbx_prefixes_denied to mean pbx_denied_prefixes."""
    return sorted(re.sub("ies$", "y", word).removesuffix("s") for word in name.split("_"))


def nearest(name: str, names: Collection[str]) -> str:
    """Return which of `names` a misspelt name may mean, whatever its case, or an empty text."""
    found = {one.lower(): one for one in names}
    near = difflib.get_close_matches(name.lower(), found, n=1, cutoff=0.6)
    return found[near[0]] if near else ""
