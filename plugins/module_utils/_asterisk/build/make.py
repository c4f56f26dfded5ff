# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The build: a chroot of the target's release, the recipe in it without a network, and the package kept by its key."""

# Nothing here imports Ansible, whose run_command() a module would use.
# pylint: disable=ansible-bad-function
from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

from ..._core.errors import TrunklineError
from . import sources

#: Bytes that a build takes at its largest: 0.6 GB for the chroot, 0.4 for source and objects, and some room.
SPACE = 2 * 10**9
#: With less than this a disk is full: what fails then may not even have been able to say so.
FULL = 20 * 10**6
#: What makes a chroot for a format, and what to do where it is not there.
_CHROOTS = {
    "deb": (("mmdebstrap", "dpkg"), "Install mmdebstrap there (Debian, Ubuntu)"),
    "rpm": (("dnf",), "Name the host itself there"),
}
_NO_SPACE = re.compile(r"No space left on device|don't have enough free space")
#: The user who builds, a number that no account has: it may write the chroot's /build and nothing else.
BUILDER = 61184
#: Ends a process with its parent, and so a build with the module. A process that takes another user asks for it anew.
_ALONE = ["setpriv", "--pdeathsig", "KILL"]
#: Makes a chroot where no other process sees its mounts, and ends with all that it has started: mmdebstrap's own
#: children would go on after it, and write into a folder that the next build removes.
_CHROOT = [*_ALONE, "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
#: The recipe, as the first process of the chroot's, which sees no network and no process of the host.
_INSIDE = (
    'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev"'
    f' && exec chroot --userspec={BUILDER}:{BUILDER} "$0" {" ".join(_ALONE)} /bin/sh /build/files/recipe.sh')


def make(order: Mapping[str, Any], store: str, given: str = "") -> dict[str, Any]:
    """Return the package of an order, and make it where the store does not have it.

    :param store: the folder on this machine that keeps packages and source files.
    :param given: a folder with source files, or "".
    :raises TrunklineError: it cannot be made. Nothing half done stays.
    """
    folder = Path(store).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / f".{order['key']}.lock"):
        found = kept(folder, order)
        if found:
            return {**found, "built": False}
        _demand_a_builder(folder, order)
        files = sources.gather(order["sources"], order["addresses"], given, folder / "sources")
        work = folder / f"work-{order['key']}"
        _remove(work)    # of a build that was killed
        try:
            _build(order, files, work, folder / f"{order['key']}.log")
            made = work / f"chroot/build/result/asterisk.{order['format']}"
            return {**_keep(folder, order, made), "built": True}
        except OSError as error:
            raise TrunklineError(
                f"{error.filename or folder}: {error.strerror}.", "Mend that, and run again.") from None
        finally:
            _remove(work)


