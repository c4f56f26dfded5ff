# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role asterisk decides from its look at a host."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.server import Server, server

RELEASES = {"bullseye": 16, "forky": 22}
WANTED = ["asterisk", "logrotate"]
FORKY = {"id": "debian", "version_codename": "forky", "pretty_name": "Debian GNU/Linux forky/sid"}
ALL = {"asterisk": "1:22.10.1~dfsg-1", "logrotate": "3.22-1"}


ROOT = {"user": {"rc": 0, "stdout": "0\n", "stderr": ""}}


def look(**more) -> dict:
    commands = {"boot": {"rc": 0, "stdout": "enabled\n", "stderr": ""}, **ROOT}
    return {"release": FORKY, "packages": ALL, "commands": commands, "changes": [], "foreign": [], **more}


def test_a_host_that_is_as_it_should_be():
    assert server(look(), RELEASES, WANTED) == Server(22, "", [], False)


@pytest.mark.parametrize("differs", [
    {"changes": [{"action": "change", "what": "file /etc/x"}]},
    {"foreign": ["/usr/sbin/policy-rc.d"]},
    {"commands": {"boot": {"rc": 1, "stdout": "disabled\n", "stderr": ""}, **ROOT}},
])
def test_what_there_is_to_do(differs):
    assert server(look(**differs), RELEASES, WANTED) == Server(22, "", [], True)


def test_a_host_without_the_service_is_not_one_that_does_not_start_it():
    """Its package is what is missing, and that one has it start at boot."""
    boot = {"boot": {"rc": 4, "stdout": "not-found\n", "stderr": ""}, **ROOT}
    found = server(look(packages={"logrotate": "3.22-1"}, commands=boot), RELEASES, WANTED)
    assert found == Server(22, "", ["asterisk=1:22.*"], True)


def test_what_is_missing_in_the_words_of_apt():
    assert server(look(packages={}), RELEASES, WANTED).missing == ["asterisk=1:22.*", "logrotate"]


@pytest.mark.parametrize("version", ["1:20.9.0", "1:220.1.0", "1:2.2", "22.10.1"])
def test_an_asterisk_that_is_not_the_release_s(version):
    found = server(look(packages={"asterisk": version}), RELEASES, WANTED)
    assert (found.major, found.missing, found.differs) == (22, [], False)
    assert found.refusal == (
        f"has Asterisk {version}, and this role supports Debian bullseye with Asterisk 16, forky with"
        " Asterisk 22.")


@pytest.mark.parametrize("release, runs", [
    ({"id": "debian", "version_codename": "trixie", "pretty_name": "Debian 13"}, "Debian 13"),
    ({"id": "devuan", "version_codename": "bullseye", "pretty_name": "Devuan"}, "Devuan"),
    ({}, "what has no os-release"),
])
def test_a_release_that_nobody_tried(release, runs):
    refusal = server(look(release=release), RELEASES, WANTED).refusal
    assert refusal.startswith(f"runs {runs}, and this role supports Debian bullseye with Asterisk 16, forky")


def test_tasks_that_are_not_root_s_are_refused():
    user = {"boot": {"rc": 0, "stdout": "enabled\n", "stderr": ""}, "user": {"rc": 0, "stdout": "1000\n", "stderr": ""}}
    assert server(look(commands=user), RELEASES, WANTED).refusal == (
        "runs tasks as user 1000, and these take root: set ansible_become to true.")
