# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module host_files: what it writes, removes and leaves alone, and what it refuses before it touches anything."""

from __future__ import annotations

import json
import os
import stat

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import host_files
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host import files


@pytest.fixture(autouse=True)
def owner(monkeypatch):
    """Who runs the tests stands for root."""
    monkeypatch.setattr(files, "OWNER", (os.getuid(), os.getgid()))


@pytest.fixture
def run(capsys):
    """run(check_mode=False, **options): the result of a run of the module."""
    def go(check_mode=False, **options):
        with patch_module_args({**options, "_ansible_check_mode": check_mode}), pytest.raises(SystemExit):
            host_files.main()
        return json.loads(capsys.readouterr().out)
    return go


def tree(folder) -> dict:
    """Everything below a folder: path to content and mode."""
    return {
        str(path.relative_to(folder)): (path.read_text(), stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*") if path.is_file()
    }


def test_a_new_file_and_its_folders(run, tmp_path):
    old = os.umask(0o077)
    try:
        path = tmp_path / "a" / "b" / "file"
        result = run(files=[{"path": str(path), "content": "text\n"}])
    finally:
        os.umask(old)
    assert result["changed"] and result["changes"] == [{"action": "add", "what": f"file {path}"}]
    assert result["written"] == [str(path)] and result["removed"] == result["foreign"] == []
    assert tree(tmp_path) == {"a/b/file": ("text\n", 0o644)}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755
    again = run(files=[{"path": str(path), "content": "text\n"}])
    assert not again["changed"] and again["changes"] == again["written"] == again["diff"] == []


@pytest.mark.parametrize("content, mode, before, after", [
    ("old\n", 0o644, "old\n", "new\n"),
    ("new\n", 0o600, "mode 0600\n", "mode 0644\n"),
])
def test_what_differs_is_changed_and_shown(run, tmp_path, content, mode, before, after):
    path = tmp_path / "file"
    path.write_text(content)
    path.chmod(mode)
    result = run(files=[{"path": str(path), "content": "new\n"}])
    assert result["changes"] == [{"action": "change", "what": f"file {path}"}]
    assert result["diff"][0]["before"].endswith(before) and result["diff"][0]["after"].endswith(after)
    assert tree(tmp_path) == {"file": ("new\n", 0o644)}


def test_another_owner_is_a_difference(run, tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("text\n")
    path.chmod(0o644)
    monkeypatch.setattr(files, "OWNER", (12345, 12345))
    assert run(True, files=[{"path": str(path), "content": "text\n"}])["written"] == [str(path)]


def test_a_link_is_replaced_and_not_followed(run, tmp_path):
    (tmp_path / "target").write_text("another's\n")
    (tmp_path / "file").symlink_to("target")
    result = run(files=[{"path": str(tmp_path / "file"), "content": "another's\n"}])
    assert result["changed"] and not (tmp_path / "file").is_symlink()
    (tmp_path / "target").write_text("another's still\n")
    assert (tmp_path / "file").read_text() == "another's\n"


def test_what_is_not_wanted_is_removed(run, tmp_path):
    (tmp_path / "file").write_text("old\n")
    (tmp_path / "link").symlink_to("nowhere")
    gone = [str(tmp_path / name) for name in ("file", "link", "missing", "missing/below")]
    result = run(absent=gone)
    assert result["removed"] == gone[:2] and result["diff"][0]["before"] == "old\n"
    assert result["changes"][0] == {"action": "remove", "what": f"file {gone[0]}"}
    assert not list(tmp_path.iterdir()) and not run(absent=gone)["changed"]


def test_check_mode_tells_the_same_and_writes_nothing(run, tmp_path):
    (tmp_path / "file").write_text("old\n")
    (tmp_path / "surplus").write_text("old\n")
    options = {
        "files": [{"path": str(tmp_path / name), "content": "new\n"} for name in ("file", "folder/new")],
        "absent": [str(tmp_path / "surplus")],
    }
    before = tree(tmp_path)
    foretold = run(True, **options)
    assert tree(tmp_path) == before and not (tmp_path / "folder").exists()
    done = run(**options)
    for name in ("changed", "changes", "written", "removed", "diff"):
        assert foretold[name] == done[name], name


def test_a_file_without_the_marker_is_another_s(run, tmp_path):
    path = tmp_path / "policy"
    rows = [{"path": str(path), "content": "# ours\nnew\n", "marker": "# ours"}]
    path.write_text("by hand\n")
    result = run(files=rows)
    assert result["foreign"] == [str(path)] and not result["changed"] and path.read_text() == "by hand\n"
    path.write_text("# ours\nold\n")
    result = run(files=rows)
    assert result["foreign"] == [] and result["written"] == [str(path)] and path.read_text() == "# ours\nnew\n"


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_content_that_its_validator_refuses(run, tmp_path, check_mode):
    """Nothing is written at all, and the sentence names the file and not the temporary one."""
    bad, good = tmp_path / "bad", tmp_path / "good"
    bad.write_text("old\n")
    validator = "sh -c 'echo $0: line 1 >&2; ! grep wrong $0' %s"
    result = run(check_mode, files=[
        {"path": str(good), "content": "right\n", "validate": validator},
        {"path": str(bad), "content": "wrong\n", "validate": validator},
    ])
    assert result["failed"] and tree(tmp_path) == {"bad": ("old\n", stat.S_IMODE(bad.stat().st_mode))}
    assert result["msg"].startswith(f"{bad} was not changed: `sh -c ")
    assert f"{bad}: line 1" in result["msg"] and "Correct the values" in result["msg"]


def test_a_validator_that_is_not_installed(run, tmp_path):
    """Check mode goes on, since an earlier task may install it; a run that writes refuses."""
    rows = [{"path": str(tmp_path / "file"), "content": "text\n", "validate": "no-such-program %s"}]
    assert run(True, files=rows)["changed"]
    result = run(files=rows)
    assert result["failed"] and "there is no program no-such-program. Install it" in result["msg"]
    assert not list(tmp_path.iterdir())


def test_a_validator_that_does_not_end(run, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "VALIDATOR_SECONDS", 0.1)
    result = run(files=[{"path": str(tmp_path / "file"), "content": "text\n", "validate": "sh -c 'sleep 9' %s"}])
    assert result["failed"] and "has not ended after 0.1 s" in result["msg"] and not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_the_old_file_and_tells_what_came_before(run, tmp_path, monkeypatch):
    first, second = tmp_path / "first", tmp_path / "second"
    second.write_text("old\n")
    replace = os.replace

    def fail(source, target):
        if target == str(second):
            raise OSError(28, "No space left on device")
        replace(source, target)
    monkeypatch.setattr(os, "replace", fail)
    result = run(files=[{"path": str(path), "content": "new\n"} for path in (first, second)])
    assert result["failed"] and result["changed"]
    reason = f"{second} cannot be written: No space left on device. Changed before that: {first}."
    assert result["msg"].startswith(reason)
    assert second.read_text() == "old\n" and sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]


def test_a_directory_in_the_way(run, tmp_path):
    (tmp_path / "folder").mkdir()
    result = run(files=[{"path": str(tmp_path / "folder"), "content": ""}])
    assert result["msg"] == f"{tmp_path / 'folder'} is a directory where a file is meant. Move it away."


@pytest.mark.parametrize("check_mode", [False, True])
def test_it_looks_at_the_host_after_it_wrote(run, tmp_path, check_mode):
    path = tmp_path / "file"
    result = run(
        check_mode, files=[{"path": str(path), "content": "text\n"}],
        commands=[{"name": "reads", "argv": ["cat", str(path)]}])
    assert result["commands"]["reads"]["stdout"] == ("" if check_mode else "text\n")
    assert set(result) >= {"release", "packages"}


@pytest.mark.parametrize("wrong, sentence", [
    ({"files": [{"path": "etc/file", "content": ""}]}, "files[0].path must be an absolute path, not 'etc/file'."),
    # YAML reads 0644 as 420.
    ({"files": [{"path": "/file", "content": "", "mode": 420}]},
     'files[0].mode must be four octal digits in quotes, such as "0644", not \'420\'.'),
    ({"files": [{"path": "/file", "content": "", "validate": "nft --check"}]},
     "files[0].validate must be a command with the word %s, which becomes a path, not 'nft --check'."),
    ({"files": [{"path": "/file", "content": "", "validate": "sh -c '%s"}]}, "files[0].validate must be a command"),
    ({"absent": ["file"]}, "absent[0] must be an absolute path, not 'file'."),
    ({"files": [{"path": "/file", "content": ""}], "absent": ["/file"]}, "/file is named twice in files and absent."),
    ({"packages": ["a b"]}, "packages[0] must be the name of a package"),
    ({"commands": [{"name": "empty", "argv": []}]}, "commands[0].argv must begin with a program."),
])
def test_a_wrong_option_is_refused_before_anything_is_touched(run, monkeypatch, wrong, sentence):
    monkeypatch.setattr(host_files, "plan", None)
    result = run(**wrong)
    assert result["failed"] and sentence in result["msg"]
