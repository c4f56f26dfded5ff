# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role asterisk_build in a play of many hosts, with a builder whose chroot and recipe are scripts of a few lines."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest
import yaml

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a build takes root")
CONTENT = b"a tarball"
#: What runs in place of the real one: `setpriv … mmdebstrap … CHROOT`, and then `setpriv … CHROOT`.
SETPRIV = """#!/bin/sh
for last; do :; done
case "$*" in
    *" mmdebstrap "*) mkdir "$last" ;;
    *)
        echo "$KEY" >>@/built
        mkdir "$last/build/result"
        echo "package $KEY" >"$last/build/result/asterisk.deb"
        ;;
esac
"""
PLAY = [{"hosts": "pbx*", "gather_facts": False, "tasks": [
    {"ansible.builtin.include_role": {"name": "trunkline.voice.asterisk_build"}},
    {"ansible.builtin.command": "cat {{ asterisk_build_package }}", "changed_when": False, "register": "read"},
    {"ansible.builtin.assert": {"that": "read.stdout == 'package ' ~ asterisk_build_order.key"}},
]}]


def order(key: str) -> dict:
    return {
        "key": key, "format": "deb", "file_name": f"asterisk_{key}.deb", "version": "22.10.1",
        "package_version": "1:22.10.1", "date": 1, "release": "trixie", "architecture": "amd64",
        "packages": ["gcc"], "modules": ["chan_pjsip"], "files": {"recipe.sh": "make"}, "addresses": {},
        "sources": [{"name": "asterisk.tar.gz", "sha256": hashlib.sha256(CONTENT).hexdigest()}],
    }


@pytest.fixture
def played(tmp_path):
    """Play the role for some hosts, by their keys; return what was built so far."""
    programs = {
        "setpriv": SETPRIV.replace("@", str(tmp_path)), "dpkg": "#!/bin/sh\necho amd64\n", "apt-config": "#!/bin/sh\n",
        "mmdebstrap": "#!/bin/sh\n", "unshare": "#!/bin/sh\n",
    }
    (tmp_path / "bin").mkdir()
    for name, text in programs.items():
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "given").mkdir()
    (tmp_path / "given/asterisk.tar.gz").write_bytes(CONTENT)
    (tmp_path / "built").touch()
    (tmp_path / "play.yml").write_text(yaml.safe_dump(PLAY))

    def play(keys: list[str], builder: str = "localhost") -> list[str]:
        hosts = {f"pbx{number}": {"asterisk_build_order": order(key)} for number, key in enumerate(keys)}
        if builder != "localhost":
            hosts[builder] = {}
        here = {
            "ansible_connection": "local", "ansible_python_interpreter": sys.executable,
            "asterisk_build_host": builder, "asterisk_build_store": f"{tmp_path}/store",
            "asterisk_build_folder": f"{tmp_path}/given",
        }
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": here}}))
        done = subprocess.run(
            ["ansible-playbook", "-i", "hosts.yml", "-e", f"__asterisk_build_remote={tmp_path}/remote", "play.yml"],
            cwd=tmp_path, text=True, check=False, env={**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout
        return (tmp_path / "built").read_text().split()

    return play


def test_hosts_of_two_releases_take_two_builds_and_the_next_run_none(played):
    keys = ["aaaaaaaaaaaa", "bbbbbbbbbbbb"] * 10
    assert sorted(played(keys)) == ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]
    assert len(played(keys[:2])) == 2


def test_a_builder_that_is_another_host(played, tmp_path):
    """It gets the source files and keeps what it made; the controller's store has the package for all that want it."""
    keys = ["aaaaaaaaaaaa", "bbbbbbbbbbbb", "aaaaaaaaaaaa"]
    assert sorted(played(keys, "builder")) == ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]
    for store in "store", "remote":
        assert {path.name for path in (tmp_path / store).glob("asterisk_*")} == {
            f"asterisk_{key}.deb{more}" for key in keys for more in ("", ".json")}
    assert (tmp_path / "remote/given/asterisk.tar.gz").read_bytes() == CONTENT
    (tmp_path / "remote/asterisk_aaaaaaaaaaaa.deb").unlink()
    assert len(played(keys, "builder")) == 2
