# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import law of the collection, read from the source: who may import whom."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UTILS = ROOT / "plugins" / "module_utils"
PREFIX = ("ansible_collections", "trunkline", "voice", "plugins", "module_utils")
OWN_LIBRARIES = {
    "_core": set(),
    "_twilio": {"twilio", "requests", "urllib3"},
    "_asterisk": set(),
    "_sip": set(),
    "_numbers": {"phonenumbers"},
}


def imports(path: Path) -> set[tuple[str, ...]]:
    """The absolute names of what a file imports, as tuples of parts."""
    package = (*PREFIX, *path.relative_to(UTILS).parts[:-1]) if UTILS in path.parents else ()
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            found.add((*base, *(node.module or "").split(".")) if node.module else base)
    return {name for name in found if name and name[0] != "__future__"}


def packages(path: Path) -> set[str]:
    """The collection's own utils that a file imports, by package: {"_core", "_ansible"}."""
    return {name[len(PREFIX)] for name in imports(path) if name[: len(PREFIX)] == PREFIX and len(name) > len(PREFIX)}


def others(path: Path) -> set[str]:
    """The top-level names outside the standard library and the collection that a file imports."""
    return {name[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"ansible_collections"}


def files(package: str) -> list[Path]:
    return sorted((UTILS / package).rglob("*.py"))


@pytest.mark.parametrize("package", sorted(OWN_LIBRARIES))
def test_a_domain_package_imports_core_and_its_own_library(package):
    assert files(package), f"no such package: {package}"
    for path in files(package):
        assert packages(path) <= {"_core", package}, path
        assert others(path) <= OWN_LIBRARIES[package], path


def test_the_rules_of_the_inventory_are_pure():
    """They may use every domain, and have no need of Ansible."""
    assert files("_inventory")
    for path in files("_inventory"):
        assert "_ansible" not in packages(path), path
        assert others(path) <= {"yaml"}, path


def test_only_ansible_imports_ansible():
    for path in files("_ansible"):
        assert others(path) <= {"ansible"}, path


def test_a_module_imports_ansible_and_its_domain():
    """At most one domain package; what needs two has its run in `_ansible`."""
    modules = sorted((ROOT / "plugins" / "modules").glob("*.py"))
    assert modules
    for path in modules:
        used = packages(path)
        if (ROOT / "plugins" / "action" / path.name).exists() and not used:
            continue    # an action runs on the controller, and the module only documents it
        assert "_ansible" in used, path
        domains = used - {"_ansible"}
        assert len(domains) <= 1, f"{path}: {used}"
        assert not others(path), path


def test_roles_keep_their_variables_to_themselves():
    """Only a role reads the variables that begin with two underscores and its name: no other role, no playbook, and no
    play or inventory of the lab."""
    roles = [path.name for path in (ROOT / "roles").iterdir() if path.is_dir()]
    folders = ("roles", "playbooks", "molecule", "examples", "inventory")
    kinds = (".yml", ".yaml", ".j2")
    texts = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
    assert {path.relative_to(ROOT).parts[0] for path in texts} == set(folders)
    for path in texts:
        folder, name = path.relative_to(ROOT).parts[:2]
        private = [role for role in roles if (folder, name) != ("roles", role)]
        foreign = [role for role in private if re.search(rf"\b__{role}(_|\b)", path.read_text())]
        assert not foreign, f"{path} reads private variables of {foreign}"


def test_the_twin_imports_nothing_of_the_collection():
    twin = sorted((ROOT / "roles" / "twilio_twin").rglob("*.py"))
    assert twin
    for path in twin:
        assert not any(name[0] == "ansible_collections" or "module_utils" in name for name in imports(path)), path


def test_no_file_of_the_product_outgrows_its_room():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*ROOT.glob("plugins/**/*.py"), *ROOT.glob("roles/**/*.py")]
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert not long
