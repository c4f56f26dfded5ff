# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From Ansible's variables to the validated inventory: what the action plugins of this collection have in common."""

from __future__ import annotations

import os
import re
from typing import Any, Iterator, Mapping

import yaml
from ansible import context, errors
from ansible.errors import AnsibleActionFail, AnsibleError, AnsibleUndefinedVariable
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.release import __version__
from ansible.utils.display import Display

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import options
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.grouped import grouped
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.inventory import (
    CONTROLLER,
    Inventory,
    read,
    read_account,
)

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:     # another ansible-core may keep it elsewhere
    Origin = None

_SYNTAX_ERROR = getattr(errors, "AnsibleTemplateSyntaxError", ())     # since 2.19
DEFAULT_GROUP = "pbx"
#: Registered on localhost by a play that has checked all hosts, so that no role does it again in the same run.
CHECKED = "trunkline_inventory"
#: Registered on each PBX host by a play that then runs several roles, each of which asks for the same.
VALIDATED = "trunkline_host"
_PHONES = "pbx_phones"
#: A scalar that YAML may read as a number. After a tag its quotes do not count: !unsafe '0112' is 74.
_SCALAR = re.compile(r"(?:[&!]\S*\s+)*(?:(?<=\s)['\"])?([-+]?[0-9][0-9A-Za-z_.:+-]*)")


#: The first that keeps the place which a value comes from, as requires_ansible in meta/runtime.yml says.
OLDEST = (2, 19)


