# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module tls_certificate: check a certificate as a caller would, and install it for Asterisk."""

from __future__ import annotations

import os
import tempfile
import time
from typing import Any

from .._asterisk.certificate import Files, examine, fingerprint
from .module import Module, run

ARGUMENT_SPEC = {
    "certificate": {"type": "path", "required": True},
    "private_key": {"type": "path", "required": True, "no_log": False},
    "ca": {"type": "path", "default": "/etc/ssl/certs/ca-certificates.crt"},
    "called_as": {"type": "str", "required": True},
    "path": {"type": "path"},
    "owner": {"type": "str", "default": "root"},
    "group": {"type": "str", "default": "asterisk"},
}
DAY = 24 * 60 * 60
# Let's Encrypt's clients renew 30 days before the end, or after two thirds of a shorter life.
WARN_DAYS = 7


def install(module: Module, pem: bytes) -> dict[str, Any]:
    """Make the file at `path` hold `pem`, readable by its owner and group; return the result's part about it."""
    path = module.params["path"]
    try:
        with open(path, "rb") as file:
            present = file.read()
    except FileNotFoundError:
        present = b""
    changed = present != pem
    if changed and not module.check_mode:
        handle, made = tempfile.mkstemp(dir=os.path.dirname(path))
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        set_permissions(module, made)
        os.replace(made, path)
    elif present:
        changed = set_permissions(module, path) or changed
    before, after = ({"path": path, "sha256": fingerprint(text)} for text in (present, pem))
    action = "change" if present else "add"
    changes = [{"action": action, "what": f"certificate {path}", "note": ""}] if changed else []
    return {"changed": changed, "changes": changes, "diff": {"before": before, "after": after}}


def set_permissions(module: Module, path: str) -> bool:
    """Set owner, group and mode, and return whether one of them changed."""
    changed = module.set_owner_if_different(path, module.params["owner"], False)
    changed = module.set_group_if_different(path, module.params["group"], changed)
    return bool(module.set_mode_if_different(path, 0o640, changed))


def main() -> None:
    """Run the module. This does not return: it exits as Ansible modules do."""
    run(ARGUMENT_SPEC, _act)


def _act(module: Module) -> dict[str, Any]:
    params = module.params
    found = examine(Files(params["certificate"], params["private_key"], params["ca"]), params["called_as"])
    days = int((found.expires - time.time()) // DAY)
    if days < WARN_DAYS:
        module.warn(f"{params['certificate']} expires in {days} days. Is it being renewed?")
    result = install(module, found.pem) if params["path"] else {"changed": False, "changes": []}
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(found.expires))
    return {**result, "sha256": fingerprint(found.pem), "expires": expires}
