# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the documentation that follows from what is stated elsewhere: `python tests/generate_docs.py [--check]`.

The options' table of each role's README is made of the role's argument specs, and the documentation fragment of module
twilio_trunking of the documentation of the modules for one kind each. The action group of Twilio's modules and their
table in docs/modules.md are made of the modules that exist. All are written as text, since ansible-doc,
ansible-test and readers take no program for documentation.
"""

from __future__ import annotations

import ast
import itertools
import json
import re
import sys
from pathlib import Path
from typing import Any, Iterator, Mapping

import yaml

ROOT = Path(__file__).parents[1]
BEGIN = "<!-- The options, made of meta/argument_specs.yml by tests/generate_docs.py -->"
END = "<!-- The end of the options -->"
ACTION_GROUP = Path("meta/runtime.yml")
MODULES_PAGE = Path("docs/modules.md")
TWILIO_BEGIN = "<!-- The modules of Twilio, made of their short descriptions by tests/generate_docs.py -->"
TWILIO_END = "<!-- The end of the modules of Twilio -->"
FRAGMENT = Path("plugins/doc_fragments/twilio_trunking.py")
#: Option of twilio_trunking: the module for one of its rows, the fragment of that module's options, and what it lists.
ROWS = {
    "ip_access_control_lists": ("twilio_ip_access_control_list", "IP_ACCESS_CONTROL_LIST", "IP access control lists"),
    "credential_lists": ("twilio_credential_list", "CREDENTIAL_LIST", "credential lists"),
    "trunks": ("twilio_trunk", "TRUNK", "trunks"),
}

_MARKUP = re.compile(r"\b(RV|[BCEILMOPUV])\(((?:\\.|[^\\)])*)\)")


def markdown(text: str) -> str:
    """Turn Ansible's markup into Markdown."""
    return _MARKUP.sub(lambda found: _marked(found[1], re.sub(r"\\(.)", r"\1", found[2])), text)


def _marked(kind: str, text: str) -> str:
    if kind == "B":
        return f"**{text}**"
    if kind == "I":
        return f"*{text}*"
    if kind == "U":
        return f"<{text}>"
    if kind == "L":
        shown, _comma, address = text.partition(",")
        return f"[{shown.strip()}]({address.strip()})"
    if kind == "P":
        name, _hash, what = text.removeprefix("trunkline.voice.").partition("#")
        return f"[`{name}`](../{name}/README.md)" if what == "role" else f"`{name}`"
    if kind in ("O", "RV"):
        # The name may follow the plugin or role that has it: trunkline.voice.pbx#role:main:pbx_sip_port.
        name, equals, value = text.partition("=")
        text = name.rpartition(":")[2] + equals + value
    return f"`{text}`"


def table(specs: Mapping) -> str:
    """Return the options of a role as a Markdown table: those of its main entry point, then what others add."""
    lines = ["| variable | type | default | |", "|---|---|---|---|"]
    known: set[str] = set()
    for entry, spec in specs.items():
        options = {name: option for name, option in (spec.get("options") or {}).items() if name not in known}
        known.update(options)
        lines += _lines(options, "", "" if entry == "main" else f"With `tasks_from: {entry}`. ")
    return "\n".join(lines) + "\n"


def _lines(options: Mapping, place: str, before: str, shown: dict[int, str] | None = None) -> Iterator[str]:
    """Yield a line for each option. Columns that several options share (a YAML alias) are shown with the first one, and
    the others name it."""
    shown = {} if shown is None else shown
    for option, names in _alike(options):
        name = names[0] if len(names) == 1 else f"{names[0]}` … `{names[-1]}"
        columns = option.get("options") or {}
        kind = option.get("type", "str")
        kind += f" of {option['elements']}" if "elements" in option else ""
        described = before + _described(option)
        if columns and id(columns) in shown:
            described += f" As `{shown[id(columns)]}`."
        cells = (f"`{place}{name}`", kind, _default(option), described)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
        if columns and id(columns) not in shown:
            shown[id(columns)] = f"{place}{name}"
            yield from _lines(columns, f"{place}{name}{'.' if kind == 'dict' else '[].'}", before, shown)


def _alike(options: Mapping) -> Iterator[tuple[Mapping, list[str]]]:
    """Group neighbours that are one statement, such as the keys of a menu."""
    for _, same in itertools.groupby(options.items(), key=lambda one: id(one[1])):
        rows = list(same)
        yield rows[0][1], [name for name, _ in rows]


