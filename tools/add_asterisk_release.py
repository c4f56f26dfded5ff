# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the row of a release of Asterisk for the table of sources, from files whose signature was verified.

    add_asterisk_release.py VERSION FOLDER KEY.asc

FOLDER holds what upstream publishes, fetched by hand or by a job: asterisk-VERSION.tar.gz, its .asc, and the part that
Asterisk bundles, pjproject-N.tar.bz2. KEY.asc is the key of the Asterisk Development Team; any key but the one whose
fingerprint stands here is refused. The row goes to standard output, for roles/asterisk_build/vars/sources.yml.

Upstream signs the tarball alone. The part is held to the MD5 that the signed tarball has of it, and the row has its
SHA-256. It takes gpgv and gpg, and asks no network.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FINGERPRINT = "F2FC93DB7587BD1FB49E045A5D984BE337191CE7"
RELEASES = "https://downloads.asterisk.org/pub/telephony/asterisk/releases"
THIRD_PARTY = "https://raw.githubusercontent.com/asterisk/third-party/master/pjproject"


class Refused(Exception):
    """A reason not to write the row."""


def verify(tarball: Path, signature: Path, key: Path, fingerprint: str) -> int:
    """Verify the signature, and return when it was made, in seconds since 1970.

    :raises Refused: the signature is not the key's, or the key is another.
    """
    with tempfile.TemporaryDirectory() as home:
        ring = Path(home, "key.gpg")
        dearmoured = subprocess.run(
            ["gpg", "--homedir", home, "--batch", "--yes", "--output", str(ring), "--dearmor", str(key)],
            capture_output=True, check=False)
        if dearmoured.returncode:
            raise Refused(f"{key} is not an armoured OpenPGP key.")
        verified = subprocess.run(
            ["gpgv", "--homedir", home, "--status-fd", "1", "--keyring", str(ring), str(signature), str(tarball)],
            capture_output=True, text=True, check=False)
    # The last word is the primary key's fingerprint, as a subkey may have signed (GnuPG, doc/DETAILS).
    valid = re.search(r"^\[GNUPG:\] VALIDSIG \S+ \S+ (\d+) .* (\w{40})$", verified.stdout, re.M)
    if verified.returncode or not valid:
        raise Refused(f"The signature {signature.name} of {tarball.name} does not verify: {_last(verified.stderr)}.")
    if valid[2] != fingerprint:
        raise Refused(f"{tarball.name} is signed by the key {valid[2]}, and not by {fingerprint}.")
    return int(valid[1])


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["gpgv says nothing"])[-1].rstrip(".")


def demand_part(tarball: Path, part: Path) -> None:
    """Compare a bundled part with the MD5 that the verified tarball has of it.

    :raises Refused: they differ, or the tarball has none.
    """
    folder = part.name.split("-")[0]
    with tarfile.open(tarball) as archive:
        names = [name for name in archive.getnames() if name.endswith(f"third-party/{folder}/{part.name}.md5")]
        stream = archive.extractfile(names[0]) if names else None
        if stream is None:
            raise Refused(f"{tarball.name} does not bundle {part.name}.")
        stated = stream.read().decode().split()[0]
    found = hashlib.md5(part.read_bytes(), usedforsecurity=False).hexdigest()
    if found != stated:
        raise Refused(f"{part.name} has the MD5 {found}, and the signed tarball says {stated}.")


def row(version: str, date: int, tarball: Path, part: Path) -> str:
    """Return the row as YAML."""
    number = part.name.removeprefix("pjproject-").removesuffix(".tar.bz2")
    files = [
        ("asterisk.tar.gz", tarball, f"{RELEASES}/{tarball.name}"),
        (part.name, part, f"{THIRD_PARTY}/{number}/{part.name}"),
    ]
    lines = [f'  "{version}":', f"    date: {date}", "    files:"]
    for name, path, address in files:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines += [f"      - name: {name}", f"        sha256: {digest}", f"        addresses: [\"{address}\"]"]
    return "\n".join(lines) + "\n"


def made(version: str, folder: Path, key: Path, fingerprint: str = FINGERPRINT) -> str:
    """Return the row of a release.

    :raises Refused: a file is missing, or does not verify.
    """
    tarball = folder / f"asterisk-{version}.tar.gz"
    signature = tarball.with_name(f"{tarball.name}.asc")
    parts = sorted(folder.glob("pjproject-*.tar.bz2"))
    missing = [path.name for path in (tarball, signature) if not path.is_file()]
    if missing or len(parts) != 1:
        raise Refused(f"{folder} must have {tarball.name}, {signature.name} and one pjproject-N.tar.bz2.")
    date = verify(tarball, signature, key, fingerprint)
    demand_part(tarball, parts[0])
    return row(version, date, tarball, parts[0])


def main(arguments: list[str]) -> int:
    """Print the row, or say why not."""
    parser = argparse.ArgumentParser(description="Write the row of a release of Asterisk for the table of sources.")
    parser.add_argument("version")
    parser.add_argument("folder", type=Path)
    parser.add_argument("key", type=Path)
    given = parser.parse_args(arguments)
    try:
        sys.stdout.write(made(given.version, given.folder, given.key))
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
