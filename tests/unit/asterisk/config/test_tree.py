# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files on the disk: swapped by one rename, whole at every instant, and what is written by hand survives."""

from __future__ import annotations

import grp
import os
import pwd

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import tree as module
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.tree import Tree

OLD = {"pjsip.conf": "old\n", "gone.conf": "old\n", "same.conf": "same\n"}
NEW = {"pjsip.conf": "new\n", "fresh.conf": "new\n", "same.conf": "same\n"}


@pytest.fixture
def tree(tmp_path):
    owner, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    return Tree(str(tmp_path / "asterisk"), owner, group)


def read(tree):
    """What Asterisk would read: the files by the names it opens them by."""
    names = (name for name in os.listdir(tree.root) if name.endswith(".conf") and not name.startswith("."))
    return {name: open(os.path.join(tree.root, name)).read() for name in names if os.path.exists(f"{tree.root}/{name}")}


def make(tree, files=OLD):
    tree.swap(files, {"mark": 1})


def test_from_nothing(tree):
    assert tree.look().files == {}
    assert tree.swap(OLD, {"mark": 1}) is None
    seen = tree.look()
    assert read(tree) == seen.files == OLD and seen.state == {"mark": 1} and seen.loose == [] and seen.open == []


def test_swap_and_back(tree):
    make(tree)
    old = tree.swap(NEW, {"mark": 2})
    assert read(tree) == NEW and tree.look().state == {"mark": 2} and tree.state(old) == {"mark": 1}
    tree.to(old)
    assert read(tree) == OLD
    tree.keep()
    assert os.listdir(os.path.join(tree.root, "trees")) == [old]


def test_only_named_trees_stay(tree):
    make(tree)
    old = tree.swap(NEW, {})
    tree.swap(OLD, {})
    tree.keep(old)
    assert len(os.listdir(os.path.join(tree.root, "trees"))) == 2


def test_files_that_are_no_links_are_adopted(tree):
    os.makedirs(tree.root)
    for name, text in OLD.items():
        with open(os.path.join(tree.root, name), "w") as file:
            file.write(text)
    assert tree.look().loose == sorted(OLD) and tree.look().files == OLD
    before = tree.swap(NEW, {})
    assert read(tree) == NEW and tree.look().loose == []
    tree.to(before)
    assert read(tree) == OLD and all(os.path.islink(os.path.join(tree.root, name)) for name in OLD)


def test_what_others_put_there_is_taken_out_of_sight_and_kept(tree):
    make(tree)
    with open(os.path.join(tree.root, "precious.txt"), "w") as file:
        file.write("mine\n")
    for files in (NEW, OLD, NEW):
        tree.keep(tree.swap(files, {}))
    assert read(tree) == NEW and not os.path.lexists(os.path.join(tree.root, "precious.txt"))
    kept = [name for name in os.listdir(os.path.join(tree.root, "trees")) if name.endswith("-found")]
    assert len(kept) == 1
    tree.clear()
    with open(os.path.join(tree.root, "trees", kept[0], "precious.txt")) as file:
        assert file.read() == "mine\n"


def test_a_change_by_hand_is_seen_and_can_be_gone_back_to(tree):
    make(tree)
    with open(os.path.join(tree.root, "pjsip.conf"), "w") as file:
        file.write("by hand\n")
    os.unlink(os.path.join(tree.root, "same.conf"))
    with open(os.path.join(tree.root, "same.conf"), "w") as file:
        file.write("replaced\n")
    by_hand = {**OLD, "pjsip.conf": "by hand\n", "same.conf": "replaced\n"}
    assert tree.look().files == by_hand and tree.look().loose == ["same.conf"]
    before = tree.swap(OLD, {})
    assert read(tree) == OLD
    tree.to(before)
    assert read(tree) == by_hand


def test_what_is_written_by_hand_survives_everything(tree):
    make(tree)
    mine = os.path.join(tree.root, "local.d", "pjsip.conf")
    with open(mine, "w") as file:
        file.write("mine\n")
    with open(mine + "~", "w") as file:
        file.write("an editor's copy, which nobody reads\n")
    tree.to(tree.swap(NEW, {}))
    assert tree.look().local == {"local.d/pjsip.conf": "mine\n"}
    tree.clear()
    assert open(mine).read() == "mine\n" and os.listdir(tree.root) == ["local.d"]


def test_owner_and_mode_are_kept(tree):
    make(tree)
    os.chmod(os.path.join(tree.root, "pjsip.conf"), 0o644)
    os.chmod(tree.root, 0o755)
    assert tree.look().open == [tree.root, os.path.join(tree.root, "pjsip.conf")]
    tree.close()
    assert tree.look().open == []
    assert oct(os.stat(os.path.join(tree.root, "pjsip.conf")).st_mode)[-3:] == "640"


def test_a_text_that_is_not_utf8_comes_through(tree):
    make(tree)
    path = os.path.join(tree.root, "pjsip.conf")
    with open(path, "wb") as file:
        file.write(b"\xff\n")
    tree.swap({**tree.look().files, "x.conf": "x\n"}, {})
    with open(path, "rb") as file:
        assert file.read() == b"\xff\n"


#: What changes the disk. tests in the lab find the same by tracing system calls.
STEPS = ("os.rename", "os.symlink", "os.unlink", "os.mkdir", "os.fsync", "shutil.rmtree", "os.chmod", "os.chown")


@pytest.mark.parametrize("kind", ["swap", "adopt"])
def test_killed_at_each_step_the_old_tree_is_whole_or_the_new_one(tree, monkeypatch, kind):
    """And a run after it ends as if nothing had been."""

    class Killed(BaseException):
        pass

    def run(until):
        count = 0

        def counted(function):
            def call(*arguments, **options):
                nonlocal count
                count += 1
                if count == until:
                    raise Killed
                return function(*arguments, **options)
            return call

        with monkeypatch.context() as patched:
            for step in STEPS:
                owner, name = step.split(".")
                patched.setattr(getattr(module, owner), name, counted(getattr(getattr(module, owner), name)))
            old = tree.swap(NEW, {})
            tree.keep(old)
        return count

    ends = set()
    for k in range(1, 200):
        module.shutil.rmtree(tree.root, ignore_errors=True)
        if kind == "swap":
            make(tree)
        else:
            os.makedirs(tree.root)
            for name, text in OLD.items():
                with open(os.path.join(tree.root, name), "w") as file:
                    file.write(text)
        try:
            run(k)
        except Killed:
            assert read(tree) in (OLD, NEW), f"torn at step {k}"
            ends.add(read(tree) == NEW)
            run(0)
            assert read(tree) == NEW
            assert not [name for name in os.listdir(tree.root) if name.startswith(".")], k
        else:
            assert k > 10 and ends == {True, False}
            return
    raise AssertionError("it never came to an end")
