# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""site.yml with phones by the hundred: what each of them costs, and what is said where all of them are wrong."""

from __future__ import annotations

import copy

import pytest

from .played import INVENTORY, empty, play


@pytest.fixture
def site(served, tmp_path):
    """site(phones): runs site.yml with these phones on a PBX that does not exist."""
    empty(served[0])

    def run(phones):
        inventory = copy.deepcopy(INVENTORY)
        inventory["all"]["vars"].update(pbx_phones=phones, pbx_dids=[])
        return play("site", served[0], tmp_path, inventory=inventory)

    return run


@pytest.mark.parametrize("option, times", [
    ("password", 1),        # by the check, and nobody who ran after it writes it
    ("caller_name", 3),     # by the check, by the first task on the host, and for Twilio's side
])
def test_a_phone_is_rendered_no_more_often_than_it_is_needed(site, tmp_path, option, times):
    rendered = tmp_path / "rendered"
    value = f"{{{{ lookup('ansible.builtin.pipe', 'echo x >> {rendered}; echo Secret-12345') }}}}"
    dummy, printed = site([{"name": "1001", "password": "Secret-12345", option: value}])
    assert "trunkline.voice.asterisk : Validate the inventory" in printed
    assert "What the inventory declares at Twilio" in printed
    assert rendered.read_text() == "x\n" * times


def test_what_is_wrong_with_each_of_them_is_said_once(site):
    code, printed = site([{"name": str(number), "password": ""} for number in range(1000, 1200)])
    assert code == 2
    assert "pbx_phones[0], [1], [2] and 197 more: has an empty password" in " ".join(printed.split())
    assert "pbx_phones[3]" not in printed
