# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another package of Asterisk on a host whose dpkg and Asterisk only remember. The lab has the real ones."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.service import (
    NOW,
    REPORT,
    ServiceFailed,
)
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host import packager
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.packager import CommandFailed, Packager
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.upgrade import (
    NOTE,
    Note,
    Restart,
    Upgrade,
)
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

from ..build.test_deb import package
from ..config.remembering import FakeScratch, FakeService

OLD, NEW = ("1:22.10.1~t1", "aaaaaaaaaaaa"), ("1:22.11.0~t1", "bbbbbbbbbbbb")
DEBIAN = ("1:22.10.1+dfsg-1", "")
MADISON = """\
  asterisk | 1:20.6.0~dfsg-2 | http://deb.debian.org/debian old/main amd64 Packages
  asterisk | 1:22.10.1+dfsg-1 | http://deb.debian.org/debian forky/main amd64 Packages
"""
WHEN_IDLE = Restart()
FILES = {"pjsip.conf": "", "extensions.conf": "", "modules.conf": ""}


class Live(FakeService):
    """An Asterisk that is older than its package from an installation until it is restarted."""

    def __init__(self, host):
        super().__init__(SimpleNamespace(read=lambda: SimpleNamespace(all={})))
        self.host, self.runs, self.calls = host, OLD, 0
        self.active, self.pid = True, 7

    def newer(self, _unit):
        return [] if self.runs == self.host.installed else ["the package was upgraded"]

    def start(self):
        if self.host.installed in self.host.broken:
            raise ServiceFailed("it does not come up")
        self.active, self.pid, self.runs = True, self.pid + 1, self.host.installed


class Host:
    """A host with the old package, and its file in the folder."""

    def __init__(self, folder):
        self.folder, self.installed, self.state = folder, OLD, "installed"
        self.ran, self.broken, self.refused, self.files = [], set(), set(), dict(FILES)
        self.madison, self.conffiles = MADISON, ""
        self.live = Live(self)
        self.scratch = FakeScratch
        self.file(*OLD, "anything.deb")

    def file(self, version, key, name):
        control = f"Package: asterisk\nVersion: {version}\nDepends: libc6\nTrunkline-Key: {key}\n"
        path = self.folder / name
        path.write_bytes(package(control))
        return str(path)

    def run(self, argv):
        self.ran.append(argv[0] if "install" not in argv else "install")
        if argv[0] == "apt-cache":
            return self.madison
        if "--showformat=${Conffiles}" in argv:
            return self.conffiles
        if argv[0] == "dpkg-query":
            if not self.installed:
                raise CommandFailed("no packages found")
            return f"{self.state} {self.installed[0]} {self.installed[1]}"
        if "install" in argv:
            name, is_own, version = argv[-1].partition("asterisk=")
            fields = {"Version": version, "Trunkline-Key": ""} if is_own else packager.deb.fields(name)
            found = fields["Version"], fields["Trunkline-Key"]
            if is_own and found != DEBIAN:
                raise CommandFailed(f"E: Version '{version}' for 'asterisk' was not found")
            if found in self.refused:
                self.state = "half-configured"
                raise CommandFailed("dpkg: error processing package asterisk")
            self.installed, self.state = found, "installed"
        return ""

    @property
    def upgrade(self):
        store = SimpleNamespace(read=lambda: SimpleNamespace(files=self.files, all=self.files))
        return Upgrade(
            str(self.folder), Packager(self.run), store, self.live, lambda config, root: self.scratch(config))

    def install(self, restart=WHEN_IDLE):
        return self.upgrade.install(self.file(*NEW, "coming.deb"), restart)


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


def test_a_new_package_runs_and_waits_for_its_proof(host):
    assert host.install() is True
    assert (host.installed, host.live.runs) == (NEW, NEW)
    assert host.upgrade.note() == Note(NEW[0], str(host.folder / "anything.deb"), OLD[0])
    assert (host.folder / f"asterisk_{NEW[1]}.deb").exists() and not (host.folder / "coming.deb").exists()
    assert host.upgrade.proven() is True
    assert host.upgrade.note() is None
    assert (host.folder / "anything.deb").exists()


