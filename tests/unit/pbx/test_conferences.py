# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for conferences: who comes in, and where the PINs are and are not."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.action.configure_asterisk import FILES, files
from ansible_collections.trunkline.voice.plugins.module_utils._inventory import features, pbx
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer
from labtest.dialled import rendered

from ..inventory.features.test_wrong_conferences import LEADER, PIN, RIGHT
from ..inventory.whole import whole
from .dialplan import read
from .test_incoming import reached

NAMES = ("extensions.conf", "modules.conf", "confbridge.conf")


@pytest.fixture(scope="module")
def tree():
    return rendered(RIGHT, *NAMES)


def test_the_pins_stand_in_the_secret_file_only(tree):
    host = whole(RIGHT).hosts["pbx1"]
    pins = Renderer("pbx", pbx.context(host, {}, {}, 22))("conference_pins.conf.j2")
    assert f"[member-conference-board]  ; from pbx_conferences[0]\nsecret = {PIN}\n" in pins
    assert f"[leader-conference-board]  ; from pbx_conferences[0]\nsecret = {LEADER}\n" in pins
    for text in (*tree.values(), pbx.without_secrets(host), str(pbx.public(host))):
        assert PIN not in text and LEADER not in text


def test_an_empty_or_a_wrong_pin_opens_nothing(tree):
    steps = read(tree["extensions.conf"])["conference-board"].extensions["s"]
    asked = steps.index("ReadExten(PIN,conf-getpin,pin,p,15)")
    short = steps.index("GotoIf($[${LEN(${PIN})} < 6]?wrong)")
    compared = [at for at, step in enumerate(steps) if "AST_CONFIG(" in step]
    assert asked < short < min(compared) and len(compared) == 2
    assert "GotoIf($[${ATTEMPT} > 3]?hangup,normal,1)" in steps
    assert reached(read(tree["extensions.conf"]), "conference-board") == {"conference-board", "hangup"}


def test_no_step_shows_a_pin(tree):
    """Asterisk's console shows each step with its values: a PIN stands in the result of an expression only."""
    steps = read(tree["extensions.conf"])["conference-board"].extensions["s"]
    assert not [step for step in steps if "${PIN}" in step and not step.startswith("GotoIf($[")]
    assert not [step for step in steps if step.startswith("Read(")]


def test_the_others_wait_for_a_leader_where_there_is_one(tree):
    alone = {**RIGHT, "pbx_conferences": [{"name": "board", "pin": PIN}], "pbx_hold_music": "/srv/music"}
    without = rendered(alone, *NAMES)
    assert "\nwait_marked = yes\n" in tree["confbridge.conf"] and "\nmarked = yes\n" in tree["confbridge.conf"]
    assert "\nwait_marked = no\n" in without["confbridge.conf"] and "leader" not in without["extensions.conf"]
    assert "\nmusic_on_hold_when_empty = yes\n" in without["confbridge.conf"]


def test_without_a_conference_there_is_nothing_of_it(tree):
    with_it = whole(RIGHT).hosts["pbx1"]
    without = whole({**RIGHT, "pbx_conferences": [], "pbx_dids": RIGHT["pbx_dids"][:2]}).hosts["pbx1"]
    assert "\nload = app_confbridge.so\n" in tree["modules.conf"]
    assert files(with_it) == (*FILES, "confbridge.conf") and files(without) == FILES
    assert features.secret_files(with_it) == ["conference_pins.conf"] and features.secret_files(without) == []
