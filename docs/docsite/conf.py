# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configure Sphinx: the guides in Markdown, and the reference that antsibull-docs writes.

The site is built without a network, so intersphinx cannot fetch the inventory of Ansible's own site. The few labels
that the reference refers to stand here instead.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from pathlib import Path

project = "trunkline.voice"
author = "the trunkline.voice authors"
copyright = "2026, the trunkline.voice authors"
title = html_short_title = "trunkline.voice"

REPOSITORY = "https://github.com/trunkline/voice"
ANSIBLE = "https://docs.ansible.com/ansible/latest/"
ANSIBLE_LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_collections.ansible.builtin.apt_module": "collections/ansible/builtin/apt_module.html",
    "ansible_collections.ansible.builtin.pause_module": "collections/ansible/builtin/pause_module.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def write_inventory() -> str:
    """Return the path of an inventory of ANSIBLE_LABELS, in version 2 of Sphinx's format."""
    rows = "".join(f"{label} std:label -1 {page} {label}\n" for label, page in ANSIBLE_LABELS.items())
    head = (
        "# Sphinx inventory version 2\n# Project: Ansible\n# Version: latest\n"
        "# The remainder of this file is compressed using zlib.\n")
    path = Path(tempfile.mkdtemp(), "objects.inv")
    path.write_bytes(head.encode() + zlib.compress(rows.encode()))
    return str(path)


def link_folders(app, docname: str, source: list[str]) -> None:
    """Send links to folders of the repository, which the site has no page for, to the repository."""
    here = Path(app.env.doc2path(docname)).parent

    def linked(match: re.Match[str]) -> str:
        folder = (here / match[1]).resolve()
        if not folder.is_dir():
            return match[0]
        return f"]({REPOSITORY}/tree/main/{folder.relative_to(app.srcdir)})"

    source[0] = re.sub(r"\]\(([\w./-]+)\)", linked, source[0])


def setup(app) -> None:
    app.connect("source-read", link_folders)


extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
intersphinx_mapping = {"ansible": (ANSIBLE, write_inventory())}
include_patterns = [
    "index.md", "README.md", "CHANGELOG.rst", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "docs/**",
    "roles/*/README.md", "roles/*/COVERAGE.md", "reference/**",
]
exclude_patterns = ["docs/docsite/**"]
# Guides link to headings of each other, as GitHub names them.
myst_heading_anchors = 4
highlight_language = "YAML+Jinja"
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "sphinx_ansible_theme"
html_theme_options = {"documentation_home_url": REPOSITORY}
html_show_sphinx = False
