# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a secure trunk takes, and what it cannot be combined with."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.rules import problems

from .test_rules import RIGHT, changed

FILES = {"pbx_tls_certificate": "/etc/ssl/pbx.crt", "pbx_tls_private_key": "/etc/ssl/private/pbx.key"}


def secure(**values) -> dict:
    """The right inventory with its trunk made secure, and these values changed."""
    return {**changed(("trunkline_trunks", 0, "secure"), True), **FILES, **values}


def test_a_secure_trunk_takes_a_certificate_and_its_key():
    assert problems(secure()) == []
    assert problems(secure(trunkline_public_name="pbx-1.example.com")) == []
    assert problems({**RIGHT, **FILES}) == []


@pytest.mark.parametrize("missing", ["pbx_tls_certificate", "pbx_tls_private_key", "pbx_tls_ca"])
def test_a_secure_trunk_without_one_of_the_files_is_refused(missing):
    for nothing in ("", None):
        assert problems(secure(**{missing: nothing})) == [
            f"{missing} is not given, and trunkline_trunks[0].secure needs it."
        ]


def test_two_listeners_cannot_have_one_port():
    assert problems(secure(pbx_sip_port=5061)) == [
        "pbx_tls_port must differ from pbx_sip_port, which is 5061 too: both listen on TCP."
    ]
    assert problems({**RIGHT, "pbx_sip_port": 5061}) == []
    assert problems(secure(pbx_tls_back_port=5061)) == [
        "pbx_tls_back_port must differ from pbx_tls_port, which is 5061 too: both listen on TCP."
    ]


@pytest.mark.parametrize("transport", ["udp", "TCP"])
def test_a_secure_trunk_is_not_called_in_the_clear(transport):
    inventory = secure()
    inventory["trunkline_trunks"][0]["origination_urls"] = [
        {"sip_url": "sip:pbx.example.com;transport=tls"},
        {"sip_url": f"sip:pbx.example.com;transport={transport}"},
    ]
    assert problems(inventory) == [
        f"trunkline_trunks[0].origination_urls[1].sip_url must not have transport={transport} where secure is true:"
        " Twilio calls it over TLS."
    ]


def test_a_secure_trunk_takes_no_other_transport():
    inventory = secure()
    inventory["trunkline_trunks"][0]["transport"] = "tcp"
    assert problems(inventory) == [
        "trunkline_trunks[0].transport must not be given where secure is true, which uses TLS."
    ]