@pytest.mark.parametrize("broken, runs", [((), NEW), ((NEW,), OLD)])
def test_an_asterisk_that_its_package_stopped_is_started(host, broken, runs):
    """Systemd calls it inactive between two starts, too, and one that does not start goes back all the same."""
    run = host.run

    def stopping(argv):
        said = run(argv)
        if "install" in argv:
            host.live.active, host.live.pid = False, 0
        return said

    host.run, host.broken = stopping, set(broken)
    if broken:
        with pytest.raises(TrunklineError, match="it does not run: .* the one before, is back"):
            host.install()
    else:
        assert host.install() is True
    assert (host.installed, host.live.runs, host.live.active) == (runs, runs, True)


@pytest.mark.parametrize("restart, calls", [(Restart(), 1), (Restart(REPORT), 0)])
def test_a_restart_that_waits_leaves_the_way_back(host, restart, calls):
    host.live.calls = calls
    assert host.install(restart) is False
    assert host.live.runs == OLD
    assert host.upgrade.proven() is False and host.upgrade.note()
    host.live.calls = 0
    assert host.upgrade.resume(Restart()) is True
    assert host.live.runs == NEW and host.upgrade.proven()


def test_a_configuration_that_it_does_not_take_changes_nothing(host):
    class Refusing(FakeScratch):
        def __init__(self, config):
            super().__init__(config)
            self.died = "libx.so.4: cannot open shared object file"

    host.scratch = Refusing
    with pytest.raises(TrunklineError) as caught:
        host.install()
    assert str(caught.value).startswith(
        "Asterisk 1:22.11.0~t1 does not take the configuration of this host, and was not installed. Asterisk does not"
        " start on this configuration: libx.so.4: cannot open shared object file.")
    assert host.installed == OLD and "install" not in host.ran and host.upgrade.note() is None
    assert not list(host.folder.glob(".trial-*"))


@pytest.mark.parametrize("restart", [Restart(), Restart(NOW)])
def test_one_that_does_not_run_goes_back(host, restart):
    host.broken = {NEW}
    with pytest.raises(TrunklineError) as caught:
        host.install(restart)
    assert str(caught.value).startswith(
        "Asterisk 1:22.11.0~t1 did not pass its proof: it does not run: it does not come up. 1:22.10.1~t1, the one"
        " before, is back.")
    assert (host.installed, host.live.runs) == (OLD, OLD) and host.upgrade.note() is None


def test_one_that_cannot_be_installed_goes_back(host):
    host.refused = {NEW}
    with pytest.raises(TrunklineError, match="its proof: it could not be installed: dpkg: error proc.*is back"):
        host.install()
    assert (host.installed, host.state) == (OLD, "installed") and host.upgrade.note() is None


def test_one_that_fails_its_proof_goes_back_when_calls_are_over(host):
    host.install()
    host.live.calls = 1
    error = host.upgrade.back("no audio came.", Restart())
    assert "its proof: no audio came. 1:22.10.1~t1, the one before, is back, and runs as soon as no call" in str(error)
    assert host.installed == OLD and error.details["changed"]


def test_a_way_back_that_is_gone_or_fails_is_said(host):
    host.install()
    host.refused = {OLD}
    assert "Going back to 1:22.10.1~t1 failed as well: dpkg: error" in str(host.upgrade.back("x", Restart()))
    assert host.upgrade.note()      # the next run has it still
    (host.folder / NOTE).write_text(json.dumps({"version": NEW[0], "former": "", "former_version": OLD[0]}))
    assert str(host.upgrade.back("x", Restart())) == (
        "Asterisk 1:22.11.0~t1 did not pass its proof: x. Going back to 1:22.10.1~t1 failed as well: E: Version"
        " '1:22.10.1~t1' for 'asterisk' was not found. Install it by hand (apt-get install asterisk=1:22.10.1~t1), and"
        " run again.")
    (host.folder / NOTE).unlink()
    assert str(host.upgrade.back("x.", Restart())) == "Asterisk: x. No package before it is known to go back to."


