# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write what the twin covers of Twilio's REST API: `python tests/generate_twin_coverage.py [--check]`.

Role twilio_twin's COVERAGE.md is made of the twin's declarations and of the extracts from Twilio's OpenAPI documents in
tests/contract/openapi. The reason of a switch is the comment above it in the twin's settings.py.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import Any, Iterator

ROOT = Path(__file__).parents[1]
ROLE = ROOT / "roles" / "twilio_twin"
PACKAGE = ROLE / "files"
PAGE = ROLE / "COVERAGE.md"

sys.path[:0] = [str(ROOT), str(PACKAGE)]

from twilio_twin import paging, rest, settings  # noqa: E402  (the path above comes first)

from tests.contract.openapi.extract import FORM, LEFT_OUT, SERVED  # noqa: E402

HEAD = """# What the twin covers of Twilio's REST API

Made by `tests/generate_twin_coverage.py` from the twin's declarations and from Twilio's OpenAPI documents
(<https://github.com/twilio/twilio-oai>), of which `tests/contract/openapi` has extracts: a change here would be lost.

An operation that is not served is answered with 404 or 405. A parameter that is not covered is ignored, as Twilio
ignores a parameter that it does not know. Each answer has every property that its document names, which
`tests/contract/test_fuzz.py` holds; some properties are constant.
"""


@dataclasses.dataclass(frozen=True)
class Operation:
    """An operation of Twilio's document that the twin serves, and the parameters of its query and form."""

    path: str
    method: str
    covered: tuple[str, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...] = ()       # which the twin has and the document has not


def _shape(path: str) -> str:
    """Return a path without the names of its placeholders, which differ between the twin and the documents."""
    return re.sub(r"\{\w+\}", "{}", path)


def declared() -> dict[tuple[str, str], set[str]]:
    """Return the parameters of each operation that the twin declares, by shape of its path and by method."""
    found: dict[tuple[str, str], set[str]] = {}
    for resource in rest.RESOURCES:
        for path, methods in rest.paths(resource).items():
            for method, action in methods.items():
                if action in resource.actions:
                    found[_shape(path), method.lower()] = _parameters(resource, action)
    return found


def _parameters(resource: Any, action: str) -> set[str]:
    if action == "list":
        return {*paging.PAGING, *(one.param for one in resource.filters)}
    return {field.param for field in resource.fields if action in field.when}


def operations(document: dict[str, Any], twin: dict[tuple[str, str], set[str]]) -> Iterator[Operation]:
    """Compare a document's operations with what the twin declares. Raises KeyError where the twin lacks one."""
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            form = described.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
            names = [one["name"] for one in described.get("parameters", []) if one["in"] == "query"]
            names += form.get("properties", ())
            known = twin[_shape(path), method]
            yield Operation(
                path, method.upper(), tuple(name for name in names if name in known),
                tuple(name for name in names if name not in known), tuple(sorted(known - set(names))),
            )


def reasons(source: str) -> dict[str, str]:
    """Return the reason of each switch: the comment above it, or above its group, and the comment beside it."""
    found: dict[str, str] = {}
    comment: list[str] = []
    ended = False
    for line in source.split("class Settings:")[1].split("@classmethod")[0].splitlines():
        field = re.match(r" {4}(\w+): [^#]*(?:# (.*))?$", line)
        if field:
            beside = [f"{field[2][0].upper()}{field[2][1:]}."] if field[2] else []
            found[field[1]] = " ".join([*comment, *beside])
            ended = True
        elif not line.strip() or ended:
            comment, ended = [], False
        if line.strip().startswith("# "):
            comment.append(line.strip().removeprefix("# "))
    return found


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def documents() -> dict[str, dict[str, Any]]:
    """Return the extracts by the name of their product."""
    folder = ROOT / "tests" / "contract" / "openapi"
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in SERVED}


def page() -> str:
    """Return what COVERAGE.md should be."""
    twin, summary, parts = declared(), [], []
    for name, document in documents().items():
        served = list(operations(document, twin))
        others = [f"{method.upper()} {path}" for path, methods in document[LEFT_OUT].items() for method in methods]
        covered, ignored = (sum(len(getattr(one, kind)) for one in served) for kind in ("covered", "ignored"))
        summary.append(_row(
            f"`{name}`", f"{len(served)} of {len(served) + len(others)}", f"{covered} of {covered + ignored}",
        ))
        parts += [f"\n## {name}\n", _row("operation", "parameters covered", "not covered"), "|---|---|---|"]
        parts += [_row(f"`{one.method} {one.path}`", _names(one.covered), _names(one.ignored)) for one in served]
        if others:
            parts += [f"\n<details><summary>{len(others)} operations are not served</summary>\n"]
            parts += [*(f"- `{one}`" for one in others), "\n</details>"]
    why = reasons(Path(settings.__file__).read_text(encoding="utf-8"))
    switches = [_row(f"`{name}`", f"`{json.dumps(value)}`", why[name])
                for name, value in settings.Settings().as_dict().items()]
    return "\n".join([
        HEAD, _row("document", "operations served", "parameters of these covered"), "|---|---|---|", *summary, *parts,
        "\n## Switches\n", "Where sources disagree, or nobody confirmed them on a live account, the answer is a switch "
        "(`twilio_twin_settings`,\n`PUT /twin/settings`). The switches of the SIP edge are options of the role.\n",
        _row("switch", "default", "reason"), "|---|---|---|", *switches, "",
    ])


def main(arguments: list[str]) -> int:
    """Write the page where it is stale, or with `--check` only say so."""
    made = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made:
        return 0
    print(PAGE.relative_to(ROOT))
    if "--check" in arguments:
        return 1
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
