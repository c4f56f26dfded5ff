# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be right in the variables of role n8n, as sentences that name the variable."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .checks import is_a, is_zone, whole

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_KEY = re.compile(r"[!-~]{24,200}")
_PUBLIC_URL = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?/")
_REGISTRY = re.compile(r"https?://[!-?A-~]+")
_PATH = re.compile(r"/[A-Za-z0-9._/-]+")
_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f'\\]*")
_SETTING = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
#: Settings that the role makes of options of its own.
OWN_SETTINGS = frozenset({
    "N8N_ENCRYPTION_KEY", "N8N_ENCRYPTION_KEY_FILE", "N8N_LISTEN_ADDRESS", "N8N_PORT", "N8N_USER_FOLDER",
    "WEBHOOK_URL", "N8N_EDITOR_BASE_URL", "GENERIC_TIMEZONE", "EXECUTIONS_DATA_MAX_AGE", "PATH", "HOME",
})


def of_host(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong in the options of role n8n, each of its type.

    :param options: with a value for each option of the argument spec, or None.
    """
    if not is_a(options["n8n_encryption_key"], _KEY):
        yield ("n8n_encryption_key must be 24 to 200 visible characters of ASCII, such as openssl rand -hex 24 makes;"
               " keep it in the vault, since without it n8n cannot read its credentials any more.")
    if not is_a(options["n8n_version"], _VERSION):
        yield f"n8n_version must be three numbers, such as 2.41.1, not {options['n8n_version']!r}."
    yield from _address(options["n8n_listen_address"])
    yield from whole("n8n_port", options["n8n_port"], 1024, 65535)
    if options["n8n_port"] == 5679:
        yield "n8n_port must not be 5679, where n8n's own task broker listens."
    yield from whole("n8n_executions_hours", options["n8n_executions_hours"], 1, 8760)
    yield from whole("n8n_memory_megabytes", options["n8n_memory_megabytes"], 1024, 65536)
    url = options["n8n_public_url"]
    if url and not is_a(url, _PUBLIC_URL):
        yield f"n8n_public_url must be https and end with /, such as https://n8n.example.com/, not {url!r}."
    if not is_zone(options["n8n_timezone"]):
        yield f"n8n_timezone must be a time zone, such as Europe/Berlin, not {options['n8n_timezone']!r}."
    if not is_a(options["n8n_npm_registry"], _REGISTRY):
        yield "n8n_npm_registry must be a URL without a password, such as https://registry.npmjs.org."
    authority = options["n8n_npm_ca_file"]
    if authority and not is_a(authority, _PATH):
        yield f"n8n_npm_ca_file must be a path on the host that begins with /, not {authority!r}."
    yield from _settings(options["n8n_environment"])


def _address(text: str) -> Iterator[str]:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        yield f"n8n_listen_address must be an IP address of the host, such as 127.0.0.1, not {text!r}."
        return
    if address.is_unspecified or not address.is_private:
        yield (f"n8n_listen_address must be loopback or a private address, not {address}: n8n speaks no TLS by itself,"
               " so that passwords and tokens could be read; put a reverse proxy before it.")


def _settings(given: Mapping[str, str]) -> Iterator[str]:
    for name, value in given.items():
        place = f"n8n_environment.{name}"
        if not is_a(name, _SETTING):
            yield f"n8n_environment has {name!r}, which is no name of a variable, such as DB_TYPE."
        elif name in OWN_SETTINGS:
            yield f"{place} is made from an option of this role: set that one."
        elif re.search("PASSWORD|SECRET|TOKEN|_KEY", name) and not name.endswith("_FILE"):
            yield f"{place} would put a secret into a file of settings: give {name}_FILE, a path of a file that has it."
        elif not is_a(value, _ONE_LINE):
            yield f"{place} must be a text without ' and \\ and on one line, such as \"true\"."
