# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration transaction during calls: a configuration takes effect as a whole or not at all."""

from __future__ import annotations

import re
import time

import pytest

from labtest import plays
from labtest.broken_configs import BROKEN, BY_HAND, misjudged, not_refused
from labtest.remote_python import RemotePython

TRUNK = "twilio-asterisk-pbx1"
PHONE = "\n[9901]\ntype = endpoint\ncontext = from-twilio\ndisallow = all\nallow = ulaw\n"
CHANGED = """
files = current_files()
for name, old, new in given["edits"]:
    assert old in files[name], (name, old)
    files[name] = files[name].replace(old, new, 1) if old else files[name] + new
result = apply(files, **given.get("desired", {}))
"""


@pytest.fixture(scope="module")
def remote(pbx):
    return RemotePython(pbx)


@pytest.fixture(autouse=True)
def as_before(remote):
    """Restore the configuration after each test."""
    before = remote.run("result = current_files()")
    yield
    remote.run("result = given == current_files() or apply(given, patience=20)", before)


@pytest.fixture
def call(asterisk):
    """Place a call to Twilio; assert at the end of the test that it is still up."""
    asterisk("channel originate Local/+919876543210@outbound application Wait 55")
    deadline = time.monotonic() + 15
    while not (name := re.search(rf"PJSIP/{TRUNK}-\w+(?=!.*!Up!)", asterisk("core show channels concise"))):
        assert time.monotonic() < deadline, asterisk("core show channels")
        time.sleep(0.2)
    yield name.group()
    assert f"{name.group()}!" in asterisk("core show channels concise"), "the call was cut"
    asterisk("channel request hangup all")
    while "0 active channels" not in asterisk("core show channels count"):
        time.sleep(0.2)


def changed(remote, *edits, **desired):
    return remote.run(CHANGED, {"edits": edits, "desired": desired})


@pytest.mark.parametrize("part", [0, 1])
def test_broken_configurations(remote, asterisk, call, part, detail):
    """Broken configurations are refused with file and line while a call is up, and nothing changes."""
    uptime = asterisk("core show uptime seconds")
    offered = BROKEN[part::2]
    assert not (wrong := not_refused(remote, offered)), wrong
    assert re.search(r"Last reload: (.*)", uptime) is None or "System uptime" in asterisk("core show uptime seconds")
    detail(f"{len(offered)} kinds")


def test_only_what_changed_is_reloaded(remote, call, detail):
    """A changed phone reloads PJSIP only, a changed dialplan the dialplan only, and no change reloads nothing."""
    added = changed(remote, ("pjsip.conf", "", PHONE))
    assert added["reloaded"] == ["module reload res_pjsip.so"] and not added["pending"]
    gone = changed(remote, ("pjsip.conf", PHONE, ""))
    assert gone["reloaded"] == ["module reload res_pjsip.so"]
    dialled = changed(remote, ("extensions.conf", "", "[9902]\nexten = 1,1,Hangup()\n"))
    assert dialled["reloaded"] == ["dialplan reload"]
    assert changed(remote, ("extensions.conf", "[9902]\nexten = 1,1,Hangup()\n", ""))["reloaded"] == ["dialplan reload"]
    assert changed(remote) == {"changes": [], "reloaded": [], "pending": []}
    detail(", ".join(added["reloaded"] + dialled["reloaded"]))


def test_a_trunk_that_would_be_lost(remote, asterisk, call, detail):
    """A change after which the trunk no longer answers OPTIONS is rolled back."""
    before = remote.run("result = current_files()")
    result = changed(remote, ("pjsip.conf", "contact = sip:asterisk-pbx1.pstn.twilio.com", "contact = sip:127.0.0.9:9"))
    assert "answered OPTIONS before" in result["put_back"]
    assert remote.run("result = current_files()") == before
    assert "asterisk-pbx1.pstn.twilio.com" in asterisk(f"pjsip show aor {TRUNK}")
    detail(result["put_back"])


def test_a_reload_that_does_not_take(remote, asterisk, call, detail):
    """A reload that did not take effect in the running Asterisk is noticed and rolled back."""
    result = remote.run("""
took = service.Service.ask
service.Service.ask = lambda self, command: "" if command.startswith("module reload") else took(self, command)
before = current_files()
result = [apply({**before, "pjsip.conf": before["pjsip.conf"] + given}), current_files() == before]
""", PHONE)
    assert "'pjsip show endpoint 9901'" in result[0]["put_back"] and result[1]
    detail(result[0]["put_back"])


def test_what_takes_a_restart_waits_for_the_calls(remote, asterisk, call, detail):
    """A change that needs a restart waits while a call is up, and stays pending."""
    edit = ("asterisk.conf", "[options]", "[options]\ndefaultlanguage = en")
    waited = changed(remote, edit, patience=1)
    assert waited["pending"] and waited["reloaded"] == []
    said = changed(remote, restart="report")
    assert said["pending"] == waited["pending"] and said["changes"] == []
    detail(waited["pending"][0])


