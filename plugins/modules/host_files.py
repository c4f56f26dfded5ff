# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_files
short_description: Make files of a host what they should be, and look at the host, all at once
version_added: 0.2.0
description:
  - Writes the files that differ from what is wanted, and removes those that should not be there. All files belong to
    root. A file is replaced at once, missing directories are made, and nothing is written before every new content was
    validated.
  - Then it tells what else a role wants to know, packages, what commands say, and the release. A task with
    C(check_mode) V(true) is therefore the one look by which a role finds that there is nothing to do.
  - Templates are rendered on the controller, in plain Jinja. They see O(variables) only, and none of Ansible's
    variables, filters and lookups.
author: the trunkline.voice authors (@trunkline)
options:
  files:
    description: Files with their content.
    type: list
    elements: dict
    default: []
    suboptions:
      content:
        description: What the file holds.
        type: str
        required: true
      path: &path
        description: The absolute path. A link there is replaced by the file.
        type: str
        required: true
      mode: &mode
        description: The permissions, four octal digits in quotes.
        type: str
        default: "0644"
      validate: &validate
        description:
          - A command with the word C(%s), which becomes the path of a file with the new content. The file is written if
            the command ends with 0.
          - Check mode runs it as well, if its program is there.
        type: str
        default: ""
      marker: &marker
        description:
          - A text that the file holds. A file without it that is there already is somebody else's. It stays as it is,
            and is named in RV(foreign).
        type: str
        default: ""
  templates:
    description: Files that are rendered from templates.
    type: list
    elements: dict
    default: []
    suboptions:
      src:
        description: The template, in the role's C(templates) directory.
        type: str
        required: true
      path: *path
      mode: *mode
      validate: *validate
      marker: *marker
  variables:
    description: What the templates may print, by name.
    type: dict
    default: {}
  absent:
    description: Absolute paths where there should be nothing. Directories are refused.
    type: list
    elements: str
    default: []
  packages:
    description: Names of Debian packages.
    type: list
    elements: str
    default: []
  commands:
    description: Commands that only read. They are run in check mode too, one after the other, without a shell.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: What it is called in the result. No two may be called the same.
        type: str
        required: true
      argv:
        description: The program and its arguments.
        type: list
        elements: str
        required: true
attributes:
  check_mode:
    description: Says what would change, validates it, and looks at the host.
    support: full
  diff_mode:
    description: Shows the content of each file, or its owner and mode where only they differ.
    support: full
"""

EXAMPLES = r"""
- name: Keep the firewall's rules
  trunkline.voice.host_files:
    templates:
      - {src: rules.nft.j2, path: /etc/firewall.nft, validate: nft --check --file %s}
    variables:
      sip_ports: [5060]
    absent: [/etc/old-firewall.nft]
    commands:
      - {name: rules, argv: [nft, --stateless, list, ruleset]}
  register: host
  become: true
"""

RETURN = r"""
changes:
  description: What was changed or, in check mode, would be changed.
  returned: success
  type: list
  elements: dict
  sample: [{action: add, what: file /etc/firewall.nft}]
written:
  description: The paths of the files that were added or changed.
  returned: success
  type: list
  elements: str
  sample: [/etc/firewall.nft]
removed:
  description: The paths that were removed.
  returned: success
  type: list
  elements: str
foreign:
  description: The paths of the files that stay as they are, since they do not hold their marker.
  returned: success
  type: list
  elements: str
release:
  description: What os-release(5) says, the names in lower case.
  returned: success
  type: dict
  sample: {id: debian, version_codename: bullseye}
packages:
  description: The version of each package that is installed.
  returned: success
  type: dict
  sample: {nftables: 1.1.6-1}
commands:
  description: What each command printed after the files were written, and what it ended with, 127 where there is none.
  returned: success
  type: dict
  sample: {rules: {rc: 0, stdout: "table inet trunkline {…", stderr: ""}}
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.host_files import main

if __name__ == "__main__":
    main()
