# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module tls_certificate: checks a certificate as a caller would, and hands it to Asterisk."""

from __future__ import annotations

import os
import tempfile
import time

from ansible.module_utils.basic import AnsibleModule

from .._asterisk.certificate import Files, Unfit, examine, fingerprint

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


def hand_over(module: AnsibleModule, pem: bytes) -> dict:
    """Makes the file at `path` hold `pem`, readable by its owner and group: the result's `changed` and `diff`."""
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
        keep_from_others(module, made)
        os.replace(made, path)
    elif present:
        changed = keep_from_others(module, path) or changed
    before, after = ({"path": path, "sha256": fingerprint(text)} for text in (present, pem))
    action = "change" if present else "add"
    changes = [{"action": action, "what": f"certificate {path}", "note": ""}] if changed else []
    return {"changed": changed, "changes": changes, "diff": {"before": before, "after": after}}


def keep_from_others(module: AnsibleModule, path: str) -> bool:
    """Whether owner, group or mode had to be set."""
    changed = module.set_owner_if_different(path, module.params["owner"], False)
    changed = module.set_group_if_different(path, module.params["group"], changed)
    return module.set_mode_if_different(path, 0o640, changed)


def main() -> None:
    """Runs the module. Does not return: it exits as Ansible modules do."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    params = module.params
    try:
        found = examine(Files(params["certificate"], params["private_key"], params["ca"]), params["called_as"])
    except Unfit as error:
        module.fail_json(msg=str(error))
    days = int((found.expires - time.time()) // DAY)
    if days < WARN_DAYS:
        module.warn(f"{params['certificate']} expires in {days} days. Is it being renewed?")
    result = hand_over(module, found.pem) if params["path"] else {"changed": False, "changes": []}
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(found.expires))
    module.exit_json(**result, sha256=fingerprint(found.pem), expires=expires)
