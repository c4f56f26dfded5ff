# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a certificate by a TLS handshake in memory, which rejects what a caller would reject.

That way no file is parsed here, and OpenSSL itself judges key, chain, names and dates.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from dataclasses import dataclass
from typing import NoReturn

from .._core.errors import TrunklineError

_FIRST = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\s", re.DOTALL)
# The suites Twilio offers, as a caller too (https://www.twilio.com/docs/sip-trunking, "Secure trunking"): RSA only.
_CIPHERS = (
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:"
    "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256:AES128-SHA:AES256-SHA"
)
# A handshake takes two turns of each side; TLS 1.3 could take one more.
_TURNS = 4


class InvalidCertificate(TrunklineError):
    """A caller would not accept the certificate. The message names the file and what to do."""


@dataclass(frozen=True)
class Certificate:
    """A valid certificate: `expires` in seconds since 1970; `pem` holds certificate, chain and key, a secret."""

    expires: int
    pem: bytes


@dataclass(frozen=True)
class Files:
    """Paths: the certificate with its chain, its key, and the CAs that a caller trusts."""

    certificate: str
    private_key: str
    ca: str


def examine(files: Files, called_as: str) -> Certificate:
    """Return the certificate after a successful handshake.

    :param called_as: the DNS name or the IP address that the certificate must have.
    :raises InvalidCertificate: a file cannot be read, the key is not the certificate's or no RSA key, or the handshake
        fails.
    """
    pem = b"".join(_read(path) for path in (files.certificate, files.private_key))
    expires = _handshake(_server(files), _client(files.ca), called_as, files)
    return Certificate(expires, pem)


def fingerprint(pem: bytes) -> str:
    """Return the SHA-256 of the first certificate of a PEM file in hexadecimal digits, "" where there is none."""
    found = _FIRST.search(pem + b"\n")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(found[0].decode("ascii"))).hexdigest() if found else ""


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        raise InvalidCertificate(f"Cannot read {path}: {error.strerror}.") from None
    return text if text.endswith(b"\n") else text + b"\n"


def _server(files: Files) -> ssl.SSLContext:
    def refuse() -> NoReturn:
        raise InvalidCertificate(
            f"{files.private_key} has a pass phrase, which Asterisk cannot enter: store the key without one.")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(files.certificate, files.private_key, refuse)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise InvalidCertificate(f"{files.private_key} is not the key of {files.certificate}.") from None
        raise InvalidCertificate(
            f"{files.certificate} and {files.private_key} are not a certificate and its key in PEM form"
            f" ({error.reason or error})."
        ) from None
    return context


def _client(ca: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # TLS 1.3 has other suites, which do not depend on the type of the key.
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.hostname_checks_common_name = False
    try:
        context.load_verify_locations(ca)
    except OSError as error:
        raise InvalidCertificate(f"{ca} holds no CA certificates: {error.strerror or error}.") from None
    return context


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext, called_as: str, files: Files) -> int:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    caller = client.wrap_bio(to_client, to_server, server_hostname=called_as)
    called = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (caller, called) * _TURNS:
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            raise InvalidCertificate(_why(error, called_as, files)) from None
        except ssl.SSLError as error:
            if error.reason != "NO_SHARED_CIPHER":
                raise InvalidCertificate(
                    f"{files.certificate} would not be accepted: {error.reason or error}.") from None
            raise InvalidCertificate(
                f"{files.certificate} has no RSA key, and Twilio documents suites for RSA alone: have it issued with"
                " one, as certbot --key-type rsa does."
            ) from None
    certificate = caller.getpeercert() or {}
    return int(ssl.cert_time_to_seconds(str(certificate["notAfter"])))


def _why(error: ssl.SSLCertVerificationError, called_as: str, files: Files) -> str:
    said = error.verify_message.rstrip(".")
    chain = (
        f"{files.certificate} lacks the chain to a CA of {files.ca}: put the intermediate certificates into it, or have"
        " it signed by a CA that is in there."
    )
    # Numbers of OpenSSL's x509_vfy.h.
    sentences = {
        10: f"{files.certificate} has expired: have it renewed.",
        9: f"{files.certificate} is not valid yet: check the clock of the host.",
        62: f"{files.certificate} is not for {called_as}, which is where calls come to: have it issued for that name,"
            " or set trunkline_public_name to a name that it has.",
        64: f"{files.certificate} is not for {called_as}, which is where calls come to: have it issued for that"
            " address, or set trunkline_public_name to a name that it has.",
        18: f"{files.certificate} is self-signed, which Twilio does not accept: have it signed by a CA.",
        19: chain,
        20: chain,
    }
    return sentences.get(error.verify_code, f"{files.certificate} would not be accepted: {said}.")
