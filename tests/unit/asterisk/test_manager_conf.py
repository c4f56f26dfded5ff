# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manager user's secret, from a file in Asterisk's form."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.manager_conf import SecretMissing, secret_in


@pytest.mark.parametrize("text", [
    "[verify](+)\nsecret = Canary-1\n",
    "; written once\n[verify]\nread = call\nsecret=Canary-1 ; not for eyes\n",
    "[other]\nsecret = no\n[verify](base,+)\n  secret => Canary-1\n[more]\nsecret = no\n",
])
def test_secret(text):
    assert secret_in(text, "verify") == "Canary-1"


def test_an_escaped_semicolon_is_part_of_it():
    assert secret_in("[verify]\nsecret = a\\;b;c", "verify") == "a;b"


@pytest.mark.parametrize("text", [
    "", "secret = x", "[other]\nsecret = x", "[verify]\n;secret = x", "[verify]\nsecret =", "[verify]\nsecrets = x"])
def test_no_secret(text):
    with pytest.raises(SecretMissing, match=r"\[verify\]"):
        secret_in(text, "verify")
