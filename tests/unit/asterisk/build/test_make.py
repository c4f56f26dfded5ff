# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A build, with a chroot and a recipe that are only said to run: what is kept, what is refused, what stays behind."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build import make
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

CONTENT = b"a tarball"
ORDER = {
    "key": "0123456789ab", "format": "deb", "file_name": "asterisk_22.10.1_amd64_0123456789ab.deb",
    "version": "22.10.1", "package_version": "1:22.10.1~trunkline1+deb13", "release": "trixie",
    "architecture": "amd64", "date": 1782345600,
    "packages": ["gcc", "libxml2-dev"], "cross_packages": ["qemu-user"],
    "modules": ["chan_pjsip", "res_pjsip"], "files": {"recipe.sh": "make", "patches/a/b": "c"},
    "sources": [{"name": "asterisk.tar.gz", "sha256": hashlib.sha256(CONTENT).hexdigest()}], "addresses": {
        "asterisk.tar.gz": []},
}


class Builder:
    """A machine whose commands only say what they do."""

    def __init__(self, folder: Path):
        self.store, self.given, self.ran, self.printed, self.rc = folder / "store", folder / "given", [], "", 0
        self.given.mkdir()
        (self.given / "asterisk.tar.gz").write_bytes(CONTENT)

    def run(self, argv, environment, log):
        self.ran.append((list(argv), dict(environment)))
        chroot = Path(argv[-1].partition("--installroot=")[2] or argv[-1])
        if {"mmdebstrap", "dnf"} & set(argv):
            chroot.mkdir()
            return 0
        self.build = {str(path.relative_to(chroot)): path.read_text() for path in chroot.rglob("*") if path.is_file()}
        log.write(self.printed)
        log.flush()
        if self.rc == 0:
            (chroot / "build/result").mkdir()
            for form in "deb", "rpm":
                (chroot / f"build/result/asterisk.{form}").write_bytes(b"a package")
        elif self.rc == -9:
            raise KeyboardInterrupt
        return self.rc

    def make(self, **more):
        return make.make({**ORDER, **more}, str(self.store), str(self.given))


