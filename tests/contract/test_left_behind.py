# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PBX that is out of reach stops what would leave it behind, a trunk that becomes secure, and nothing else."""

from __future__ import annotations

import copy

import pytest

from .played import INVENTORY

FILES = {"pbx_tls_certificate": "/etc/ssl/pbx.pem", "pbx_tls_private_key": "/etc/ssl/private/pbx.pem"}


def inventory(**trunk) -> dict:
    """The inventory, whose PBX does not exist, with these options of its trunk."""
    made = copy.deepcopy(INVENTORY)
    made["all"]["vars"]["trunkline_trunks"][0].update(trunk)
    made["all"]["vars"].update(FILES)
    return made


@pytest.mark.parametrize("arguments", [(), ("--limit", "localhost")])
def test_a_trunk_does_not_become_secure_without_its_pbx(run, sdk, arguments):
    assert "UNREACHABLE" in run("site", inventory=inventory())[1]
    code, printed = run("site", *arguments, inventory=inventory(secure=True, recording="record-from-answer"))
    sentence = "Trunk Asterisk-SIP-Trunk would become secure at Twilio, and pbx1 would keep its configuration"
    assert code != 0 and sentence in " ".join(printed.split())
    (trunk,) = sdk.trunking.v1.trunks.list()
    assert trunk.secure is False and trunk.recording["mode"] == "do-not-record"


def test_what_leaves_nobody_behind_is_done(run, sdk):
    run("site", inventory=inventory())
    assert "UNREACHABLE" in run("site", inventory=inventory(recording="record-from-answer"))[1]
    (trunk,) = sdk.trunking.v1.trunks.list()
    assert trunk.recording["mode"] == "record-from-answer"
