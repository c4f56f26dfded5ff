# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""However Ansible delivers a value: both sides get the same bytes as from the native one, or it is refused by name.

Every option of every role, every spelling of it that YAML, INI, `-e` and Jinja can deliver.
"""

from __future__ import annotations

import copy
import datetime
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import pytest
from hypothesis import given, settings, strategies

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import pbx
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import (
    N8N_ROLES,
    PBX_ROLES,
    of_hosts,
    of_pbx,
)
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer

from .whole import EVERYTHING, HOST, made, whole

ROOT = Path(__file__).parents[3]
ABSENT = object()
#: A secret that no validated value holds for tasks: a text that is taken as it is, or refused.
ENCRYPTED = {"n8n_encryption_key", "twilio_twin_auth_token", "twilio_twin_api_keys"}
#: Where nothing is like an empty text, though the text is a value of its own at Twilio or elsewhere.
SPACES = ("{} ", " {}", "{}\n", "\t{}")


class Written(int):
    """A number that stands in a YAML file in another form."""

    text = ""


def octal(value: int) -> Written:
    """A number as YAML 1.1 reads it where somebody wrote a zero before it."""
    found = Written(value)
    found.text = f"0{value:o}"
    return found


def as_written(value: Any) -> str | None:
    return getattr(value, "text", None)


class Spelling(NamedTuple):
    """What is delivered for the option at a path, and the native value that it may mean."""

    path: tuple
    delivered: Any
    means: Any

    def __str__(self) -> str:
        place = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in self.path).lstrip(".")
        return f"{place}={self.delivered!r}"


def spellings(spec: dict, values: Any, path: tuple = ()) -> Iterator[Spelling]:
    for name, option in spec.items():
        yield from of_option(option, values[name], (*path, name)) if name in values else ()


def of_option(option: dict, value: Any, path: tuple) -> Iterator[Spelling]:
    kind = option.get("type", "str")
    yield Spelling(path, None, ABSENT)
    if kind == "list" and "options" in option:
        yield from of_rows(value, path)
        yield from spellings(option["options"], value[0], (*path, 0))
    elif kind == "list":
        yield from of_list(value, path)
        for index, one in enumerate(value):
            yield from SCALARS[option.get("elements", "str")](one, (*path, index))
    elif kind == "dict" and "options" in option:
        yield from (Spelling(path, one, one) for one in ("", "text", 5, True, [], [value], {}, {"phnoe": "1001"}))
        yield from spellings(option["options"], value, path)
    elif "values" in option:
        yield from (Spelling(path, one, one) for one in ("", "text", 5, True, [], [value], {}))
        yield from spellings({key: {"type": "dict", "options": option["values"]} for key in value}, value, path)
    elif kind == "dict":
        yield from (Spelling(path, one, one) for one in ("PrivateDevices=no", ["PrivateDevices"], 5, "", True))
        yield Spelling(path, {"PrivateDevices": False}, {"PrivateDevices": "no"})
    else:
        yield from SCALARS[kind](value, path)


def of_text(value: str, path: tuple) -> Iterator[Spelling]:
    yield from (Spelling(path, form.format(value), value) for form in SPACES)
    yield from (Spelling(path, one, one) for one in ("", "   ", [value], [], {value: value}, {}, True, False, 1.5))
    yield Spelling(path, datetime.date(2026, 12, 25), ABSENT)
    if value.isdigit():
        yield Spelling(path, int(value), str(int(value)))
        yield Spelling(path, octal(int(value)), ABSENT)
    if value.startswith("+") and value[1:].isdigit():
        plus = Written(value)
        plus.text = value
        yield Spelling(path, plus, ABSENT)


def of_int(value: int, path: tuple) -> Iterator[Spelling]:
    yield from (Spelling(path, one, value) for one in (str(value), f" {value}\n", float(value)))
    yield from (Spelling(path, one, one) for one in ("", "many", "1e3", True, [value], {}, value + 0.5, None))
    yield Spelling(path, octal(value), ABSENT)


def of_bool(value: bool, path: tuple) -> Iterator[Spelling]:
    same = ("yes", "Yes", "on", "true", "TRUE", "1", 1, "y") if value else ("no", "No", "off", "false", "0", 0, "n")
    yield from (Spelling(path, one, value) for one in same)
    yield from (Spelling(path, one, one) for one in ("", "maybe", 2, [], [value], {}))


def of_raw(value: Any, path: tuple) -> Iterator[Spelling]:
    yield from (Spelling(path, one, one) for one in (True, 1.5, "text", {}, []))


SCALARS = {"str": of_text, "int": of_int, "bool": of_bool, "path": of_text, "raw": of_raw}


def of_list(value: list, path: tuple) -> Iterator[Spelling]:
    if all("," not in str(one) for one in value):
        yield Spelling(path, ",".join(map(str, value)), value)
        yield Spelling(path, ", ".join(map(str, value)), value)
    yield Spelling(path, tuple(value), value)
    yield Spelling(path, value[0], value[:1])
    yield from (Spelling(path, one, one) for one in ("", True, {}, {value[0]: 1}, [None], [""], [value], [[]], 1.5))
    yield Spelling(path, f"[{value[0]}]", ABSENT)


def of_rows(value: list, path: tuple) -> Iterator[Spelling]:
    yield Spelling(path, tuple(value), value)
    yield from (Spelling(path, one, one) for one in ("", "text", 5, True, {}, value[0], [None], ["text"], [[]], [{}]))
    yield Spelling(path, [{**value[0], "nmae": "x"}], ABSENT)


def changed(path: tuple, value: Any, everything: dict | None = None) -> dict:
    """The inventory with another value at a path. What is not on the path is shared, and nothing writes to it."""
    place: Any = copy.copy(EVERYTHING if everything is None else everything)
    inventory = place
    for step in path[:-1]:
        place[step] = place = copy.copy(place[step])
    if value is ABSENT:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return inventory


def value_at(path: tuple) -> Any:
    return functools.reduce(lambda place, step: place[step], path, EVERYTHING)


ALL = list(spellings(of_pbx(), EVERYTHING))
NATIVE = made(whole(EVERYTHING))


def test_the_inventory_has_a_value_for_every_option():
    destinations = of_pbx()["pbx_dids"]["options"]["to"]["options"]
    forwards = of_pbx()["pbx_phones"]["options"]["forward_always"]["options"]
    kinds: set[str] = set()

    def missing(spec, values, path=""):
        for name, option in spec.items():
            columns = option.get("options")
            if name not in values:
                yield path + name
            elif columns is destinations or columns is forwards:        # a dict of one key, or several
                kinds.update(*([values[name]] if option["type"] == "dict" else values[name]))
            elif columns:
                rows = [values[name]] if option["type"] == "dict" else values[name]
                yield from missing(columns, {k: v for row in rows for k, v in row.items()}, f"{path}{name}.")

    assert list(missing(of_pbx(), EVERYTHING)) == [] and whole(EVERYTHING).problems == []
    assert set(destinations) < set(forwards) == kinds


@pytest.mark.parametrize("spelling", ALL, ids=map(str, ALL))
def test_a_spelling_means_the_same_on_both_sides_or_is_refused(spelling):
    found = whole(changed(spelling.path, spelling.delivered), as_written)
    if found.problems:
        assert any(str(spelling.path[0]) in problem for problem in found.problems), found.problems
        return
    if repr(spelling.means) == repr(value_at(spelling.path)):
        assert made(found) == NATIVE
        return
    means = whole(changed(spelling.path, spelling.means))
    assert not means.problems, f"accepted, though {spelling.means!r} is refused: {means.problems}"
    assert made(found) == made(means)


@settings(max_examples=300)
@given(strategies.lists(strategies.sampled_from(ALL), min_size=2, max_size=5, unique_by=lambda one: one.path[0]))
def test_several_spellings_at_once(chosen):
    delivered, native = copy.deepcopy(EVERYTHING), copy.deepcopy(EVERYTHING)
    for spelling in chosen:
        name = spelling.path[0]
        delivered[name] = changed(spelling.path, spelling.delivered)[name]
        meant = changed(spelling.path, spelling.means)
        native[name] = meant.get(name)
    found = whole(delivered, as_written)
    if not found.problems:
        assert made(found) == made(whole(native))


def test_a_template_that_reads_a_raw_variable_fails():
    """What this test would look like if one did: plain Jinja knows the validated values, and nothing else."""
    render = Renderer("pbx", pbx.context(whole(EVERYTHING).hosts[HOST], {}, {}, 22))
    template = render._environment.from_string("{{ pbx_phones[0].name }}")
    with pytest.raises(jinja2.UndefinedError, match="pbx_phones"):
        template.render(render._variables)


def test_no_template_has_a_default_of_its_own():
    """The argument specs have each default, and a template that had one as well could say another."""
    templates = [path for role in PBX_ROLES for path in (ROOT / "roles" / role).glob("templates/**/*.j2")]
    assert len(templates) > 40
    for path in templates:
        assert not re.search(r"\|\s*(default|d)\b", path.read_text()), path


def test_no_task_reads_a_raw_variable():
    """Tasks take an option from the validated values only: `__pbx.options.pbx_sip_port`."""
    names = "|".join(sorted(set(of_hosts()) - ENCRYPTED))
    raw = re.compile(rf"(?<![\w.'\"/-])({names})(?!\w|:(?:\s|$))")
    for role in (*PBX_ROLES, *N8N_ROLES, "twilio_twin"):
        for path in [*(ROOT / "roles" / role).glob("tasks/*.yml"), *(ROOT / "roles" / role).glob("vars/**/*.yml"),
                     *(ROOT / "roles" / role).glob("handlers/*.yml")]:
            lines = [line for line in path.read_text().splitlines() if line.strip()[:1] != "#"]
            text = "\n".join(line.partition(" #")[0] for line in lines)
            expressions = " ".join(
                re.findall(r"{{.*?}}|{%.*?%}|(?:when|that|until|failed_when|changed_when):.*", text, re.S))
            assert not raw.findall(expressions), path
