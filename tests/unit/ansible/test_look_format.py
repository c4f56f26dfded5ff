# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at a host, and files on it, by what its packages are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import host_files, look
from ansible_collections.trunkline.voice.plugins.plugin_utils import packages

PRINTED = {
    "rpm": "jemalloc installed 5.2.1-2.el9\npackage cpio is not installed\n", "dpkg-query": "cpio installed 2.15\n"}
#: The same name for both formats.
COMMANDS = [{"name": "key", "format": form, "argv": [f"{form}-key"]} for form in ("deb", "rpm")]


@pytest.mark.parametrize("release, form, found", [
    ({"id": "rocky", "id_like": "rhel centos fedora"}, "rpm", {"jemalloc": "5.2.1-2.el9"}),
    ({"id": "rhel"}, "rpm", {"jemalloc": "5.2.1-2.el9"}),
    ({"id": "ubuntu", "id_like": "debian"}, "deb", {"cpio": "2.15"}),
    ({}, "deb", {"cpio": "2.15"}),
])
def test_what_is_asked_and_written(monkeypatch, tmp_path, release, form, found):
    monkeypatch.setattr(look, "release", lambda: release)
    monkeypatch.setattr(host_files, "release", lambda: release)
    monkeypatch.setattr(
        look, "command", lambda argv: {"rc": 0, "stdout": PRINTED.get(argv[0], argv[0]), "stderr": ""})
    row = {"content": "x", "mode": "0644", "validate": "", "marker": ""}
    result = host_files.converge({
        "files": [{**row, "path": str(tmp_path / one), "format": one} for one in ("deb", "rpm")],
        "absent": [], "packages": ["jemalloc", "cpio"], "commands": COMMANDS}, dry=True)
    assert (result["format"], result["packages"], result["written"]) == (form, found, [str(tmp_path / form)])
    assert result["commands"]["key"]["stdout"] == f"{form}-key"


@pytest.mark.parametrize("form", ["deb", "rpm"])
def test_what_installs(form):
    def execute(module_name, module_args, task_vars):
        return {"by": module_name, "weak": module_args.get("install_weak_deps", module_args.get("install_recommends"))}

    done = packages.install(SimpleNamespace(_execute_module=execute), ["x"], {}, 101, form)
    assert done == {"by": f"ansible.builtin.{'dnf' if form == 'rpm' else 'apt'}", "weak": False}
