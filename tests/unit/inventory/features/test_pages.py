# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventories of docs/incoming-calls.md and docs/features are right, and each feature has a page."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.features import FEATURES

from ..whole import whole
from .test_wrong_values import RIGHT

DOCS = Path(__file__).parents[4] / "docs"
PAGES = [DOCS / "incoming-calls.md", *sorted((DOCS / "features").glob("*.md"))]
BASE = {name: RIGHT[name] for name in ("trunkline_public_address", "trunkline_trunks", "pbx_phones")}


VAULTED = re.compile(r"\{\{ vault_(\w+) \}\}")


def secret(found: re.Match[str]) -> str:
    """Return what a vault would have: a PIN, another one for each name, or a password."""
    return f"{zlib.crc32(found[1].encode()):012}" if "pin_of" in found[1] else f"Canary-{found[1]}-1"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_inventory_of_a_page_is_right(page):
    blocks = re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    assert blocks
    for block in blocks:
        inventory = whole({**BASE, **yaml.safe_load(VAULTED.sub(secret, block))})
        assert (inventory.problems, inventory.warnings) == ([], [])


def test_each_feature_has_a_page():
    text = (DOCS / "incoming-calls.md").read_text(encoding="utf-8")
    for feature in FEATURES:
        names = {feature.kind.replace("_", "-") + ending for ending in ("", "s", "es")}
        assert any((DOCS / "features" / f"{name}.md").exists() for name in names)
        assert f"{{{feature.kind}: " in text
