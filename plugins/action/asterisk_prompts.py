# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action asterisk_prompts; its documentation is in plugins/modules."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.prompts import prompt_of, what
from ansible_collections.trunkline.voice.plugins.module_utils._inventory import prompts
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import Values
from ansible_collections.trunkline.voice.plugins.plugin_utils import packages, sound_files
from ansible_collections.trunkline.voice.plugins.plugin_utils.inventory import InventoryAction, Scope, folder_of

#: The packages by which prompts are made, of Debian 11 to 14. The name of the one for MP3 is Debian's alone.
CONVERTER, SPEAKER = ("sox", "libsox-fmt-mp3"), ("espeak-ng",)
_THERE = "prompts"


class ActionModule(InventoryAction):
    """Make the prompts whose files a host lacks: one look where it lacks none."""

    def result(self, task_vars: Values) -> dict[str, Any]:
        """Return what was made, or would be."""
        arguments = dict(self._task.args)
        if arguments:
            return self._module("asterisk_prompts", arguments, task_vars)
        host = self.inventory(task_vars, Scope(other_hosts=False, phone_passwords=False)).hosts[
            task_vars["inventory_hostname"]]
        folder = folder_of(task_vars)
        rows, formats = prompts.rows(host, sound_files.digests(host, folder)), prompts.formats(host)
        look = self._module("host_files", {
            "packages": [*CONVERTER, *SPEAKER],
            "commands": [{"name": _THERE, "argv": ["find", prompts.FOLDER, "-type", "f", "-printf", "%P\\n"]}],
        }, task_vars)
        there = look["commands"][_THERE]["stdout"].split()
        due = [row for row in rows if not {f"{row['stem']}.{form}" for form in formats} <= {*there}]
        lacking = [name for name in _packages(due, look["format"]) if name not in look["packages"]]
        before = {prompt_of(name) for name in there}
        changes = [
            *({"action": "add", "what": f"package {name}"} for name in lacking),
            *({"action": "change" if name in before else "add", "what": what(name)}
              for name in dict.fromkeys(prompt_of(row["stem"]) for row in due))]
        if due and not self._task.check_mode:
            self._install(lacking, look["format"], task_vars)
            self._module("asterisk_prompts", {
                "formats": formats, "prompts": [self._prompt(row, folder) for row in due]}, task_vars)
        return {"changed": bool(changes), "changes": changes}

    def _module(self, name: str, arguments: Values, task_vars: Values) -> dict[str, Any]:
        result: dict[str, Any] = self._execute_module(
            module_name=f"trunkline.voice.{name}", module_args=arguments, task_vars=task_vars)
        if result.get("failed"):
            raise AnsibleActionFail(result.get("msg", f"Module {name} failed."), result=result)
        return result

    def _install(self, names: list[str], form: str, task_vars: Values) -> None:
        if not names:
            return
        installed = packages.install(self, names, task_vars, form=form)
        if installed.get("failed"):
            raise AnsibleActionFail(
                f"Prompts are made with {', '.join(names)}, which cannot be installed: {installed.get('msg')}",
                result=installed)

    def _prompt(self, row: Values, folder: str) -> dict[str, Any]:
        """Return a prompt as the module makes it; a sound file is sent to the host."""
        made = {name: row[name] for name in ("source", "stem")}
        if not row["file"]:
            return {**made, "text": row["text"], "language": row["language"]}
        shell = self._connection._shell     # pylint: disable=protected-access
        if not shell.tmpdir:
            self._make_tmp_path()
        name = f"{row['stem'].replace('/', '-')}.{sound_files.kind(row['file'], folder)}"
        sound = self._transfer_file(
            str(sound_files.path_of(row["file"], folder)), shell.join_path(shell.tmpdir, name))
        self._fixup_perms2((shell.tmpdir, sound))
        return {**made, "sound": sound}


def _packages(due: list[dict[str, Any]], form: str) -> list[str]:
    converter = CONVERTER[:1] if form == "rpm" else CONVERTER
    return [*(converter if due else ()), *(SPEAKER if any(row["text"] for row in due) else ())]
