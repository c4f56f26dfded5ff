# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds that end in one sentence: wrong sums, a missing library, a full disk, a kill.

The chroot, its walls and the recipe are the real ones. The source is the real one where its sum is wrong, and elsewhere
a tarball of four small files, whose menuselect ends with 0 and leaves a module out, as Asterisk's does.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Callable

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build import make, order, sources
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

ROOT = Path(__file__).parents[4]
RECIPE = ROOT / "roles/asterisk_build"
MAKE = """
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build.make import make
import json, sys
make(*json.load(sys.stdin))
"""
SMALL = {
    "configure": "#!/bin/sh\n",
    "Makefile": (
        "all:\n\twhile [ -e /build/files/patches/wait ]; do sleep 1; done\n"
        "menuselect.makeopts:\n\ttouch $@\n"
        "install:\n\tmkdir -p $(DESTDIR)/usr/lib/x86_64-linux-gnu/asterisk/modules\n"
        "\ttouch $(DESTDIR)/usr/lib/x86_64-linux-gnu/asterisk/modules/res_pjsip.so\n"),
    "menuselect/menuselect": "#!/bin/sh\nexit 0\n",
    "build_tools/make_xml_documentation": "",
    "include/asterisk/autoconfig.h": "".join(
        f"#define {name} 1\n" for name in re.findall(r"(?m)^(?:lib|ran) (\w+)", (RECIPE / "files/found").read_text())),
}


def tarball(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in SMALL.items():
            info = tarfile.TarInfo(f"asterisk-22/{name}")
            info.size, info.mode = len(text), 0o755
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def small_order(folder: Path, **more) -> dict:
    """Return the order of a small source, with the recipe's own files."""
    folder.mkdir(exist_ok=True)
    path = tarball(folder / "asterisk.tar.gz")
    row = {"codename": "trixie", "build": {
        "format": "deb", "suffix": "deb13", "packages": ["make", "dpkg-dev", "file", "patch"]}}
    paths = [path for path in (RECIPE / "files").rglob("*") if path.is_file()]
    files = {path.relative_to(RECIPE / "files").as_posix(): path.read_text() for path in paths}
    source = {"date": 1, "files": [{"name": path.name, "sha256": sources.sha256(path)}], **more}
    return order.order(row, "amd64", "22", order.Recipe({"22.0.0": source}, ["res_pjsip", "res_srtp"], files))


def left(folder: Path) -> list[str]:
    """Return what a build that ended otherwise than well has left in its store, without sources, locks and its log."""
    return [path.name for path in folder.iterdir() if path.suffix not in (".lock", ".log") and path.name != "sources"]


def inside(folder: Path) -> list[str]:
    """Return the processes whose root is below a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "root").startswith(str(folder)):
                found.append(process.name)
        except OSError:
            pass
    return found


def killed(asked: dict, store: Path, given: Path, when: Callable[[], object]) -> None:
    """Begin a build, kill it -9 at some point, and see that nothing of it runs on."""
    work = store / f"work-{asked['key']}"
    begun = subprocess.Popen([sys.executable, "-c", MAKE], stdin=subprocess.PIPE, text=True,
                             env={**os.environ, "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]})
    begun.stdin.write(json.dumps([asked, str(store), str(given)]))
    begun.stdin.close()
    deadline = time.monotonic() + 300
    while not when():
        assert time.monotonic() < deadline and begun.poll() is None
        time.sleep(0.2)
    assert inside(work)
    os.kill(begun.pid, signal.SIGKILL)
    begun.wait()
    deadline = time.monotonic() + 10
    while inside(work):
        assert time.monotonic() < deadline, inside(work)
        time.sleep(0.2)


@pytest.mark.parametrize("part", ["asterisk.tar.xz", "pjproject-2.17.tar.xz"])
def test_one_bit_of_a_source_file(tmp_path, detail, part):
    """A tarball or a bundled part with one other bit is refused by name, and no chroot is made."""
    table = yaml.safe_load((RECIPE / "vars/sources.yml").read_text())["__asterisk_build_sources"]
    given, store = tmp_path / "given", tmp_path / "store"
    given.mkdir()
    kept = Path(os.environ["TRUNKLINE_CACHE"], "asterisk/sources")
    for source in table["22.10.1"]["files"]:
        shutil.copyfile(kept / f"{source['sha256'][:12]}-{source['name']}", given / source["name"])
    content = bytearray((given / part).read_bytes())
    content[len(content) // 2] ^= 1
    (given / part).write_bytes(content)
    row = {"codename": "trixie", "build": {"format": "deb", "suffix": "deb13", "packages": []}}
    with pytest.raises(TrunklineError) as caught:
        make.make(order.order(row, "amd64", "22", order.Recipe(table, [], {})), str(store), str(given))
    detail(str(caught.value))
    assert str(caught.value).startswith(f"{given}/{part} has the SHA-256 ")
    assert left(store) == []


def test_killed_and_gone_on_with_to_a_missing_library(tmp_path, detail):
    """A build that is killed leaves no process; the next one begins anew, and refuses the module that was left out.

    It is killed while its chroot is made, and while it compiles.
    """
    store, given = tmp_path / "store", tmp_path / "given"
    asked = small_order(given, patches={"wait": ""})
    log, work = store / f"{asked['key']}.log", store / f"work-{asked['key']}"
    killed(asked, store, given, lambda: inside(work))
    assert "step: " not in log.read_text()
    killed(asked, store, given, lambda: log.exists() and "step: compile" in log.read_text())
    assert left(store) == [work.name]
    (work / "chroot/build/half").touch()
    # The same work, of a source that does not wait.
    with pytest.raises(TrunklineError) as caught:
        make.make({**asked, "files": {name: text for name, text in asked["files"].items() if "wait" not in name}},
                  str(store), str(given))
    detail(str(caught.value))
    assert str(caught.value).startswith(
        "Asterisk 22.0.0 was not built: res_srtp not built, as a library or another module is missing")
    assert left(store) == []


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=150m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_no_disk(small_disk, tmp_path, monkeypatch, detail):
    """A store with too little room is refused before the build; one that fills up meanwhile ends in like words."""
    asked = small_order(tmp_path / "given")
    with pytest.raises(TrunklineError, match=re.escape(f"{small_disk}/store has 0.2 GB free, and a build takes 2.")):
        make.make(asked, str(small_disk / "store"), str(tmp_path / "given"))
    assert left(small_disk / "store") == []
    monkeypatch.setattr(make, "SPACE", 0)
    with pytest.raises(TrunklineError) as caught:
        make.make(asked, str(small_disk / "store"), str(tmp_path / "given"))
    detail(str(caught.value))
    assert str(caught.value).startswith("The chroot could not be made: no space is left on the device. Free some")
    assert left(small_disk / "store") == []
