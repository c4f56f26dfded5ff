# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of releases that role asterisk does not support: each is refused by name before anything is looked at."""

from __future__ import annotations

import subprocess

import pytest
import yaml

REFUSED = {
    "bookworm": ("Debian", "bookworm"),
    "trixie": ("Debian", "trixie"),
    "jammy": ("Ubuntu", "jammy"),
    # Another distribution may give its release a name of Debian's.
    "other": ("Devuan", "bullseye"),
}
PLAY = [{
    "hosts": "all", "gather_facts": False, "tasks": [
        {"ansible.builtin.set_fact": {
            "distribution": "{{ runs[0] }}", "distribution_release": "{{ runs[1] }}", "cacheable": True}},
        {"ansible.builtin.import_role": {"name": "trunkline.voice.asterisk"}},
    ],
}]


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    # Whoever goes on past the refusal finds nobody at this address.
    hosts = {name: {"runs": list(runs)} for name, runs in REFUSED.items()}
    nobody = {"ansible_host": "127.0.0.1", "ansible_port": 1}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": nobody}}))
    (folder / "play.yml").write_text(yaml.safe_dump(PLAY))
    done = subprocess.run(
        ["ansible-playbook", "-i", "hosts.yml", "play.yml"], cwd=folder, text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 2, done.stdout
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("name", REFUSED)
def test_a_release_that_nobody_tried(printed, name):
    distribution, release = REFUSED[name]
    assert (
        f"{name} runs {distribution} {release}, and this role supports Debian bullseye with Asterisk 16, forky with"
        " Asterisk 22, sid with Asterisk 22." in printed
    ), printed
