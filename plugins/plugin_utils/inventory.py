# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the validated inventory of Ansible's variables, for the action plugins of this collection."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Collection, Iterable, Iterator, Mapping

import yaml
from ansible import constants, context, errors
from ansible.errors import AnsibleActionFail, AnsibleError, AnsibleUndefinedVariable
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.release import __version__
from ansible.utils.display import Display

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import n8n, options, rules, server, twin
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.grouped import grouped
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.inventory import (
    CONTROLLER,
    Inventory,
    placed,
    read,
    read_account,
)
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.normalise import AsWritten
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.plugin_utils import sound_files

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:     # another ansible-core may have it elsewhere
    Origin = None

_SYNTAX_ERROR = getattr(errors, "AnsibleTemplateSyntaxError", ())     # since 2.19
DEFAULT_GROUP = "pbx"
#: Registered on localhost by a play that has validated all hosts, so that no role does it again in the same run.
CHECKED = "trunkline_inventory"
#: Registered on each PBX host by a play that then runs several roles, so that each reuses it.
VALIDATED = "trunkline_host"
_PHONES = "pbx_phones"
#: A scalar that YAML may read as a number. After a tag its quotes do not count: !unsafe '0112' is 74.
_SCALAR = re.compile(r"(?:[&!]\S*\s+)*(?:(?<=\s)['\"])?([-+]?[0-9][0-9A-Za-z_.:+-]*)")
#: Host to its options, and sentences.
Validated = tuple[dict[str, dict[str, Any]], list[str]]
#: From the variables of a host and what their places say to its options, and sentences.
Reader = Callable[[Values, AsWritten], tuple[dict[str, Any], list[str]]]
#: The first ansible-core that keeps the place which a value comes from; meta/runtime.yml requires it too.
MIN_VERSION = (2, 19)


@dataclass(frozen=True)
class Scope:
    """The parts of the inventory that a task needs.

    other_hosts: false to read only the PBX host that the task runs on. variables: values that win over the inventory's.
    phone_passwords: false for a task that writes none, where they were validated before: each may be a lookup or a
        vault of its own, and there may be thousands.
    credentials: whether the run uses Twilio's API, so that missing credentials are a problem.
    """

    other_hosts: bool = True
    variables: Values = field(default_factory=dict)
    phone_passwords: bool = True
    credentials: bool = False


class InventoryAction(ActionBase):
    """An action that works with validated values and reads no variable itself."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> dict[str, Any]:
        """Refuse an ansible-core that is too old, of which Ansible itself only warns."""
        if tuple(int(part) for part in __version__.split(".")[:2]) < MIN_VERSION:
            raise AnsibleActionFail(
                f"This is ansible-core {__version__}, and trunkline.voice needs 2.19 or newer on the controller: pip"
                " install 'ansible-core>=2.19'. Nothing was touched.")
        super().run(tmp, task_vars)
        return self.result(task_vars or {})

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Do the action's work and return its result."""
        raise NotImplementedError

    def inventory(self, task_vars: Values, scope: Scope) -> Inventory:
        """Read and validate the variables of the PBX hosts and of localhost.

        :raises AnsibleActionFail: with everything that cannot be right; it shows no secret.
        """
        reader = _Variables(self._templar, self._loader, task_vars, scope)
        inventory = reader.inventory()
        _report(inventory.warnings, inventory.problems, reader.secrets())
        return inventory

    def account(self, task_vars: Values) -> dict[str, Any]:
        """Read and validate the options of role twilio_trunk alone, which need no PBX host and no trunk.

        :raises AnsibleActionFail: as `inventory`.
        """
        reader = _Variables(self._templar, self._loader, task_vars, Scope(phone_passwords=False, credentials=True))
        account, problems = reader.account()
        _report([], problems, reader.secrets())
        return account

    def n8n_hosts(
        self, task_vars: Values, hosts: Collection[str], roles: Collection[str], beside_pbxs: bool = False
    ) -> dict[str, dict[str, Any]]:
        """Read and validate the variables of hosts that run n8n.

        :param roles: see `n8n.read`. :param beside_pbxs: whether to warn where they contradict the PBXs' variables.
        :returns: host to the options of roles n8n and n8n_flow.
        :raises AnsibleActionFail: as `inventory`.
        """
        reader = _Variables(self._templar, self._loader, task_vars, Scope())
        found, problems = reader.hosts(hosts, options.of_n8n(), lambda given, written: n8n.read(given, roles, written))
        warnings = reader.n8n_warnings(found) if beside_pbxs and not problems else []
        _report(warnings, problems, reader.secrets())
        return found

    def twin(self, task_vars: Values) -> dict[str, Any]:
        """Read and validate the variables of the host that the task runs on, a twin of Twilio.

        :raises AnsibleActionFail: as `inventory`.
        """
        host = task_vars["inventory_hostname"]
        route = (task_vars.get("ansible_facts") or {}).get("default_ipv4") or {}
        reader = _Variables(self._templar, self._loader, task_vars, Scope())
        found, problems = reader.hosts(
            [host], options.of_twin(), lambda given, written: twin.read(given, route.get("address") or "", written))
        _report([], problems, reader.secrets())
        return found[host]

    def already_validated(self, task_vars: Values) -> bool:
        """Return whether an earlier task of this run has validated all hosts."""
        localhost = task_vars["hostvars"].get(CONTROLLER, {})
        return CHECKED in localhost and not localhost[CHECKED].get("failed")


