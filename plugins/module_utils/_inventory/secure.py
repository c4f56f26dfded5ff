# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the options of secure trunks, which use TLS for the signalling and SRTP for the audio."""

from __future__ import annotations

import re
from typing import Iterator

from .options import Values

_FILES = ("pbx_tls_certificate", "pbx_tls_private_key", "pbx_tls_ca")
_PORTS = ("pbx_tls_port", "pbx_tls_back_port")


def problems(declared: Values) -> Iterator[str]:
    """Yield a sentence for everything that cannot be right. Each begins with its variable.

    :param declared: a value for each option of `options.of_pbx`, normalised.
    """
    secure = [index for index, trunk in enumerate(declared["trunkline_trunks"]) if trunk["secure"]]
    if not secure:
        return
    for name in _FILES:
        if not declared[name]:
            yield f"{name} is not given, and trunkline_trunks[{secure[0]}].secure needs it."
    taken = {declared["pbx_sip_port"]: "pbx_sip_port"}
    for name in _PORTS:
        first = taken.setdefault(declared[name], name)
        if first != name:
            yield f"{name} must differ from {first}, which is {declared[name]} too: both listen on TCP."
    for index in secure:
        yield from _contradictions(declared["trunkline_trunks"][index], f"trunkline_trunks[{index}]")


def _contradictions(trunk: Values, where: str) -> Iterator[str]:
    if trunk["transport"] == "tcp":
        yield f"{where}.transport must not be given where secure is true, which uses TLS."
    for index, url in enumerate(trunk.get("origination_urls") or ()):
        found = re.search(r";transport=(udp|tcp)\b", url["sip_url"], re.IGNORECASE)
        if found:
            # https://www.twilio.com/docs/sip-trunking: TLS is forced on a secure trunk.
            yield (
                f"{where}.origination_urls[{index}].sip_url must not have transport={found[1]} where secure is true:"
                " Twilio calls it over TLS."
            )
