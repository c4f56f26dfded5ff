# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The card of feature codes: what a PBX has is on it, what it has not is not, and no name is read as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.card import page, sections
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.feature_codes import CODES

from .features.test_wrong_values import RIGHT
from .whole import EVERYTHING, HOST, whole


def card_of(variables: dict) -> list[dict]:
    inventory = whole(variables)
    assert inventory.problems == []
    return sections(inventory.hosts[HOST])


def dialled(parts: list[dict]) -> list[str]:
    return [row["dial"] for part in parts for row in part["rows"]]


class Shape(HTMLParser):
    """Collects the text of a page, and holds each element against the one that ends."""

    def __init__(self, text: str):
        super().__init__()
        self.open, self.names, self.text = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_without_a_word_of_inventory_it_has_forwards_do_not_disturb_and_call_back():
    parts = card_of(RIGHT)
    assert [part["title"] for part in parts] == ["Where your calls go", "Calls of others"]
    assert dialled(parts) == [
        "*72 and a phone", "*73", "*90 and a phone", "*91", "*52 and a phone", "*53", "*78", "*79", "*69",
        "*66"]
    assert parts[0]["rows"][0]["example"] == "*721002"


def test_it_has_everything_that_an_inventory_has():
    parts = card_of(EVERYTHING)
    assert dialled(parts) == [
        "*21* and a number", "#21#", "*91", "*52 and a number", "*53", "*78", "*79", "*8", "** and a phone",
        "*80 and a phone", "*69", "*66", "*45", "*46", "transfer to 700", "701 to 710", "*98", "*28", "*9",
        "*81", "*01", "81"]
    assert parts[-4] == {"title": "Opening hours", "rows": [
        {"dial": "*28", "does": "Close office by hand; dialled again, the clock decides", "example": ""}]}
    assert [part["title"] for part in parts[-3:]] == ["Recording a call", "Paging", "Speed dials"]
    assert [row["does"] for row in parts[-1]["rows"]] == ["Call Anna (at 1002, 1001)", "Call ring group sales"]
    assert next(row for row in parts[1]["rows"] if row["dial"].startswith("**"))["example"] == "**1001"


def test_each_feature_that_has_a_code_is_on_it():
    """A code that is added to the table and to no part of the card would be missing here."""
    phones = [{**phone, "pickup_group": "front", "intercom": True} for phone in RIGHT["pbx_phones"]]
    queue = {"name": "support", "agents": ["1001"]}
    found = dialled(card_of({**RIGHT, "pbx_phones": phones, "pbx_queues": [queue]}))
    assert {one.partition(" ")[0] for one in found} == {code.default for code in CODES.values()}


@pytest.mark.parametrize(("more", "there"), [
    ({"pbx_feature_codes": dict.fromkeys(CODES)}, []),
    ({"pbx_parking": {"number": "700", "slots": 1}, "pbx_feature_codes": dict.fromkeys(CODES)},
     ["transfer to 700", "701"]),
    ({"pbx_voicemail_code": "*98", "pbx_feature_codes": dict.fromkeys(CODES)}, []),
])
def test_what_is_not_there_is_not_on_it(more, there):
    assert dialled(card_of({**RIGHT, **more})) == there


def test_phones_with_names_of_letters_are_no_example():
    rows = [{"name": "reception", "password": "Canary-12345"}, {"name": "1002", "password": "Canary-12345"}]
    inventory = {name: RIGHT[name] for name in ("trunkline_public_address", "trunkline_trunks")}
    assert card_of({**inventory, "pbx_phones": rows})[0]["rows"][0]["example"] == "*721002"
    assert card_of({**inventory, "pbx_phones": rows[:1]})[0]["rows"][0]["example"] == ""


def test_the_page_is_whole_and_names_nothing_from_elsewhere():
    text = page("pbx1", card_of(EVERYTHING))
    shape = Shape(text)
    assert text.startswith("<!DOCTYPE html>") and shape.open == [] and "link" not in shape.names
    assert not {"script", "img", "iframe"} & set(shape.names) and "://" not in text and "url(" not in text
    assert shape.names.count("tr") == len(dialled(card_of(EVERYTHING)))


def test_names_are_text_and_never_html():
    evil = "<script>alert('1')</script> & \"O'Brien\" @BODY@ {name}"
    shape = Shape(page(evil, [{"title": evil, "rows": [{"dial": evil, "does": evil, "example": evil}]}]))
    assert "script" not in shape.names and shape.open == []
    assert "".join(shape.text).count(evil) == 6


def test_a_pbx_without_codes_says_so():
    assert "This PBX has no codes." in page("pbx1", [])
