# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module or role documents is what it takes: documentation, argument specs and declarations agree."""

from __future__ import annotations

import functools
import importlib
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.action import host_packages
from ansible_collections.trunkline.voice.plugins.module_utils._ansible import (
    argument_spec,
    asterisk_config,
    asterisk_install,
    asterisk_prompts,
    fail2ban_reload,
    host_files,
    info,
    n8n_flow,
    run,
    sip_options,
    unit_trial,
)
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import PBX_ROLES
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.rules import AT_TWILIO
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.account import ACCOUNT
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.phone_number import ADDRESS
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.trunk import TRUNK

ROOT = Path(__file__).parents[2]
MODULES = "ansible_collections.trunkline.voice.plugins.modules"
FRAGMENTS = "ansible_collections.trunkline.voice.plugins.doc_fragments"
TWILIO_MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("twilio_*.py"))
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
    options = dict(documentation.get("options", {}))
    extended = documentation.get("extends_documentation_fragment", [])
    for fragment in [extended] if isinstance(extended, str) else extended:
        file, _dot, part = fragment.removeprefix("trunkline.voice.").partition(".")
        fragments = importlib.import_module(f"{FRAGMENTS}.{file}").ModuleDocFragment
        options.update(yaml.safe_load(getattr(fragments, part.upper() or "DOCUMENTATION"))["options"])
    return options


@functools.cache
def taken(name: str) -> dict:
    """The options that a Twilio module runs with, beside the connection's."""
    specs: list[dict] = []
    with ExitStack() as patches:
        for runner in (run, info):
            patches.enter_context(mock.patch.object(runner, "run_twilio", lambda spec, act: specs.append(spec)))
        file = ROOT / "plugins" / "modules" / f"{name}.py"
        # Not by runpy, which asks the importer of this folder, and Ansible's own has no __main__.
        exec(compile(file.read_text(), file, "exec"), {"__name__": "__main__"})
    return specs[0]


def secrets(options: dict, path: str = "") -> set:
    """The paths of the options that hold a secret."""
    found = {path + name for name, option in options.items() if option.get("no_log")}
    return found.union(*(secrets(o.get("options", {}), f"{path}{name}.") for name, o in options.items()))


@pytest.mark.parametrize("name", TWILIO_MODULES)
def test_a_twilio_module_documents_what_it_takes(name):
    assert shape(documented(name)) == shape({**argument_spec.connection(), **taken(name)})


@pytest.mark.parametrize("module", [
    asterisk_install, asterisk_prompts, fail2ban_reload, n8n_flow, sip_options, unit_trial])
def test_a_module_of_a_host_documents_what_it_takes(module):
    assert shape(documented(module.__name__.rpartition(".")[2])) == shape(module.ARGUMENT_SPEC)


def test_host_packages_documents_what_its_action_takes():
    assert shape(documented("host_packages")) == shape(host_packages.ARGUMENT_SPEC)


def test_host_files_documents_what_it_and_its_action_take():
    assert shape(documented("host_files")) == shape({**host_files.ARGUMENT_SPEC, **host_files.RENDERED})


def test_asterisk_config_documents_what_it_takes_and_hides_what_is_secret():
    assert shape(documented("asterisk_config")) == shape(asterisk_config.ARGUMENT_SPEC)
    assert secrets(asterisk_config.ARGUMENT_SPEC) == {"secret_files.content"}


def test_every_resource_of_the_account_has_a_module():
    lists = {name for module in TWILIO_MODULES for name in taken(module)}
    for resource in ACCOUNT.children:
        module = f"twilio_{resource.kind.replace(' ', '_')}"
        assert module in TWILIO_MODULES or resource.option in lists or resource is ADDRESS, f"there is no {module}"


@pytest.mark.parametrize("name", TWILIO_MODULES)
def test_every_secret_is_hidden_and_nothing_else_is_by_accident(name):
    hidden = {
        "twilio_credential_list": {"credentials.password"},
        "twilio_trunking": {"credential_lists.credentials.password"},
    }
    assert secrets(taken(name)) == hidden.get(name, set())
    assert secrets(argument_spec.connection()) == {"auth_token", "api_secret"}


@pytest.mark.parametrize("name", TWILIO_MODULES)
def test_a_twilio_module_is_documentation_and_hardly_any_code(name):
    module = importlib.import_module(f"{MODULES}.{name}")
    words = module.DOCUMENTATION, module.EXAMPLES, module.RETURN
    code = Path(module.__file__).read_text()
    for text in words:
        code = code.replace(text, "")
    lines = [line for line in code.splitlines() if line.strip() and not line.startswith("#") and '"""' not in line]
    assert len(lines) < 15, lines
    documentation, returned = yaml.safe_load(words[0]), yaml.safe_load(words[2])
    assert documentation["module"] == name
    if not name.endswith("_info"):
        assert {"steps", "changes"} < set(returned)


def role_options(role: str) -> dict:
    document = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
    return document["argument_specs"]["main"]["options"]


def test_an_option_is_stated_once():
    """A second role may say that it takes an option, and not again what it is."""
    stated: dict = {}
    for role in PBX_ROLES:
        for name, option in role_options(role).items():
            if set(option) - {"type", "elements", "required", "description"} or name not in stated:
                assert name not in stated or "options" not in stated[name], f"{role}: {name}"
                stated.setdefault(name, option)
            assert option["type"] == stated[name]["type"], f"{role}: {name}"
    trunk = stated["trunkline_trunks"]["options"]
    for name, option in shape({name: {**spec} for name, spec in argument_spec.of_resource(TRUNK).items()}).items():
        if name in AT_TWILIO:
            assert shape({name: trunk[name]})[name] == option, name


def test_a_default_is_stated_once():
    """The argument specs have each."""
    assert not list((ROOT / "roles").glob("*/defaults"))
