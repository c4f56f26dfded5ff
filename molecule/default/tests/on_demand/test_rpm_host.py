# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role asterisk on a host whose packages are RPMs: installed, left alone, another version, and the way back.

The host is a Debian 13 that calls itself Rocky Linux 9, with Debian's own rpm and dnf, and a repository of empty
packages, which have the names that the role and its RPM ask for. So this holds what the role does with rpm and dnf, and
proves nothing of Rocky Linux: no SELinux, no firewalld, no library of its own. On demand, with a host of its own
beside those of the lab:
    make check ARGS="tests/on_demand/test_rpm_host.py"
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import testinfra
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build import make, order
from labtest import rpms
from labtest.packages import replace
from labtest.plays import play

HOST = "rocky1"
OLD, NEW = "22.10.1", "22.10.7"
NOTE = "/var/cache/trunkline/unproven.json"
OS_RELEASE = 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"\nPRETTY_NAME="Rocky Linux 9.6"\n'
#: What the host asks for by name. Its libraries, which Debian has brought, are what package `libraries` says it has.
ROLE = yaml.safe_load((rpms.ROOT / "roles/asterisk/vars/main/main.yml").read_text())
NAMES = ROLE["__asterisk_packages"]["rpm"]
STUB = """Name: {name}
Version: 1
Release: 1
Summary: Nothing
License: None
BuildArch: noarch
{provides}
%description
Nothing.
{trigger}
%files
"""
#: Debian's loader knows no /usr/lib64. Red Hat's glibc has triggers of this kind.
TRIGGER = "%transfiletriggerin -- /usr/lib64\nldconfig\n%transfiletriggerpostun -- /usr/lib64\nldconfig\n"
PLAY = """
- hosts: rocky1
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {name: trunkline.voice.asterisk, rolespec_validate: false}
    - ansible.builtin.include_role: {name: trunkline.voice.asterisk, tasks_from: prove, rolespec_validate: false}
      when: proves | default(false)
"""
#: As little as Asterisk starts with, and too little for the trial of an upgrade, which would find it in /etc/asterisk.
CONFIGURATION = """
mkdir /srv/asterisk
printf '[directories]\nastetcdir => /srv/asterisk\n' >/srv/asterisk/asterisk.conf
printf '[modules]\nautoload = no\n' >/srv/asterisk/modules.conf
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/asterisk -f -C /srv/asterisk/asterisk.conf\n' \
    >/etc/systemd/system/asterisk.service.d/zz-lab.conf
systemctl daemon-reload
systemctl start asterisk
"""


def order_of(version: str, folder: Path) -> dict:
    """Return the order of a version. The newer one is of the old one's files under another number."""
    sources = {**rpms.RECIPE.sources, **yaml.safe_load((folder / "sources.yml").read_text())}
    return order.order(
        rpms.platform(), "x86_64", version, order.Recipe(sources, rpms.RECIPE.modules, rpms.RECIPE.files))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a folder with the inventory, the play, and the store with the package that was built."""
    path, built = tmp_path_factory.mktemp("rpm"), rpms.built()
    (path / "sources.yml").write_text(yaml.safe_dump({NEW: {**rpms.RECIPE.sources[OLD], "patches": {}}}))
    (path / "store").mkdir()
    for name in (built.name, f"{built.name}.json"):
        shutil.copy(built.with_name(name), path / "store")
    variables = {
        "lab_release": "trixie", "lab_octet": 60, "ansible_host": HOST, "trunkline_public_address": "203.0.113.60",
        "asterisk_untried_platform": True, "asterisk_store": str(path / "store"),
        "asterisk_sources_file": str(path / "sources.yml")}
    inventory = {"lab": {"children": {"pbx": {"hosts": {HOST: variables}}}}}
    (path / "hosts.yml").write_text(yaml.safe_dump(inventory))
    (path / "play.yml").write_text(PLAY)
    return path


@pytest.fixture(scope="module")
def rocky(folder):
    """Return the host."""
    more = f"--inventory={folder / 'hosts.yml'}", f"--limit={HOST},localhost"
    try:
        made = play("../molecule/shared/create", *more)
        assert made.code == 0, made.output[-4000:]
        host = testinfra.get_host(f"podman://{HOST}")
        host.check_output(
            "apt-get -q update && apt-get -q -y --no-install-recommends install rpm dnf python3-dnf createrepo-c cpio"
            " libedit2 libjansson4 libsqlite3-0 libsrtp2-1 libssl3t64 libsystemd0 libuuid1 libxml2")
        fill(host, folder)
        yield host
    finally:
        subprocess.run(["podman", "rm", "--force", "--time", "0", HOST], check=True, stdout=subprocess.DEVNULL)


def fill(host, folder: Path) -> None:
    """Make the repository, the other version's package, and the host another system by its name."""
    built = rpms.built()
    subprocess.run(["podman", "cp", str(built), f"{HOST}:/root/asterisk.rpm"], check=True)
    needed = set(host.check_output("rpm --query --requires --package /root/asterisk.rpm").splitlines())
    own = {line.split()[0] for line in host.check_output("rpm -qp --provides /root/asterisk.rpm").splitlines()}
    stubs = {name: "" for name in NAMES if name != "asterisk"}
    stubs["libraries"] = "".join(
        f"Provides: {need}\n" for need in sorted(needed) if need not in own and not need.startswith("rpmlib("))
    for name, provides in stubs.items():
        host.check_output("mkdir -p /srv/repository && printf %%s %s >/root/%s.spec && rpmbuild --quiet -bb --define"
                          " '_rpmdir /srv/repository' /root/%s.spec", STUB.format(
                              name=name, provides=provides, trigger=TRIGGER if provides else ""), name, name)
    host.check_output("createrepo_c --quiet /srv/repository && mkdir -p /etc/yum.repos.d && printf %%s %s"
                      " >/etc/yum.repos.d/lab.repo", "[lab]\nname=lab\nbaseurl=file:///srv/repository\ngpgcheck=0\n")
    host.check_output("echo /usr/lib64 >/etc/ld.so.conf.d/lib64.conf && mkdir -p /usr/lib64")
    another(host, folder)
    host.check_output("rm /etc/os-release && printf %%s %s >/etc/os-release", OS_RELEASE)


