# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server that Asterisk runs on.

    files             plan, validate and apply changes of files; module host_files

From a look at the host (see docs/decisions/0005-look-first.md) these decide what a role has to do. They are pure:
    platforms         the row of the table of systems that fits a host
    server            its Asterisk: by which method it comes, and what of it is missing
    review            what speaks against it: FreePBX, another build, a dead series; what every run says of it
    releases          how old an Asterisk is, and which known advisories touch it
    firewall          rules in force against rules in the file; fail2ban's jail
    other_firewalls   tables of the host that drop what those rules let in

    hand_made         read a configuration that was written by hand; module asterisk_config_info
    upgrade           another package of Asterisk, with a way back until it is proven; module asterisk_install
    packager          what upgrade does with a package, by dpkg and apt or by rpm and dnf
    prompts           the files of prompts, which sox and espeak-ng make; module asterisk_prompts
    trial             the command that tries a unit's sandbox, and why it failed
    fail2ban          why fail2ban does not run a jail
"""
