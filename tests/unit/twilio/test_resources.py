# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declarations of Twilio's resources, and the guide to adding one."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._core.resource import Resource
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.account import ACCOUNT

ROOT = Path(__file__).parents[3]
PACKAGE = "ansible_collections.trunkline.voice.plugins.module_utils._twilio"
TWILIO = ROOT / "plugins" / "module_utils" / "_twilio"
GUIDE = ROOT / "docs" / "howto" / "add-a-twilio-resource.md"
FILES = sorted(path.stem for path in (TWILIO / "resources").glob("*.py") if path.stem not in ("__init__", "account"))


def reachable(resource):
    """The resource and all that it contains, by identity."""
    return {id(resource)}.union(*map(reachable, resource.children))


@pytest.mark.parametrize("name", FILES)
def test_every_declaration_is_part_of_the_account(name):
    module = importlib.import_module(f"{PACKAGE}.resources.{name}")
    declared = {key: value for key, value in vars(module).items() if isinstance(value, Resource)}
    assert declared
    missing = [key for key, value in declared.items() if id(value) not in reachable(ACCOUNT)]
    assert missing == [], "list it among the children of ACCOUNT in resources/account.py"


@pytest.mark.parametrize("name", ["driver", "account_state", "waiters", "endpoint"])
def test_generic_code_knows_no_single_resource(name):
    tree = ast.parse((TWILIO / f"{name}.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & {f"resources.{file}" for file in FILES}
    # A docstring may give an example; code may not.
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = {
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    }
    kinds = {child.kind for child in ACCOUNT.children}
    fields = {field.wire or field.name for child in ACCOUNT.children for field in child.fields}
    assert not texts & (kinds | fields), "what only one resource does is a hook in its own file"


def test_each_file_and_test_that_the_guide_names_exists():
    named = set(re.findall(r"`([\w./-]+/[\w.-]+\.\w+)`", GUIDE.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert [path for path in sorted(named) if "widget" not in path and not (ROOT / path).exists()] == []
    for file, test in re.findall(r"`(tests/[\w./]+\.py)::(\w+)`", GUIDE.read_text(encoding="utf-8")):
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), test
