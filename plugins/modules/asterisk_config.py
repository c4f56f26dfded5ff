# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: asterisk_config
short_description: Apply a whole Asterisk configuration as one transaction, or roll it back
version_added: 0.1.0
description:
  - Takes all files that C(/etc/asterisk) should hold, and applies them as one transaction.
  - First it lints them. A scratch Asterisk is started on them, with folders and a network namespace of its own, and its
    complaints are errors. So is what Asterisk itself notices only during a call - applications, functions, prompts,
    targets of Goto and Gosub, contexts, auths, AORs, transports, endpoints, mailboxes and queues that do not exist.
    An error names the file, the line, and the inventory variable that the line was made from.
  - Then one rename swaps all files, and only what the difference needs is reloaded. Afterwards the running Asterisk and
    the scratch one are asked the same questions. If their answers differ, or a trunk that answered OPTIONS does not any
    more, the configuration is rolled back.
  - What only a restart applies waits until no call is up, unless O(restart_policy) says otherwise.
  - If it is killed at any instant, the old configuration or the new one is whole, and the next run resumes there.
  - A comment behind a line or above it, C(; from pbx_phones[0]), names the inventory variable that it was made from.
  - What is written by hand belongs into C(/etc/asterisk/local.d). It is never changed, is linted with the rest, and
    Asterisk reads it where a file includes it. A file there under a name that Asterisk reads by itself and that is not
    declared, such as C(queues.conf), C(voicemail.conf) or C(musiconhold.conf), is included by a file of that name.
    Other files in C(/etc/asterisk) are moved to a folder of C(/etc/asterisk/trees) that ends in C(-found), where
    Asterisk does not read them. The tree before the last change is kept there as well.
author: the trunkline.voice authors (@trunkline)
options:
  files:
    description: All the files. Asterisk does not read a file any more that is not in this list.
    type: list
    elements: dict
    default: []
    suboptions: &file
      name:
        description: The file's name, which ends in C(.conf) or C(.json), without a folder.
        type: str
        required: true
      content:
        description: The text of the file.
        type: str
        required: true
      once:
        description: Whether an existing file of that name is kept unchanged.
        type: bool
        default: false
  secret_files:
    description: More files, whose content is never shown. Passwords in O(files) are hidden as well.
    type: list
    elements: dict
    default: []
    suboptions: *file
  prompts:
    description:
      - The names of the files in C(/var/lib/trunkline/prompts) that the configuration plays, such as
        M(trunkline.voice.asterisk_prompts) makes. Others in that folder are removed once the configuration is in force.
    type: list
    elements: str
    default: []
  restart_policy:
    description:
      - What to do about a change that takes a restart, such as a transport's address, a module or a unit file.
      - V(when_idle) restarts as soon as no call is up, and leaves the restart to the next run if that takes longer than
        O(restart_patience). Meanwhile the old configuration stays in force as a whole.
      - V(now) restarts at once, which ends the calls that are up. V(report) only reports that a restart is needed.
    type: str
    choices: [now, when_idle, report]
    default: when_idle
  restart_patience:
    description: How long to wait for the calls to end, in seconds.
    type: int
    default: 60
  state:
    description: V(absent) removes everything except what was written by hand. Stop the service first.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    support: full
    description: Lints the configuration in a scratch Asterisk too, and returns what would change.
  diff_mode:
    support: full
    description: Shows each file, with the values of passwords and secrets hidden.
"""

EXAMPLES = r"""
- name: Apply the whole configuration
  trunkline.voice.asterisk_config:
    files:
      - name: asterisk.conf
        content: "{{ lookup('ansible.builtin.template', 'asterisk.conf.j2') }}"
      - name: modules.conf
        content: "{{ lookup('ansible.builtin.template', 'modules.conf.j2') }}"
      - name: extensions.conf
        content: "{{ lookup('ansible.builtin.template', 'extensions.conf.j2') }}"
      - name: pjsip.conf
        content: "{{ lookup('ansible.builtin.template', 'pjsip.conf.j2') }}"
    secret_files:
      - name: pjsip_secrets.conf
        content: "{{ lookup('ansible.builtin.template', 'pjsip_secrets.conf.j2') }}"
    restart_policy: report
"""

RETURN = r"""
changes:
  description:
    - What changed or, in check mode, would change. A file's row has a unified C(diff) of at most 1000 lines, in which
      the values of passwords and secrets are hidden.
  returned: success
  type: list
  elements: dict
  sample:
    - {action: change, what: file /etc/asterisk/pjsip.conf, note: "", diff: "@@ -3 +3 @@\n-timers=no\n+timers=yes\n"}
reloaded:
  description: The console commands that applied the change.
  returned: success
  type: list
  elements: str
  sample: [module reload res_pjsip.so]
restart_pending:
  description: Why Asterisk still has to be restarted, empty where it does not.
  returned: success
  type: list
  elements: str
  sample: ["modules.conf is read at the start only"]
problems:
  description: The faults in the options or the configuration, one sentence each.
  returned: when they are not valid
  type: list
  elements: str
  sample: ["pjsip.conf:42 (from pbx_phones[0]): endpoint 1001 has auth 1002, and there is no auth of that name."]
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.asterisk_config import main

if __name__ == "__main__":
    main()