def _default(option: Mapping) -> str:
    if option.get("required"):
        return "*required*"
    return f"`{_literal(option['default'])}`" if "default" in option else ""


def _literal(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _described(option: Mapping) -> str:
    described = option["description"]
    text = markdown(described if isinstance(described, str) else " ".join(described))
    choices = ", ".join(f"`{_literal(choice)}`" for choice in option.get("choices") or ())
    if not choices:
        return text
    return f"{text} {'Each is one' if option.get('type') == 'list' else 'One'} of {choices}."


def readme(role: Path) -> tuple[Path, str]:
    """Return a role's README and what it should be."""
    path = role / "README.md"
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"{path.relative_to(ROOT)} must have these two lines, each once:\n{BEGIN}\n{END}")
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    before, rest = text.split(BEGIN)
    return path, f"{before}{BEGIN}\n\n{table(specs)}\n{END}{rest.split(END)[1]}"


class _Indented(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        """Indent lists as well, as the rest of the documentation does."""
        return super().increase_indent(flow, False)


def fragment() -> tuple[Path, str]:
    """Return the fragment of module twilio_trunking and what it should be."""
    shared = _texts(ROOT / "plugins/doc_fragments/twilio.py")
    options = {}
    for option, (module, part, kinds) in ROWS.items():
        own = yaml.safe_load(_texts(ROOT / f"plugins/modules/{module}.py")["DOCUMENTATION"])["options"]
        columns = {name: own[name] for name in ("name", "state")}
        options[option] = {
            "description": f"The {kinds}. One that is not listed is left alone.",
            "type": "list", "elements": "dict",
            "suboptions": {**columns, **yaml.safe_load(shared[part])["options"]},
        }
    text = yaml.dump({"options": options}, Dumper=_Indented, sort_keys=False, allow_unicode=True, width=80)
    head = "".join((ROOT / "plugins/doc_fragments/twilio.py").read_text(encoding="utf-8").splitlines(True)[:3])
    made = f'''{head}"""The rows of twilio_trunking, made by tests/generate_docs.py: a change here would be lost."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of lists and trunks, with a name and a state each."""

    DOCUMENTATION = r"""
{text}"""
'''
    return ROOT / FRAGMENT, made


def _twilio_modules() -> list[str]:
    return sorted(path.stem for path in (ROOT / "plugins/modules").glob("twilio_*.py"))


def action_group() -> tuple[Path, str]:
    """Return the file that holds the action group of Twilio's modules, and what it should be."""
    path = ROOT / ACTION_GROUP
    before, rest = path.read_text(encoding="utf-8").split("  twilio:\n", 1)
    after = re.sub(r"\A(?:    - \w+\n)*", "", rest)
    return path, before + "  twilio:\n" + "".join(f"    - {name}\n" for name in _twilio_modules()) + after


def modules_page() -> tuple[Path, str]:
    """Return the page of modules, with the table of Twilio's, and what it should be."""
    path = ROOT / MODULES_PAGE
    before, rest = path.read_text(encoding="utf-8").split(TWILIO_BEGIN)
    lines = ["| module | |", "|---|---|"]
    for name in _twilio_modules():
        documentation = yaml.safe_load(_texts(ROOT / f"plugins/modules/{name}.py")["DOCUMENTATION"])
        lines.append(f"| `{name}` | {documentation['short_description']} |")
    return path, f"{before}{TWILIO_BEGIN}\n\n" + "\n".join(lines) + f"\n\n{TWILIO_END}{rest.split(TWILIO_END)[1]}"


def _texts(path: Path) -> dict[str, str]:
    """Return the texts that a Python file gives names to, at its top or in a class."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.targets[0].id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def generated() -> dict[Path, str]:
    """Return every file that has something generated in it, and what it should be."""
    roles = sorted(path.parents[1] for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"))
    return dict([*map(readme, roles), fragment(), action_group(), modules_page()])


def stale() -> dict[Path, str]:
    """Return the files that are not what they should be."""
    return {
        path: text for path, text in generated().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main(arguments: list[str]) -> int:
    """Write what is stale, or with `--check` only say it."""
    found = stale()
    for path, text in found.items():
        print(path.relative_to(ROOT))
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    return 1 if found and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