def kept(folder: Path, order: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the package that the store has for an order; None where it has none, or one whose bytes have changed."""
    package = folder / order["file_name"]
    try:
        manifest = json.loads(_manifest(package).read_text(encoding="utf-8"))
        if manifest["sha256"] == sources.sha256(package):
            return {"path": str(package), "sha256": manifest["sha256"]}
    except (OSError, ValueError, KeyError):
        pass
    return None


def _manifest(package: Path) -> Path:
    return package.with_name(f"{package.name}.json")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that a killed process does not leave behind."""
    with path.open("w", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _demand_a_builder(folder: Path, order: Mapping[str, Any]) -> None:
    if os.geteuid() != 0:
        raise TrunklineError(
            "A build takes root for its chroot, and this is another user.",
            "Run as root or set ansible_become for the builder, or name another host in asterisk_builder.")
    chroots, where = _CHROOTS[order["format"]]
    missing = [name for name in (*chroots, "unshare", "setpriv") if not shutil.which(name)]
    if missing:
        raise TrunklineError(
            f"The builder has no program {' and no '.join(missing)}.",
            f"{where}, or name another host in asterisk_builder.")
    here = architecture(order["format"])
    if here != order["architecture"] and not order["cross_packages"]:
        raise TrunklineError(
            f"The builder is {here}, the host is {order['architecture']}, and its system is built without a cross"
            " compiler.",
            "Name a builder of the host's architecture in asterisk_builder; the host itself may be it.")
    free = shutil.disk_usage(folder).free
    if free < SPACE:
        raise TrunklineError(
            f"{folder} has {free / 1e9:.1f} GB free, and a build takes {SPACE / 1e9:.0f}.",
            "Free some, or set asterisk_store to a folder with more.")


def architecture(form: str = "deb") -> str:
    """Return this machine's architecture, in the words of a package's format."""
    if form == "rpm":
        return os.uname().machine
    printed = subprocess.run(["dpkg", "--print-architecture"], stdout=subprocess.PIPE, text=True, check=False).stdout
    return printed.strip()


def _build(order: Mapping[str, Any], files: Sequence[Path], work: Path, log: Path) -> None:
    chroot = work / "chroot"
    work.mkdir()
    with log.open("w", encoding="utf-8") as stream:
        if _run(bootstrap(order, chroot, architecture(order["format"])), {}, stream):
            raise _failure("The chroot could not be made", log)
        _fill(order, files, chroot / "build")
        environment = {
            "VERSION": order["version"], "PACKAGE_VERSION": order["package_version"], "KEY": order["key"],
            "ARCHITECTURE": order["architecture"], "SOURCE_DATE_EPOCH": str(order["date"]),
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        }
        if _run(enter(chroot), environment, stream):
            raise _failure(f"Asterisk {order['version']} was not built", log)


def bootstrap(order: Mapping[str, Any], chroot: Path, here: str) -> list[str]:
    """Return the command that makes the chroot.

    :param here: this machine's architecture. The chroot's programs are of it, also where the libraries are another's.
    """
    if order["format"] == "rpm":
        # From the repositories that the builder itself has.
        return [
            *_CHROOT, "dnf", "--quiet", "--assumeyes", "--setopt=reposdir=/etc/yum.repos.d",
            "--setopt=install_weak_deps=False", "--setopt=tsflags=nodocs", f"--releasever={order['release']}",
            "install", *order["packages"], f"--installroot={chroot}",
        ]
    architectures = list(dict.fromkeys([here, order["architecture"]]))
    packages = order["packages"]
    if len(architectures) > 1:
        packages = [f"{name}:{architectures[1]}" if name.endswith("-dev") else name for name in packages]
        packages += order["cross_packages"]
    dumped = subprocess.run(["apt-config", "dump"], stdout=subprocess.PIPE, text=True, check=False).stdout
    # A frozen mirror or a proxy needs settings, which this host's apt has.
    options = [f"--aptopt={line}" for line in re.findall(r"^Acquire::(?:Check-|https?::Proxy).*$", dumped, re.M)]
    return [
        *_CHROOT, "mmdebstrap", "--quiet", "--variant=minbase", *options,
        f"--architectures={','.join(architectures)}", f"--include={','.join(packages)}", order["release"], str(chroot),
    ]


def enter(chroot: Path) -> list[str]:
    """Return the command that runs the recipe in the chroot."""
    return [
        *_ALONE, "nice", "unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child",
        "sh", "-c", _INSIDE, str(chroot),
    ]


def _fill(order: Mapping[str, Any], files: Sequence[Path], build: Path) -> None:
    (build / "sources").mkdir(parents=True)
    for source, path in zip(order["sources"], files):
        shutil.copyfile(path, build / "sources" / source["name"])
    for name, text in order["files"].items():
        path = build / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (build / "modules").write_text("".join(f"{name}\n" for name in order["modules"]), encoding="utf-8")
    for path in [build, *build.rglob("*")]:
        os.chown(path, BUILDER, BUILDER)


def _run(argv: Sequence[str], environment: Mapping[str, str], log: Any) -> int:
    log.flush()
    # By this process's own PATH: the one of the environment is the chroot's.
    program = shutil.which(argv[0]) or argv[0]
    done = subprocess.run(
        [program, *argv[1:]], env=dict(environment) or None, stdin=subprocess.DEVNULL, stdout=log,
        stderr=subprocess.STDOUT, check=False)
    return done.returncode


def _failure(what: str, log: Path) -> TrunklineError:
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    refused = [line.partition(": ")[2] for line in lines if line.startswith("refused: ")]
    steps = [line.partition(": ")[2] for line in lines if line.startswith("step: ")]
    if shutil.disk_usage(log.parent).free < FULL or any(map(_NO_SPACE.search, lines)):
        return TrunklineError(
            f"{what}: no space is left on the device.", "Free some, or set asterisk_store to a folder with more.")
    errors = [line for line in lines if re.search(r"\b(error|Error|E:)\b", line)]
    why = (refused or errors or lines or ["it printed nothing"])[-1].rstrip(".")
    at = f" (step: {steps[-1]})" if steps and not refused else ""
    return TrunklineError(f"{what}{at}: {why}.", f"All that it printed is in {log} on the builder.")


def _keep(folder: Path, order: Mapping[str, Any], made: Path) -> dict[str, Any]:
    """Move the package into the store. Its manifest comes last: without it the package is not there."""
    package = folder / order["file_name"]
    coming = folder / f".{order['file_name']}"
    shutil.copyfile(made, coming)
    manifest = {name: order[name] for name in order if name not in ("files", "addresses")}
    manifest["sha256"] = sources.sha256(coming)
    os.replace(coming, package)
    coming.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(coming, _manifest(package))
    return {"path": str(package), "sha256": manifest["sha256"]}


def _remove(work: Path) -> None:
    if work.exists():
        shutil.rmtree(work)
