# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an RPM is asked and told, on a host whose rpm only remembers. test_upgrade.py has dpkg's."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.packager import CommandFailed, Package, Rpm
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

QUERIED = "22.10.1-0.trunkline1.el9\nasterisk 22.10.1-0.trunkline1.el9\ntrunkline-key aaaaaaaaaaaa\nuser(asterisk) \n"
NEEDS = "/bin/sh\nlibjansson.so.4()(64bit)\nuser(asterisk)\nrpmlib(CompressedFileNames) <= 3.0.4-1\n"


class Host:
    """A host with these answers; what it was told is in `ran`."""

    def __init__(self, installed: str = "", complete: bool = False):
        self.ran, self.printed, self.complete = [], installed, complete

    def run(self, argv):
        self.ran.append(" ".join(argv))
        if "--requires" in argv:
            return NEEDS
        if "--package" in argv:
            return QUERIED
        if "--query" in argv:
            if not self.printed:
                raise CommandFailed("package asterisk is not installed")
            return self.printed
        if "--test" in argv and not self.complete:
            raise CommandFailed("error: Failed dependencies:")
        return ""


def test_what_a_file_says():
    assert Rpm(Host().run).read("/x.rpm") == Package(
        "22.10.1-0.trunkline1.el9", "aaaaaaaaaaaa", ["/bin/sh", "libjansson.so.4()(64bit)"])


@pytest.mark.parametrize("printed, found", [
    ("", None),
    (QUERIED, Package("22.10.1-0.trunkline1.el9", "aaaaaaaaaaaa")),
    ("18.12.1-1.el9.1\nasterisk 18.12.1-1.el9.1\n", Package("18.12.1-1.el9.1", "")),
])
def test_what_is_installed(printed, found):
    assert Rpm(Host(printed).run).installed() == found


@pytest.mark.parametrize("complete, told", [
    (False, ["dnf --quiet --assumeyes --setopt=install_weak_deps=False install /bin/sh libjansson.so.4()(64bit)"]),
    (True, []),     # no repository is asked
])
def test_a_file_takes_the_place_of_any_other_once_what_it_needs_is_there(complete, told):
    host = Host(QUERIED, complete)
    Rpm(host.run).put("/x.rpm")
    assert [line for line in host.ran if "--query" not in line] == [
        "rpm --upgrade --oldpackage --replacepkgs --test /x.rpm", *told,
        "rpm --upgrade --oldpackage --replacepkgs /x.rpm"]


def test_a_way_back_without_a_kept_file_is_asked_of_the_archives():
    host, before = Host(QUERIED), Rpm(Host().run).own("22.10.1-0.trunkline1.el9")
    Rpm(host.run).put(before)
    assert host.ran == [
        "dnf --quiet --assumeyes --setopt=install_weak_deps=False install asterisk-22.10.1-0.trunkline1.el9"]
    assert Rpm(host.run).by_hand(before) == "dnf install asterisk-22.10.1-0.trunkline1.el9"
    assert Rpm(host.run).by_hand("/x.rpm") == "rpm --upgrade --oldpackage --replacepkgs /x.rpm"


def test_no_archive_of_such_a_host_has_an_asterisk():
    with pytest.raises(TrunklineError, match="has no package of Asterisk that is used. Set asterisk_install_method"):
        Rpm(Host().run).offered(22)