def test_the_way_back_leads_to_the_one_that_was_proven(host):
    """A third package in the place of one that is not proven has it too, and the proven one needs none."""
    host.install()
    host.upgrade.install(host.file("1:22.12.0~t1", "cccccccccccc", "coming.deb"), Restart())
    assert host.upgrade.note() == Note("1:22.12.0~t1", str(host.folder / "anything.deb"), OLD[0])
    host.upgrade.install(host.file(*OLD, "coming.deb"), Restart())
    assert host.upgrade.note() is None and host.live.runs == OLD


def test_a_first_installation_is_not_tried_and_has_no_way_back(host):
    host.installed, host.live.active, host.files = None, False, {}
    assert host.install() is True
    assert host.upgrade.note() is None and "dpkg-deb" not in host.ran


def test_the_system_s_own_in_the_place_of_a_build_and_back_where_it_fails(host):
    """The build's file stays, and it is the way back."""
    assert host.upgrade.install_own(22, Restart()) is True
    assert (host.installed, host.live.runs) == (DEBIAN, DEBIAN)
    assert host.upgrade.note() == Note(DEBIAN[0], str(host.folder / "anything.deb"), OLD[0])
    assert "is back" in str(host.upgrade.back("no audio came.", Restart()))
    assert (host.installed, host.live.runs) == (OLD, OLD)


def test_a_build_in_the_place_of_the_system_s_own_goes_back_to_it(host):
    """No file of it was ever there: apt has it."""
    host.installed = host.live.runs = DEBIAN
    host.broken = {NEW}
    with pytest.raises(TrunklineError, match=r"it does not run: .* 1:22\.10\.1\+dfsg-1, the one before, is back"):
        host.install()
    assert (host.installed, host.live.runs) == (DEBIAN, DEBIAN) and host.upgrade.note() is None


def test_no_source_that_has_the_system_s_own(host):
    host.madison = MADISON.splitlines()[0]
    with pytest.raises(TrunklineError, match="^No source of packages of this host has Asterisk 22. Add "):
        host.upgrade.install_own(22, Restart())
    assert host.installed == OLD and host.upgrade.note() is None


def test_what_the_one_before_left_goes_with_the_proof_unless_it_was_edited(host, tmp_path):
    names = ("default", "init.d", "edited", "own")
    paths = {name: tmp_path / name for name in names}
    for path in paths.values():
        path.write_text("as it came")
    digest = hashlib.md5(b"as it came", usedforsecurity=False).hexdigest()
    paths["edited"].write_text("edited")
    host.conffiles = "".join(
        f"\n {path} {digest}{'' if name == 'own' else ' obsolete'}" for name, path in paths.items())
    host.conffiles += f"\n {tmp_path}/gone {digest} obsolete"
    host.install()
    assert all(path.exists() for path in paths.values())
    host.upgrade.proven()
    assert [name for name in names if paths[name].exists()] == ["edited", "own"]


def test_the_reason_in_what_apt_prints(monkeypatch):
    def done(stdout, stderr=""):
        return lambda argv, **more: SimpleNamespace(returncode=100, stdout=stdout, stderr=stderr)

    for printed, said in [
        (done("Reading\n", "W: x\nE: Unable to lock the directory\n"), "E: Unable to lock the directory"),
        (done("dpkg: error processing archive x:\n cannot copy: No space left on device\n"),
         "cannot copy: No space left on device"),
    ]:
        monkeypatch.setattr(packager.subprocess, "run", printed)
        with pytest.raises(CommandFailed) as caught:
            packager.command(["apt-get"])
        assert str(caught.value) == said