def test_the_restart_comes_once_the_calls_are_over(remote, pbx, detail):
    """A pending restart happens once, in the next run that finds no call."""
    due = changed(remote, ("asterisk.conf", "[options]", "[options]\ndefaultlanguage = en"), restart="report")
    assert due["pending"]
    before = pbx.check_output("systemctl show asterisk --property=MainPID")
    done = changed(remote, patience=20)
    assert [change["note"] for change in done["changes"]] == ["restart"] and not done["pending"]
    assert pbx.check_output("systemctl show asterisk --property=MainPID") != before
    assert changed(remote)["changes"] == []
    detail(due["pending"][0])


def test_files_written_by_hand(pbx, remote, asterisk, detail):
    """Handwritten files in local.d are loaded, survive runs, and are checked with the rest."""
    path = "/etc/asterisk/local.d/extensions.conf"
    remote.run(f"result = open({path!r}, 'w').write(given)", "[by-hand]\nexten = 1,1,Anwser()\n")
    try:
        refused = plays.play("site")
        said = "local.d/extensions.conf:2 (written by hand): there is no application Anwser"
        assert refused.code and said in refused.failure
        detail(said)
        pbx.check_output("sed -i s/Anwser/Answer/ " + path)
        assert remote.run("result = apply(current_files())")["reloaded"] == ["dialplan reload"]
        assert "Answer()" in asterisk("dialplan show by-hand")
    finally:
        pbx.check_output("rm " + path)
        remote.run("result = apply(current_files())")
    assert "Answer()" not in asterisk("dialplan show by-hand")


def test_what_is_written_by_hand_is_taken_as_asterisk_takes_it(remote, detail):
    """Handwritten files that Asterisk reads are accepted; files that it would ignore are refused with the fix."""
    assert not (wrong := misjudged(remote, BY_HAND)), wrong
    refused = sum(bool(words) for _files, words in BY_HAND)
    detail(f"{len(BY_HAND) - refused} kinds taken, {refused} refused")


#: System calls that change a disk.
CHANGES = (
    "rename", "renameat", "renameat2", "symlink", "symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
    "openat", "write", "fsync", "chmod", "fchmod", "chown", "fchown",
)
SWAP = r"""
target = store.ConfigStore("/var/tmp/trunkline-crash")
files = {name: open("/var/tmp/trunkline-old/" + name).read() for name in os.listdir("/var/tmp/trunkline-old")}
target.swap(files, {})
open("/var/tmp/trunkline-begins", "w").close()
old = target.swap({**files, "rtp.conf": files["rtp.conf"] + "; new\n", "zz.conf": "; new\n"}, {})
target.prune(keep=old)
"""
CRASHES = r"""
import shutil, subprocess
root, kept = "/var/tmp/trunkline-crash", "/var/tmp/trunkline-old"
shutil.rmtree(kept, ignore_errors=True)
os.mkdir(kept, 0o700)
for name, text in current_files().items():
    with open(f"{kept}/{name}", "w") as file:
        file.write(text)
old = current_files()
new = {**old, "rtp.conf": old["rtp.conf"] + "; new\n", "zz.conf": "; new\n"}

def swap(*options):
    shutil.rmtree(root, ignore_errors=True)
    script = f"import os, sys; sys.path.insert(0, {sys.path[0]!r}); from module_utils._asterisk.config import store\n"
    script += given["swap"]
    command = ["strace", *options, sys.executable, "-S", "-B", "-c", script]
    return subprocess.run(command, capture_output=True).returncode

def left():
    names = [name for name in os.listdir(root) if name.endswith((".conf", ".json")) and name[0] != "."]
    return {name: open(f"{root}/{name}").read() for name in names if os.path.exists(f"{root}/{name}")}

assert swap("--output=/var/tmp/trunkline.strace", "--trace=" + ",".join(given["changes"])) == 0
counts, points, begun = {}, [], False
for line in open("/var/tmp/trunkline.strace"):
    name = line.partition("(")[0]
    if name in given["changes"]:
        counts[name] = counts.get(name, 0) + 1
        begun = begun or "trunkline-begins" in line
        if begun and (name != "openat" or "O_CREAT" in line):
            points.append((name, counts[name]))
result = []
for name, count in points:
    killed = swap("--output=/dev/null", f"--trace={name}", f"--inject={name}:signal=KILL:when={count}")
    found = left()
    result.append([name, count, killed, "old" if found == old else "new" if found == new else "torn"])
shutil.rmtree(root)
shutil.rmtree(kept)
"""


def test_killed_at_each_change_of_the_disk(remote, detail):
    """Killed at each system call that changes the disk, the swap leaves the old tree whole or the new one."""
    points = remote.run(CRASHES, {"swap": SWAP, "changes": CHANGES})
    assert points and all(killed for _name, _count, killed, _left in points), points
    ends = [left for *_point, left in points]
    assert set(ends) == {"old", "new"}, [point for point in points if point[3] == "torn"]
    detail(f"{len(points)} system calls, {ends.count('old')} left the old tree, {ends.count('new')} the new one")
