# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From Debian's package of Asterisk to a build of the same series, and back.

On demand, on a lab that stands, since the build takes minutes:
    make check ARGS="tests/on_demand/test_moved.py"
"""

from __future__ import annotations

import time

import pytest

from labtest.packages import installed, process, up
from labtest.plays import play
from labtest.release import no_compiler, registers

NUMBER = "+919876543210"
CALLS = 3
NOTE = "/var/cache/trunkline/unproven.json"
#: What Debian's package has beside its programs, and a build has not.
DEBIANS = ("/etc/init.d/asterisk", "/etc/default/asterisk", "/usr/sbin/safe_asterisk")


@pytest.fixture(scope="module", autouse=True)
def at_last(pbx):
    """Have Debian's package again at the end."""
    yield
    pbx.run("asterisk -rx 'channel request hangup all'")
    mended = play("site", variables={"asterisk_install_method": "package", "verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


def state(pbx, asterisk) -> dict[str, str]:
    """Return what a move has to leave as it was: configuration with its owners, database, unit, start at boot."""
    return {
        "configuration": pbx.check_output(
            "stat -c '%U:%G %a' /etc/asterisk; cd /etc/asterisk/live/;"
            " find . -name '*.conf' -printf '%p %u:%g %m\\n' -exec sha256sum {} + | sort"),
        "database": asterisk("database get moved answer").strip(),
        "owners": pbx.check_output("stat -c '%n %U:%G' /var/lib/asterisk /var/log/asterisk /var/spool/asterisk"),
        "unit": pbx.check_output("systemctl show -P FragmentPath -P DropInPaths -P UnitFileState asterisk"),
        "user": pbx.check_output("id -u asterisk"),
    }


@pytest.mark.parametrize("method", ["build", "package"])
def test_moved(method, pbx, asterisk, phone, address, twin, long_calls, detail):
    """The other package takes its place with calls up and none cut, is proven, and leaves nothing of the one before."""
    asterisk("database put moved answer 42")
    before, old, calls, came = state(pbx, asterisk), process(pbx), len(twin.calls()), installed(pbx)
    assert ("~trunkline" in came) == (method == "package")
    for dummy in range(CALLS):
        asterisk(f"channel originate Local/{NUMBER}@outbound application Echo")
        time.sleep(1.1)
    assert up(asterisk) == CALLS, asterisk("core show channels")

    def site(**more):
        run = play("site", variables={"asterisk_install_method": method, **more})
        assert run.code == 0, run.output[-6000:]
        return run

    site(pbx_restart_patience=3, verify_number="")
    assert ("~trunkline" in installed(pbx)) == (method == "build") and pbx.file(NOTE).exists
    ended = [call for call in twin.calls()[calls:] if call["status"] != "in-progress"]
    assert (process(pbx), up(asterisk), ended) == (old, CALLS, [])

    asterisk("channel request hangup all")
    site()
    assert process(pbx) != old and not pbx.file(NOTE).exists
    assert asterisk("core show version").startswith("Asterisk 22.")
    assert ("built by trunkline" in asterisk("core show version")) == (method == "build")
    assert state(pbx, asterisk) == before
    if method == "build":
        no_compiler(pbx)
        assert not [path for path in DEBIANS if pbx.file(path).exists]
        assert not pbx.run("ls /etc/rc?.d/*asterisk").stdout
        assert not pbx.run("dpkg-query --listfiles asterisk-modules").stdout
    else:
        assert [path for path in DEBIANS if pbx.file(path).exists] == list(DEBIANS)
    # Every module is of a package that is installed.
    assert pbx.run("dpkg-query --search /usr/lib/*/asterisk/modules/*.so").rc == 0
    assert pbx.check_output("dpkg --audit") == ""
    registers(phone, asterisk, address)
    detail(f"{came.split()[1]} to {installed(pbx).split()[1]} with {CALLS} calls up, none cut")

    second = site()
    assert set(second.changed.values()) == {0}, second.output[-4000:]
