# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: tls_certificate
short_description: Check a PBX's certificate as a caller would, and install it for Asterisk
version_added: 0.1.0
description:
  - Makes a TLS handshake with the certificate in memory, as Twilio would when it calls the PBX, and fails with the
    cause if the handshake does. A success proves that the files exist, the key belongs to the certificate, the chain
    leads to a CA, and the certificate is not expired and has the name that calls come to.
  - The handshake has the cipher suites that Twilio documents, which take RSA keys only. A certificate with an ECDSA
    key, certbot's default, is refused; C(certbot --key-type rsa) issues one with an RSA key.
  - With O(path), writes certificate and key to that file, which only its owner and group may read. It is replaced
    atomically, so that Asterisk never finds a certificate without its key.
  - It runs on the PBX. Only root may read certbot's files, so it needs root there.
author: the trunkline.voice authors (@trunkline)
options:
  certificate:
    description: The file with the certificate and the chain to its CA, in PEM form.
    type: path
    required: true
  private_key:
    description: The file with its key, in PEM form and without a pass phrase.
    type: path
    required: true
  ca:
    description: The file with the CAs that the caller trusts; the system's stand for Twilio's.
    type: path
    default: /etc/ssl/certs/ca-certificates.crt
  called_as:
    description: The DNS name or the IP address that the certificate must have.
    type: str
    required: true
  path:
    description: The file for certificate and key. Without it, they are only checked.
    type: path
  owner:
    description: The owner of O(path).
    type: str
    default: root
  group:
    description: The group that may read O(path).
    type: str
    default: asterisk
attributes:
  check_mode:
    description: Checks the files, and returns whether O(path) would change.
    support: full
  diff_mode:
    description: Shows the fingerprints of the certificates, and no key.
    support: full
"""

EXAMPLES = r"""
- name: Check and install the certificate of a PBX
  trunkline.voice.tls_certificate:
    certificate: /etc/letsencrypt/live/pbx.example.com/fullchain.pem
    private_key: /etc/letsencrypt/live/pbx.example.com/privkey.pem
    called_as: pbx.example.com
    path: /etc/ssl/asterisk.pem
  become: true
"""

RETURN = r"""
sha256:
  description: The certificate's fingerprint.
  returned: success
  type: str
  sample: 5f2b0c…
expires:
  description: When the certificate expires, in UTC.
  returned: success
  type: str
  sample: "2027-02-21T08:12:14Z"
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.tls_certificate import main

if __name__ == "__main__":
    main()
