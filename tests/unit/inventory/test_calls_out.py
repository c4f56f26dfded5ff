# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rendered dialplan lets out is never wider than what a person reads in the inventory.

Ten thousand inventories that the collection accepts, each rendered, and numbers dialled through it by each of its
phones, by hand, by transfer and by forward; a second reading that shares no code with the product (plain_reading.py)
says which of them may go out. A caller from outside reaches mailboxes by their PINs, and the numbers outside that are
named, alone, in a ring group and in a queue, and nothing else that calls out.
"""

from __future__ import annotations

import functools
import re

import phonenumbers
import pytest
from hypothesis import HealthCheck, assume, given, settings

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import pbx
from ansible_collections.trunkline.voice.plugins.module_utils._numbers import classes
from ansible_collections.trunkline.voice.plugins.module_utils._numbers.ranges import ranges
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer
from tests.unit.pbx.dialplan import call, find, read
from tests.unit.pbx.test_incoming import reached

from . import plain_reading as plain
from .test_spellings import as_written
from .whole import HOST, whole
from .written import Inventory, inventories, numbers

NUMBERS = numbers()
#: So many inventories a part: the parts run beside each other.
PARTS, EXAMPLES = 4, 2500
#: Contexts of a phone: of what is dialled, of where it transfers to, and of where its calls are forwarded to.
_WAYS = ("context", "transfers", "way_out")
#: How the contexts begin that lead out, or to what only phones may dial.
_OUT = ("outside-twilio", "outside-numbers", "outside-members", "outbound", "trunk-", "class-", "emergency", "phones-",
        "refer-", "codes", "speed-dial", "voicemail", "as-dialled", "forward-")
#: What else only phones may dial: codes, help, a mailbox, another PBX's ways out.
CODES = ["*97", "*98", "*72", "*721001", "*69", "*66", "*8", "**1001", "*801001", "#21#", "911", "933", "112", "999",
         "9911", "0112", "00", "011", "s,1", "1001&1002", "1001,1", "10011002"]
#: Where callers come to, beside the numbers outside: a menu whose key listens to a mailbox, and who else may be there.
IN = {
    "pbx_dids": [{"number": "+12025550199", "to": {"menu": "main"}}],
    "pbx_mailboxes": [{"name": "1001", "pin": "729416"}],
    "pbx_mailbox_logins": [{"name": "remote", "mailboxes": ["1001"]}],
}


@pytest.fixture(autouse=True, scope="module")
def ranges_are_remembered():
    """The same countries again and again: their ranges are computed once, however many there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classes, "_ranges", functools.cache(ranges))
        yield


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_goes_out_that_the_inventory_does_not_allow(part):
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(inventories())
    def check(inventory):
        found, outside = _read(inventory)
        assert not (found.problems and inventory.faithful), found.problems
        assume(not found.problems)
        _check(inventory, pbx.context(found.hosts[HOST], {}, {}, 22), outside)

    check()


def _read(inventory: Inventory) -> tuple:
    """Read the inventory with the numbers outside that may be called, after it was refused with one that may not."""
    meant, rows = inventory.meant, inventory.meant["pbx_outside_numbers"]
    right = [row for row in rows if plain.may_call(meant, *_class_and_trunk(meant, row), row["number"])]
    if right != rows:
        found = whole(inventory.written, as_written)
        assert not inventory.faithful or any("pbx_outside_numbers" in one for one in found.problems), rows
    given = {**inventory.written, "pbx_outside_numbers": right, **_callers_come_to(meant, right)}
    return whole(given, as_written), right


def _callers_come_to(meant: dict, outside: list) -> dict:
    """A menu that leads to each number outside, and to a ring group and a queue of which they are members."""
    names = [row["name"] for row in outside]
    group = {"name": "all", "members": [meant["pbx_phones"][0]["name"]], "outside_members": names}
    times = [{"member": name, "delay_seconds": 5} for name in (*group["members"], *names[1:])]
    keys = [{"ring_group": "all"}, {"queue": "all"}, {"mailbox_login": "remote"}]
    keys += [{"outside_number": one} for one in names]
    return {**IN, "pbx_ring_groups": [{**group, "member_times": times}], "pbx_queues": [group],
            "pbx_menus": [{"name": "main", "prompt": "demo-thanks", "keys": dict(zip("0123456789", keys)),
                           "direct_dialling": True}]}


def _class_and_trunk(meant: dict, row: dict) -> tuple[str, dict]:
    trunks = {trunk["name"]: trunk for trunk in meant["trunkline_trunks"]}
    return row["class"] or "international", trunks[row["trunk"] or "T0"]


def _check(inventory: Inventory, context: dict, outside: list) -> None:
    render = Renderer("pbx", context)
    text = render("extensions.conf.j2")
    contexts = read(text)
    _check_callers(contexts, text + render("queues.conf.j2"), {row["name"] for row in outside})
    meant, first = inventory.meant, inventory.meant["trunkline_trunks"][0]
    trunks = {trunk["name"]: trunk for trunk in meant["trunkline_trunks"]}
    probes = dialled(inventory)
    ways = {("outbound", "international", first["name"])}
    for phone, made in zip(meant["pbx_phones"], context["phones"]):
        name = phone["class"] or meant["pbx_default_class"] or "international"
        ways.update((made[way], name, phone["trunk"] or first["name"]) for way in _WAYS)
    for context_name, class_name, trunk in ways:
        for one in probes[inventory.seed % 4::4] if context_name.startswith(("refer-", "outside-")) else probes:
            _check_call(meant, class_name, trunks[trunk], one, call(contexts, context_name, one))
    _check_direct_dialling(contexts, meant, [*probes, *CODES])
    for made in context["phones"]:      # what is dialled by *66, *69 or a speed dial takes the way that is probed above
        assert contexts["as-dialled"].extensions[made["name"]] == [f"Goto({made['way_out']},${{TO}},1)"]
    for row in outside:
        class_name, trunk = _class_and_trunk(meant, row)
        goto = contexts["outside-numbers"].extensions[row["name"]][-1]
        out = call(contexts, *re.fullmatch(r"Goto\((.*),(.*),1\)", goto).groups())
        assert out and out.number == row["number"]
        _check_call(meant, class_name, trunk, row["number"], out)


