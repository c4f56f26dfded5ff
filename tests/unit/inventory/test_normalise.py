# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value is read where it can be read in one way only, and refused with a hint where it would have to be guessed."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.normalise import normalise

SPEC = {
    "text": {"type": "str"},
    "needed": {"type": "str", "required": True},
    "mode": {"type": "str", "choices": ["now", "later"], "default": "later"},
    "secret": {"type": "str", "no_log": True},
    "number": {"type": "int", "default": 7},
    "flag": {"type": "bool", "default": False},
    "texts": {"type": "list", "elements": "str", "default": []},
    "ports": {"type": "list", "elements": "int"},
    "credential_lists": {"type": "list", "elements": "str"},
    "codecs": {"type": "list", "elements": "str", "choices": ["ulaw", "alaw"], "default": ["ulaw"]},
    "free": {"type": "dict", "default": {}},
    "rows": {"type": "list", "elements": "dict", "default": [], "options": {
        "name": {"type": "str", "required": True}, "count": {"type": "int", "default": 2}}},
    "verify_number": {"type": "str", "default": ""},
}


def read(name, value, written=None):
    """The value that an option gets, and the sentences that begin with it."""
    values, problems = normalise(SPEC, {"needed": "x", name: value}, lambda one: written)
    return values[name], problems


@pytest.mark.parametrize("name, value, expected", [
    ("text", "a", "a"), ("text", " a \n", "a"), ("text", 1001, "1001"), ("text", "", None), ("text", None, None),
    ("text", "a\u00a0", "a"),
    ("secret", "a b", "a b"), ("secret", "", ""), ("secret", 1234, "1234"),
    ("mode", None, "later"), ("mode", "", "later"), ("mode", "now", "now"),
    ("number", "10", 10), ("number", " 10 ", 10), ("number", 10.0, 10), ("number", "-1", -1), ("number", None, 7),
    ("number", "010", 10),
    *(("flag", value, True) for value in (True, 1, "1", "yes", "Yes", "on", "true", "TRUE", "y", "t")),
    *(("flag", value, False) for value in (False, 0, "0", "no", "No", "off", "false", "FALSE", "n", "f", None)),
    ("texts", "+8816", ["+8816"]), ("texts", "US,IN", ["US", "IN"]), ("texts", "US, IN", ["US", "IN"]),
    ("texts", 911, ["911"]), ("texts", [911, "112"], ["911", "112"]), ("texts", [], []), ("texts", None, []),
    ("texts", ("a",), ["a"]),
    ("ports", "5060", [5060]), ("ports", 5060, [5060]), ("ports", ["5060", 5061], [5060, 5061]), ("ports", None, None),
    ("credential_lists", "Head office", ["Head office"]),
    ("codecs", "alaw,ulaw", ["alaw", "ulaw"]),
    ("free", {"A": "b", "C": True, "D": False, "E": 0}, {"A": "b", "C": "yes", "D": "no", "E": "0"}),
    ("rows", [{"name": "a"}], [{"name": "a", "count": 2}]),
    ("rows", [{"name": 5, "count": "3"}], [{"name": "5", "count": 3}]),
    ("rows", [{"name": "a", "count": None}], [{"name": "a", "count": 2}]),
    ("verify_number", "", ""),
])
def test_what_can_be_read_in_one_way_is_read(name, value, expected):
    assert read(name, value) == (expected, [])


def test_a_number_of_an_unknown_notation_is_one_where_a_number_is_meant():
    assert read("number", 5060, "") == (5060, [])