def another(host, folder: Path) -> None:
    """Put a package of the same files under the newer version into the store."""
    wanted = order_of(NEW, folder)
    host.check_output("mkdir /root/tree && cd /root/tree && rpm2cpio ../asterisk.rpm | cpio --quiet -idm")
    subprocess.run(["podman", "cp", f"{HOST}:/root/tree/usr/sbin/asterisk", str(folder / "asterisk")], check=True)
    replace(folder / "asterisk", OLD, NEW)
    for path, to in ((folder / "asterisk", "tree/usr/sbin/asterisk"),
                     (rpms.ROOT / "roles/asterisk_build/files/rpm/asterisk.spec", "asterisk.spec")):
        subprocess.run(["podman", "cp", str(path), f"{HOST}:/root/{to}"], check=True)
    release = wanted["package_version"].partition("-")[2]
    defined = {"libdir": "/usr/lib64", "root": "/root/tree", "version_of_asterisk": NEW, "release_of_package": release,
               "key": wanted["key"], "_rpmdir": "/root/result"}
    words = " ".join(f"--define '{name} {value}'" for name, value in defined.items())
    host.check_output(f"rpmbuild --quiet -bb {words} /root/asterisk.spec && cp /root/result/*/*.rpm /root/new.rpm")
    subprocess.run(["podman", "cp", f"{HOST}:/root/new.rpm", str(folder / "new.rpm")], check=True)
    make._keep(folder / "store", wanted, folder / "new.rpm")


@pytest.fixture(scope="module")
def run(folder, rocky):
    """run(version): what the role does with it."""
    def runs(version: str, *arguments: str, **more):
        return play(
            str(folder / "play"), f"--inventory={folder / 'hosts.yml'}", *arguments,
            variables={"asterisk_version": version, "__asterisk_platforms": [rpms.platform()], **more})

    return runs


def state(host) -> tuple[str, str]:
    """Return what is installed, and what runs."""
    return (host.check_output("rpm --query --queryformat '%{VERSION}' asterisk"),
            host.run("asterisk -rx 'core show version'").stdout[:16].strip())


def fully_booted(host) -> None:
    """Wait until Asterisk, which has just been started, answers."""
    host.check_output("for i in $(seq 60); do asterisk -rx 'core waitfullybooted' && exit; sleep 0.5; done; exit 1")


def test_installed(rocky, run, detail):
    """The package comes with what it needs, starts at boot and not before; a second run changes nothing."""
    first = run(OLD)
    assert first.code == 0 and first.changed[HOST] > 0, first.output[-6000:]
    assert "Rocky Linux 9 is prepared, and nobody has run it" in " ".join(first.output.split())
    assert state(rocky)[0] == OLD
    assert rocky.check_output("systemctl is-enabled asterisk") == "enabled"
    assert rocky.run("systemctl is-active asterisk").stdout.strip() == "inactive"
    assert rocky.run(f"rpm --query libraries {' '.join(NAMES)}").rc == 0
    assert not rocky.file("/etc/dpkg/dpkg.cfg.d/trunkline-asterisk").exists
    second = run(OLD)
    assert second.code == 0 and second.changed[HOST] == 0, second.output[-4000:]
    planned = run(NEW, "--check")
    assert planned.code == 0 and state(rocky)[0] == OLD, planned.output[-4000:]
    detail(rocky.check_output("rpm --query asterisk"))


def test_another_version_and_back(rocky, run, detail):
    """A newer version is tried first, takes the place of the one that runs, fails its proof, and that one is back."""
    rocky.check_output(CONFIGURATION)
    fully_booted(rocky)
    assert state(rocky) == (OLD, f"Asterisk {OLD}")
    rocky.check_output("printf '[modules]\nautoload = no\n' >/etc/asterisk/modules.conf")
    refused = run(NEW)
    assert refused.code and f"Asterisk {NEW}-0.trunkline1.el9 does not take the configuration" in refused.failure
    assert state(rocky) == (OLD, f"Asterisk {OLD}") and not rocky.file(NOTE).exists
    rocky.check_output("rm /etc/asterisk/modules.conf")

    newer = run(NEW)
    assert newer.code == 0, newer.output[-6000:]
    fully_booted(rocky)
    assert state(rocky) == (NEW, f"Asterisk {NEW}") and rocky.file(NOTE).exists
    # Role pbx was not there, so there is nothing to call with.
    back = run(NEW, proves=True)
    said = " ".join(back.output.split())
    assert back.code and f"Asterisk {NEW}-0.trunkline1.el9 did not pass its proof" in said, back.output[-6000:]
    assert f"{OLD}-0.trunkline1.el9, the one before, is back." in said
    fully_booted(rocky)
    assert state(rocky) == (OLD, f"Asterisk {OLD}") and not rocky.file(NOTE).exists
    again = run(OLD)
    assert again.code == 0 and again.changed[HOST] == 0, again.output[-4000:]
    detail(f"{OLD}, {NEW}, {OLD}")
