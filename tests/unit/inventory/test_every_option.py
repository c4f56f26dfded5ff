# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No option is stated and then read by nothing: each makes a difference at Twilio or in a file of Asterisk's.

docs/howto/add-an-option.md counts on it.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Iterator, Mapping

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import account, options, pbx

from .whole import EVERYTHING, HOST, files, whole

ROOT = Path(__file__).parents[3]
#: What makes its difference elsewhere than in what a side gets.
ELSEWHERE = {
    ("twilio_trunk_pbx_group",): "which hosts there are",
    ("pbx_twilio_media_networks",): "the firewall's rules",
    ("pbx_restart_policy",): "when Asterisk is restarted",
    ("pbx_restart_patience",): "when Asterisk is restarted",
    ("trunkline_trunks", 0, "phone_numbers"): "nothing, where it has the numbers of pbx_dids, as it must",
    ("pbx_dids", 0, "trunk"): "nothing, where it is the first",
    ("pbx_recording", "group"): "the owner of a folder",
    ("pbx_speed_dials", 0, "name"): "the card of codes",
}


def given(spec: Mapping, values: Mapping, path: tuple = ()) -> Iterator[tuple]:
    """The places of values that are not their option's default, of rows those of the first one."""
    for name, option in spec.items():
        if "options" in option and option["type"] == "dict" and values.get(name):
            yield from given(option["options"], values[name], (*path, name))
        elif "options" in option and values.get(name):
            yield from given(option["options"], values[name][0], (*path, name, 0))
        elif name in values and values[name] != option.get("default"):
            yield (*path, name)


def without(path: tuple) -> dict:
    changed = copy.deepcopy(EVERYTHING)
    place = changed
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return changed


def sides(inventory) -> list:
    """What both sides get, and no option that is only stored or printed."""
    context = pbx.context(inventory.hosts[HOST], {}, {}, 22)
    return [
        account.connection(inventory.account), account.declared(inventory),
        *files("pbx", context, "*.conf.j2")]


OF_SIDES = {name: options.of_pbx()[name] for role in ("twilio_trunk", "pbx") for name in options.of_role(role)["main"]}
PATHS = [path for path in given(OF_SIDES, EVERYTHING) if path not in ELSEWHERE]
NATIVE = sides(whole(EVERYTHING))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_without_it_a_side_gets_something_else(path):
    inventory = whole(without(path))
    assert inventory.problems or sides(inventory) != NATIVE


@pytest.mark.parametrize("role", ["asterisk", "firewall", "verify"])
def test_an_option_of_another_role_stands_in_what_the_role_does(role):
    parts = [ROOT / "roles" / role / part for part in ("tasks", "vars", "templates", "handlers")]
    read = [path for part in parts for path in part.rglob("*")]
    read += [*(ROOT / "playbooks").rglob("*.yml"), *(ROOT / "plugins/module_utils/_inventory").glob("*.py")]
    words = set(re.findall(r"\w+", " ".join(path.read_text(encoding="utf-8") for path in read if path.is_file())))
    stated = set(options.of_role(role)["main"])
    assert stated - words == set()
