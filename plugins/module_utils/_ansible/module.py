# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AnsibleModule with safer failures, and the one way to run a module: read the options, act, exit or fail."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Mapping

from ansible.module_utils.basic import AnsibleModule

from .._core.errors import TrunklineError


class Module(AnsibleModule):  # type: ignore[misc]  # ansible ships no types
    """An AnsibleModule whose failures and log lines hold no option.

    Ansible hides the values of secret options only where all options have the right shape, and never the value of an
    option whose name is mistyped. So a failure leaves the options out of its `invocation`, which -vvv shows.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._given: dict[str, Any] = {}    # the options are valid

    def _load_params(self) -> None:
        super()._load_params()
        self._given = dict(self.params)     # validation removes invalid options from `params`

    def _log_invocation(self) -> None:
        # Ansible hides a secret in the options where it stands literally, and not where its line breaks are escaped.
        self.log("Invoked")

    def fail_json(self, msg: str, **kwargs: Any) -> None:
        # Ansible's message about a row that is no dict names neither its place nor the shape it should have.
        message = " ".join(_wrong_rows(self.argument_spec, self._given)) or msg
        super().fail_json(message, invocation={}, **kwargs)


def run(argument_spec: Mapping[str, Any], act: Callable[[Module], Mapping[str, Any]], **rules: Any) -> None:
    """Run a module to its end. This does not return: it exits as Ansible modules do.

    :param act: takes the module (its `params`, `check_mode` and `warn`) and returns the result. A TrunklineError that
        it raises is the module's failure, with the error's details; any other exception is a bug, and Ansible shows its
        traceback.
    :param rules: further arguments of AnsibleModule, such as `required_together`.
    """
    module = Module(argument_spec=argument_spec, supports_check_mode=True, **rules)
    try:
        result = act(module)
    except TrunklineError as error:
        module.fail_json(msg=str(error), **{"changed": False, **error.details})
    else:
        module.exit_json(**result)


def _wrong_rows(spec: Mapping[str, Any], params: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, option in spec.items():
        if "options" not in option or params.get(name) is None:
            continue
        rows = params[name] if isinstance(params[name], list) else [params[name]]
        for index, row in enumerate(rows):
            place = f"{path}{name}[{index}]"
            if isinstance(row, Mapping):
                yield from _wrong_rows(option["options"], row, place + ".")
            else:
                yield f"{place} must be a dict of {', '.join(option['options'])}."
