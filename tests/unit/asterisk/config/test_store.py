# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files on the disk: swapped by one rename, whole at every instant, and what is written by hand survives."""

from __future__ import annotations

import grp
import os
import pwd

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import store as module
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.store import ConfigStore

OLD = {"pjsip.conf": "old\n", "gone.conf": "old\n", "same.conf": "same\n"}
NEW = {"pjsip.conf": "new\n", "fresh.conf": "new\n", "same.conf": "same\n"}


@pytest.fixture
def store(tmp_path):
    owner, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    return ConfigStore(str(tmp_path / "asterisk"), owner, group)


def read(store):
    """What Asterisk would read: the files by the names it opens them by."""
    names = (name for name in os.listdir(store.root) if name.endswith(".conf") and not name.startswith("."))
    paths = {name: os.path.join(store.root, name) for name in names}
    return {name: open(path).read() for name, path in paths.items() if os.path.exists(path)}


def make(store, files=OLD):
    store.swap(files, {"mark": 1})


def test_from_nothing(store):
    assert store.read().files == {}
    assert store.swap(OLD, {"mark": 1}) is None
    seen = store.read()
    assert read(store) == seen.files == OLD and seen.state == {"mark": 1}
    assert seen.loose == [] and seen.bad_permissions == []


def test_swap_and_back(store):
    make(store)
    old = store.swap(NEW, {"mark": 2})
    assert read(store) == NEW and store.read().state == {"mark": 2} and store.read_state(old) == {"mark": 1}
    store.activate(old)
    assert read(store) == OLD
    store.prune()
    assert os.listdir(os.path.join(store.root, "trees")) == [old]


def test_only_named_trees_stay(store):
    make(store)
    old = store.swap(NEW, {})
    store.swap(OLD, {})
    store.prune(old)
    assert len(os.listdir(os.path.join(store.root, "trees"))) == 2


def test_files_that_are_no_links_are_adopted(store):
    os.makedirs(store.root)
    for name, text in OLD.items():
        with open(os.path.join(store.root, name), "w") as file:
            file.write(text)
    assert store.read().loose == sorted(OLD) and store.read().files == OLD
    before = store.swap(NEW, {})
    assert read(store) == NEW and store.read().loose == []
    store.activate(before)
    assert read(store) == OLD and all(os.path.islink(os.path.join(store.root, name)) for name in OLD)


def test_what_others_put_there_is_taken_out_of_sight_and_kept(store):
    make(store)
    with open(os.path.join(store.root, "precious.txt"), "w") as file:
        file.write("mine\n")
    for files in (NEW, OLD, NEW):
        store.prune(store.swap(files, {}))
    assert read(store) == NEW and not os.path.lexists(os.path.join(store.root, "precious.txt"))
    kept = [name for name in os.listdir(os.path.join(store.root, "trees")) if name.endswith("-found")]
    assert len(kept) == 1
    store.clear()
    with open(os.path.join(store.root, "trees", kept[0], "precious.txt")) as file:
        assert file.read() == "mine\n"


def test_a_change_by_hand_is_seen_and_can_be_gone_back_to(store):
    make(store)
    with open(os.path.join(store.root, "pjsip.conf"), "w") as file:
        file.write("by hand\n")
    os.unlink(os.path.join(store.root, "same.conf"))
    with open(os.path.join(store.root, "same.conf"), "w") as file:
        file.write("replaced\n")
    by_hand = {**OLD, "pjsip.conf": "by hand\n", "same.conf": "replaced\n"}
    assert store.read().files == by_hand and store.read().loose == ["same.conf"]
    before = store.swap(OLD, {})
    assert read(store) == OLD
    store.activate(before)
    assert read(store) == by_hand


def test_what_is_written_by_hand_survives_everything(store):
    make(store)
    mine = os.path.join(store.root, "local.d", "pjsip.conf")
    with open(mine, "w") as file:
        file.write("mine\n")
    with open(mine + "~", "w") as file:
        file.write("an editor's copy, which nobody reads\n")
    store.activate(store.swap(NEW, {}))
    assert store.read().local == {"local.d/pjsip.conf": "mine\n"}
    store.clear()
    assert open(mine).read() == "mine\n" and os.listdir(store.root) == ["local.d"]


def test_what_a_file_written_by_hand_includes_is_written_by_hand(store, tmp_path):
    make(store)
    far = tmp_path / "far"
    far.write_text("far\n")
    local = os.path.join(store.root, "local.d")
    for name, text in {
        "pjsip.conf": f"#include local.d/*.inc\n#tryinclude \"{far}\" ; mine\n#include pjsip.conf\n#include gone\n",
        "a.inc": "#include local.d/b\n", "b": "#include local.d/a.inc\n", "c": "nobody includes this\n",
    }.items():
        with open(os.path.join(local, name), "w") as file:
            file.write(text)
    assert list(store.read().local) == [str(far), "local.d/a.inc", "local.d/b", "local.d/pjsip.conf"]


def test_owner_and_mode_are_kept(store):
    make(store)
    os.chmod(os.path.join(store.root, "pjsip.conf"), 0o644)
    os.chmod(store.root, 0o755)
    assert store.read().bad_permissions == [store.root, os.path.join(store.root, "pjsip.conf")]
    store.fix_permissions()
    assert store.read().bad_permissions == []
    assert oct(os.stat(os.path.join(store.root, "pjsip.conf")).st_mode)[-3:] == "640"


def test_a_text_that_is_not_utf8_comes_through(store):
    make(store)
    path = os.path.join(store.root, "pjsip.conf")
    with open(path, "wb") as file:
        file.write(b"\xff\n")
    store.swap({**store.read().files, "x.conf": "x\n"}, {})
    with open(path, "rb") as file:
        assert file.read() == b"\xff\n"


#: What changes the disk. tests in the lab find the same by tracing system calls.
STEPS = ("os.rename", "os.symlink", "os.unlink", "os.mkdir", "os.fsync", "shutil.rmtree", "os.chmod", "os.chown")


@pytest.mark.parametrize("kind", ["swap", "adopt"])
def test_killed_at_each_step_the_old_tree_is_whole_or_the_new_one(store, monkeypatch, kind):
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
            old = store.swap(NEW, {})
            store.prune(old)
        return count

    ends = set()
    for k in range(1, 200):
        module.shutil.rmtree(store.root, ignore_errors=True)
        if kind == "swap":
            make(store)
        else:
            os.makedirs(store.root)
            for name, text in OLD.items():
                with open(os.path.join(store.root, name), "w") as file:
                    file.write(text)
        try:
            run(k)
        except Killed:
            assert read(store) in (OLD, NEW), f"torn at step {k}"
            ends.add(read(store) == NEW)
            run(0)
            assert read(store) == NEW
            assert not [name for name in os.listdir(store.root) if name.startswith(".")], k
        else:
            assert k > 10 and ends == {True, False}
            return
    raise AssertionError("it never came to an end")
