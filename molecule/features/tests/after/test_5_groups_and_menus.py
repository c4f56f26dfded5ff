# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ring groups in turn, with times and prefixes, and menus with several digits: who rang when, and what stays closed."""

from __future__ import annotations

import re
import time

import pytest

from labtest.audio import RATE, recognised, samples
from labtest.incoming import CALLER, SOUNDS
from labtest.twin import place_incoming_call
from labtest.waiting import until

TURNS, MENU = "+17756187988", "+12025550143"
PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"
PATIENCE, THANKS, ALONE = "queue-thankyou", "demo-thanks", "conf-onlyperson"
FEATURES = {
    "pbx_phones": [{"name": name, "password": PASSWORD} for name in ("1001", "1002", "1003")],
    "pbx_dids": [
        {"number": TURNS, "to": {"ring_group": "turns"}}, {"number": MENU, "to": {"menu": "main"}, "language": "de"}],
    "pbx_directory": [{"number": CALLER, "name": "Anna O'Neil"}],
    "pbx_ring_groups": [
        {"name": "turns", "members": ["1001", "1002"], "strategy": "round_robin", "seconds": 4, "skip_busy": True,
         "caller_name_prefix": "Sales"},
        {"name": "times", "members": ["1001", "1002", "1003"], "seconds": 12, "member_times": [
            {"member": "1002", "delay_seconds": 2}, {"member": "1003", "seconds": 3}]}],
    "pbx_menus": [{
        "name": "main", "prompt": "greeting", "seconds": 2, "attempts": 10, "next_key_seconds": 1,
        "direct_dialling": True,
        "keys": {
            "1": {"announcement": "patience"}, "12": {"announcement": "thanks"}, "8": {"ring_group": "times"},
            "5": {"announcement": "greeting"}, "pound": {"menu": "main"}},
        "otherwise": {"hangup": "normal"}}, {
        "name": "english", "prompt": "greeting", "language": "en", "seconds": 1, "attempts": 1,
        "keys": {"1": {"hangup": "normal"}}}],
    "pbx_announcements": [
        {"name": "patience", "prompt": PATIENCE}, {"name": "thanks", "prompt": THANKS},
        {"name": "greeting", "prompt": "greeting", "then": {"menu": "english"}}],
}
#: What callers try in a menu where they may dial phones: codes, help, numbers outside. After # they have all attempts.
TRIED = "*97#*7233#01144207#911#933#0112#*69#*66#**3#700#"


@pytest.fixture(scope="module", autouse=True)
def built(pbx, tmp_path_factory, declare):
    """A run of site.yml by which calls go there. The greeting is two of Asterisk's own sounds."""
    folder = tmp_path_factory.mktemp("greetings")
    for name in (THANKS, ALONE):
        (folder / f"{name}.wav").write_bytes(pbx.file(f"{SOUNDS}/{name}.wav").content)
    greeting = {"name": "greeting", "file": f"{folder}/{THANKS}.wav", "translations": [
        {"language": "de", "file": f"{folder}/{ALONE}.wav"}, {"language": "es", "text": "Gracias por su llamada."}]}
    declare({**FEATURES, "pbx_prompts": [greeting]})


def test_phones_ring_in_turn_and_show_the_group(called, desk, asterisk, detail):
    """A call begins with the phone after the one that rang first for the call before, also after a reload.

    Each shows the prefix and the caller's name.
    """
    phones, order, before = [desk("1001"), desk("1002")], [], [0, 0]

    def rang():
        return [phone.see()["rang"] for phone in phones]

    def first():
        until(lambda: rang() != before)
        order.append([now - then for now, then in zip(rang(), before)])

    def both():
        first()
        until(lambda: all(now > then for now, then in zip(rang(), before)))

    for ends in (first, first, both):
        before[:] = rang()      # as it is before the call, whose first phone rings at once
        called(TURNS, until=ends)
        asterisk("dialplan reload")
    shown = {name for phone in phones for name in re.findall('^"(.*?)"', "\n".join(phone.see()["callers"]), re.M)}
    detail(f"rang first {order}, and shown {shown}")
    assert order == [[1, 0], [0, 1], [1, 0]] and shown == {"Sales: Anna O'Neil"}


