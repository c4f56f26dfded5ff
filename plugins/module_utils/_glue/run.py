# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Twilio module's whole run: check the options, look, plan, and then either project or apply."""

from __future__ import annotations

import traceback

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._core.apply import apply
from .._core.desire import desired
from .._core.errors import TrunklineError
from .._core.plan import Policy, plan
from .._core.project import project
from .._core.resource import Node, Resource, render
from .spec import connection, of_resource

try:
    from .._twilio.client import Credentials, Door
    from .._twilio.driver import TwilioDriver
except ImportError:
    TWILIO_IMPORT_ERROR = traceback.format_exc()
else:
    TWILIO_IMPORT_ERROR = ""


def run(resource: Resource) -> None:
    """Runs the module that manages `resource`. Does not return: it exits as Ansible modules do."""
    module = AnsibleModule(
        argument_spec={**connection(), **of_resource(resource)},
        supports_check_mode=True,
        required_together=[("api_key", "api_secret")],
    )
    if TWILIO_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("twilio"), exception=TWILIO_IMPORT_ERROR)
    try:
        result, warnings = converge(resource, module.params, module.check_mode)
        for warning in warnings:
            module.warn(warning)
        module.exit_json(**result)
    except TrunklineError as error:
        module.fail_json(msg=str(error), **{"changed": False, **error.details})


def converge(resource: Resource, params: dict, check_mode: bool) -> tuple[dict, list[str]]:
    """One declaration made true, or only projected.

    :param params: the module's options, in Ansible's types.
    :returns: the module's result (`changed`, `diff`, `steps`, `resource`) and warnings.
    :raises TrunklineError: where the options, the account or Twilio's answer are wrong.
    """
    wanted = desired(resource, params)
    driver = TwilioDriver(_door(params))
    warnings = []
    if params["state"] == "absent":
        # What is attached has to be read even if nothing was said of it: it is detached before the thing goes.
        links = {child.option: () for child in resource.children if child.link}
        observed = driver.observe(Node(resource, wanted.values, links))
        steps = plan(None, observed)
    else:
        wanted, missing = driver.linked(wanted)
        if missing and not check_mode:
            raise missing[0]
        warnings = [f"{one.what} A real run needs it; an earlier task of the same play may make it." for one in missing]
        observed = driver.observe(wanted)
        policy = Policy(frozenset(params.get("keep_extra") or ()), params.get("update_password") == "always")
        steps = plan(wanted, observed, policy)
    answers = {} if check_mode else apply(steps, observed, driver).answers
    after = project(steps, observed, answers)
    result = {
        "changed": bool(steps),
        "diff": {
            "before": render(observed),
            "before_header": wanted.title,
            "after": render(after),
            "after_header": wanted.title,
        },
        "steps": [str(step) for step in steps.steps],
        "resource": {"sid": after.id, **render(after)} if after else None,
    }
    return result, warnings


def _door(params: dict) -> Door:
    account = params["account_sid"]
    if not account:
        raise TrunklineError(
            "account_sid is missing.",
            "Give it, or set TWILIO_ACCOUNT_SID; an API key needs it as well.",
        )
    if not params["auth_token"] and not params["api_key"]:
        raise TrunklineError(
            "Nothing to log in to Twilio with.",
            "Give auth_token (TWILIO_AUTH_TOKEN), or api_key and api_secret (TWILIO_API_KEY, TWILIO_API_SECRET).",
        )
    credentials = Credentials(account, params["auth_token"], params["api_key"], params["api_secret"])
    return Door(credentials, params["api_url"], params["region"], params["edge"], params["timeout"])
