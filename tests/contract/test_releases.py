# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that role asterisk was not proven on: each is refused by name before anything is touched."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml

REFUSED = {
    "buster": {"id": "debian", "version_codename": "buster", "pretty_name": "Debian GNU/Linux 10 (buster)"},
    "jammy": {"id": "ubuntu", "version_codename": "jammy", "pretty_name": "Ubuntu 22.04.5 LTS"},
    # Another distribution may give its release a name of Debian's.
    "other": {"id": "devuan", "version_codename": "bullseye", "pretty_name": "Devuan GNU/Linux"},
    "rocky": {"id": "rocky", "version_id": "9.4", "pretty_name": "Rocky Linux 9.4 (Blue Onyx)"},
    "older": {"id": "centos", "pretty_name": "CentOS Linux 7 (Core)"},
    "unknown": {},
}
TRUNK = {
    "name": "Main", "domain": "main.pstn.twilio.com", "caller_id": "+17756187988", "ip_access_control_list": "PBXs",
}
PLAY = [{
    "hosts": "all", "gather_facts": False, "tasks": [
        {"ansible.builtin.import_role": {"name": "trunkline.voice.asterisk"}},
    ],
}]
# Variables of -e win over what the role found.
FOUND = {
    "__asterisk_host": {
        "release": "{{ runs }}", "format": "deb", "packages": {},
        "commands": {"user": {"stdout": "0\n"}, "architecture": {"stdout": "amd64\n"}},
    },
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    hosts = {
        name: {"runs": runs, "trunkline_public_address": f"198.51.100.{number}"}
        for number, (name, runs) in enumerate(REFUSED.items(), start=1)
    }
    here = {
        "ansible_connection": "local", "ansible_python_interpreter": sys.executable, "trunkline_trunks": [TRUNK],
    }
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"children": {"pbx": {"hosts": hosts, "vars": here}}}}))
    (folder / "play.yml").write_text(yaml.safe_dump(PLAY))
    done = subprocess.run(
        # In check mode, as whoever goes on past the refusal is this machine.
        ["ansible-playbook", "--check", "-i", "hosts.yml", "-e", json.dumps(FOUND), "play.yml"],
        cwd=folder, text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 2, done.stdout
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("name", REFUSED)
def test_a_system_that_is_not_proven(printed, name):
    runs = REFUSED[name].get("pretty_name", "what has no os-release")
    prepared = name in ("jammy", "rocky")
    how = f"{runs}, which is prepared and which nobody has run" if prepared else f"{runs} on amd64"
    assert f"{name} runs {how}, and this role is proven on Debian 11, " in printed, printed
    assert ("asterisk_untried_platform" in printed.partition(f"{name} runs")[2][:400]) >= prepared