@pytest.mark.parametrize("name, value, written, sentence", [
    ("text", 64, "0100", 'text must be text, and YAML reads 0100 as 64: write it in quotes, "0100".'),
    ("text", 17756187988, "+17756187988", "text must be text, and YAML reads +17756187988 as 17756187988"),
    ("text", 80542, "22:22:22", "text must be text, and YAML reads 22:22:22 as 80542"),
    ("text", 1000, "1_000", "text must be text, and YAML reads 1_000 as 1000"),
    ("text", False, None, "text must be text, and YAML reads yes, no, on and off as true and false, here as false"),
    ("text", 64, "", "text must be text, and Ansible reads it as a number, 64: write it in quotes"),
    ("text", 22.1, "22.1", 'text must be text, and YAML reads 22.1 as a number: write it in quotes, "22.1".'),
    ("text", 22.1, "22.10", 'text must be text, and YAML reads 22.10 as 22.1: write it in quotes, "22.10".'),
    ("text", 1.1, None, "text must be text, and Ansible reads it as a number, 1.1: write"),
    ("text", datetime.date(2026, 12, 25), None, "text must be text, and Ansible reads it as a date, 2026-12-25: write"),
    ("text", ["a"], None, "text must be one text, not a list"),
    ("text", {"a": 1}, None, "text must be one text, not a dict"),
    ("needed", None, None, "needed is missing: give it a value."),
    ("needed", "", None, "needed is missing: give it a value."),
    ("mode", "sometimes", None, "mode must be one of now, later, not 'sometimes'."),
    ("mode", True, None, "mode must be one of now, later, not true."),
    ("secret", True, None, "secret must be text, and Ansible reads another type"),
    ("secret", " a", None, "secret must not begin or end with a space or a line break."),
    ("secret", "a\n", None, "secret must not begin or end with a space or a line break."),
    ("texts", '["US"]', None, "texts must be a list, and is a text that looks like one: write its entries alone with"),
    ("number", 2608, "05060", "number must be a whole number, and YAML reads 05060 as 2608"),
    ("number", True, None, "number must be a whole number, not True."),
    ("number", "ten", None, "number must be a whole number, not 'ten'."),
    ("number", "", None, "number must be a whole number, not ''."),
    ("number", 1.5, None, "number must be a whole number, not 1.5."),
    ("number", [1], None, "number must be a whole number, not [1]."),
    ("flag", "maybe", None, "flag must be true or false, not 'maybe'."),
    ("flag", 2, None, "flag must be true or false, not 2."),
    ("flag", [], None, "flag must be true or false, not []."),
    ("texts", "", None, "texts is empty, where a list is meant: leave it out, or write [] for an empty list."),
    ("texts", True, None, "texts must be a list, not true or false."),
    ("texts", {"a": "b"}, None, "texts must be a list, not a dict."),
    ("texts", [["a"]], None, "texts[0] must be one text, not a list."),
    ("texts", ["a", ""], None, "texts[1] is missing"),
    ("texts", ["a", None], None, "texts[1] is missing"),
    ("texts", [0], "00", 'texts[0] must be text, and YAML reads 00 as 0: write it in quotes, "00".'),
    ("texts", 9, "011", "texts[0] must be text, and YAML reads 011 as 9"),
    ("credential_lists", "A, B", None, "credential_lists must be a list, and 'A, B' may be one name or several"),
    ("codecs", ["opus"], None, "codecs[0] must be one of ulaw, alaw, not 'opus'."),
    ("free", "A=b", None, "free must be a dict, not a text: on the command line give it as JSON"),
    ("free", {"A": 9}, "011", "free has A, which must be text, and YAML reads 011 as 9"),
    ("free", {"A": ["b"]}, None, "free must have a text for A, not a list."),
    ("free", {"A": None}, None, "free must have a text for A, not null."),
    ("rows", {"name": "a"}, None, "rows must be a list of dicts, not a dict: begin each with a dash."),
    ("rows", '[{"name": "a"}]', None, "rows must be a list of dicts, not a text: on the command line give it as JSON"),
    ("rows", ["a"], None, "rows[0] must be a dict of name, count."),
    ("rows", [{"count": 1}], None, "rows[0].name is missing"),
    ("rows", [{"name": "a", "cuont": 1}], None, "rows[0].cuont is no option: did you mean count?"),
    ("rows", [{"name": "a", "count": "x"}], None, "rows[0].count must be a whole number, not 'x'."),
])
def test_what_would_have_to_be_guessed_is_refused(name, value, written, sentence):
    dummy, problems = read(name, value, written)
    assert len(problems) == 1 and problems[0].startswith(sentence), problems


def test_no_sentence_shows_a_secret():
    spec = {"rows": {"type": "list", "elements": "dict", "options": {"password": {"type": "str", "no_log": True}}}}
    wrong = ("Canary", ["Canary"], {"password": "Canary"}, [{"password": ["Canary"]}], [{"password": {"Canary": 1}}])
    for value in wrong:
        dummy, problems = normalise(spec, {"rows": value})
        assert problems and "Canary" not in " ".join(problems)


def test_a_default_is_the_caller_s_to_change():
    first, dummy = normalise(SPEC, {"needed": "x"})
    first["codecs"].append("alaw")
    assert normalise(SPEC, {"needed": "x"})[0]["codecs"] == ["ulaw"]
