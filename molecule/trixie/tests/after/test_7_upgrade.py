# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other versions of the built Asterisk: an upgrade while calls are up, and packages that are refused or go back.

Each is the built package with another version in it, and a fault where it shall have one.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time

import pytest

from labtest.packages import BINARY, MODULES, another, built, installed, process, replace, up
from labtest.plays import INVENTORY, ROOT, play

NUMBER = "+919876543210"
CALLS = 10
FOLDER = "/var/cache/trunkline"
NOTE = f"{FOLDER}/unproven.json"
SUFFIXES = {"bookworm": "deb12", "trixie": "deb13"}


@pytest.fixture(scope="module")
def packages(tmp_path_factory, pbx):
    """packages(version, change): the path of a package, made once."""
    folder, source = tmp_path_factory.mktemp("packages"), built(SUFFIXES[pbx.system_info.codename])
    return lambda version, change=lambda tree: None: str(another(source, folder, version, change))


@pytest.fixture(scope="module", autouse=True)
def at_last(pbx):
    """Have the built package again at the end."""
    yield
    pbx.run("asterisk -rx 'channel request hangup all'")
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]
    assert not pbx.file(NOTE).exists


def given(path: str, **more) -> dict:
    return {"asterisk_install_method": "file", "asterisk_package_file": path, **more}


def bye(twin, before: int) -> list:
    return [call for call in twin.calls()[before:] if call["status"] != "in-progress"]


def test_an_upgrade_cuts_none_of_ten_calls(pbx, asterisk, twin, packages, long_calls, detail):
    """Ten calls stay up while the package is swapped; when they are over the next run proves the new one."""
    old, before, path = process(pbx), len(twin.calls()), packages("22.10.7")
    for dummy in range(CALLS):
        asterisk(f"channel originate Local/{NUMBER}@outbound application Echo")
        time.sleep(1.1)
    assert up(asterisk) == CALLS, asterisk("core show channels")
    run = play("site", variables=given(path, pbx_restart_patience=3, verify_number=""))
    assert run.code == 0, run.output[-6000:]
    said = " ".join(run.output.split())
    assert "Asterisk 1:22.10.7" in said and "runs until it is restarted, which waits for calls" in said
    assert installed(pbx).startswith("installed 1:22.10.7")
    assert (process(pbx), up(asterisk), len(bye(twin, before))) == (old, CALLS, 0)
    assert pbx.file(NOTE).exists
    asterisk("channel request hangup all")
    run = play("site", variables=given(path))
    assert run.code == 0, run.output[-6000:]
    assert process(pbx) != old and asterisk("core show version").startswith("Asterisk 22.10.7 ")
    assert not pbx.file(NOTE).exists
    detail(f"{CALLS} calls up, none cut; {installed(pbx)} is proven")
    run = play("site", variables=given(path))
    assert (run.code, run.changed["pbx1"]) == (0, 0), run.output[-4000:]


def without_a_module(tree):
    (tree / MODULES / "func_groupcount.so").unlink()


def without_a_library(tree):
    replace(tree / BINARY, "libjansson.so.4", "libjanssen.so.4")


@pytest.mark.parametrize("version, change, said", [
    ("22.10.3", without_a_module, "func_groupcount"),
    ("22.10.4", without_a_library, "libjanssen.so.4"),
])
def test_a_version_that_does_not_take_the_configuration(pbx, packages, detail, version, change, said):
    """The new binary's scratch on the live configuration refuses it before the package is swapped."""
    before = process(pbx), installed(pbx)
    run = play("site", variables=given(packages(version, change)))
    detail(run.failure)
    assert run.code and f"Asterisk 1:{version}" in run.failure, run.output[-4000:]
    assert "does not take the configuration of this host, and was not installed" in run.failure and said in run.failure
    assert (process(pbx), installed(pbx)) == before
    assert not pbx.file(NOTE).exists


