# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages that action asterisk_prompts asks a host for."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.action import asterisk_prompts


@pytest.mark.parametrize("texts, form, asked", [
    ([], "deb", []),
    ([None], "deb", ["sox", "libsox-fmt-mp3"]),
    ([None, "Hello"], "deb", ["sox", "libsox-fmt-mp3", "espeak-ng"]),
    ([None, "Hello"], "rpm", ["sox", "espeak-ng"]),
])
def test_packages(texts, form, asked):
    assert asterisk_prompts._packages([{"text": text} for text in texts], form) == asked
