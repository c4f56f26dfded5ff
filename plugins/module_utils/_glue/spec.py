# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs made from declarations, so that an option is declared once."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleFallbackNotFound, env_fallback

from .._core.resource import WRITE_ONLY, Resource


def connection() -> dict:
    """The options that every Twilio module has: whose account, and where."""
    return {
        "account_sid": {"type": "str", "fallback": (_environment, ["TWILIO_ACCOUNT_SID"])},
        "auth_token": {"type": "str", "no_log": True, "fallback": (_environment, ["TWILIO_AUTH_TOKEN"])},
        "api_key": {"type": "str", "no_log": False, "fallback": (_environment, ["TWILIO_API_KEY"])},
        "api_secret": {"type": "str", "no_log": True, "fallback": (_environment, ["TWILIO_API_SECRET"])},
        "api_url": {"type": "str", "fallback": (_environment, ["TWILIO_API_URL"])},
        "region": {"type": "str", "fallback": (_environment, ["TWILIO_REGION"])},
        "edge": {"type": "str", "fallback": (_environment, ["TWILIO_EDGE"])},
        "timeout": {"type": "int", "default": 30},
    }


def _environment(name: str) -> str:
    """A variable of the environment. CI systems set what they have no value for to nothing; that is as if unset."""
    value = env_fallback(name)
    if not value:
        raise AnsibleFallbackNotFound
    return value


def of_resource(resource: Resource) -> dict:
    """The options of a resource's module beside `connection()`."""
    spec = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}, **_options(resource)}
    owned = [child.option for child in resource.children]
    if owned:
        spec["keep_extra"] = {"type": "list", "elements": "str", "choices": owned, "default": []}
    if _has_secret(resource):
        spec["update_password"] = {
            "type": "str",
            "choices": ["always", "on_create"],
            "default": "on_create",
            "no_log": False,
        }
    return spec


def _options(resource: Resource) -> dict:
    options: dict = {}
    for field in resource.settable():
        option: dict = {"type": field.type}
        if field.required:
            option["required"] = True
        if field.choices:
            option["choices"] = list(field.choices)
        if field.secret:
            option["no_log"] = True
        options[field.name] = option
    for child in resource.children:
        if child.link:
            options[child.option] = {"type": "list", "elements": "str"}
        else:
            options[child.option] = {"type": "list", "elements": "dict", "options": _options(child)}
            if _has_secret(child):
                # The secret inside is hidden by its own no_log; the list itself is worth reading in a log.
                options[child.option]["no_log"] = False
    return options


def _has_secret(resource: Resource) -> bool:
    return any(f.mode == WRITE_ONLY for f in resource.fields) or any(_has_secret(child) for child in resource.children)
