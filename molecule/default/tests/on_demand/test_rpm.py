# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RPM of the recipe, as far as Debian can show it: built, read, installed, upgraded and removed.

Its compiler, libraries and rpm are Debian's, in a chroot of trixie. So this holds the shape of the package, and proves
nothing of RHEL, Rocky Linux or AlmaLinux. On demand, as the build takes minutes:
    make check ARGS="tests/on_demand/test_rpm.py"
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build import make
from labtest import rpms

#: What runs the package: rpm, what its scripts call, and Debian's copies of the libraries that it is linked with.
RUNS = [
    "rpm", "passwd", "libcap2", "libedit2", "libjansson4", "libsqlite3-0", "libsrtp2-1", "libssl3", "libsystemd0",
    "libuuid1", "libxml2",
]


def chroot_of(packages: list[str], folder: Path) -> None:
    """Make a chroot of trixie with some packages."""
    wanted = {"format": "deb", "architecture": "amd64", "packages": packages, "cross_packages": [], "release": "trixie"}
    subprocess.run(make.bootstrap(wanted, folder, "amd64"), check=True, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def ordered() -> dict:
    """Return the order for Rocky Linux 9, with Debian's packages to build it with."""
    return rpms.ordered()


@pytest.fixture(scope="module")
def system():
    """Return what runs a command in a Debian with rpm, which has the package as a file and not installed."""
    with tempfile.TemporaryDirectory(prefix="trunkline-rpm-", dir="/var/tmp") as folder:
        root = Path(folder, "root")
        chroot_of(RUNS, root)
        shutil.copyfile(rpms.built(), root / "asterisk.rpm")

        def run(command: str, rc: int = 0) -> str:
            done = subprocess.run(
                ["chroot", str(root), "sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, check=False)
            assert done.returncode == rc, done.stdout
            return done.stdout

        yield run


def test_what_it_says_of_itself(system, ordered, detail):
    """Its name, version and architecture are the order's; it carries its key; no epoch is in the way of EPEL's."""
    shown = system("rpm -qp --qf '%{name} %{version}-%{release} %{arch} %{epoch} %{buildhost}' /asterisk.rpm")
    assert shown == f"asterisk {ordered['package_version']} x86_64 (none) trunkline.voice"
    provided = system("rpm -qp --provides /asterisk.rpm").splitlines()
    assert f"trunkline-key = {ordered['key']}" in provided
    assert not [line for line in provided if line.startswith(("app_", "res_", "chan_"))]
    needed = system("rpm -qp --requires /asterisk.rpm").split()
    assert {"libjansson.so.4()(64bit)", "libsrtp2.so.1()(64bit)", "libsystemd.so.0()(64bit)"} <= set(needed)
    detail(f"{len(set(needed))} requirements")


def test_its_files(system, ordered):
    """Libraries and modules are in lib64; no sample, header or compiler's file came along."""
    files = system("rpm -qlp /asterisk.rpm").split()
    modules = [path for path in files if path.startswith("/usr/lib64/asterisk/modules/")]
    assert {f"/usr/lib64/asterisk/modules/{name}.so" for name in ordered["modules"]} <= set(modules)
    assert {"/usr/sbin/asterisk", "/usr/lib/systemd/system/asterisk.service", "/etc/asterisk"} <= set(files)
    tops = ("/usr/lib64/", "/usr/sbin/", "/usr/share/", "/usr/lib/systemd/", "/var/", "/etc/asterisk")
    assert not [path for path in files if not path.startswith(tops)]
    assert not [path for path in files if path.startswith("/etc/asterisk/") or path.endswith((".h", ".a", ".pc"))]


def test_its_scripts(system):
    """Neither an installation nor an upgrade starts or restarts anything: there is no policy-rc.d to refuse it."""
    scripts = system("rpm -qp --scripts /asterisk.rpm")
    assert "useradd --system" in scripts and "restart" not in scripts and " start" not in scripts
    assert "postinstall" not in scripts and "postuninstall" not in scripts


def test_installed_upgraded_and_removed(system, detail):
    """Installed it has its user and starts; installed again it keeps what it wrote; removed it leaves nothing else."""
    # Debian's rpm knows nothing of Debian's libraries, and its plugins want a root that is a mount. /usr/lib64 is no
    # folder of Debian's loader; on RHEL it is, and a trigger of glibc's runs ldconfig.
    system("rpm -i --nodeps --noplugins /asterisk.rpm")
    system("echo /usr/lib64 >/etc/ld.so.conf.d/lib64.conf && ldconfig")
    assert system("stat -c '%U:%G %a' /etc/asterisk /var/lib/asterisk /var/log/asterisk /var/spool/asterisk").split(
        "\n") == ["root:asterisk 750", *["asterisk:asterisk 750"] * 3, ""]
    assert "/sbin/nologin" in system("getent passwd asterisk")
    version = system("asterisk -V")
    assert version.startswith("Asterisk 22.")
    assert "not found" not in system("ldd /usr/sbin/asterisk /usr/lib64/asterisk/modules/*.so")
    assert system("rpm -V --nodeps asterisk") == ""
    system("touch /var/lib/asterisk/astdb.sqlite3 /etc/asterisk/asterisk.conf")
    system("rpm -U --force --nodeps --noplugins /asterisk.rpm")
    system("test -e /var/lib/asterisk/astdb.sqlite3 && test -e /etc/asterisk/asterisk.conf")
    system("rpm -e --noplugins asterisk")
    system("test -e /etc/asterisk/asterisk.conf && test -e /var/lib/asterisk/astdb.sqlite3")
    assert system("find /usr -name '*asterisk*'") == ""
    detail(version.strip())
