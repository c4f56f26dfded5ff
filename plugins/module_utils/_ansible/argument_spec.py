# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Derive argument specs from the declarations of resources, so that an option is declared once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterator

from ansible.module_utils.basic import AnsibleFallbackNotFound, env_fallback

from .._core.resource import WRITE_ONLY, Resource
from .._twilio.resources.account import ACCOUNT

Spec = dict[str, dict[str, Any]]

#: percent: to remove more than half of what exists is seldom meant
REMOVAL_LIMIT = 50


def connection() -> Spec:
    """Return the options that every Twilio module has: account, credentials and address."""
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
    """Read an environment variable. CI systems set one without a value to an empty text, which counts as unset."""
    value: str = env_fallback(name)
    if not value:
        raise AnsibleFallbackNotFound
    return value


def of_resource(resource: Resource) -> Spec:
    """Return the options of a resource's module beside `connection()`."""
    return {**_state(resource), **_options(resource), **_policy(resource)}


def of_account(options: tuple[str, ...]) -> Spec:
    """Return the options of a module that manages several kinds of top-level resources, beside `connection()`."""
    account = replace(ACCOUNT, fields=(), children=tuple(one for one in ACCOUNT.children if one.option in options))
    return {**_options(account), **_policy(account)}


def _state(resource: Resource) -> Spec:
    return {"state": {"type": "str", "choices": list(resource.states()), "default": "present"}}


def _policy(resource: Resource) -> Spec:
    """Return the options of `Policy`, as far as the resource needs them."""
    spec: Spec = {}
    kept = list(dict.fromkeys(_kept(resource)))
    if kept:
        spec["keep_extra"] = {"type": "list", "elements": "str", "choices": kept, "default": []}
    if _has_secret(resource):
        spec["update_password"] = {
            "type": "str",
            "choices": ["always", "on_create"],
            "default": "on_create",
            "no_log": False,
        }
    if any(child.additive for child in resource.children):
        spec["removal_limit"] = {"type": "int", "default": REMOVAL_LIMIT}
    return spec


def _kept(resource: Resource) -> Iterator[str]:
    """Yield the options whose lists are made exactly what they say, unless `keep_extra` names them."""
    for child in resource.children:
        if not child.additive:
            yield child.option
        yield from _kept(child)


def _options(resource: Resource) -> Spec:
    options: Spec = {}
    for field in resource.settable():
        option: dict[str, Any] = {"type": field.type}
        if field.required:
            option["required"] = True
        if field.choices:
            option["choices"] = list(field.choices)
        if field.secret:
            option["no_log"] = True
        options[field.name] = option
    for child in resource.children:
        inner = {**(_state(child) if child.additive else {}), **_options(child)}
        if child.link:
            options[child.option] = {"type": "list", "elements": "str"}
        else:
            options[child.option] = {"type": "list", "elements": "dict", "options": inner}
            if _has_secret(child):
                # The secret inside is hidden by its own no_log; the list itself is worth reading in a log.
                options[child.option]["no_log"] = False
    return options


def _has_secret(resource: Resource) -> bool:
    return any(f.mode == WRITE_ONLY for f in resource.fields) or any(_has_secret(child) for child in resource.children)
