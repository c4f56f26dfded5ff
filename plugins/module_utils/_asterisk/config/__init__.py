# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk's configuration as one transaction: lint, swap, reload, verify, and commit or roll back.

    transaction       the order of the steps; begin here

What it works on:
    configuration     Config: the texts of all files, each parsed once
    conf              a file with its includes, sections and settings, and the place of each; pure
    pjsip             PJSIP's objects and their references; pure
    dialplan          contexts, extensions, patterns; pure
    references        what the dialplan refers to; pure

What each step uses:
    scratch           an isolated Asterisk that starts on the new configuration, and its complaints
    lint              all faults: those complaints, and what Asterisk finds only during a call
    store             the tree on the disk: one rename swaps it, or rolls it back
    reload            which command reloads a file, and what needs a restart; pure
    service           the running Asterisk: start, restart when idle, console
    console           commands over the control socket
    verify            whether the running Asterisk answers as the scratch one does
    prompts           the files of prompts that the configuration plays, and those that it plays no more
    redact            secrets in messages and diffs; pure
"""
