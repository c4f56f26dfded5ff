# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything about Asterisk and the server it runs on. It runs on the managed host: Python 3.9, standard library only.

Packages:
    config/           the configuration transaction, and lint of Asterisk's files
    host/             the server: its files, firewall, release and sandbox
    build/            a package of Asterisk, made on a builder

A connection to the running Asterisk (why there are two, see docs/decisions/0004-ami-and-console-socket.md):
    ami               the manager interface: actions, events, console commands
    ami_framing       its bytes to messages and back; pure
    manager_conf      the manager user's secret

Probes through it:
    call              place a call, follow it, measure its audio
    loudness          sound and silence in a recording
    prompt            whether a prompt can be played
    contacts          the contacts of endpoints and their state, from the console's tables
    sip_history       the SIP messages of a call or an OPTIONS

Values:
    certificate       a TLS handshake in memory with a PBX's certificate
    validators        values that Asterisk's files can hold

Errors are TrunklineErrors. A probe's AmiError also names its `problem`, which _sip/diagnosis.py turns into cause
and fix.
"""
