# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a package file."""

from __future__ import annotations

import io
import tarfile

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build import deb
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

CONTROL = (
    "Package: asterisk\nVersion: 1:22.10.1~x\nArchitecture: amd64\nDescription: a\n b: c\n"
    "Trunkline-Key: 0123456789ab\n")


def member(name: str, content: bytes) -> bytes:
    head = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
    return head + content + b"\n" * (len(content) % 2)


def package(control: str, compression: str = "xz") -> bytes:
    """A package file as dpkg-deb makes it, without data."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{compression}") as archive:
        info = tarfile.TarInfo("./control")
        info.size = len(control)
        archive.addfile(info, io.BytesIO(control.encode()))
    return b"!<arch>\n" + member("debian-binary", b"2.0\n") + member(f"control.tar.{compression}", stream.getvalue())


@pytest.mark.parametrize("compression", ["xz", "gz"])
def test_the_fields(tmp_path, compression):
    path = tmp_path / "a.deb"
    path.write_bytes(package(CONTROL, compression))
    found = deb.fields(str(path))
    assert found == {
        "Package": "asterisk", "Version": "1:22.10.1~x", "Architecture": "amd64", "Description": "a",
        "Trunkline-Key": "0123456789ab"}
    assert deb.identity(found) == "0123456789ab"
    del found["Trunkline-Key"]
    assert deb.identity(found) == "1:22.10.1~x"


@pytest.mark.parametrize("content", [
    b"", b"#!/bin/sh\n", b"!<arch>\n", b"!<arch>\n" + member("control.tar.zst", b"abc"), package("Package: a\n"),
    package(CONTROL)[:100],
])
def test_what_is_no_package(tmp_path, content):
    path = tmp_path / "a.deb"
    path.write_bytes(content)
    with pytest.raises(TrunklineError, match="is not a Debian package whose fields can be read"):
        deb.fields(str(path))


def test_a_file_that_is_not_there():
    with pytest.raises(TrunklineError, match=r"^/no/such.deb cannot be read: No such file or directory\."):
        deb.fields("/no/such.deb")
