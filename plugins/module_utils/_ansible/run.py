# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a Twilio module: validate the options, observe, plan, then apply, or in check mode show the planned state."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Mapping

from ansible.module_utils.basic import missing_required_lib

from .._core.apply import apply
from .._core.desire import desired
from .._core.errors import Impossible, InvalidInput, TrunklineError
from .._core.plan import Plan, Policy, plan
from .._core.planned_state import planned_state
from .._core.report import change
from .._core.resource import Node, Resource, render
from .._core.validators import web_url, whole_number
from .._twilio.account_state import AccountState
from .._twilio.client import TWILIO_IMPORT_ERROR, ApiClient, Credentials
from .._twilio.driver import TwilioDriver
from .._twilio.resources.account import ACCOUNT
from .._twilio.validators import place, sid
from .argument_spec import Spec, connection, of_account, of_resource
from .module import Module, run

Params = Mapping[str, Any]
Result = dict[str, Any]


def run_resource(resource: Resource) -> None:
    """Run the module that manages one resource. This does not return: it exits as Ansible modules do."""
    run_twilio(of_resource(resource), lambda params, check_mode: converge(resource, params, check_mode))


def run_account(options: tuple[str, ...]) -> None:
    """Run a module that manages several kinds of resources, each a list by the name of its option."""
    run_twilio(of_account(options), lambda params, check_mode: converge_account(options, params, check_mode))


def run_twilio(argument_spec: Spec, act: Callable[[Params, bool], tuple[Result, list[str]]]) -> None:
    """Run a module that takes these options beside the connection's.

    :param act: takes the options and whether this is check mode, and returns the result and warnings.
    """

    def with_sdk(module: Module) -> Result:
        if TWILIO_IMPORT_ERROR:
            raise TrunklineError(missing_required_lib("twilio"), exception=TWILIO_IMPORT_ERROR)
        result, warnings = act(module.params, module.check_mode)
        for warning in warnings:
            module.warn(warning)
        return result

    run({**connection(), **argument_spec}, with_sdk, required_together=[("api_key", "api_secret")])


def converge(resource: Resource, params: Params, check_mode: bool) -> tuple[Result, list[str]]:
    """Bring one resource into its declared state, or show what that would change.

    :param params: the module's options, in Ansible's types.
    :returns: the module's result (`changed`, `diff`, `steps`, `changes`, `resource`) and warnings.
    :raises TrunklineError: where the options, the account or Twilio's answer are wrong.
    """
    wanted = desired(resource, params)
    account = Node(ACCOUNT, {"account_sid": params["account_sid"]}, {resource.option: (wanted,)})
    plan_, before, after, warnings = _converged(account, params, check_mode)
    seen, then = _only(before, resource.option), _only(after, resource.option)
    diff = _diff(wanted.title, render(seen), render(then))
    return {**_result(plan_, diff), "resource": render(then, ids=True) or None}, warnings


def converge_account(options: tuple[str, ...], params: Params, check_mode: bool) -> tuple[Result, list[str]]:
    """Do as `converge` does, for lists of resources by option; the result has `resources` by option."""
    wanted = desired(ACCOUNT, {"account_sid": params["account_sid"] or "", **{name: params[name] for name in options}})
    plan_, before, after, warnings = _converged(wanted, params, check_mode)
    diff = _diff(wanted.title, *({k: v for k, v in render(node).items() if k in options} for node in (before, after)))
    resources = {name: rows for name, rows in render(after, ids=True).items() if name in options}
    return {**_result(plan_, diff), "resources": resources}, warnings


def client(params: Params) -> ApiClient:
    """Make the client that the connection's options describe.

    :raises TrunklineError: where they lack the account or the credentials.
    """
    account = params["account_sid"]
    if not account:
        raise TrunklineError(
            "account_sid is missing.",
            "Give it, or set TWILIO_ACCOUNT_SID; an API key needs it as well.",
        )
    if not params["auth_token"] and not params["api_key"]:
        raise TrunklineError(
            "There are no credentials for Twilio.",
            "Give auth_token (TWILIO_AUTH_TOKEN), or api_key and api_secret (TWILIO_API_KEY, TWILIO_API_SECRET).",
        )
    problems = list(_wrong_connection(params))
    if problems:
        raise InvalidInput(problems)
    region, edge = place(params["region"], params["edge"])
    credentials = Credentials(account, params["auth_token"], params["api_key"], params["api_secret"])
    return ApiClient(credentials, params["api_url"], region, edge, params["timeout"])


_CONNECTION: dict[str, Callable[[Any], Any]] = {
    "account_sid": sid("AC"), "api_key": sid("SK"), "api_url": web_url, "timeout": whole_number(1, 3600),
}


def _wrong_connection(params: Params) -> Iterator[str]:
    for name, check in _CONNECTION.items():
        try:
            if params[name] not in (None, ""):
                check(params[name])
        except ValueError as error:
            yield f"{name} {error}."


def _converged(wanted: Node, params: Params, check_mode: bool) -> tuple[Plan, Node, Node, list[str]]:
    policy = _policy(params)
    account = AccountState(client(params))
    driver = TwilioDriver(account)
    observed = account.observe(wanted)
    missing = account.missing(wanted)
    if missing and not check_mode:
        raise Impossible(missing)
    driver.warnings += [
        f"{one.what} A real run needs it; an earlier task of the same play may make it." for one in missing
    ]
    steps = plan(account.annotate(wanted), observed, policy)
    driver.warnings += steps.warnings
    answers = {} if check_mode else apply(steps, observed, driver).answers
    return steps, observed, planned_state(steps, observed, answers), driver.warnings


def _policy(params: Params) -> Policy:
    limit = params.get("removal_limit", 100)
    if not 0 <= limit <= 100:
        raise InvalidInput([f"removal_limit must be a percentage from 0 to 100, not {limit}."])
    keep_extras = frozenset(params.get("keep_extra") or ())
    return Policy(keep_extras, params.get("update_password") == "always", limit)


def _only(account: Node, option: str) -> Node | None:
    """Return the one resource that is managed, or None."""
    nodes = account.children.get(option, ())
    return nodes[0] if nodes else None


def _diff(title: str, before: Result, after: Result) -> Result:
    return {"before": before, "before_header": title, "after": after, "after_header": title}


def _result(plan_: Plan, diff: Result) -> Result:
    return {
        "changed": bool(plan_),
        "diff": diff,
        "steps": [str(step) for step in plan_.steps],
        "changes": [change(step) for step in plan_.steps],
    }
