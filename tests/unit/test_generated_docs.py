# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is generated of the documentation is what its source says, and a fragment is text that no program makes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests import generate_docs

FRAGMENTS = Path(generate_docs.ROOT, "plugins/doc_fragments")


def test_it_is_what_its_source_says():
    names = [str(path.relative_to(generate_docs.ROOT)) for path in generate_docs.stale()]
    assert names == [], "run python tests/generate_docs.py"


@pytest.mark.parametrize("path", sorted(FRAGMENTS.glob("*.py")), ids=lambda path: path.stem)
def test_a_fragment_is_literal(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    values = [node.value for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.AnnAssign))]
    assert all(isinstance(value, ast.Constant) for value in values)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("ansible, expected", [
    ("C(a), V(b) and E(C)", "`a`, `b` and `C`"),
    ("O(name), O(ignore:name), O(state=absent)", "`name`, `name`, `state=absent`"),
    ("O(trunkline.voice.pbx#role:main:pbx_sip_port)", "`pbx_sip_port`"),
    ("O(trunkline_trunks[].caller_id) and RV(changes)", "`trunkline_trunks[].caller_id` and `changes`"),
    ("M(trunkline.voice.twilio_trunk)", "`trunkline.voice.twilio_trunk`"),
    ("role P(trunkline.voice.pbx#role)", "role [`pbx`](../pbx/README.md)"),
    ("U(https://example.com/a)", "<https://example.com/a>"),
    ("L(a page, https://example.com)", "[a page](https://example.com)"),
    ("B(bold) and I(italic)", "**bold** and *italic*"),
    (r"V(a\)b)", "`a)b`"),
    ("PBX(es) and IP (v4)", "PBX(es) and IP (v4)"),
])
def test_markup_becomes_markdown(ansible, expected):
    assert generate_docs.markdown(ansible) == expected


def test_a_table_has_a_row_for_each_option_and_each_column():
    lines = generate_docs.table({
        "main": {"options": {
            "rows": {"type": "list", "elements": "dict", "default": [], "description": "Some.", "options": {
                "name": {"type": "str", "required": True, "description": ["A|B.", "C."]}}},
            "how": {"choices": ["a", "b"], "default": "a", "description": "How."},
        }},
        "remove": {"options": {"how": {"description": "How."}, "keep": {"type": "bool", "description": "Whether."}}},
    }).splitlines()
    assert lines[2:] == [
        "| `rows` | list of dict | `[]` | Some. |",
        r"| `rows[].name` | str | *required* | A\|B. C. |",
        "| `how` | str | `a` | How. One of `a`, `b`. |",
        "| `keep` | bool |  | With `tasks_from: remove`. Whether. |",
    ]


HOW_TOS = ("add-an-option", "add-a-dialplan-feature")


@pytest.mark.parametrize("name", HOW_TOS)
def test_a_how_to_names_what_exists(name):
    """Its files, its tests, and the names of Python that stand in its text."""
    page = (generate_docs.ROOT / f"docs/howto/{name}.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:docs|roles|plugins|tests|molecule|changelogs)/[\w./-]+)`", page))
    assert len(paths) >= 6 and not [path for path in paths if not (generate_docs.ROOT / path).exists()]
    tests = {path.name for folder in ("tests", "molecule") for path in (generate_docs.ROOT / folder).rglob("test_*.py")}
    assert set(re.findall(r"`(test_\w+\.py)`", page)) <= tests
    code = "".join((generate_docs.ROOT / path).read_text(encoding="utf-8") for path in paths if path.endswith(".py"))
    missing = [word for word in re.findall(r"`(_?[A-Z][A-Z_]{2,})`|^([A-Z_]+) = \{", page, re.MULTILINE)
               if not re.search(rf"\b{''.join(word)}\b", code)]
    assert not missing
