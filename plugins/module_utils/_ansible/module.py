# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Ansible module that shows its options neither where it fails nor in the journal, and names a row that is none."""

from __future__ import annotations

from typing import Iterator, Mapping

from ansible.module_utils.basic import AnsibleModule


class Module(AnsibleModule):
    """Ansible hides the values of secret options only where all options have the right shape, and never the value of an
    option whose name is mistyped. So a failure leaves the options out of its `invocation`, which -vvv shows."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._given = {}    # what came through is right

    def _load_params(self):
        super()._load_params()
        self._given = dict(self.params)     # the check of the options takes out of `params` what is wrong

    def _log_invocation(self):
        # Ansible hides a secret in the options where it stands as it is, and not with its line breaks escaped.
        self.log("Invoked")

    def fail_json(self, msg, **kwargs):
        # Of a row that is no dict Ansible says neither where it is nor what it should be.
        told = " ".join(_wrong_rows(self.argument_spec, self._given)) or msg
        super().fail_json(told, invocation={}, **kwargs)


def _wrong_rows(spec: Mapping, params: Mapping, path: str = "") -> Iterator[str]:
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
