# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's side of the modules: argument specs, results and failures. Only this package imports ansible.

Every module:
    module            AnsibleModule with safer failures, and run(): read the options, act, exit or fail

Modules that call Twilio, on the controller:
    run               a module that manages resources: validate, observe, plan, apply
    info              the modules that only read
    argument_spec     argument specs, derived from the declarations of resources

Modules that probe, on a host:
    probe             a module that probes trunks through Asterisk
    trunk_options     OPTIONS to the trunks
    trunk_call        a call through each trunk
    sip_options       OPTIONS to any targets, without Asterisk
    number_destinations  a call to each number from inside

Modules that change or read a host:
    host_files        its files, and its state in the same call
    look              its state: release, packages, what commands print
    asterisk_config   Asterisk's configuration
    asterisk_config_info  a configuration that was written by hand
    asterisk_prompts  the prompts that the dialplan plays
    tls_certificate   the certificate for phones and trunks
    fail2ban_reload   fail2ban's configuration
    n8n_flow          workflows of an n8n on the host
    unit_trial        a systemd unit's sandbox
    asterisk_install  a package of Asterisk in the place of another

A module that builds, on a builder:
    asterisk_package  the package of an Asterisk, from the store or made

A file with the name of a module holds that module's ARGUMENT_SPEC and main(). What a module does with its options is in
the packages for Twilio, Asterisk, SIP and n8n.
"""
