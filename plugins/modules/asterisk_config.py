# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: asterisk_config
short_description: Make a running Asterisk have a configuration, or keep the one it has
version_added: 0.1.0
description:
  - Takes everything that C(/etc/asterisk) should hold, and applies it as one transaction.
  - A scratch Asterisk with folders and a network namespace of its own is started on it first. What that one complains
    about is refused, and so is what Asterisk does not notice before a call comes by - applications, functions, prompts,
    targets of Goto and Gosub, contexts, auths, AORs, transports, endpoints, mailboxes and queues that are not there.
    An error names the file, the line, and the inventory variable that the line was made from.
  - Then all files are swapped by one rename, and only what the difference needs is reloaded. Afterwards the running
    Asterisk is asked the same questions as the scratch one. If it does not answer the same, or a trunk that answered
    OPTIONS does not any more, the old configuration is put back.
  - What only a restart applies waits until no call is up, unless O(restart_policy) says otherwise.
  - Killed at any instant, it leaves the old configuration or the new one, and the next run goes on from there.
  - A line says which inventory variable it was made from with a comment behind it or above it, C(; from pbx_phones[0]).
  - What is written by hand belongs into C(/etc/asterisk/local.d). It is never changed, is checked with the rest, and is
    read where a file includes it. A file there under a name that Asterisk reads by itself and that is not declared,
    such as C(queues.conf), C(voicemail.conf) or C(musiconhold.conf), is included by a file of that name. Other files in
    C(/etc/asterisk) are taken out of Asterisk's sight, and stay in a folder of
    C(/etc/asterisk/trees) that ends in C(-found). The tree before the last change is there as well.
author: the trunkline.voice authors (@trunkline)
options:
  files:
    description: The files, all of them. What is not named here is not what Asterisk reads any more.
    type: list
    elements: dict
    default: []
    suboptions: &file
      name:
        description: The file's name, which ends in C(.conf).
        type: str
        required: true
      content:
        description: What the file holds.
        type: str
        required: true
      once:
        description: Whether a file of that name that is there already stays as it is.
        type: bool
        default: false
  secret_files:
    description: More files, the content of which is never shown. Passwords are hidden in the others as well.
    type: list
    elements: dict
    default: []
    suboptions: *file
  restart_policy:
    description:
      - What happens when a change takes a restart, as a transport's address, a module or a unit file does.
      - V(when_idle) restarts as soon as no call is up, and leaves it to the next run if that takes longer than
        O(restart_patience). Meanwhile the old configuration stays in force as a whole.
      - V(now) restarts at once, which ends the calls that are up. V(report) only says that it is needed.
    type: str
    choices: [now, when_idle, report]
    default: when_idle
  restart_patience:
    description: How long to wait for the calls to end, in seconds.
    type: int
    default: 60
  state:
    description: V(absent) removes all but what was written by hand. Stop the service before.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    support: full
    description: Checks the configuration in a scratch Asterisk too, and says what would change.
  diff_mode:
    support: full
    description: Shows each file, with the values of passwords and secrets hidden.
"""

EXAMPLES = r"""
- name: The whole configuration
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
    - What changed or, in check mode, would change. A file's row has a unified C(diff), in which the values of passwords
      and secrets are hidden and which ends after 1000 lines.
  returned: success
  type: list
  elements: dict
  sample:
    - {action: change, what: file /etc/asterisk/pjsip.conf, note: "", diff: "@@ -3 +3 @@\n-timers=no\n+timers=yes\n"}
reloaded:
  description: The console commands that made Asterisk take the change.
  returned: success
  type: list
  elements: str
  sample: [module reload res_pjsip.so]
restart_pending:
  description: Why Asterisk still has to be restarted, empty where it need not be.
  returned: success
  type: list
  elements: str
  sample: ["modules.conf is read at the start only"]
problems:
  description: What is wrong with the configuration, one sentence each.
  returned: when it is refused
  type: list
  elements: str
  sample: ["pjsip.conf:42 (from pbx_phones[0]): endpoint 1001 has auth 1002, and there is no auth of that name."]
"""

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.asterisk_config import main

if __name__ == "__main__":
    main()
