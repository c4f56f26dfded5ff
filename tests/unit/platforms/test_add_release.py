# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row of a release, from files that a key made for the tests has signed."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

PATH = Path(__file__).parents[3] / "tools/add_asterisk_release.py"
SPEC = importlib.util.spec_from_file_location("add_asterisk_release", PATH)
tool = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)

PART = b"the part"
MD5 = hashlib.md5(PART, usedforsecurity=False).hexdigest()
pytestmark = pytest.mark.skipif(not shutil.which("gpg") or not shutil.which("gpgv"), reason="gpg or gpgv is missing")


def gpg(home: Path, *arguments: str) -> str:
    return subprocess.run(
        ["gpg", "--homedir", str(home), "--batch", "--yes", "--quiet", "--pinentry-mode", "loopback",
         "--passphrase", "", *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Two homes of gpg with a key each."""
    homes = [tmp_path_factory.mktemp(name) for name in ("a", "b")]
    for home in homes:
        home.chmod(0o700)
        # It returns once the agent listens; gpg gives the agent that it starts itself five seconds and then gives up.
        subprocess.run(["gpg-agent", "--homedir", str(home), "--quiet", "--daemon"], check=True)
        gpg(home, "--quick-generate-key", "Nobody <nobody@example.com>", "ed25519", "sign", "never")
        (home / "key.asc").write_text(gpg(home, "--armor", "--export"))
    yield homes
    for home in homes:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"], check=False)


def fingerprint(home: Path) -> str:
    told = gpg(home, "--with-colons", "--list-keys")
    return next(line.split(":")[9] for line in told.splitlines() if line.startswith("fpr"))


@pytest.fixture
def release(tmp_path, keys):
    """A folder as upstream publishes it."""
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "pjproject-2.17.tar.bz2").write_bytes(PART)
    text = f"{MD5}  pjproject-2.17.tar.bz2\n".encode()
    with tarfile.open(folder / "asterisk-22.99.0.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("asterisk-22.99.0/third-party/pjproject/pjproject-2.17.tar.bz2.md5")
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    sign(keys[0], folder)
    return folder


def sign(home: Path, folder: Path) -> None:
    gpg(home, "--armor", "--detach-sign", str(folder / "asterisk-22.99.0.tar.gz"))


def made(folder: Path, keys, key: int = 0, expected: int = 0) -> str:
    return tool.made("22.99.0", folder, keys[key] / "key.asc", fingerprint(keys[expected]))


def test_the_row(release, keys):
    row = yaml.safe_load(made(release, keys))["22.99.0"]
    tarball, part = row["files"]
    content = (release / "asterisk-22.99.0.tar.gz").read_bytes()
    assert (tarball["name"], tarball["sha256"]) == ("asterisk.tar.gz", hashlib.sha256(content).hexdigest())
    assert (part["name"], part["sha256"]) == ("pjproject-2.17.tar.bz2", hashlib.sha256(PART).hexdigest())
    assert part["addresses"][0].endswith("/pjproject/2.17/pjproject-2.17.tar.bz2")
    assert row["date"] > 1700000000


def test_a_tarball_that_was_changed(release, keys):
    with (release / "asterisk-22.99.0.tar.gz").open("ab") as stream:
        stream.write(b"more")
    with pytest.raises(tool.Refused, match=r"of asterisk-22\.99\.0\.tar\.gz does not verify: .*BAD signature"):
        made(release, keys)


def test_a_signature_of_another_key(release, keys):
    sign(keys[1], release)
    with pytest.raises(tool.Refused, match="does not verify"):
        made(release, keys)


def test_another_key_that_signs_and_verifies(release, keys):
    sign(keys[1], release)
    with pytest.raises(tool.Refused, match=f"is signed by the key {fingerprint(keys[1])}, and not by "):
        made(release, keys, key=1)


def test_a_part_that_was_changed(release, keys):
    (release / "pjproject-2.17.tar.bz2").write_bytes(b"another part")
    with pytest.raises(tool.Refused, match=f"and the signed tarball says {MD5}"):
        made(release, keys)


def test_a_part_that_the_tarball_does_not_bundle(release, keys):
    (release / "pjproject-2.17.tar.bz2").rename(release / "pjproject-2.18.tar.bz2")
    with pytest.raises(tool.Refused, match=r"does not bundle pjproject-2\.18\.tar\.bz2"):
        made(release, keys)


@pytest.mark.parametrize("gone", ["asterisk-22.99.0.tar.gz.asc", "pjproject-2.17.tar.bz2"])
def test_a_file_that_is_missing(release, keys, gone):
    (release / gone).unlink()
    with pytest.raises(tool.Refused, match="must have asterisk"):
        made(release, keys)


def test_the_key_is_pinned_and_a_refusal_is_one_line(release, keys, capsys):
    assert tool.main(["22.99.0", str(release), str(keys[0] / "key.asc")]) == 1
    assert capsys.readouterr().err.strip().endswith(f"and not by {tool.FINGERPRINT}.")
