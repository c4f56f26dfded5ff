# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialling in seventeen countries: numbers as people write them, through the rendered dialplan in a real Asterisk."""

from __future__ import annotations

import pytest

from labtest.dialled import CALLER_IDS, inventory, reached, rendered, table
from labtest.remote_python import RemotePython


@pytest.fixture(scope="module")
def found(pbx):
    """Return (row, result) for each number: where it should go, and where a scratch Asterisk on pbx1 sends it."""
    tree = rendered(inventory(*CALLER_IDS), "extensions.conf", "modules.conf")
    rows = [row for country in CALLER_IDS for row in table(country)]
    contexts = [f"phones-twilio-{row.country.lower()}-international" for row in rows]
    said = reached(RemotePython(pbx), tree, list(zip([row.dialled for row in rows], contexts)))
    return list(zip(rows, said))


@pytest.mark.parametrize("country", CALLER_IDS)
def test_numbers_go_where_people_mean(found, country, detail):
    """Numbers as people dial them in their country reach the number that they mean."""
    rows = [(row, said) for row, said in found if row.country == country]
    detail(f"{len(rows)} numbers")
    assert [(row.dialled, said) for row, said in rows] == [(row.dialled, row.becomes) for row, said in rows]


def test_leeds_is_not_in_spain(found):
    """0113 496 0123, dialled in Britain, is Leeds."""
    assert [said for row, said in found if (row.country, row.what) == ("GB", "Leeds")] == ["+441134960123"]
