# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import law of the collection, read from the source: who may import whom."""

from __future__ import annotations

import ast
import graphlib
import os
import re
import subprocess
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
    "_n8n": set(),
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


def utils(path: Path) -> set[Path]:
    """The files of the utils that a file imports when it runs. A package that is named on the way does not count."""
    found = set()
    tree = ast.parse(path.read_text())
    tree.body = [node for node in tree.body if not ast.unparse(node).startswith("if TYPE_CHECKING:")]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            for place in (base, *(base / alias.name for alias in node.names)):
                found.update(file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file())
            if any((base / f"{alias.name}.py").is_file() for alias in node.names):
                found.discard(base / "__init__.py")
    return found


def maps() -> list[Path]:
    """The packages of the utils but for the resources: each file there is named as its kind, and ACCOUNT lists it."""
    found = (path for path in UTILS.rglob("__init__.py") if len(list(path.parent.glob("*.py"))) > 1)
    return sorted(path for path in found if path.parent.name != "resources")


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


def test_no_file_of_the_utils_imports_itself_by_way_of_others():
    graph = {path: utils(path) for path in UTILS.rglob("*.py")}
    assert sum(map(len, graph.values())) > 100
    graphlib.TopologicalSorter(graph).prepare()
    rooms = {path: path.relative_to(UTILS).parts[0] for path in graph}
    graphlib.TopologicalSorter({
        room: {rooms[other] for path in files(room) for other in graph[path]} - {room} for room in rooms.values()
    }).prepare()


def test_one_file_ends_modules():
    """All modules fail alike: without their options, and with the error's details."""
    for path in ROOT.glob("plugins/**/*.py"):
        if path != UTILS / "_ansible" / "module.py":
            assert not re.search(r"AnsibleModule\(|\.(fail|exit)_json\(", path.read_text()), path


@pytest.mark.parametrize("package", maps(), ids=lambda path: str(path.parent.relative_to(UTILS)))
def test_a_package_says_what_each_of_its_files_is_for(package):
    names = re.findall(r"\w+", ast.get_docstring(ast.parse(package.read_text())) or "")
    parts = [path for path in package.parent.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    missing = {path.stem for path in parts} - {*names, "__init__"}
    assert not missing, f"{package} does not name {missing}"


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
    # The longest first: what is asterisk_build's is not asterisk's.
    private = re.compile(rf"\b__({'|'.join(sorted(roles, key=len, reverse=True))})(?:_|\b)")
    for path in texts:
        folder, name = path.relative_to(ROOT).parts[:2]
        foreign = set(private.findall(path.read_text())) - ({name} if folder == "roles" else set())
        assert not foreign, f"{path} reads private variables of {foreign}"


def test_the_twin_imports_nothing_of_the_collection():
    twin = sorted((ROOT / "roles" / "twilio_twin").rglob("*.py"))
    assert twin
    for path in twin:
        assert not any(name[0] == "ansible_collections" or "module_utils" in name for name in imports(path)), path


def test_no_file_of_the_product_outgrows_its_room():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*ROOT.glob("plugins/**/*.py"), *ROOT.glob("roles/**/*.py"), *ROOT.glob("roles/**/*.j2")]
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert not long


def test_filters_are_cheap_to_import():
    """Ansible imports all filters for each task that uses one, so none brings the programs of another with it."""
    program = (
        "import sys, importlib\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(f'ansible_collections.trunkline.voice.plugins.filter.{name}')\n"
        "print([name for name in sys.modules if name == 'phonenumbers' or name.endswith(('_sip', '.features'))])")
    names = [path.stem for path in (ROOT / "plugins" / "filter").glob("*.py")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", program, *names], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    assert names and done.stdout == "[]\n"
