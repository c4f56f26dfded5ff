# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""COVERAGE.md of role twilio_twin is what the twin's declarations and Twilio's documents say."""

from __future__ import annotations

import re

import pytest

from tests import generate_twin_coverage as coverage

from .openapi.extract import FORM


def test_it_is_what_its_sources_say():
    written = coverage.PAGE.read_text(encoding="utf-8")
    assert written == coverage.page(), "run python tests/generate_twin_coverage.py"


def test_the_twin_has_nothing_that_the_documents_lack():
    twin, served = coverage.declared(), set()
    for document in coverage.documents().values():
        for one in coverage.operations(document, twin):
            assert one.unknown == (), one
            served.add((re.sub(r"\{\w+\}", "{}", one.path), one.method.lower()))
    assert served == set(twin)


def test_a_parameter_is_covered_where_the_twin_declares_it():
    form = {"requestBody": {"content": {FORM: {"schema": {"properties": {"Weight": {}, "Colour": {}}}}}}}
    query = {"parameters": [{"in": "query", "name": "Page"}, {"in": "path", "name": "TrunkSid"}]}
    document = {"paths": {"/v1/Trunks/{TrunkSid}/Urls": {"post": form, "get": query}}}
    twin = {("/v1/Trunks/{}/Urls", "post"): {"Weight", "Size"}, ("/v1/Trunks/{}/Urls", "get"): {"Page"}}
    post, get = coverage.operations(document, twin)
    assert (post.covered, post.ignored, post.unknown) == (("Weight",), ("Colour",), ("Size",))
    assert (get.method, get.covered, get.ignored) == ("GET", ("Page",), ())
    with pytest.raises(KeyError):
        list(coverage.operations(document, {}))


def test_a_switch_has_the_reason_of_its_comments():
    found = coverage.reasons('''class Settings:
    """Text."""

    # Limits of
    # a guide.
    first: int = 1      # a trial account has 1
    second: int = 2
    # Not known.
    third: bool = False

    fourth: int = 0

    @classmethod
''')
    assert found == {
        "first": "Limits of a guide. A trial account has 1.", "second": "Limits of a guide.", "third": "Not known.",
        "fourth": "",
    }


def test_every_switch_has_a_reason():
    source = (coverage.PACKAGE / "twilio_twin" / "settings.py").read_text(encoding="utf-8")
    assert all(coverage.reasons(source).values())
