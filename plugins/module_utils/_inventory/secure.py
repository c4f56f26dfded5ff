# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory declares for secure trunks: TLS for the signalling, SRTP for the audio."""

from __future__ import annotations

import re
from typing import Iterator, Mapping

from .._asterisk import validators as asterisk

_FILES = ("pbx_tls_certificate", "pbx_tls_private_key", "pbx_tls_ca")
_PORTS = ("pbx_tls_port", "pbx_tls_back_port")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?")


def problems(declared: Mapping) -> Iterator[str]:
    """A sentence for each thing that cannot be right, beginning with its variable.

    :param declared: as `declaration.problems` takes it.
    """
    yield from _wrong_values(declared)
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
            yield f"{name} must differ from {first}, which is {declared[name]} too: both take TCP."
    for index in secure:
        yield from _contradictions(declared["trunkline_trunks"][index], f"trunkline_trunks[{index}]")


def _wrong_values(declared: Mapping) -> Iterator[str]:
    for port in _PORTS:
        if not 1 <= declared[port] <= 65535:
            yield f"{port} must be 1 to 65535, not {declared[port]}."
    name = declared["trunkline_public_name"]
    if name and not _NAME.fullmatch(name):
        yield f"trunkline_public_name must be a DNS name such as pbx.example.com, not {name!r}."
    for variable in _FILES:
        try:
            asterisk.path(declared[variable] or "/")
        except ValueError as error:
            yield f"{variable} {error}."


def _contradictions(trunk: Mapping, where: str) -> Iterator[str]:
    if trunk["transport"] == "tcp":
        yield f"{where}.transport must not be given where secure is true, which takes TLS."
    for index, url in enumerate(trunk.get("origination_urls") or ()):
        found = re.search(r";transport=(udp|tcp)\b", url["sip_url"], re.IGNORECASE)
        if found:
            # https://www.twilio.com/docs/sip-trunking: TLS is forced on a secure trunk.
            yield (
                f"{where}.origination_urls[{index}].sip_url must not have transport={found[1]} where secure is true:"
                " Twilio calls it over TLS."
            )
