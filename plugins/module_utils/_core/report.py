# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan's steps as plain data, for a reviewer."""

from __future__ import annotations

from typing import Any

from .plan import CREATE, DELETE, Step
from .resource import KEPT, SENT, WRITE_ONLY


def change(step: Step) -> dict[str, Any]:
    """Describe one step: {"action": add | change | remove, "what", "fields": {name: {"before", "after"}}, "note"}.

    A removal carries no fields. Secrets are never included.
    """
    action = {CREATE: "add", DELETE: "remove"}.get(step.action, "change")
    fields = {}
    for field in step.resource.fields:
        if action == "remove" or field.name not in step.values or step.resource.link:
            continue
        if field.mode == WRITE_ONLY:
            fields[field.name] = {"before": None if action == "add" else KEPT, "after": SENT}
        else:
            fields[field.name] = {"before": step.before.get(field.name), "after": step.values[field.name]}
    return {"action": action, "what": step.title, "fields": fields, "note": step.note}
