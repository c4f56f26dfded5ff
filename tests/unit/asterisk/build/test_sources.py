# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source files of a build, and those that are not what the table says."""

from __future__ import annotations

import hashlib

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.build.sources import gather
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

CONTENT = b"a tarball"
SOURCE = {"name": "asterisk.tar.gz", "sha256": hashlib.sha256(CONTENT).hexdigest()}


@pytest.fixture
def given(tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / SOURCE["name"]).write_bytes(CONTENT)
    return folder


@pytest.mark.parametrize("by_address", [True, False])
def test_from_a_folder_or_an_address_and_then_from_the_cache(tmp_path, given, by_address):
    addresses = {SOURCE["name"]: ["file:///no/such", f"file://{given}/asterisk.tar.gz"] if by_address else []}
    where = "" if by_address else str(given)
    path, = gather([SOURCE], addresses, where, tmp_path / "cache")
    assert path.read_bytes() == CONTENT
    (given / SOURCE["name"]).unlink()
    assert gather([SOURCE], addresses, where, tmp_path / "cache") == [path]


@pytest.mark.parametrize("by_address", [True, False])
def test_a_wrong_sum(tmp_path, given, by_address):
    (given / SOURCE["name"]).write_bytes(b"another tarball")
    address = f"file://{given}/asterisk.tar.gz"
    with pytest.raises(TrunklineError) as caught:
        gather([SOURCE], {SOURCE["name"]: [address]}, "" if by_address else str(given), tmp_path / "cache")
    found = hashlib.sha256(b"another tarball").hexdigest()
    where = address if by_address else f"{given}/asterisk.tar.gz"
    assert str(caught.value).startswith(
        f"{where} has the SHA-256 {found}, and the table of sources says {SOURCE['sha256']} of asterisk.tar.gz:")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_kept_file_that_was_changed_is_got_anew(tmp_path, given):
    path, = gather([SOURCE], {}, str(given), tmp_path / "cache")
    path.write_bytes(b"half")
    assert gather([SOURCE], {}, str(given), tmp_path / "cache")[0].read_bytes() == CONTENT


def test_a_file_that_cannot_be_had(tmp_path):
    with pytest.raises(TrunklineError) as caught:
        gather([SOURCE], {SOURCE["name"]: ["file:///no/such"]}, "", tmp_path / "cache")
    assert str(caught.value).startswith("The source file asterisk.tar.gz could not be had from file:///no/such (")
    assert "asterisk_source_folder" in str(caught.value)
