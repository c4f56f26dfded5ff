# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reload for what a reload takes, a restart for the rest, nothing for nothing."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import reload
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.configuration import Config
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.reload import RELOAD

PJSIP = """\
[transport-udp]
type = transport
bind = 0.0.0.0:5060
[1001]
type = endpoint
context = inside
"""
TREE = {
    "asterisk.conf": "[options]\nverbose = 0\n", "modules.conf": "[modules]\nload = chan_pjsip.so\n",
    "pjsip.conf": PJSIP, "extensions.conf": "[inside]\nexten => 1,1,Hangup()\n#include numbers.conf\n",
    "numbers.conf": "exten => 2,1,Hangup()\n", "rtp.conf": "[general]\nrtpstart = 10000\n",
}


def needs(before, after):
    return reload.needs(Config(before), Config(after))


def after(name, old, new):
    assert old in TREE[name]
    return needs(TREE, {**TREE, name: TREE[name].replace(old, new)})


def test_nothing_for_nothing_and_for_comments():
    assert needs(TREE, TREE).reloads == [] and needs(TREE, TREE).restart == []
    said = after("pjsip.conf", "[1001]", "; a phone\n\n[1001]")
    assert said.reloads == [] and said.restart == []


@pytest.mark.parametrize(("name", "old", "new", "reload"), [
    ("pjsip.conf", "inside", "outside", "module reload res_pjsip.so"),
    ("pjsip.conf", "5060\n", "5060\nlocal_net = 10.0.0.0/8\n", "module reload res_pjsip.so"),
    ("extensions.conf", "Hangup()", "Busy()", "dialplan reload"),
    ("numbers.conf", "Hangup()", "Busy()", "dialplan reload"),
    ("rtp.conf", "10000", "20000", "module reload res_rtp_asterisk.so"),
])
def test_only_what_changed_is_reloaded(name, old, new, reload):
    said = after(name, old, new)
    assert said.reloads == [reload] and said.restart == []


@pytest.mark.parametrize(("name", "old", "new", "reason"), [
    ("pjsip.conf", "5060", "5061", "[transport-udp] at the start only, and it changes"),
    ("pjsip.conf", "[1001]", "[t]\ntype = transport\nprotocol = tls\n[1001]", "[t] at the start only, and it is new"),
    ("pjsip.conf", "[1001]", "[s]\ntype = system\ntimer_t1 = 250\n[1001]", "system [s] at the start only"),
    ("modules.conf", "chan_pjsip", "chan_local", "modules.conf is read at the start only"),
    ("asterisk.conf", "0", "3", "asterisk.conf is read at the start only"),
])
def test_what_only_a_restart_applies(name, old, new, reason):
    said = after(name, old, new)
    assert said.reloads == [] and len(said.restart) == 1 and reason in said.restart[0]


def test_with_a_restart_nothing_is_reloaded():
    """Half of a change could break what runs."""
    changed = {**TREE, "modules.conf": "[modules]\n", "extensions.conf": "[inside]\n"}
    assert needs(TREE, changed).reloads == [] and needs(TREE, changed).restart


def test_a_file_that_comes_or_goes_is_a_change():
    without = {name: text for name, text in TREE.items() if name != "rtp.conf"}
    assert needs(without, TREE).reloads == needs(TREE, without).reloads == [RELOAD["rtp.conf"]]
