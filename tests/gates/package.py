# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection's tarball so that the same commit gives the same bytes.

usage: package.py build FOLDER     print its SHA-256 and its path
       package.py copy FOLDER      what git would commit of the working tree

ansible-galaxy takes the times, owners and order of what lies in the folder, and the time of the build. This packs its
tarball again with the time of the commit (SOURCE_DATE_EPOCH, where that is set), no owner, and names in order.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def git(*words: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True).stdout


def copy_checkout(folder: Path) -> None:
    """Copy what git would commit, so that nothing else of the working tree gets into the tarball."""
    for name in git("ls-files", "-z", "--cached", "--others", "--exclude-standard").decode().split("\0"):
        source, target = ROOT / name, folder / name
        if name and os.path.lexists(source):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def commit_time() -> int:
    return int(os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct"))


def normalise(member: tarfile.TarInfo, time: int) -> None:
    """Change a member's attributes in place; `TarInfo.replace()` is not in the Python of Debian 12 (3.11.2)."""
    executable = member.isdir() or member.mode & 0o100
    member.mtime, member.mode = time, 0o755 if executable else 0o644
    member.uid = member.gid = 0
    member.uname = member.gname = ""


def sorted_lists(files: dict[str, bytes]) -> None:
    """Sort the list of the tarball's files, which has the order of the file system, and correct its checksum."""
    listed, manifest = json.loads(files["FILES.json"]), json.loads(files["MANIFEST.json"])
    listed["files"].sort(key=lambda row: row["name"])
    files["FILES.json"] = json.dumps(listed, indent=1).encode()
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(files["FILES.json"]).hexdigest()
    files["MANIFEST.json"] = json.dumps(manifest, indent=1).encode()


def repack(built: Path, target: Path, time: int) -> None:
    """Pack a tarball again, with nothing in it that depends on the machine or the hour."""
    packed = io.BytesIO()
    with tarfile.open(built) as source, tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as result:
        members = sorted(source.getmembers(), key=lambda member: member.name)
        files = {member.name: source.extractfile(member).read() for member in members if member.isfile()}
        sorted_lists(files)
        for member in members:
            member.pax_headers = {}    # the time again, to the nanosecond
            member.size = len(files.get(member.name, b""))
            normalise(member, time)
            result.addfile(member, io.BytesIO(files.get(member.name, b"")))
    with open(target, "wb") as stream, gzip.GzipFile("", "wb", fileobj=stream, mtime=time) as zipped:
        zipped.write(packed.getvalue())


def build(folder: Path) -> Path:
    """Return the tarball that was built into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        copy_checkout(Path(scratch, "source"))
        subprocess.run(
            ["ansible-galaxy", "collection", "build", f"{scratch}/source", "--output-path", f"{scratch}/built"],
            check=True, stdout=subprocess.DEVNULL)
        [built] = Path(scratch, "built").glob("*.tar.gz")
        target = folder / built.name
        repack(built, target, commit_time())
    return target


if __name__ == "__main__":
    command, place = sys.argv[1], Path(sys.argv[2])
    if command == "copy":
        copy_checkout(place)
    else:
        tarball = build(place)
        print(f"{hashlib.sha256(tarball.read_bytes()).hexdigest()}  {tarball}")