@pytest.fixture
def builder(tmp_path, monkeypatch):
    machine = Builder(tmp_path)
    monkeypatch.setattr(make, "_run", machine.run)
    monkeypatch.setattr(make.os, "geteuid", lambda: 0)
    monkeypatch.setattr(make.os, "chown", lambda *given: None)
    monkeypatch.setattr(make.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(make.subprocess, "run", lambda argv, **more: SimpleNamespace(
        stdout="amd64\n" if argv[0] == "dpkg" else 'Acquire::Check-Date "false";\nAPT "";\n'))
    return machine


def test_a_package_is_made_once(builder):
    made = builder.make()
    assert made == {
        "path": str(builder.store / ORDER["file_name"]), "sha256": hashlib.sha256(b"a package").hexdigest(),
        "built": True}
    assert Path(made["path"]).read_bytes() == b"a package"
    assert json.loads(Path(f"{made['path']}.json").read_text())["key"] == ORDER["key"]
    assert builder.make() == {**made, "built": False}
    assert len(builder.ran) == 2
    assert not list(builder.store.glob("work-*"))


def test_what_the_recipe_gets(builder):
    builder.make()
    (bootstrap, _none), (enter, environment) = builder.ran
    assert {"--aptopt=Acquire::Check-Date \"false\";", "--include=gcc,libxml2-dev", "--architectures=amd64"} < set(
        bootstrap)
    assert bootstrap[-2] == "trixie"
    # Killed, it leaves no process that goes on in the folder, and no mount there.
    assert bootstrap[:4] == [*enter[:3], "unshare"] and {"--mount", "--pid", "--kill-child"} < set(bootstrap)
    assert {"--net", "--pid", "--mount", "--kill-child"} < set(enter)
    # A process that takes another user loses its parent-death signal: without asking anew it would outlive the module.
    assert enter[:3] == ["setpriv", "--pdeathsig", "KILL"]
    assert " --userspec=61184:61184 " in enter[-2] and enter[-2].endswith(
        '"$0" setpriv --pdeathsig KILL /bin/sh /build/files/recipe.sh')
    assert environment["KEY"] == ORDER["key"] and environment["SOURCE_DATE_EPOCH"] == "1782345600"
    assert environment["ARCHITECTURE"] == "amd64"
    assert builder.build == {
        "build/sources/asterisk.tar.gz": "a tarball", "build/files/recipe.sh": "make", "build/files/patches/a/b": "c",
        "build/modules": "chan_pjsip\nres_pjsip\n"}


def test_another_architecture_is_built_with_the_builder_s_programs(builder):
    """Programs are the builder's, libraries the target's, and the cross compiler comes in addition."""
    builder.make(architecture="arm64")
    (bootstrap, _none), (_enter, environment) = builder.ran
    assert {"--architectures=amd64,arm64", "--include=gcc,libxml2-dev:arm64,qemu-user"} < set(bootstrap)
    assert environment["ARCHITECTURE"] == "arm64"


def test_an_rpm_is_built_with_the_builder_s_own_repositories(builder):
    """Its chroot is made by dnf, and its architecture is the kernel's word."""
    made = builder.make(
        format="rpm", file_name="asterisk-22.10.1.rpm", release="9", architecture=os.uname().machine,
        packages=["gcc", "rpm-build"], cross_packages=[])
    assert Path(made["path"]).name == "asterisk-22.10.1.rpm" and made["built"]
    (bootstrap, _none), (_enter, environment) = builder.ran
    assert {"setpriv", "unshare", "dnf"} < set(bootstrap)
    assert bootstrap[-4:-1] == ["install", "gcc", "rpm-build"] and "--releasever=9" in bootstrap
    assert "--setopt=reposdir=/etc/yum.repos.d" in bootstrap
    assert environment["ARCHITECTURE"] == os.uname().machine


@pytest.mark.parametrize("printed, said", [
    ("checking for gcc\nstep: compare modules\nrefused: res_srtp not built, as a library is missing\n",
     "Asterisk 22.10.1 was not built: res_srtp not built, as a library is missing. All that it printed is in "),
    ("step: compile\ngcc: x\ncc1: error: No space left on device\nmake: *** [x] Error 1\n",
     "Asterisk 22.10.1 was not built: no space is left on the device. Free some, or set asterisk_store"),
    ("step: compile\nx.c:1: error: y\nbye\n",
     "Asterisk 22.10.1 was not built (step: compile): x.c:1: error: y. All that"),
    ("", "Asterisk 22.10.1 was not built: it printed nothing. All that it printed is in "),
])
def test_a_build_that_fails_says_why_and_the_next_one_goes_on(builder, printed, said):
    builder.printed, builder.rc = printed, 3
    with pytest.raises(TrunklineError) as caught:
        builder.make()
    assert str(caught.value).startswith(said)
    assert not list(builder.store.glob("work-*")) and not list(builder.store.glob("*.deb"))
    builder.printed, builder.rc = "", 0
    assert builder.make()["built"]


def test_a_disk_that_is_full_is_named_where_nothing_could_say_so(builder, monkeypatch):
    """The log is on the same disk, and apt says only that it failed."""
    builder.printed, builder.rc = "E: apt-get update failed\n", 1
    free = iter([3e9, 1e6])
    monkeypatch.setattr(make.shutil, "disk_usage", lambda path: SimpleNamespace(free=next(free)))
    with pytest.raises(TrunklineError, match="Asterisk 22.10.1 was not built: no space is left on the device"):
        builder.make()


def test_the_work_of_a_build_that_was_killed_is_removed(builder):
    """A killed process leaves its folder behind, and no lock."""
    left = builder.store / f"work-{ORDER['key']}" / "chroot"
    left.mkdir(parents=True)
    (left / "half").write_text("done")
    assert builder.make()["built"]
    assert "half" not in builder.build
    assert not left.exists()


def test_a_copy_whose_bytes_changed_is_made_anew(builder):
    path = Path(builder.make()["path"])
    path.write_bytes(b"half a pa")
    assert builder.make()["built"]
    assert path.read_bytes() == b"a package"


@pytest.mark.parametrize("patch, said", [
    ((os, "geteuid", lambda: 1000), "A build takes root for its chroot, and this is another user."),
    ((make.shutil, "which", lambda name: None if name == "mmdebstrap" else name),
     "The builder has no program mmdebstrap."),
    ((make.shutil, "disk_usage", lambda path: SimpleNamespace(free=1.5e9)),
     "STORE has 1.5 GB free, and a build takes 2."),
])
def test_what_cannot_build(builder, monkeypatch, patch, said):
    monkeypatch.setattr(*patch)
    with pytest.raises(TrunklineError) as caught:
        builder.make()
    assert str(caught.value).replace(str(builder.store), "STORE").startswith(said)
    assert builder.ran == []


def test_an_rpm_takes_a_builder_with_dnf(builder, monkeypatch):
    monkeypatch.setattr(make.shutil, "which", lambda name: None if name == "dnf" else name)
    with pytest.raises(TrunklineError, match=r"The builder has no program dnf\. Name the host itself there, or"):
        builder.make(format="rpm")
    assert builder.ran == []


def test_a_system_without_a_cross_compiler(builder):
    with pytest.raises(TrunklineError, match="is amd64, the host is arm64, and its system is built without a cross"):
        builder.make(architecture="arm64", cross_packages=[])
    assert builder.ran == []


def test_a_wrong_sum_builds_nothing(builder):
    (builder.given / "asterisk.tar.gz").write_bytes(b"another")
    with pytest.raises(TrunklineError, match="nothing was built from it"):
        builder.make()
    assert builder.ran == []
