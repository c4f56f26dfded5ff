# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package for arm64: made by a cross compiler, and started by an emulator on the configuration of the lab's PBX.

On demand, on a lab that stands, since the build takes minutes:
    make check ARGS="tests/on_demand/test_arm64.py"
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.filter.asterisk_server import FilterModule
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build import deb, make
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import lint
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.configuration import Config
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.scratch import ASTERISK, Scratch
from labtest.remote_python import RemotePython

ROOT = Path(__file__).parents[4]
#: An account that Debian always has, with a group of the same name.
USER = "daemon"
CHOICE = {
    "packages": [], "method": "auto", "version": "22", "file": None, "sources_file": None, "untried": True,
    "dead": False,
}
#: The emulator aborts where the program may open more than 1,024 files.
EMULATED = """#!/bin/sh
ulimit -n 1000
exec {root}/usr/bin/qemu-aarch64 -L {root} {root}{program}.arm64 "$@"
"""


@pytest.fixture(scope="module")
def order() -> dict:
    """Return what role asterisk orders for a Debian 13 on arm64."""
    rows = yaml.safe_load((ROOT / "roles/asterisk/vars/main/platforms.yml").read_text())["__asterisk_platforms"]
    said = {"user": "0", "architecture": "arm64", "boot": "enabled"}
    look = {
        "release": {"id": "debian", "version_codename": "trixie", "version_id": "13"}, "packages": {}, "changes": [],
        "foreign": [], "commands": {name: {"rc": 0, "stdout": text, "stderr": ""} for name, text in said.items()},
    }
    found = FilterModule().filters()["asterisk_server"](look, rows, CHOICE)
    assert found["refusal"] == ""
    return found["order"]


@pytest.fixture(scope="module")
def package(order) -> str:
    """Return the path of the package, from the lab's store or made now."""
    return make.make(order, os.path.join(os.environ["TRUNKLINE_CACHE"], "asterisk"))["path"]


@pytest.fixture(scope="module")
def system(order, package):
    """Return the root of an Asterisk for arm64, unpacked with its libraries, that an emulator runs."""
    with tempfile.TemporaryDirectory(prefix="trunkline-arm64-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        root = Path(folder, "root")
        needed = [name.split()[0] for name in deb.fields(package)["Depends"].split(", ")]
        libraries = [f"{name}:arm64" for name in needed if not name.startswith("asterisk-")]
        unpacked = {**order, "packages": ["qemu-user"], "cross_packages": libraries}
        command = make.bootstrap(unpacked, root, make.architecture())
        # No script of a package runs, so nothing needs the emulator yet.
        command = ["--variant=extract" if word == "--variant=minbase" else word for word in command]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        (root / "lib").symlink_to("usr/lib")    # which no package has, and the program's loader is named by
        subprocess.run(["dpkg-deb", "--extract", package, str(root)], check=True)
        program = Path(f"{root}{ASTERISK}")
        program.rename(f"{program}.arm64")
        program.write_text(EMULATED.format(root=root, program=ASTERISK))
        program.chmod(0o755)
        yield root
        shutil.rmtree(root)


def names(shown: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, shown, re.M))


def test_the_package_is_for_arm64(order, package):
    """The package's name, its fields and its key are those of the order for arm64."""
    fields = deb.fields(package)
    assert fields["Architecture"] == "arm64" and fields["Trunkline-Key"] == order["key"]
    assert f"_arm64_{order['key']}.deb" in package


def test_it_starts_with_the_lab_s_configuration(system, pbx, asterisk, detail):
    """Under emulation the lab's configuration has no fault; modules, endpoints and contexts are those of its PBX."""
    config = Config(RemotePython(pbx).run("result = store.ConfigStore().read().all"))
    with Scratch(config, user=USER, root=str(system)) as scratch:
        assert scratch.died == ""
        assert [lint.sentence(fault, config) for fault in lint.problems(config, scratch)] == []
        version, modules = scratch.ask("core show version"), scratch.ask("module show").count(" Running ")
        assert re.match(r"Asterisk 22\..* on a aarch64 running Linux", version), version
        for command, pattern in [
                ("module show", r"^(\w+\.so) .*Running"),
                ("pjsip show endpoints", r"^ Endpoint:  ([\w.-]+)"),
                ("dialplan show", r"^\[ Context '(\S+)' created by"),
        ]:
            found, wanted = names(scratch.ask(command), pattern), names(asterisk(command), pattern)
            assert found == wanted and found, (command, found ^ wanted)
        detail(f"{version.partition(' built')[0]} on aarch64, {modules} modules")
