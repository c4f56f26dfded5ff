# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a configuration of Asterisk that somebody wrote by hand, as far as an inventory can be made of it.

Only the files that say who may call whom are read, with all that they include. Nothing is written.
"""

from __future__ import annotations

import glob
import os
from typing import Any

from ..config.conf import included
from ..config.store import FOUND, LIVE, LOCAL, STATE, TREES
from .review import FREEPBX

#: The files that are read where they exist.
READ = ("pjsip.conf", "pjsip_wizard.conf", "extensions.conf", "voicemail.conf", "rtp.conf")
#: Other files, of which only the names count.
SUFFIXES = (".conf", ".ael", ".lua")
#: What FreePBX writes beside the files of READ.
FREEPBX_FILES = ("extensions_additional.conf", "pjsip_additional.conf", "sip_additional.conf")
MAX_BYTES = 8 * 1024 * 1024  # of one file; a larger one is no configuration
MAX_FILES = 2000
#: Only \n ends a line of Asterisk's; Python would end one at each of these.
NO_LINE_ENDS = dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\0"), " ")


def read_folder(folder: str, freepbx: tuple[str, ...] = FREEPBX) -> dict[str, Any]:
    """Return the text of the files of a folder such as `/etc/asterisk`, and what speaks against reading them.

    :returns: `exists`; `ours`, whether role pbx wrote the folder, and then `found`, the trees of files that were there
        before, and `by_hand`, the files of `local.d`; `freepbx`, what shows that FreePBX writes the folder; `files`,
        text by name; `unreadable`, the reason by name; `latin1`, the files that are not UTF-8; `others`, the names of
        the files that are not read.
    """
    result: dict[str, Any] = {
        "folder": folder, "exists": os.path.isdir(folder), "ours": False, "freepbx": "", "found": [], "by_hand": [],
        "files": {}, "unreadable": {}, "latin1": [], "others": [],
    }
    if not result["exists"]:
        return result
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        result["unreadable"][folder] = error.strerror or "cannot be read"
        return result
    paths = [*freepbx, *(os.path.join(folder, name) for name in FREEPBX_FILES)]
    result["freepbx"] = next((path for path in paths if os.path.lexists(path)), "")
    result["ours"] = os.path.isfile(os.path.join(folder, LIVE, STATE))
    if result["ours"]:
        result["found"] = [os.path.join(folder, TREES, name) for name in _listed(os.path.join(folder, TREES))
                           if name.endswith(FOUND)]
        result["by_hand"] = [f"{LOCAL}/{name}" for name in _listed(os.path.join(folder, LOCAL))]
    if not result["ours"] and not result["freepbx"]:
        _read_all(folder, [name for name in READ if name in names], result)
        result["others"] = [name for name in names if name.endswith(SUFFIXES) and name not in result["files"]
                            and name not in result["unreadable"] and os.path.isfile(os.path.join(folder, name))]
    return result


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _read_all(folder: str, ahead: list[str], result: dict[str, Any]) -> None:
    """Read files and what they include, each by the name under which it is included."""
    while ahead:
        name = ahead.pop(0)
        path = os.path.join(folder, name)
        if name in result["files"] or name in result["unreadable"] or not os.path.lexists(path):
            continue
        if len(result["files"]) >= MAX_FILES:
            result["unreadable"][name] = f"more than {MAX_FILES} files are included"
            return
        text = _text(path, name, result)
        if text is None:
            continue
        result["files"][name] = text
        for target in filter(None, map(included, text.splitlines())):
            found = sorted(glob.glob(os.path.join(folder, target)))
            ahead += found if os.path.isabs(target) else [os.path.relpath(one, folder) for one in found]


def _text(path: str, name: str, result: dict[str, Any]) -> str | None:
    """Return the text of a file with the lines that Asterisk sees in it, None where it cannot be read."""
    try:
        if not os.path.isfile(path):
            raise OSError(None, "is no file, or a link to nothing")
        if os.path.getsize(path) > MAX_BYTES:
            raise OSError(None, f"has more than {MAX_BYTES} bytes")
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        result["unreadable"][name] = error.strerror or "cannot be read"
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
        result["latin1"].append(name)
    return text.replace("\r\n", "\n").translate(NO_LINE_ENDS)
