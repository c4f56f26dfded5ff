# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: tls_certificate
short_description: Check a PBX's certificate as a caller would, and hand it to Asterisk
version_added: 0.1.0
description:
  - Has a TLS handshake with the certificate in memory, as Twilio would have it when it calls the PBX, and fails with
    the cause where that fails. So the files are there, the key is the certificate's, the chain leads to a CA, it is
    not expired, and it has the name that calls come to.
  - The handshake has the suites that Twilio documents, which are for keys of RSA. A certificate with an ECDSA key,
    certbot's default, is refused; C(certbot --key-type rsa) has it issued with the other.
  - With O(path), makes that file of both, which Asterisk may read and others may not. It is replaced at once, so
    Asterisk never finds a certificate without its key.
  - It runs on the PBX. Files that certbot keeps are for root only, so it wants to be root there.
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
    description: The file to make of both. Not given, they are only checked.
    type: path
  owner:
    description: Whom it belongs to.
    type: str
    default: root
  group:
    description: The group that may read it.
    type: str
    default: asterisk
attributes:
  check_mode:
    description: It checks the files and tells whether O(path) would change.
    support: full
  diff_mode:
    description: It shows the certificates' fingerprints, and no key.
    support: full
"""

EXAMPLES = r"""
- name: The certificate of a PBX
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
  description: When it ends, in UTC.
  returned: success
  type: str
  sample: "2027-02-21T08:12:14Z"
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.tls_certificate import main

if __name__ == "__main__":
    main()
