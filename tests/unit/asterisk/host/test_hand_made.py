# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a folder of files that were written by hand, on the host."""

from __future__ import annotations

import os

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host import hand_made
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.hand_made import read_folder


def read(folder) -> dict:
    return read_folder(str(folder), freepbx=())


def test_files_and_what_they_include_wherever_it_lies(tmp_path):
    folder, elsewhere = tmp_path / "asterisk", tmp_path / "elsewhere.conf"
    (folder / "phones").mkdir(parents=True)
    elsewhere.write_text("[b]\n")
    (folder / "pjsip.conf").write_text(
        f'#include "phones/*.conf"\n#include {elsewhere} ; far\n#tryinclude gone.conf\n#include pjsip.conf\n')
    (folder / "phones" / "1001.conf").write_text("[1001]\n")
    (folder / "phones" / "1001.bak").write_text("[old]\n")
    (folder / "sip.conf").write_text("[general]\nsecret=x\n")
    found = read(folder)
    assert set(found["files"]) == {"pjsip.conf", "phones/1001.conf", str(elsewhere)}
    assert found["others"] == ["sip.conf"] and found["unreadable"] == {} and found["exists"]


@pytest.mark.parametrize(("content", "text"), [
    (b"[a]\r\nb=c\r\n", "[a]\nb=c\n"),
    (b"\xef\xbb\xbf[a]\n", "[a]\n"),
    (b"[a]\ncallerid=Zo\xc3\xab\n", "[a]\ncallerid=Zo\u00eb\n"),
    (b"[a]\ncallerid=Zo\xeb\x85x\n", "[a]\ncallerid=Zo\u00eb x\n"),   # Latin-1; x85 ends a line of Python's alone
    (b"[a]\x0bb\x0c\x00\n", "[a] b  \n"),
])
def test_text_as_asterisk_reads_it(tmp_path, content, text):
    (tmp_path / "pjsip.conf").write_bytes(content)
    found = read(tmp_path)
    assert found["files"] == {"pjsip.conf": text}
    assert found["latin1"] == (["pjsip.conf"] if b"\xeb" in content else [])


def test_what_cannot_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "pjsip.conf").symlink_to(tmp_path / "nowhere")
    (tmp_path / "extensions.conf").symlink_to(tmp_path / "extensions.conf")
    (tmp_path / "voicemail.conf").mkdir()
    os.mkfifo(tmp_path / "rtp.conf")
    (tmp_path / "pjsip_wizard.conf").write_text("[a]\n" * 10)
    monkeypatch.setattr(hand_made, "MAX_BYTES", 9)
    found = read(tmp_path)
    assert found["files"] == {}
    assert set(found["unreadable"]) == {
        "pjsip.conf", "extensions.conf", "voicemail.conf", "rtp.conf", "pjsip_wizard.conf"}
    assert found["unreadable"]["rtp.conf"] == "is no file, or a link to nothing"
    assert found["unreadable"]["pjsip_wizard.conf"] == "has more than 9 bytes"


def test_a_file_without_permission_is_named(tmp_path, monkeypatch):
    (tmp_path / "pjsip.conf").write_text("[a]\n")

    def refuse(*_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert read(tmp_path)["unreadable"] == {"pjsip.conf": "Permission denied"}


def test_a_link_to_a_file_is_followed(tmp_path):
    (tmp_path / "real").write_text("[a]\n")
    folder = tmp_path / "asterisk"
    folder.mkdir()
    (folder / "pjsip.conf").symlink_to("../real")
    assert read(folder)["files"] == {"pjsip.conf": "[a]\n"}


def test_no_folder_at_all(tmp_path):
    found = read(tmp_path / "asterisk")
    assert (found["exists"], found["files"], found["others"]) == (False, {}, [])


def test_our_own_folder_is_not_read(tmp_path):
    tree = tmp_path / "trees" / "20261126T000000-aaaa"
    for path in (tree, tmp_path / "trees" / "20261125T000000-bbbb-found", tmp_path / "local.d"):
        path.mkdir(parents=True)
    (tree / ".trunkline.json").write_text("{}")
    (tree / "pjsip.conf").write_text("[a]\n")
    (tmp_path / "live").symlink_to("trees/20261126T000000-aaaa")
    (tmp_path / "pjsip.conf").symlink_to("live/pjsip.conf")
    (tmp_path / "local.d" / "queues.conf").write_text("")
    found = read(tmp_path)
    assert found["ours"] and found["files"] == {} and found["others"] == []
    assert found["found"] == [str(tmp_path / "trees" / "20261125T000000-bbbb-found")]
    assert found["by_hand"] == ["local.d/queues.conf"]


@pytest.mark.parametrize("name", hand_made.FREEPBX_FILES)
def test_a_folder_of_freepbx_is_not_read(tmp_path, name):
    (tmp_path / "pjsip.conf").write_text(f"#include {name}\n")
    (tmp_path / name).write_text("[a]\n")
    found = read(tmp_path)
    assert found["freepbx"] == str(tmp_path / name) and found["files"] == {}


def test_a_host_of_freepbx_is_known_by_its_own_files(tmp_path):
    (tmp_path / "freepbx.conf").write_text("")
    (tmp_path / "asterisk").mkdir()
    assert read_folder(str(tmp_path / "asterisk"), freepbx=(str(tmp_path / "freepbx.conf"),))["freepbx"]
