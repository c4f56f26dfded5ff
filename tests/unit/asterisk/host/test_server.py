# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role asterisk decides from its look at a host."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build import order
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.server import Choice, Server, server

BUILD = {"format": "deb", "suffix": "deb13", "packages": ["gcc"]}
PLATFORMS = [
    {"name": "Debian 11", "id": "debian", "codename": "bullseye", "package": 16, "install": "package", "tried": True,
     "warning": "Debian 11 is old."},
    {"name": "Debian 13", "id": "debian", "codename": "trixie", "architecture": "amd64", "install": "build",
     "build": BUILD, "tried": True},
    {"name": "Debian 13 on arm64", "id": "debian", "codename": "trixie", "architecture": "arm64", "install": "build",
     "build": BUILD, "tried": False},
    {"name": "Debian forky", "id": "debian", "codename": "forky", "package": 22, "install": "package", "tried": True,
     "build": {**BUILD, "suffix": "deb14"}},
    {"name": "Rocky Linux 9", "id": "rocky", "version": "9", "install": "build", "tried": False,
     "build": {**BUILD, "format": "rpm"}},
]
PROVEN = "this role is proven on Debian 11, Debian 13, Debian forky"
FORKY = {"id": "debian", "version_codename": "forky", "pretty_name": "Debian GNU/Linux forky/sid"}
TRIXIE = {"id": "debian", "version_codename": "trixie", "pretty_name": "Debian GNU/Linux 13 (trixie)"}
ALL = {"asterisk": "1:22.10.1~dfsg-1", "logrotate": "3.22-1"}
CHOICE = Choice("auto", ["asterisk", "logrotate"])
RECIPE = order.Recipe(
    {"22.9.0": {"date": 1, "files": []}, "22.10.1": {"date": 2, "files": [{"name": "asterisk.tar.gz", "sha256": "0"}]},
     "23.5.0": {"date": 3, "files": []}},
    ["chan_pjsip"], {"recipe.sh": "true"})
OURS = order.order(PLATFORMS[1], "amd64", "22", RECIPE)


def look(release=None, packages=None, **commands) -> dict:
    """A look at a host that has what it should have; each command may say something else."""
    release = FORKY if release is None else release
    packages = ALL if packages is None else packages
    said = {"boot": "enabled", "user": "0", "architecture": "amd64", "key": "", **commands}
    return {
        "release": release, "packages": packages, "changes": [], "foreign": [],
        "commands": {name: {"rc": 0, "stdout": f"{text}\n", "stderr": ""} for name, text in said.items()},
    }


def decided(seen, choice=CHOICE, **more) -> Server:
    return server(seen, PLATFORMS, dataclasses.replace(choice, **more), RECIPE)


def test_a_host_that_is_as_it_should_be():
    assert decided(look()) == Server(22, method="package", missing=[], warnings=[])


@pytest.mark.parametrize("differs", [
    {"changes": [{"action": "change", "what": "file /etc/x"}]},
    {"foreign": ["/usr/sbin/policy-rc.d"]},
    {"commands": look(boot="disabled")["commands"]},
])
def test_what_there_is_to_do(differs):
    assert decided({**look(), **differs}).differs


def test_what_is_missing_in_the_words_of_apt():
    found = decided(look(packages={}, boot="not-found"))
    assert (found.missing, found.differs, found.bring) == (["asterisk=1:22.*", "logrotate"], True, False)


@pytest.mark.parametrize("version", ["1:20.9.0", "1:220.1.0", "1:2.2", "22.10.1"])
def test_an_asterisk_that_is_not_the_release_s(version):
    found = decided(look(packages={"asterisk": version}))
    assert (found.major, found.missing, found.differs) == (22, (), False)
    assert found.refusal == f"has Asterisk {version}, and the packages of Debian forky have Asterisk 22."


@pytest.mark.parametrize("release, runs", [
    ({"id": "debian", "version_codename": "buster", "pretty_name": "Debian 10"}, "Debian 10 on amd64"),
    ({"id": "devuan", "version_codename": "trixie", "pretty_name": "Devuan"}, "Devuan on amd64"),
    ({"id": "rocky", "version_id": "90.1", "pretty_name": "Rocky Linux 90.1"}, "Rocky Linux 90.1 on amd64"),
    ({}, "what has no os-release on amd64"),
])
def test_a_system_without_a_row(release, runs):
    assert decided(look(release=release), untried=True).refusal == f"runs {runs}, and {PROVEN}."


def test_a_system_that_is_prepared_is_refused_unless_told():
    rocky = {"id": "rocky", "version_id": "9.4", "pretty_name": "Rocky Linux 9.4"}
    assert decided(look(release=rocky, architecture="")).refusal == (
        f"runs Rocky Linux 9.4, which is prepared and which nobody has run, and {PROVEN}. To try it, set"
        " asterisk_untried_platform to true, and tell the authors what became of it.")
    arm64 = look(release=TRIXIE, architecture="arm64", packages={})
    assert decided(arm64).refusal.startswith("runs Debian GNU/Linux 13")
    accepted = decided(arm64, untried=True)
    assert (accepted.refusal, accepted.major) == ("", 22)
    assert accepted.warnings == [
        "Debian 13 on arm64 is prepared, and nobody has run it: tell the authors what became of it."]