def _check_callers(contexts: dict, text: str, outside: set[str]) -> None:
    """A caller's channel reaches nothing that calls out; what is called for it are phones and the numbers outside."""
    inside = reached(contexts, "from-twilio")
    assert {"menu-main", "ring-group-all", "queue-all", "mailbox-login-remote"} <= inside
    assert not {name for name in inside if name.startswith(_OUT)}
    legs = set(re.findall(r"Local/([^/@]+)@([\w-]+)/n", text)) - {("leg", "watch")}
    assert {name for name, context in legs if context not in ("phone-members", "later-all")} == outside
    assert {context for name, context in legs} <= {"outside-numbers", "outside-members", "phone-members", "later-all"}
    assert not {name for name in reached(contexts, "later-all") if name.startswith(_OUT)}
    for name in outside:
        assert [step for step in contexts["outside-members"].extensions[name] if step.startswith("Goto(")] == [
            f"Goto(outside-numbers,{name},1)"]


def _check_direct_dialling(contexts: dict, meant: dict, probes: list[str]) -> None:
    """What a caller keys in a menu is one of its keys or a phone's name, and nothing else that a phone dials."""
    phones, menu = {str(phone["name"]) for phone in meant["pbx_phones"]}, contexts["menu-main"]
    assert menu.includes == ["dialled-phones"] and contexts["dialled-phones"].includes == []
    assert {name: steps[-1] for name, steps in contexts["dialled-phones"].extensions.items()} == {
        name: f"Goto(internal,{name},1)" for name in phones}
    keys = {name for name in menu.extensions if len(name) == 1 and name.isdigit()}
    for one in probes:
        assert not find(contexts, "menu-main", one) or one in keys | phones, one


def _check_call(meant: dict, class_name: str, trunk: dict, dialled: str, out) -> None:
    if not out:
        return
    assert (out.trunk, out.caller_id) == ("twilio-" + trunk["domain"].partition(".")[0], trunk["caller_id"])
    if plain.is_for_help(meant, trunk, dialled) and out.number == dialled:
        return
    assert out.number in plain.may_mean(meant, trunk, dialled), f"{dialled} became {out.number}"
    assert plain.may_call(meant, class_name, trunk, out.number), (
        f"class {class_name} on {trunk['name']} called {out.number}, dialled as {dialled}")


def dialled(inventory: Inventory) -> list[str]:
    """What is dialled: numbers of every kind and what people of the trunks' countries dial, other ones in each
    inventory; and numbers about each prefix."""
    meant = inventory.meant
    rows = [meant, *meant["pbx_classes"]]
    prefixes = {one for row in rows for name, value in row.items() if name.endswith("ed_prefixes") for one in value}
    homes = [meant["pbx_home_country"]] if meant["pbx_home_country"] else {
        plain.home_country(meant, trunk) for trunk in meant["trunkline_trunks"]}
    about = [number for prefix in prefixes for number in _about(prefix)]
    return [
        *NUMBERS[inventory.seed % 6::6], *about,
        *(one for home in homes for one in _at_home(home)[inventory.seed % 17::17])]


@functools.cache
def _about(prefix: str) -> list[str]:
    """Numbers that begin with the prefix, with those beside it, and with all of it but its last digit."""
    last, body = int(prefix[-1]), prefix[:-1]
    beside = {prefix, f"{body}{(last + 1) % 10}", f"{body}{(last - 1) % 10}"} - {"+0"}
    return sorted({_valid(one) for one in beside} | {(prefix + "5550143")[:12]})


def _valid(prefix: str) -> str:
    """A valid number that begins so, where there is an easy one."""
    for end in ("2025550143", "5550143", "550143", "12345678", "234567890", "123456", "21234567"):
        for number in (prefix + end, (prefix + end)[:12]):
            if len(number) <= 16 and plain.is_valid(number):
                return number
    return (prefix + "2345678901")[:13]


@functools.cache
def _at_home(country: str) -> list[str]:
    """What people of a country dial for the numbers: with the prefixes of North America, Europe and the country's own
    stated ones, and as they are written there."""
    prefixes = ("00", "011", "9", "9011", "0", "8", "810")
    found = {prefix + number[1:] for number in NUMBERS[::5] for prefix in prefixes}
    code = f"+{phonenumbers.country_code_for_region(country)}"
    for number in (phonenumbers.parse(one) for one in NUMBERS if one.startswith(code)):
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        found |= {written, re.sub(r"\D", "", written), str(number.national_number)}
        found.add(f"{code} (0){number.national_number}")
    return sorted(found | {"911", "112", "999", "0112", "100", "9+19005550143", "0+442079460958", "00+19005550143"})