class InventoryAction(ActionBase):
    """An action that works with validated values, and reads no variable by itself."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp=None, task_vars=None):
        """Refuse an ansible-core that is too old, of which Ansible itself only warns."""
        if tuple(int(part) for part in __version__.split(".")[:2]) < OLDEST:
            raise AnsibleActionFail(
                f"This is ansible-core {__version__}, and trunkline.voice needs 2.19 or newer on the controller: pip"
                " install 'ansible-core>=2.19'. Nothing was touched.")
        return super().run(tmp, task_vars)

    def inventory(
        self, task_vars: Mapping[str, Any], others: bool = True, variables: Mapping | None = None,
        phone_passwords: bool = True,
    ) -> Inventory:
        """Read the variables of the PBX hosts and of localhost.

        :param others: whether to read all PBX hosts, or only the one that the task runs on.
        :param variables: values that win over those of the inventory.
        :param phone_passwords: false for a task that writes none, where they were checked: each may be a lookup or a
            vault of its own, and there may be thousands.
        :raises AnsibleActionFail: with everything that cannot be right; it shows no secret.
        """
        reader = _Variables(self._templar, self._loader, task_vars, dict(variables or {}), phone_passwords)
        inventory = reader.inventory(others)
        _tell(inventory.warnings, inventory.problems, reader.secrets())
        return inventory

    def account(self, task_vars: Mapping[str, Any]) -> dict:
        """Read the options of role twilio_trunk alone, which need no PBX host and no trunk.

        :raises AnsibleActionFail: as `inventory`.
        """
        reader = _Variables(self._templar, self._loader, task_vars, {}, phone_passwords=False)
        account, problems = reader.account()
        _tell([], problems, reader.secrets())
        return account

    def already_checked(self, task_vars: Mapping[str, Any]) -> bool:
        """Tell whether an earlier task of this run has checked all hosts."""
        localhost = task_vars["hostvars"].get(CONTROLLER, {})
        return CHECKED in localhost and not localhost[CHECKED].get("failed")


def _tell(warnings: list[str], problems: list[str], secrets: set[str]) -> None:
    """Show warnings, and fail where there are problems; neither shows a secret."""
    for warning in remove_values(warnings, secrets):
        Display().warning(warning)
    if problems:
        sentences = grouped(remove_values(problems, secrets))
        raise AnsibleActionFail(" ".join(sentences), result={"problems": sentences})


class _Variables:
    """The variables of hosts, each rendered where it is one of ours."""

    def __init__(self, templar, loader, task_vars: Mapping, extra: dict, phone_passwords: bool):
        self._templar, self._loader, self._task_vars, self._extra = templar, loader, task_vars, extra
        self._phone_passwords = phone_passwords
        self._here = task_vars["inventory_hostname"]
        self._problems: list[str] = []
        self._lines: dict[str, list[str]] = {}
        self._read: dict[tuple[str, frozenset], dict] = {}

    def inventory(self, others: bool) -> Inventory:
        controller = self._of(CONTROLLER, options.of_controller())
        group, hosts = self._pbx_hosts()
        problem = self._wrong_group(group, hosts)
        if problem:
            return Inventory({}, {}, problems=[problem])
        if not others and self._here in hosts:
            hosts = [self._here]
        given = {name: self._of(name, options.known()) for name in hosts}
        if self._problems:      # what else is missing then follows from these
            return Inventory({}, {}, problems=self._problems)
        return read(given, controller, os.environ, self._as_written, self._phone_passwords)

    def account(self) -> tuple[dict, list[str]]:
        _, hosts = self._pbx_hosts()
        names = options.of_controller()
        account, problems = read_account({name: self._of(name, names) for name in hosts}, self._of(CONTROLLER, names),
                                         os.environ, self._as_written)
        return account, self._problems + problems

    def _pbx_hosts(self) -> tuple[str, list[str]]:
        controller = self._of(CONTROLLER, options.of_controller())
        group = controller.get("twilio_trunk_pbx_group") or DEFAULT_GROUP
        return group, self._task_vars["groups"].get(group, [])

    def secrets(self) -> set[str]:
        """Return all secrets of the variables, so that they can be taken out of what is told."""
        spec = options.of_pbx()
        return {text for values in self._read.values() for text in _secrets(spec, values) if text}

    def _wrong_group(self, group: str, hosts: list) -> str:
        if hosts:
            return ""
        near = options.nearest(group, [name for name in self._task_vars["groups"] if name not in ("all", "ungrouped")])
        there = f"has no host in group {group!r}" if group in self._task_vars["groups"] else f"has no group {group!r}"
        hint = f" Did you mean {near!r}?" if near and near != group else ""
        return f"The inventory {there}, whose hosts are the PBXs.{hint} Put each PBX into it."

    def _of(self, host: str, wanted: frozenset[str]) -> dict:
        """A host's variables; of those that are not wanted the names, among which a misspelt one may be."""
        if (host, wanted) not in self._read:
            raw, templar = self._variables(host)
            names = [name for name in raw if isinstance(name, str) and name.startswith(options.PREFIXES)]
            self._read[host, wanted] = {
                **{name: self._rendered(templar, raw[name], name) if name in wanted else None for name in names},
                **self._extra,
            }
        return self._read[host, wanted]

    def _variables(self, host: str):
        """A host's variables and what renders them; those of the host that the task runs on as the task sees them."""
        if host == self._here:
            return self._task_vars, self._templar
        hostvars = self._task_vars["hostvars"]
        raw = hostvars.raw_get(host)
        templar = self._templar.copy_with_new_env(available_variables={**raw, "hostvars": hostvars})
        return raw, templar

    def _rendered(self, templar, value: Any, name: str) -> Any:
        without_passwords = name == _PHONES and not self._phone_passwords
        try:
            value = _without_passwords(value) if without_passwords else value   # those that nothing renders
            value = templar.template(value)
            return _without_passwords(value) if without_passwords else value
        except AnsibleError as error:
            problems = list(self._unreadable(templar, value, name, options.of_pbx().get(name, {})))
            problems = problems or [f"{name} cannot be read: {_reason(error)}."]
            self._problems += [problem for problem in problems if problem not in self._problems]
            return None

    def _unreadable(self, templar, value: Any, place: str, option: Mapping) -> Iterator[str]:
        """Find the values of a structure that cannot be rendered. Ansible's message shows the text, which may be a
        secret."""
        if isinstance(value, Mapping):
            columns = option.get("options") or {}
            for name, one in value.items():
                yield from self._unreadable(templar, one, f"{place}.{name}", columns.get(name, {}))
        elif isinstance(value, (list, tuple)):
            for index, one in enumerate(value):
                yield from self._unreadable(templar, one, f"{place}[{index}]", option)
        else:
            try:
                templar.template(value)
            except AnsibleError as error:
                yield f"{place} cannot be read: {_cause(error, bool(option.get('no_log')))}."

    def _as_written(self, value: Any) -> str | None:
        """Return what stands where a number comes from; None where that is no scalar that YAML may have misread, and an
        empty text where nobody knows."""
        if Origin is None:
            return ""
        origin = Origin.get_tag(value)
        if origin is None or not origin.line_num:   # computed, or of JSON, which has decimals only
            return None
        lines = [lines[origin.line_num - 1] for lines in self._sources(origin.path) if origin.line_num <= len(lines)]
        if not origin.col_num:      # a line of an INI file, in which numbers are Python's
            return str(value) if any(re.search(rf"(?<![\w.+-]){value}(?![\w.])", line) for line in lines) else ""
        found = [_SCALAR.match(line, origin.col_num - 1) for line in lines]
        return "" if not lines else next((one[1] for one in found if one and _reads_as(one[1], value)), None)

    def _sources(self, path: str | None) -> list[list[str]]:
        """Return the lines of a file, decrypted where it is of a vault; of each option -e, where there is no path."""
        if not path:
            return [text.splitlines() for text in context.CLIARGS.get("extra_vars") or ()]
        if path not in self._lines:
            try:
                self._lines[path] = self._loader.get_text_file_contents(path).splitlines()
            except AnsibleError:
                self._lines[path] = []
        return [self._lines[path]]


def _reads_as(scalar: str, value: Any) -> bool:
    try:
        return yaml.safe_load(scalar) == value
    except (yaml.YAMLError, ValueError):
        return False


def _without_passwords(rows: Any) -> Any:
    if not isinstance(rows, (list, tuple)):
        return rows
    return [
        {name: row[name] for name in row if name != "password"} if isinstance(row, Mapping) else row for row in rows]


def _secrets(spec: Mapping, values: Mapping) -> Iterator[str]:
    for name, option in spec.items():
        value = values.get(name)
        if option.get("no_log") and isinstance(value, str):
            yield value
        for row in value if "options" in option and isinstance(value, list) else ():
            if isinstance(row, Mapping):
                yield from _secrets(option["options"], row)


def _cause(error: AnsibleError, secret: bool) -> str:
    """Say why a text cannot be rendered, and the cure. Of a secret Ansible's words are shown only where they hold names
    and nothing of the text."""
    if isinstance(error, _SYNTAX_ERROR):
        return "its text is no template that Ansible can read; where the braces belong to it, write !unsafe before it"
    if "vault" in str(error).lower():
        return "it is encrypted, and no vault password was given that opens it (--vault-password-file)"
    if secret and not isinstance(error, AnsibleUndefinedVariable):
        return "its template fails, and the reason may hold a secret"
    return _reason(error)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