def test_a_phone_in_a_call_is_passed_over(desk, twin, twilio, asterisk, detail):
    """While both phones talk neither rings, though it could take a second call, and the caller's side hears busy."""
    phones = [desk("1001", 0.2), desk("1002", 0.2)]

    def rang():
        return [phone.see()["rang"] for phone in phones]

    def one_more_talks(count):
        place_incoming_call(twilio, TURNS, CALLER)
        until(lambda: sum(any(phone.see()["up"]) for phone in phones) == count)

    one_more_talks(1)
    one_more_talks(2)
    before = len(twin.calls())
    place_incoming_call(twilio, TURNS, CALLER)
    third = twin.call_to(TURNS, before)
    asterisk("channel request hangup all")
    detail(f"rang {rang()}, the third call {third['sip_status']}")
    assert rang() == [1, 1] and third["sip_status"] == 486


def test_members_begin_later_and_stop_earlier(called, desk, detail):
    """One phone rings for three seconds, one begins after two and answers after two more, and one rings on."""
    whole, later, short = desk("1001"), desk("1002", 2), desk("1003")
    at = {}

    def watch():
        began = time.monotonic()
        while "answered" not in at and time.monotonic() - began < 15:
            now = time.monotonic() - began
            seen = {"whole": whole.see(), "later": later.see(), "short": short.see()}
            for name, one in seen.items():
                if one["rang"]:
                    at.setdefault(name, now)
            if seen["short"]["reason"]:
                at.setdefault("stopped", now)
            if any(seen["later"]["up"]):
                at["answered"] = now
        whole.wait(lambda seen: seen["reason"], 5)

    call = called(MENU, keys="wwww8", until=watch)
    detail(", ".join(f"{name} {when - at['whole']:.1f} s" for name, when in at.items()))
    assert call["sip_status"] == 200
    assert abs(at["short"] - at["whole"]) < 1 and 1.5 < at["later"] - at["whole"] < 3.5
    assert 2.5 < at["stopped"] - at["whole"] < 4.5 and at["answered"] > at["stopped"]
    assert "elsewhere" in whole.see()["reason"] and "elsewhere" not in short.see()["reason"]


@pytest.mark.parametrize(("keys", "heard"), [("12", THANKS), ("1", PATIENCE)])
def test_keys_of_several_digits(called, likeness, keys, heard, detail):
    """12 is another key than 1, which counts once no other digit followed (RFC 4733)."""
    likely = likeness(called(MENU, keys=f"wwww{keys}"), heard)
    detail(f"{likely:.0%} of {heard} recognised")
    assert likely > 0.8


def test_a_call_hears_prompts_in_its_language(called, twin, pbx, detail):
    """The number's language is that of the prompts, until the call comes to a menu in another one.

    What Asterisk itself has in English only is heard in English: the checks of keys and of what is tried hear it.
    """
    heard = samples(twin.recording(called(MENU, keys="wwww5")["sid"]))
    # Without its beginning, which may come before the key's end.
    german, english = (
        recognised(samples(pbx.file(f"{SOUNDS}/{name}.wav").content)[RATE // 2:], heard) for name in (ALONE, THANKS))
    detail(f"{german:.0%} of the translation and {english:.0%} of the prompt recognised")
    assert min(german, english) > 0.7
    assert len(pbx.check_output("ls /var/lib/trunkline/prompts/es").split()) == 2


def test_callers_dial_phones_and_nothing_else(called, desk, twin, likeness, asterisk, detail):
    """A phone's name rings that phone. Codes, help and numbers outside lead nowhere, and set nothing.

    The caller is in the menu after all of them, and hears what its keys lead to.
    """
    before, seen = len(twin.calls()), desk("1003", 1)
    tried = called(MENU, keys=f"wwww{TRIED}1")
    heard = likeness(tried, PATIENCE)
    assert len(twin.calls()) == before + 1 and seen.see()["rang"] == 0 and heard > 0.8
    assert "0 results found" in asterisk("database show forward_busy")
    call = called(MENU, keys="wwww1003", until=lambda: seen.wait(lambda one: any(one["up"])))
    detail(f"{heard:.0%} heard after {TRIED}; the phone rang {seen.see()['rang']}")
    assert seen.see()["rang"] == 1 and call["sip_status"] == 200
