# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hook for renewals hands over what Twilio takes, and keeps the certificate before where it does not."""

from __future__ import annotations

import os
import subprocess

import pytest

from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer
from tests.unit.asterisk.certificates import make

NAME = ["pbx.example.com"]
RSA, OTHER, ECDSA = make("one", NAME), make("other", NAME), make("third", NAME, ecdsa=True)


@pytest.fixture
def renew(tmp_path):
    """renew(certificate, key): runs the hook; returns the process and what Asterisk then has."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, line in (("asterisk", f'echo "Asterisk 22 $*" | tee -a {tmp_path}/asked'), ("chown", "true")):
        (commands / name).write_text(f"#!/bin/sh\n{line}\n")
        (commands / name).chmod(0o755)
    kept = tmp_path / "asterisk.pem"
    kept.write_text("the one before")

    def run(certificate: bytes, key: bytes, path: str = os.environ["PATH"]):
        (tmp_path / "chain.pem").write_bytes(certificate)
        (tmp_path / "key.pem").write_bytes(key)
        script = Renderer("pbx", {
            "hook": "hook", "tls_file": str(kept), "certificate": str(tmp_path / "chain.pem"),
            "private_key": str(tmp_path / "key.pem")})("asterisk-certificate.j2")
        done = subprocess.run(
            ["/bin/sh", "-c", script], env={"PATH": f"{commands}:{path}"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False)
        return done, kept.read_bytes()

    return run


def test_a_renewed_certificate_is_served(renew, tmp_path):
    done, kept = renew(RSA.pem, RSA.key_pem())
    assert (done.returncode, kept) == (0, RSA.pem + RSA.key_pem()), done.stderr
    assert "-rx module reload res_pjsip.so" in (tmp_path / "asked").read_text()


@pytest.mark.parametrize(("certificate", "key", "sentence"), [
    (ECDSA.pem, ECDSA.key_pem(), "chain.pem has no RSA key, and Twilio documents suites for RSA alone: renew with"),
    (RSA.pem, OTHER.key_pem(), "key.pem is not the key of"),
    (RSA.pem, RSA.key_pem(b"phrase"), "key.pem is not the key of"),
    (b"nothing", RSA.key_pem(), "chain.pem is no certificate in PEM form."),
])
def test_one_that_twilio_would_not_take_is_refused(renew, tmp_path, certificate, key, sentence):
    done, kept = renew(certificate, key)
    assert (done.returncode, kept) == (1, b"the one before")
    last = done.stderr.splitlines()[-1]
    assert sentence in last and last.endswith("Asterisk keeps the certificate that it has.")
    assert not (tmp_path / "asked").exists()
