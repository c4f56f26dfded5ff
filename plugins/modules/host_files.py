# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_files
short_description: Converge files of a host, and read its state in the same call
version_added: 0.2.0
description:
  - Writes the files that differ from their declared content, and removes the paths in O(absent). All files belong to
    root. A file is replaced atomically, missing directories are made, and nothing is written before every new content
    was validated.
  - Then it returns what else a role needs to know, which are the versions of packages, the output of commands, and the
    release. A task with C(check_mode) V(true) is therefore enough for a role to find that nothing has to be done.
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
        description: The text of the file.
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
          - A command with the word C(%s), which becomes the path of a file with the new content. The file is written
            if the command exits with 0.
          - Check mode runs it as well, if its program is installed.
        type: str
        default: ""
      marker: &marker
        description:
          - A text that the file holds. An existing file without it is somebody else's, so it is kept unchanged and
            named in RV(foreign).
        type: str
        default: ""
      format: &format
        description: Only on a host whose packages are these, by its os-release. Elsewhere the row counts as left out.
        type: str
        choices: [deb, rpm]
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
      format: *format
  variables:
    description: What the templates may print, by name.
    type: dict
    default: {}
  absent:
    description: Absolute paths of files to remove. Directories are refused.
    type: list
    elements: str
    default: []
  packages:
    description: Names of packages.
    type: list
    elements: str
    default: []
  commands:
    description: Commands that only read. They run in check mode too, one after the other, without a shell.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The command's name in the result, which must be unique for each format.
        type: str
        required: true
      format: *format
      argv:
        description: The program and its arguments.
        type: list
        elements: str
        required: true
attributes:
  check_mode:
    description: Validates the new contents, returns what would change, and reads the host's state.
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
  description: What changed or, in check mode, would change.
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
  description: The paths of the files that were kept unchanged, since they do not hold their marker.
  returned: success
  type: list
  elements: str
release:
  description: The settings of os-release(5), the names in lower case.
  returned: success
  type: dict
  sample: {id: debian, version_codename: bullseye}
format:
  description: What the system's packages are, by its os-release. V(rpm) for Red Hat's family, V(deb) for any other.
  returned: success
  type: str
  sample: deb
packages:
  description: The version of each installed package.
  returned: success
  type: dict
  sample: {nftables: 1.1.6-1}
commands:
  description: The output and exit code of each command after the files were written; 127 if there is no such program.
  returned: success
  type: dict
  sample: {rules: {rc: 0, stdout: "table inet trunkline {…", stderr: ""}}
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.host_files import main

if __name__ == "__main__":
    main()
