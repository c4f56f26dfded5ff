# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source files of a build, from a folder or their addresses. Each has the SHA-256 of the table, or is not used."""

from __future__ import annotations

import hashlib
import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Mapping, Sequence

from ..._core.errors import TrunklineError

IDLE_SECONDS = 60   # without a byte


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def gather(sources: Sequence[Mapping[str, str]], addresses: Mapping[str, Sequence[str]], given: str,
           cache: Path) -> list[Path]:
    """Have every source file in the cache, and return them in order.

    :param given: a folder with files of these names, which are taken before any address is asked; or "".
    :raises TrunklineError: a file cannot be had, or is not what the table says.
    """
    cache.mkdir(parents=True, exist_ok=True)
    return [_one(source, addresses.get(source["name"], ()), given, cache) for source in sources]


def _one(source: Mapping[str, str], addresses: Sequence[str], given: str, cache: Path) -> Path:
    # Two releases may have a file of one name, so the name holds the sum as well.
    kept = cache / f"{source['sha256'][:12]}-{source['name']}"
    if kept.exists() and sha256(kept) == source["sha256"]:
        return kept
    local = Path(given, source["name"]) if given else None
    if local is not None and local.exists():
        _demand(local, source, str(local))
        shutil.copyfile(local, kept)
        return kept
    reasons = []
    for address in addresses:
        coming = kept.with_name(f".{kept.name}.{os.getpid()}")
        try:
            _download(address, coming)
            _demand(coming, source, address)
            os.replace(coming, kept)
            return kept
        except (OSError, urllib.error.URLError) as error:
            reasons.append(f"{address} ({getattr(error, 'reason', None) or error})")
        finally:
            coming.unlink(missing_ok=True)
    where = f" from {' or '.join(reasons)}" if reasons else ""
    raise TrunklineError(
        f"The source file {source['name']} could not be had{where}.",
        "Put it into a folder on the controller, and name the folder in asterisk_source_folder.")


def _download(address: str, path: Path) -> None:
    with urllib.request.build_opener().open(address, timeout=IDLE_SECONDS) as answer, path.open("wb") as stream:
        shutil.copyfileobj(answer, stream)


def _demand(path: Path, source: Mapping[str, Any], where: str) -> None:
    found = sha256(path)
    if found != source["sha256"]:
        raise TrunklineError(
            f"{where} has the SHA-256 {found}, and the table of sources says {source['sha256']} of {source['name']}:"
            " nothing was built from it.",
            "Get the file anew from a place that you trust. A wrong sum stands in the table only if you wrote the row.")