def folder_of(variables: Values) -> str:
    """Return the folder that a host's files on the controller are relative to: that of the inventory which has it."""
    return variables.get("inventory_dir") or os.getcwd()


def _report(warnings: list[str], problems: list[str], secrets: set[str]) -> None:
    """Show warnings, and fail where there are problems. Neither shows a secret."""
    for warning in remove_values(warnings, secrets):
        Display().warning(warning)
    if problems:
        sentences = grouped(remove_values(problems, secrets))
        raise AnsibleActionFail(" ".join(sentences), result={"problems": sentences})


class _Variables:
    """The variables of hosts; those of this collection are rendered."""

    def __init__(self, templar: Any, loader: Any, task_vars: Values, scope: Scope):
        self._templar, self._loader, self._task_vars, self._scope = templar, loader, task_vars, scope
        self._here = task_vars["inventory_hostname"]
        self._unread: dict[str, dict[str, None]] = {}
        self._lines: dict[str, list[str]] = {}
        self._read: dict[tuple[str, frozenset[str]], dict[str, Any]] = {}

    def inventory(self) -> Inventory:
        controller = self._of(CONTROLLER, options.of_controller())
        group, hosts = self._pbx_hosts()
        problem = self._wrong_group(group, hosts)
        if problem:
            return Inventory({}, {}, problems=[problem])
        if not self._scope.other_hosts and self._here in hosts:
            hosts = [self._here]
        given = {name: self._of(name, frozenset(options.of_pbx())) for name in hosts}
        if self._unread:        # whatever else is missing follows from these
            return Inventory({}, {}, problems=placed(self._unread, hosts))
        inventory = read(given, controller, os.environ, self._as_written, self._scope.phone_passwords)
        inventory.problems.extend(self._missing_credentials(inventory.account))
        if not inventory.problems:
            inventory.problems.extend(self._not_there(inventory.hosts))
        return inventory

    def _not_there(self, hosts: Mapping[str, Values]) -> list[str]:
        """Return a sentence for each sound file and each builder that the variables name and that there is not."""
        names = [*self._task_vars["groups"].get("all", ()), *constants.LOCALHOST]
        found = {
            name: [*sound_files.problems(host, folder_of(self._variables(name)[0])), *server.no_builder(host, names)]
            for name, host in hosts.items()}
        return placed(found, list(hosts))

    def account(self) -> tuple[dict[str, Any], list[str]]:
        dummy, hosts = self._pbx_hosts()
        names = options.of_controller()
        account, problems = read_account({name: self._of(name, names) for name in hosts}, self._of(CONTROLLER, names),
                                         os.environ, self._as_written)
        return account, [*placed(self._unread, hosts), *problems, *self._missing_credentials(account)]

    def hosts(self, hosts: Collection[str], spec: options.Spec, of_host: Reader) -> Validated:
        """Return host to its options, and a sentence for everything that cannot be right."""
        given = {name: self._of(name, frozenset(spec)) for name in hosts}
        if self._unread:
            return {}, placed(self._unread, hosts)
        found = {name: of_host(values, self._as_written) for name, values in given.items()}
        return ({name: values for name, (values, dummy) in found.items()},
                placed({name: problems for name, (dummy, problems) in found.items()}, hosts))

    def n8n_warnings(self, found: Mapping[str, Values]) -> list[str]:
        dummy, pbxs = self._pbx_hosts()
        given = [self._of(name, frozenset({n8n.ROUTES})) for name in pbxs]
        return n8n.warnings(found.values(), given, self._as_written)

    def _missing_credentials(self, account: Values) -> Iterable[str]:
        return rules.of_credentials(account) if self._scope.credentials else ()

    def _pbx_hosts(self) -> tuple[str, list[str]]:
        controller = self._of(CONTROLLER, options.of_controller())
        group = controller.get("twilio_trunk_pbx_group") or DEFAULT_GROUP
        return group, self._task_vars["groups"].get(group, [])

    def secrets(self) -> set[str]:
        """Return all secrets of the variables, so that messages can be redacted."""
        spec = options.of_hosts()
        return {text for values in self._read.values() for text in _secrets(spec, values) if text}

    def _wrong_group(self, group: str, hosts: list[str]) -> str:
        if hosts:
            return ""
        near = options.nearest(group, [name for name in self._task_vars["groups"] if name not in ("all", "ungrouped")])
        lacks = f"no host in group {group!r}" if group in self._task_vars["groups"] else f"no group {group!r}"
        hint = f" Did you mean {near!r}?" if near and near != group else ""
        return f"The inventory has {lacks}, whose hosts are the PBXs.{hint} Put each PBX into it."

    def _of(self, host: str, wanted: frozenset[str]) -> dict[str, Any]:
        """Return a host's variables. Those that are not wanted have no value: a misspelt name may be among them."""
        if (host, wanted) not in self._read:
            raw, templar = self._variables(host)
            names = [name for name in raw if isinstance(name, str) and options.is_ours(name)]
            self._read[host, wanted] = {
                **{name: self._rendered(host, templar, raw[name], name) if name in wanted else None for name in names},
                **self._scope.variables,
            }
        return self._read[host, wanted]

    def _variables(self, host: str) -> tuple[Values, Any]:
        """Return a host's variables and their templar: the task's own for the host that the task runs on."""
        if host == self._here:
            return self._task_vars, self._templar
        hostvars = self._task_vars["hostvars"]
        raw = hostvars.raw_get(host)
        templar = self._templar.copy_with_new_env(available_variables={**raw, "hostvars": hostvars})
        return raw, templar

    def _rendered(self, host: str, templar: Any, value: Any, name: str) -> Any:
        without_passwords = name == _PHONES and not self._scope.phone_passwords
        try:
            value = _without_passwords(value) if without_passwords else value   # before it would be rendered
            value = templar.template(value)
            return _without_passwords(value) if without_passwords else value
        except AnsibleError as error:
            problems = list(self._unreadable(templar, value, name, options.of_hosts().get(name, {})))
            problems = problems or [f"{name} cannot be read: {_reason(error)}."]
            self._unread.setdefault(host, {}).update(dict.fromkeys(problems))
            return None

    def _unreadable(self, templar: Any, value: Any, place: str, option: Values) -> Iterator[str]:
        """Yield a sentence for each value of a structure that cannot be rendered, without Ansible's own message, which
        shows the text and so perhaps a secret."""
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
        """Return the text of a number's place in its file: None where YAML cannot have misread it, and an empty text
        where the place is unknown. See `normalise.AsWritten`."""
        if Origin is None:
            return ""
        origin = Origin.get_tag(value)
        if origin is None or not origin.line_num:   # computed, or of JSON, which has decimals only
            return None
        lines = [lines[origin.line_num - 1] for lines in self._sources(origin.path) if origin.line_num <= len(lines)]
        if not origin.col_num:      # a line of an INI file, in which numbers are Python's
            return str(value) if any(re.search(rf"(?<![\w.+-]){value}(?![\w.])", line) for line in lines) else ""
        found = [_SCALAR.match(line, origin.col_num - 1) for line in lines]
        texts = [one[1].rstrip(":") for one in found if one]    # a colon follows where it is a key
        return "" if not lines else next((text for text in texts if _reads_as(text, value)), None)

    def _sources(self, path: str | None) -> list[list[str]]:
        """Return the lines of a file, decrypted if need be, or those of each option -e where there is no path."""
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
        return bool(yaml.safe_load(scalar) == value)
    except (yaml.YAMLError, ValueError):
        return False


def _without_passwords(rows: Any) -> Any:
    if not isinstance(rows, (list, tuple)):
        return rows
    return [
        {name: row[name] for name in row if name != "password"} if isinstance(row, Mapping) else row for row in rows]


def _secrets(spec: options.Spec, values: Values) -> Iterator[str]:
    for name, option in spec.items():
        value = values.get(name)
        if option.get("no_log") and isinstance(value, str):
            yield value
        for row in value if isinstance(value, (list, tuple)) else [value]:
            if "options" in option and isinstance(row, Mapping):
                yield from _secrets(option["options"], row)


def _cause(error: AnsibleError, secret: bool) -> str:
    """Return why a text cannot be rendered, and the cure. Ansible's message about a secret is shown only where it has
    names and nothing of the text."""
    if isinstance(error, _SYNTAX_ERROR):
        return "its text is no template that Ansible can read; where the braces belong to it, write !unsafe before it"
    if "vault" in str(error).lower():
        return "it is encrypted, and no vault password that was given decrypts it (--vault-password-file)"
    if secret and not isinstance(error, AnsibleUndefinedVariable):
        return "its template fails, and the reason may hold a secret"
    return _reason(error)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
