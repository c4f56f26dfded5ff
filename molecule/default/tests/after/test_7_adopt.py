# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""adopt.yml on a PBX with a configuration that somebody wrote by hand, in another folder than Asterisk's."""

from __future__ import annotations

import yaml

from labtest.plays import module, play
from tests.unit.inventory.hand_made.samples import EXTENSIONS, PJSIP, SECRETS, VOICEMAIL

FOLDER = "/root/by-hand"


def test_a_configuration_by_hand_becomes_an_inventory(pbx, tmp_path, detail):
    """A PBX's own files become an inventory that validation accepts, and no secret of them is printed."""
    write = f"mkdir -p {FOLDER} && printf %s \"$1\" > {FOLDER}/$0"
    for name, text in {"pjsip.conf": PJSIP, "extensions.conf": EXTENSIONS, "voicemail.conf": VOICEMAIL}.items():
        pbx.check_output("sh -c %s %s %s", write, name, text)
    adopted = tmp_path / "adopted"
    try:
        run = play("adopt", variables={"adopt_directory": str(adopted), "adopt_asterisk_folder": FOLDER})
    finally:
        pbx.check_output("rm -r %s", FOLDER)
    assert run.code == 0, run.output[-4000:]
    assert not [secret for secret in SECRETS if secret in run.output]
    host = yaml.safe_load((adopted / "host_vars" / "pbx1" / "main.yml").read_text())
    assert [row["name"] for row in host["pbx_phones"]] == ["1001", "1002"]
    assert host["pbx_dids"] == [{"number": "+17756187988", "to": {"announcement": "say-welcome"}}]
    decide = (adopted / "decide-by-hand.md").read_text()
    detail(f"{decide.count('extensions.conf:')} lines to decide")
    assert "extensions.conf:28: extension _X. of [from-twilio] is not carried over" in decide


def test_what_this_collection_wrote_is_known():
    """The configuration of role pbx is not read, as it comes from an inventory already."""
    found = module("asterisk_config_info", "pbx1")["configuration"]
    assert found["ours"] and found["files"] == {} and found["freepbx"] == "", found
