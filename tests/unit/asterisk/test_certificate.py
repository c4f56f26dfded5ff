# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate is judged as a caller would judge it, and what is wrong with it is said."""

from __future__ import annotations

import time

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.certificate import (
    Files,
    InvalidCertificate,
    examine,
    fingerprint,
)

from .certificates import make, write

NAME, ADDRESS = "pbx.example.com", "192.0.2.10"
ROOT = make("root", ca=True)
MIDDLE = make("middle", signer=ROOT, ca=True)
GOOD = make("pbx", [NAME, ADDRESS], signer=ROOT)


def refusal(files: Files, called_as: str = NAME) -> str:
    with pytest.raises(InvalidCertificate) as caught:
        examine(files, called_as)
    return str(caught.value)


@pytest.fixture
def files(tmp_path):
    """files(made, ...): the paths of what is written for a certificate, of the good one where nothing else is said."""

    def given(made=GOOD, chain: bytes = b"", key: bytes = b"", ca: bytes = ROOT.pem) -> Files:
        return Files(
            write(tmp_path / "pbx.crt", made.pem + chain),
            write(tmp_path / "pbx.key", key or made.key_pem()),
            write(tmp_path / "ca.crt", ca),
        )

    return given


@pytest.mark.parametrize("called_as", [NAME, ADDRESS, NAME.upper()])
def test_a_good_certificate(files, called_as):
    found = examine(files(), called_as)
    assert found.pem == GOOD.pem + GOOD.key_pem()
    # It was made when the tests were collected, which may be hours ago.
    assert found.expires == pytest.approx(time.time() + 90 * 86400, abs=86400)


def test_files_that_do_not_end_a_line_are_still_joined_well(files, tmp_path):
    given = files(key=GOOD.key_pem().rstrip())
    write(tmp_path / "pbx.crt", GOOD.pem.rstrip())
    assert examine(given, NAME).pem == GOOD.pem + GOOD.key_pem()


def test_a_fingerprint_is_that_of_the_first_certificate():
    assert fingerprint(GOOD.pem + ROOT.pem + GOOD.key_pem()) == fingerprint(GOOD.pem.rstrip()) != fingerprint(ROOT.pem)
    assert len(fingerprint(GOOD.pem)) == 64 and fingerprint(b"") == fingerprint(b"nothing") == ""


def test_a_chain_has_to_be_whole(files):
    below = make("below", [NAME], signer=MIDDLE)
    assert examine(files(below, chain=MIDDLE.pem), NAME)
    said = refusal(files(below))
    assert "lacks the chain to a CA of " in said and "put the intermediate certificates into it" in said


def test_a_wildcard_is_good_for_one_label(files):
    given = files(make("wildcard", ["*.example.com"], signer=ROOT))
    assert examine(given, NAME)
    assert "is not for a.b.example.com," in refusal(given, "a.b.example.com")


@pytest.mark.parametrize("called_as", ["other.example.com", "192.0.2.11"])
def test_another_name(files, called_as):
    said = refusal(files(), called_as)
    assert "/pbx.crt is not for " + called_as in said and "trunkline_public_name" in said


def test_a_name_in_the_subject_alone_is_none(files):
    assert f"is not for {NAME}" in refusal(files(make(NAME, signer=ROOT)))


def test_another_key(files):
    said = refusal(files(key=ROOT.key_pem()))
    assert said.endswith("/pbx.crt.") and "/pbx.key is not the key of" in said


def test_a_key_with_a_pass_phrase_is_refused_and_nobody_is_asked_for_it(files):
    assert "has a pass phrase" in refusal(files(key=GOOD.key_pem(b"secret")))


@pytest.mark.parametrize(
    ("days", "words"), [((-90, -1), "has expired: have it renewed"), ((1, 90), "is not valid yet: check the clock")]
)
def test_outside_of_its_time(files, days, words):
    assert words in refusal(files(make("pbx", [NAME], signer=ROOT, days=days)))


def test_a_key_that_is_not_of_rsa_is_refused_with_the_cure(files):
    said = refusal(files(make("pbx", [NAME], signer=ROOT, ecdsa=True)))
    assert "/pbx.crt has no RSA key" in said and "certbot --key-type rsa" in said


def test_a_ca_may_have_any_key(files):
    root = make("root", ca=True, ecdsa=True)
    assert examine(files(make("pbx", [NAME], signer=root), ca=root.pem), NAME)


def test_self_signed(files):
    assert "is self-signed" in refusal(files(make("pbx", [NAME])))


def test_a_certificate_that_is_none_of_a_server(files, tmp_path):
    given = files()
    for path, content in (("pbx.crt", b"nothing\n"), ("pbx.key", b""), ("pbx.crt", GOOD.key_pem())):
        kept = (tmp_path / path).read_bytes()
        write(tmp_path / path, content)
        assert "are not a certificate and its key in PEM form" in refusal(given)
        write(tmp_path / path, kept)
    assert examine(given, NAME)


@pytest.mark.parametrize("missing", ["certificate", "private_key", "ca"])
def test_a_file_that_is_not_there(files, missing):
    given = files()
    path = f"{getattr(given, missing)}.gone"
    said = refusal(Files(**{**vars(given), missing: path}))
    assert path in said and "No such file or directory" in said


def test_no_ca_in_the_file(files):
    assert "holds no CA certificates" in refusal(files(ca=b"nothing\n"))


def test_no_refusal_shows_the_key(files):
    key = GOOD.key_pem().splitlines()[1].decode()
    for said in (refusal(files(), "x.example.com"), refusal(files(key=ROOT.key_pem())), refusal(files(ca=b"\n"))):
        assert key not in said
