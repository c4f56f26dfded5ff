# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module or role documents is what it takes: documentation, argument specs and declarations agree."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.doc_fragments.twilio import ModuleDocFragment
from ansible_collections.trunkline.voice.plugins.module_utils._glue import declaration, spec as glue_spec
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.credential_list import CREDENTIAL_LIST
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.ip_access_control_list import (
    IP_ACCESS_CONTROL_LIST,
)
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.trunk import TRUNK

ROOT = Path(__file__).parents[2]
MODULES = "ansible_collections.trunkline.voice.plugins.modules"
RESOURCES = {
    "twilio_trunk": TRUNK,
    "twilio_ip_access_control_list": IP_ACCESS_CONTROL_LIST,
    "twilio_credential_list": CREDENTIAL_LIST,
}
SHAPE = ("type", "elements", "required", "choices", "default")


def shape(options: dict) -> dict:
    """Options as documentation and argument specs have in common."""
    return {
        name: {
            **{key: option[key] for key in SHAPE if key in option and (key, option[key]) != ("required", False)},
            "options": shape(option.get("suboptions") or option.get("options") or {}),
        }
        for name, option in options.items()
    }


def documented(name: str) -> dict:
    documentation = yaml.safe_load(importlib.import_module(f"{MODULES}.{name}").DOCUMENTATION)
    if "trunkline.voice.twilio" in documentation.get("extends_documentation_fragment", []):
        return {**yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"], **documentation["options"]}
    return documentation["options"]


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_twilio_module_documents_what_its_declaration_takes(name):
    taken = {**glue_spec.connection(), **glue_spec.of_resource(RESOURCES[name])}
    assert shape(documented(name)) == shape(taken)


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_twilio_module_is_in_the_action_group(name):
    assert name in yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["twilio"]


def test_every_secret_is_hidden_and_nothing_else_is_by_accident():
    for resource in RESOURCES.values():
        for field in resource.settable():
            assert not field.secret or glue_spec.of_resource(resource)[field.name]["no_log"]
        for child in resource.children:
            options = glue_spec.of_resource(resource)[child.option].get("options", {})
            assert {name for name, option in options.items() if option.get("no_log")} == {
                field.name for field in child.fields if field.secret
            }


def role_options(role: str) -> dict:
    document = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
    return document["argument_specs"]["main"]["options"]


def test_the_inventory_is_checked_as_the_roles_will_take_it():
    """One statement, several readers: the module that checks the inventory and the roles agree on all they share."""
    checked = shape(documented("declaration"))
    assert checked == shape(declaration.options())
    for role in ("twilio_trunk", "pbx"):
        options = shape(role_options(role))
        assert "trunkline_trunks" in options
        for name in set(options) & set(checked):
            assert options[name]["options"] == checked[name]["options"], f"{role}: {name}"
            assert options[name]["type"] == checked[name]["type"], f"{role}: {name}"
    assert {name for name in role_options("pbx") if name.startswith("pbx_")} <= set(checked)


@pytest.mark.parametrize("role", sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir()))
def test_a_role_documents_each_default_and_gives_the_same(role):
    options = role_options(role)
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text()) or {}
    assert set(defaults) <= set(options), role
    for name, value in defaults.items():
        if "default" in options[name]:
            assert json.dumps(options[name]["default"]) == json.dumps(value), f"{role}: {name}"