def test_no_room_for_the_package(pbx, packages, detail):
    """A host without room for the package says so, and stays as it was. The next tests install others there."""
    before = process(pbx), installed(pbx), pbx.check_output(f"ls -A {FOLDER}")
    pbx.check_output(f"mount -t tmpfs -o size=1m tmpfs {FOLDER}")
    try:
        run = play("site", variables=given(packages("22.10.2")))
        assert pbx.check_output(f"ls -A {FOLDER}") == ""
    finally:
        pbx.check_output(f"umount {FOLDER}")
    detail(run.failure)
    assert run.code and "No space left on device" in run.failure, run.output[-4000:]
    assert (process(pbx), installed(pbx), pbx.check_output(f"ls -A {FOLDER}")) == before


def without_calls(tree):
    """It answers a challenge in a header that nobody knows."""
    replace(tree / MODULES / "../../libasteriskpj.so.2", "Proxy-Authorization", "Proxy-Authorizatiom")


def without_a_start(tree):
    service = tree / "usr/lib/systemd/system/asterisk.service"
    service.write_text(service.read_text().replace("[Service]", "[Service]\nExecStartPre=/bin/false"))


def without_an_installation(tree):
    (tree / "DEBIAN/postinst").write_text("#!/bin/sh\nexit 7\n")


@pytest.mark.parametrize("version, change, said", [
    ("22.10.5", without_calls, "call:"),
    ("22.10.6", without_a_start, "it does not run:"),
    ("22.10.8", without_an_installation, "it could not be installed:"),
])
def test_a_version_that_fails_goes_back(pbx, asterisk, packages, detail, version, change, said):
    """A version that fails its proof, does not start or cannot be installed goes back by itself, and is named."""
    before = installed(pbx)
    run = play("site", variables=given(packages(version, change)))
    # The proof's own failure is printed before.
    found = re.search(rf"Asterisk 1:{version}\S* did not pass its proof: .*? is back\.", " ".join(run.output.split()))
    assert run.code and found, run.output[-6000:]
    detail(found[0])
    assert said in found[0] and found[0].endswith(f"{before.split()[1]}, the one before, is back.")
    assert installed(pbx) == before
    # It has just been started.
    deadline = time.monotonic() + 60
    while pbx.run("asterisk -rx 'core waitfullybooted'").rc and time.monotonic() < deadline:
        time.sleep(0.5)
    assert asterisk("core show version").startswith(f"Asterisk {before.split()[1][2:].partition('~')[0]} ")
    assert not pbx.file(NOTE).exists
    proof = play("verify")
    assert proof.code == 0, proof.output[-4000:]


def processes(pbx, command: str) -> list[str]:
    """Return the processes of the PBX whose command line fits an expression, which shall not fit itself."""
    return re.findall(r"/proc/(\d+)/", pbx.run("grep -las %s /proc/[0-9]*/cmdline", command).stdout)


def test_killed_while_it_installs(pbx, asterisk, packages, detail):
    """A run that is killed while dpkg configures the package is finished by the next one."""
    def slow(tree):
        postinst = tree / "DEBIAN/postinst"
        text = postinst.read_text().replace("set -e", "set -e\n[ -e /run/was-killed ] || sleep 60", 1)
        postinst.write_text(text)

    path = packages("22.10.9", slow)
    site = ["ansible-playbook", *INVENTORY, str(ROOT / "playbooks/site.yml"), "--extra-vars", json.dumps(given(path))]
    run = subprocess.Popen(site, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 180
    while not processes(pbx, "[a]sterisk.postinst"):
        assert time.monotonic() < deadline and run.poll() is None
        time.sleep(0.5)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    pbx.check_output("touch /run/was-killed")
    for process_id in processes(pbx, r"[a]sterisk_install\|[a]pt-get\|[d]pkg"):
        pbx.run(f"kill -KILL {process_id}")
    assert not installed(pbx).startswith("installed "), installed(pbx)
    detail(f"left {installed(pbx)}")
    again = play("site", variables=given(path))
    assert again.code == 0, again.output[-6000:]
    assert installed(pbx).startswith("installed 1:22.10.9")
    assert asterisk("core show version").startswith("Asterisk 22.10.9 ")
    assert pbx.check_output("dpkg --audit") == ""
    assert not pbx.file(NOTE).exists
