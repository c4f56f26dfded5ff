# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What module host_files tells of a host beside files, and what it refuses before it looks."""

from __future__ import annotations

import json
import sys

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import host_files, look


@pytest.fixture
def run(capsys):
    """run(check_mode=False, **options): the result of a run of the module."""
    def run_module(check_mode=False, **options):
        with patch_module_args({**options, "_ansible_check_mode": check_mode}), pytest.raises(SystemExit):
            host_files.main()
        return json.loads(capsys.readouterr().out)
    return run_module


def test_the_release(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    other.write_text('# A=b\nID=debian\nVERSION_CODENAME=forky\nPRETTY_NAME="Debian GNU/Linux forky/sid"\nEMPTY=\n\n')
    result = {"id": "debian", "version_codename": "forky", "pretty_name": "Debian GNU/Linux forky/sid", "empty": ""}
    assert look.release([str(one), str(other)]) == result
    one.write_text("ID='ubuntu'\n")
    assert look.release([str(one), str(other)]) == {"id": "ubuntu"}
    assert look.release([str(tmp_path / "none")]) == {}


@pytest.mark.parametrize("check_mode", [False, True])
def test_packages(run, tmp_path, monkeypatch, check_mode):
    """Of what dpkg-query names, only what is installed counts."""
    said = "asterisk installed 1:22.10.1~dfsg-1\nlogrotate config-files 3.22-1\n"
    program = tmp_path / "dpkg-query"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint({said!r}, end='')\nsys.exit(sys.argv[-1] == 'nft')\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert run(check_mode, packages=["asterisk", "logrotate", "nft"])["packages"] == {"asterisk": "1:22.10.1~dfsg-1"}


def test_a_host_without_dpkg(run, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(packages=["asterisk"])["packages"] == {}


@pytest.mark.parametrize("check_mode", [False, True])
def test_commands(run, check_mode):
    given = [
        {"name": "says", "argv": ["sh", "-c", "echo out; echo err >&2; exit 3"]},
        {"name": "missing", "argv": ["/nowhere/program"]},
        {"name": "no text", "argv": ["printf", r"\377"]},
        {"name": "no input", "argv": ["cat"]},
    ]
    result = run(check_mode, commands=given)["commands"]
    assert result["says"] == {"rc": 3, "stdout": "out\n", "stderr": "err\n"}
    assert result["missing"] == {"rc": 127, "stdout": "", "stderr": "/nowhere/program: No such file or directory"}
    assert result["no text"]["stdout"] == "\ufffd" and result["no input"] == {"rc": 0, "stdout": "", "stderr": ""}


def test_a_command_that_does_not_end(run, monkeypatch):
    monkeypatch.setattr(look, "COMMAND_SECONDS", 0.1)
    result = run(commands=[{"name": "slow", "argv": ["sleep", "60"]}])
    assert result["failed"] and result["msg"] == "sleep 60 has not ended after 0.1 s."


TWICE = [{"name": "a", "argv": ["true"]}, {"name": "a", "argv": ["true"]}]


@pytest.mark.parametrize("options, sentence", [
    ({"packages": ["--admindir=/tmp"]}, "packages[0] must be the name of a package, not '--admindir=/tmp'."),
    ({"packages": ["asterisk*"]}, "packages[0] must be the name of a package, not 'asterisk*'."),
    ({"packages": ["asterisk\n"]}, r"packages[0] must be the name of a package, not 'asterisk\n'."),
    ({"commands": [{"name": "a", "argv": []}]}, "commands[0].argv must begin with a program."),
    ({"commands": [{"name": "a", "argv": [""]}]}, "commands[0].argv must begin with a program."),
    ({"commands": [{"name": "a", "argv": ["true", "\0"]}]}, "commands[0].argv must not hold a null character."),
    ({"commands": TWICE}, "commands[1] has the name of commands[0], 'a': give each a name of its own."),
    ({"commands": [{"name": "a"}]}, "missing required arguments: argv found in commands"),
    ({"commands": ["true"]}, "commands[0] must be a dict of name, argv, format."),
])
def test_a_wrong_option(run, monkeypatch, options, sentence):
    monkeypatch.setattr(look, "command", None)      # nothing is looked at
    result = run(**options)
    assert result["failed"] and sentence in result["msg"]
