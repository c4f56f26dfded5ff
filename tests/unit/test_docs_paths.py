# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation names files that exist, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: Paths that a how-to has its reader create, by page.
EXAMPLES: dict[str, set[str]] = {
    "docs/howto/add-a-twilio-resource.md": {
        "plugins/module_utils/_twilio/resources/widget.py", "plugins/modules/twilio_widget.py"},
}

#: Where a path may begin: at the root, in plugins/module_utils, in a role, or where `make check` runs pytest.
BASES = [ROOT, ROOT / "plugins" / "module_utils", *sorted(ROOT.glob("roles/*/")), ROOT / "molecule" / "default"]
#: A path of the repository. In a URL, or in a longer path, a slash comes before it.
PATH = re.compile(
    r"(?<![\w/.~-])((?:roles|plugins|playbooks|tests|molecule|docs|inventory|examples|changelogs|meta|[.]github|[.]ci"
    r"|_core|_twilio|_asterisk|_sip|_numbers|_n8n|_inventory|_ansible)/[\w./-]*)([<{*$…]?)")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.M | re.S)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def markdown() -> list[Path]:
    """Return the Markdown files of the repository."""
    hidden = (".git", ".cache", ".ansible", ".pytest_cache", ".tox", ".nox")
    return [path for path in sorted(ROOT.rglob("*.md")) if not set(path.relative_to(ROOT).parts) & set(hidden)]


def pages() -> list[Path]:
    """Return the pages that describe the repository: docs/, CONTRIBUTING.md and AGENTS.md."""
    return [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "AGENTS.md"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def paths(text: str) -> set[str]:
    """Return the paths of the repository that a text names; of one with a placeholder the folder before it."""
    found = PATH.findall(text)
    return {path[:path.rindex("/") + 1] if placeholder else path.rstrip(".") for path, placeholder in found}


def exists(path: str) -> bool:
    return any((base / path).exists() for base in BASES)


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ +(.*?)\s*#*$", FENCE.sub("", text), re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = 1
        unique = anchor
        while unique in found:
            unique, number = f"{anchor}-{number}", number + 1
        found.add(unique)
    return found


def broken_links(page: Path) -> list[str]:
    """Return the relative links of a page that lead to no file, or to no heading of it."""
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        path, dummy, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", pages(), ids=name)
def test_each_path_exists(page):
    named = paths(page.read_text(encoding="utf-8")) - EXAMPLES.get(name(page), set())
    assert not sorted(path for path in named if not exists(path))


@pytest.mark.parametrize("page", markdown(), ids=name)
def test_each_link_leads_somewhere(page):
    assert not broken_links(page)


def test_an_example_is_on_its_page_and_is_no_file():
    for page, examples in EXAMPLES.items():
        assert examples <= paths((ROOT / page).read_text(encoding="utf-8")), page
        assert not [path for path in examples if exists(path)], page


@pytest.mark.parametrize("text, found", [
    ("see `roles/pbx/README.md`, and more", {"roles/pbx/README.md"}),
    ("It is in docs/calls.md.", {"docs/calls.md"}),
    ("`_sip/causes.py` and `_core/`", {"_sip/causes.py", "_core/"}),
    ("`roles/*/meta`, `tests/unit/<name>.py`, `playbooks/$(PLAY).yml`", {"roles/", "tests/unit/", "playbooks/"}),
    ("https://www.twilio.com/docs/sip-trunking and /etc/docs/x", set()),
    ("`../shared/docs/x.md`, `sub_core/x.py`", set()),
])
def test_paths_of_a_text(text, found):
    assert paths(text) == found


def test_anchors_of_a_page():
    text = "# A page\n## Exit codes of `plan.yml`\n## Twice\n## Twice\n```\n# no heading\n```\n## A [link](x.md), and\n"
    assert anchors(text) == {"a-page", "exit-codes-of-planyml", "twice", "twice-1", "a-link-and"}


def test_each_test_that_run_one_test_names_exists():
    """Its files are held by test_each_path_exists; this holds the words behind `-k`, and the names of scenarios."""
    page = (ROOT / "docs/howto/run-one-test.md").read_text(encoding="utf-8")
    lab = list(ROOT.glob("molecule/*/tests/*/test_*.py"))
    known = " ".join([*(path.stem for path in lab), *(path.read_text(encoding="utf-8") for path in lab),
                      (ROOT / "tests/contract/test_ladders.py").read_text(encoding="utf-8")])
    words = set(re.findall(r"-k (\w+)", page)) | set(re.findall(r"`(test_\w+)`", page))
    assert len(words) >= 4 and not sorted(word for word in words if word not in known)
    parts = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nfirst:")[2].partition("\nlint:")[0]
    scenarios = re.findall(r"test -s (\w+)", parts)
    named = re.findall(r"^`make test` runs (.*)\.$", page, re.M)[0]
    assert set(re.findall(r"`(\w+)`", named)) == {"default", *scenarios}
    assert all((ROOT / "molecule" / name).is_dir() for name in re.findall(r"test -s (\w+)", page))
