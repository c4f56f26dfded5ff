# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PBX whose /etc/asterisk somebody wrote by hand: adopted, converged and proven with a call.

On demand, on a lab that stands, as it takes the PBX's configuration away for some runs of site.yml:
    make check ARGS="tests/on_demand/test_adopted.py"
"""

from __future__ import annotations

import os
import re

import pytest
import yaml

from labtest.plays import play
from tests.unit.inventory.hand_made.samples import EXTENSIONS, PJSIP, SECRETS, VOICEMAIL

KEPT = "/root/asterisk-of-the-lab"
#: An object of each kind has the phone's name, and the addition goes to the endpoint.
ADDED = "\n[1002](+type=endpoint)\ncallerid=Zoe <1002>\n"


@pytest.fixture
def by_hand(pbx, address):
    """Have the PBX run on a configuration that was written by hand, and on the lab's own at the end."""
    pjsip = PJSIP.replace("Trunk-password-1", os.environ["TRUNKLINE_TRUNK_PASSWORD"])
    pjsip = pjsip.replace("203.0.113.10", address["pbx1"])
    extensions = EXTENSIONS.replace("Playback(welcome)", "Playback(demo-thanks)")
    files = {
        "pjsip.conf": pjsip + ADDED, "extensions.conf": extensions,
        "voicemail.conf": VOICEMAIL, "modules.conf": "[modules]\nautoload = yes\n",
    }
    pbx.check_output("systemctl stop asterisk && mv /etc/asterisk %s && mkdir /etc/asterisk", KEPT)
    try:
        for name, text in files.items():
            pbx.check_output("umask 027; printf %%s %s >/etc/asterisk/%s", text, name)
        pbx.check_output("chown -R root:asterisk /etc/asterisk && chmod 0750 /etc/asterisk && systemctl start asterisk")
        yield
    finally:
        pbx.check_output("systemctl stop asterisk; rm -r /etc/asterisk && mv %s /etc/asterisk", KEPT)
        mended = play("site", variables={"verify_number": ""})
        assert mended.code == 0, mended.output[-4000:]


def test_an_adopted_pbx_is_converged_and_proven(by_hand, pbx, asterisk, twin, tmp_path, detail):
    """What adopt.yml writes of a hand-made PBX converges with a proven call, and a second run changes nothing."""
    assert "1002/1002" in asterisk("pjsip show endpoints")
    adopted = tmp_path / "adopted"
    run = play("adopt", variables={"adopt_directory": str(adopted)})
    assert run.code == 0, run.output[-4000:]
    host = yaml.safe_load((adopted / "host_vars/pbx1/main.yml").read_text())
    assert [(row["name"], row.get("caller_name")) for row in host["pbx_phones"]] == [("1001", "Anna"), ("1002", "Zoe")]

    calls = len(twin.calls())
    first = play("site", inventory=str(adopted))
    assert first.code == 0, first.output[-6000:]
    assert first.changed["pbx1"] > 0 and first.changed["localhost"] == 0
    assert not [secret for secret in SECRETS if secret in run.output + first.output]
    assert len(twin.calls()) > calls
    found = pbx.check_output("ls /etc/asterisk/trees/*-found").split()
    assert {"extensions.conf", "modules.conf", "pjsip.conf", "voicemail.conf"} <= set(found)
    assert re.search(r"^ Endpoint:  1002", asterisk("pjsip show endpoints"), re.M)

    second = play("site", inventory=str(adopted))
    assert second.code == 0 and set(second.changed.values()) == {0}, second.output[-4000:]
    lines = (adopted / "decide-by-hand.md").read_text().count("extensions.conf:")
    detail(f"2 phones, {len(host['pbx_dids'])} numbers, {lines} lines to decide; proven")
