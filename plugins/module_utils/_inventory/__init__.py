# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory means, as pure functions: variables in, validated values and problems out. Imports no ansible.

options      the roles' argument specs: the one statement of each option
normalise    a value as Ansible delivers it, turned into the option's type, or refused
inventory    every host's values, and those of Twilio's side, normalised and checked together
rules        what cannot be right on one host: rules of its own and those of calls, edges, secure, server
across       what cannot be right between hosts, trunks and Twilio's limits
account      what the inventory declares at Twilio, as module twilio_trunking takes it
trunks       a trunk on the PBX: the names of its PJSIP objects, its transport, its legs
edges        the names of Twilio's edges, and SIP's timers
pbx          what the templates of role pbx print
"""
