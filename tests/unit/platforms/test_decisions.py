# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twenty PBXs of two releases, decided by the rows and the recipe that the collection ships."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.filter.asterisk_server import FilterModule
from ansible_collections.trunkline.voice.plugins.module_utils._ansible.look import package_format

ROOT = Path(__file__).parents[3]
ROWS = yaml.safe_load((ROOT / "roles/asterisk/vars/main/platforms.yml").read_text(encoding="utf-8"))
PLATFORMS = ROWS["__asterisk_platforms"]
CHOICE = {
    "packages": {"deb": ["asterisk", "logrotate"], "rpm": ["asterisk", "jemalloc"]},
    "method": "auto", "version": "22", "file": None, "sources_file": None,
    "untried": True, "dead": False, "today": "2026-11-25",
}


def decided(release: dict, architecture: str = "amd64", installed: str = "", key: str = "", **choice) -> dict:
    """What the filter decides of a host whose look says this."""
    said = {"user": "0", "architecture": architecture, "boot": "enabled", "key": key}
    look = {
        "release": release, "format": package_format(release), "changes": [], "foreign": [],
        "packages": {"asterisk": installed} if installed else {},
        "commands": {name: {"rc": 0, "stdout": text, "stderr": ""} for name, text in said.items()},
    }
    return FilterModule().filters()["asterisk_server"](look, PLATFORMS, {**CHOICE, **choice})


def debian(codename: str) -> dict:
    return {"id": "debian", "version_codename": codename, "pretty_name": codename}


def test_twenty_hosts_of_two_releases_are_two_builds():
    hosts = [decided(debian(codename)) for codename in ("bookworm", "trixie") * 10]
    assert len(hosts) == 20 and all(host["bring"] and host["method"] == "build" for host in hosts)
    assert len({host["order"]["key"] for host in hosts}) == len({host["order"]["file_name"] for host in hosts}) == 2


def test_the_next_run_of_them_builds_none():
    for codename in ("bookworm", "trixie"):
        order = decided(debian(codename))["order"]
        again = decided(debian(codename), installed=order["package_version"], key=order["key"])
        assert not again["bring"] and again["notes"][0].startswith("Asterisk 22.10.1 of 2026-06-25, 153 days old.")


@pytest.mark.parametrize("release, architecture", [
    ({"id": "ubuntu", "version_codename": "jammy", "version_id": "22.04"}, "amd64"),
    ({"id": "ubuntu", "version_codename": "noble", "version_id": "24.04"}, "amd64"),
    ({"id": "ubuntu", "version_codename": "resolute", "version_id": "26.04"}, "amd64"),
    (debian("bookworm"), "arm64"), (debian("trixie"), "arm64"),
])
def test_a_prepared_system_is_refused_or_says_so_in_one_line_each_run(release, architecture):
    assert "which is prepared and which nobody has run" in decided(release, architecture, untried=False)["refusal"]
    found = decided(release, architecture)
    assert found["method"] == "build" and found["refusal"] == ""
    assert len(found["warnings"]) == 1 and "is prepared, and nobody has run it" in found["warnings"][0]


@pytest.mark.parametrize("name", ["rhel", "rocky", "almalinux"])
@pytest.mark.parametrize("version", ["9.6", "10.0"])
def test_an_rpm_system_is_refused_and_with_the_option_gets_an_rpm(name, version):
    like = {"rhel": "fedora", "rocky": "rhel centos fedora", "almalinux": "rhel centos fedora"}
    release = {"id": name, "id_like": like[name], "version_id": version, "pretty_name": name}
    assert "which is prepared and which nobody has run" in decided(release, "x86_64", untried=False)["refusal"]
    found = decided(release, "x86_64")
    assert (found["refusal"], found["bring"], found["missing"]) == ("", True, ["jemalloc"])
    order = found["order"]
    assert order["format"] == "rpm" and order["file_name"].endswith(f".x86_64_{order['key']}.rpm")
    assert len(found["warnings"]) == 1 and "is prepared, and nobody has run it" in found["warnings"][0]
    installed = {"installed": order["package_version"]}
    provided = f"asterisk = {order['package_version']}\nasterisk(x86-64) = 1\ntrunkline-key = {order['key']}\n"
    again = decided(release, "x86_64", key=provided, **installed)
    assert not again["bring"] and again["notes"][0].startswith("Asterisk 22.10.1 of 2026-06-25, 153 days old.")
    assert decided(release, "x86_64", key=provided.replace(order["key"], "0123456789ab"), **installed)["bring"]
    epel = decided(release, "x86_64", key="asterisk = 18.12.1-1.el9.1\n", installed="18.12.1-1.el9.1")
    assert "remove it first (dnf remove asterisk; /etc/asterisk stays)" in epel["refusal"]


def test_a_move_between_debian_s_package_and_a_build_of_the_same_series():
    """A build takes the place of Debian's package. The way back is taken where `package` is asked for, and apt's
    otherwise, as Debian's package of the same release has the higher version."""
    theirs, ours = "1:22.10.1+dfsg+~cs6.17.60671434-1", decided(debian("trixie"))["order"]["package_version"]
    for codename, method in ("trixie", "auto"), ("forky", "build"):
        there = decided(debian(codename), installed=theirs, method=method)
        assert (there["refusal"], there["bring"]) == ("", True)
    for method, returns in ("auto", False), ("package", True):
        back = decided(debian("forky"), installed=ours, key="0123456789ab", method=method)
        assert (back["refusal"], back["method"], back["bring"], back["returns"]) == ("", "package", False, returns)
    if shutil.which("dpkg"):
        assert subprocess.run(["dpkg", "--compare-versions", theirs, "gt", ours], check=False).returncode == 0
