# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key of an order: what changes it, and what does not."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build.order import Recipe, newest, order
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

ROW = {"name": "Debian 13", "codename": "trixie", "build": {"format": "deb", "suffix": "deb13", "packages": ["gcc"]}}
SOURCES = {"22.10.1": {"date": 1782345600, "files": [
    {"name": "asterisk.tar.gz", "sha256": "aa", "addresses": ["https://a.example/asterisk.tar.gz"]},
    {"name": "pjproject-2.17.tar.bz2", "sha256": "bb"}], "patches": {"a/b.patch": "--- a\n"}}}
RPM = {"name": "Rocky 9", "version": "9", "build": {"format": "rpm", "suffix": "el9", "packages": ["gcc"]}}
RECIPE = Recipe(SOURCES, ["res_pjsip", "chan_pjsip"], {
    "recipe.sh": "make", "deb/format.sh": "dpkg-deb", "deb/postinst": "x", "rpm/format.sh": "rpmbuild"})
MADE = order(ROW, "amd64", "22", RECIPE)


def changed(**more) -> str:
    """The key of an order of which something differs."""
    row, sources = copy.deepcopy(ROW), copy.deepcopy(SOURCES)
    row["codename"] = more.get("release", row["codename"])
    row["build"]["packages"] += more.get("packages", [])
    row["build"]["cross"] = more.get("cross", [])
    sources["22.10.1"]["date"] = more.get("date", 1782345600)
    sources["22.10.1"]["files"][1]["sha256"] = more.get("part", "bb")
    sources["22.10.1"]["patches"] = more.get("patches", sources["22.10.1"]["patches"])
    sources["22.10.1"]["files"][0]["addresses"] = more.get("addresses", [])
    recipe = Recipe(sources, [*RECIPE.modules, *more.get("modules", [])], {**RECIPE.files, **more.get("files", {})})
    return order(row, more.get("architecture", "amd64"), "22", recipe)["key"]


@pytest.mark.parametrize("more", [
    {"release": "bookworm"}, {"architecture": "arm64"}, {"packages": ["clang"]},
    {"cross": ["qemu-user"]}, {"date": 1}, {"part": "cc"},
    {"patches": {}}, {"modules": ["app_queue"]}, {"files": {"recipe.sh": "make all"}},
    {"files": {"deb/format.sh": "dpkg-deb --build"}},
])
def test_what_makes_another_package_makes_another_key(more):
    assert changed(**more) != MADE["key"]


def test_what_makes_the_same_package_makes_the_same_key():
    assert changed() == changed(addresses=["https://b.example/"]) == MADE["key"]
    shuffled = dataclasses.replace(RECIPE, modules=["chan_pjsip", "res_pjsip"])
    assert order(ROW, "amd64", "22.10", shuffled)["key"] == MADE["key"]
    assert changed(files={"rpm/format.sh": "rpmbuild -bb"}) == MADE["key"]


def test_the_order():
    assert MADE["file_name"] == f"asterisk_22.10.1~trunkline1+deb13_amd64_{MADE['key']}.deb"
    assert MADE["package_version"] == "1:22.10.1~trunkline1+deb13"
    assert MADE["files"] == {
        "recipe.sh": "make", "format.sh": "dpkg-deb", "postinst": "x", "patches/a/b.patch": "--- a\n"}
    assert MADE["addresses"] == {
        "asterisk.tar.gz": ["https://a.example/asterisk.tar.gz"], "pjproject-2.17.tar.bz2": []}


def test_the_order_of_an_rpm():
    """Its version sorts below that of a distribution's package of the same Asterisk, and has no epoch, as EPEL's."""
    made = order(RPM, "x86_64", "22", RECIPE)
    assert made["file_name"] == f"asterisk-22.10.1-0.trunkline1.el9.x86_64_{made['key']}.rpm"
    assert (made["format"], made["release"], made["package_version"]) == ("rpm", "9", "22.10.1-0.trunkline1.el9")
    assert made["files"] == {"recipe.sh": "make", "format.sh": "rpmbuild", "patches/a/b.patch": "--- a\n"}


@pytest.mark.parametrize(
    "wanted, found", [("22", "22.10.1"), ("22.9", "22.9.2"), ("22.1", "22.1.0"), ("22.9.0", "22.9.0")])
def test_the_newest_that_fits(wanted, found):
    table = dict.fromkeys(["22.9.0", "22.10.1", "22.9.2", "22.1.0", "23.0.0"])
    assert newest(table, wanted) == found


def test_none_that_fits():
    with pytest.raises(TrunklineError, match=r"asterisk_version is 2, and the table of sources has 22\.1\."):
        newest({"22.1": None}, "2")
