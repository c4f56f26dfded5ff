# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""card.yml for a PBX that does not exist: the page is written on the controller, and nothing is asked of the host."""

from __future__ import annotations

import copy

from .played import INVENTORY

NAMED = "codes-pbx1.html"


def test_a_card_is_written_where_the_command_is_given_and_a_second_run_changes_nothing(run, tmp_path):
    code, printed = run("card")
    assert code == 0 and str(tmp_path / NAMED) in printed and "changed=1" in printed
    text = (tmp_path / NAMED).read_text(encoding="utf-8")
    assert "*69" in text and "*97" not in text
    code, printed = run("card")
    assert code == 0 and "changed=0" in printed and "changed=1" not in printed


def test_a_directory_of_choice_is_made(run, tmp_path):
    code, printed = run("card", "-e", '{"card_directory": "cards/of our house"}')
    assert code == 0, printed
    assert (tmp_path / "cards/of our house" / NAMED).is_file()


def test_no_card_is_written_of_an_inventory_that_cannot_be_right(run, tmp_path):
    wrong = copy.deepcopy(INVENTORY)
    wrong["all"]["vars"]["pbx_feature_codes"] = {"call_back": "69"}
    code, printed = run("card", inventory=wrong)
    assert code != 0 and "pbx_feature_codes.call_back must be" in printed and not (tmp_path / NAMED).exists()


def test_a_value_that_cannot_be_read_is_named_with_the_hosts_that_have_it(run):
    two = copy.deepcopy(INVENTORY)
    hosts = two["all"]["children"]["pbx"]["hosts"]
    hosts["pbx2"] = {**hosts["pbx1"], "trunkline_public_address": "203.0.113.11", "pbx_default_class": "{{ nobody }}"}
    two["all"]["vars"]["pbx_hold_music"] = "{{ nobody }}"
    printed = " ".join(run("card", inventory=two)[1].split())
    undefined = "cannot be read: 'nobody' is undefined."
    assert f" pbx_hold_music {undefined} pbx2: pbx_default_class {undefined}" in printed