def test_a_file_is_a_debian_package():
    rocky = {"id": "rocky", "version_id": "9.4", "pretty_name": "Rocky Linux 9.4"}
    assert decided(look(release=rocky), untried=True, method="file", file="x.rpm").refusal == (
        "cannot have its Asterisk: asterisk_package_file is a Debian package, and Rocky Linux 9 takes RPMs."
        " Leave asterisk_install_method out, and one is built.")


def test_the_warning_of_an_old_release():
    bullseye = {"id": "debian", "version_codename": "bullseye"}
    assert decided(look(release=bullseye, packages={"asterisk": "1:16.28.0"})).warnings == ["Debian 11 is old."]


@pytest.mark.parametrize(("version", "warns"), [("22", False), ("20", True), ("22.9.0", True)])
def test_a_version_decides_what_is_built_and_nothing_else(version, warns):
    said = (
        f"asterisk_version {version} has no effect: this host's Asterisk comes by method package. Set"
        " asterisk_install_method to build for that version.")
    assert decided(look(), version=version).warnings == [said] * warns
    bullseye = look(release={"id": "debian", "version_codename": "bullseye"}, packages={"asterisk": "1:16.28.0"})
    assert decided(bullseye, version="16").warnings == ["Debian 11 is old."]
    assert decided(look(release=TRIXIE, packages={}), version="22.9.0").warnings == []
    assert decided(look(packages={"asterisk": "1:20.9.0"}), version=version).warnings == []


def test_auto_builds_where_there_is_no_package():
    found = decided(look(release=TRIXIE, packages={}, boot="not-found"))
    assert (found.method, found.major, found.bring, found.missing) == ("build", 22, True, ["logrotate"])
    assert found.order == OURS


def test_a_build_that_is_installed_is_told_by_its_key():
    installed = {**ALL, "asterisk": OURS["package_version"]}
    assert not decided(look(release=TRIXIE, packages=installed, key=OURS["key"])).differs
    other = decided(look(release=TRIXIE, packages=installed, key="0123456789ab"))
    assert (other.bring, other.differs, other.missing) == (True, True, [])


def test_a_build_in_the_place_of_the_system_s_own_package_and_back():
    """The way back is taken where it is asked for and a key says that the installed one was built."""
    built = decided(look(), method="build")
    assert (built.bring, built.returns, built.differs, built.missing) == (True, False, True, [])
    installed = {**ALL, "asterisk": "1:22.11.0~trunkline1+deb14"}
    for method, back in (("auto", False), ("package", True)):
        found = decided(look(packages=installed, key="0123456789ab"), method=method)
        assert (found.method, found.returns, found.bring, found.differs) == ("package", back, False, back)
        assert (found.major, found.missing) == (22, [])
        assert not decided(look(), method=method).returns
    other = decided(look(packages={**ALL, "asterisk": "1:20.1.0~trunkline1+deb14"}, key="0123456789ab"))
    assert other.refusal == (
        "has Asterisk 1:20.1.0~trunkline1+deb14, and the packages of Debian forky have Asterisk 22.")


def test_a_build_where_only_packages_are():
    bullseye = {"id": "debian", "version_codename": "bullseye"}
    assert decided(look(release=bullseye), method="build").refusal.endswith(
        "no recipe makes a package for Debian 11 yet. Leave asterisk_install_method out.")


def test_an_installation_that_was_killed_is_gone_on_with():
    """Its key says nothing yet, as the package is unpacked only."""
    half = {name: version for name, version in ALL.items() if name != "asterisk"}
    found = decided(look(release=TRIXIE, packages=half, key=OURS["key"], unfinished="asterisk is half configured"))
    assert (found.bring, found.unfinished, found.differs, found.missing) == (True, True, True, [])


def test_a_package_that_is_not_proven_yet():
    installed = {**ALL, "asterisk": OURS["package_version"]}
    found = decided(look(release=TRIXIE, packages=installed, key=OURS["key"], unproven='{"version": "1:22"}'))
    assert (found.bring, found.unproven, found.differs) == (False, True, True)


def test_a_package_where_there_is_none():
    found = decided(look(release=TRIXIE), method="package")
    assert "Debian 13 has no package of Asterisk that gets updates" in found.refusal


@pytest.mark.parametrize("version, end", [
    ("1:20.6.0", "(apt-get remove asterisk; /etc/asterisk stays)."),
    ("1:23.0.0-1", "(apt-get remove asterisk; /etc/asterisk stays), or set asterisk_version to 23."),
    ("8:22.10.1-1~wazo3", "(apt-get remove asterisk; /etc/asterisk stays)."),
    ("1:22.4.1~dfsg-1", ""),
])
def test_somebody_else_s_asterisk_is_replaced_by_the_same_series_only(version, end):
    """The refusal offers its version only where that one could be built."""
    found = decided(look(release=TRIXIE, packages={**ALL, "asterisk": version}))
    assert found.bring is not bool(end)
    assert found.refusal == (end and f"has Asterisk {version}, which this role did not install: remove it first {end}")


def test_tasks_that_are_not_root_s_are_refused():
    assert decided(look(user="1000")).refusal == (
        "runs tasks as user 1000, and these take root: set ansible_become to true.")


def test_a_version_that_the_table_does_not_have():
    assert decided(look(release=TRIXIE), version="20").refusal == (
        "cannot have its Asterisk: asterisk_version is 20, and the table of sources has 22.9.0, 22.10.1, 23.5.0. Choose"
        " one of these, or add a row in asterisk_sources_file.")
