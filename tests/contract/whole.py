# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole declaration, what it is changed into, and what an account holds of it."""

from __future__ import annotations

import os
import threading

import requests

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import converge_account
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.account import TRUNKING

CANARY = "Canary-of-contract-1"
FIRST, SECOND = "+17756187988", "+17756187989"
KILLED = 137


def declared(step=1):
    """What is wanted first (1), and what it is changed into (2)."""
    if step == 1:
        return {
            "ip_access_control_lists": [
                {"name": "Office", "addresses": [{"ip_address": "203.0.113.10", "name": "pbx1"},
                                                 {"ip_address": "203.0.113.11", "name": "pbx2"}]},
                {"name": "Branch", "addresses": [{"ip_address": "198.51.100.0", "cidr_prefix_length": 28}]},
            ],
            "credential_lists": [
                {"name": "Logins", "credentials": [{"username": name, "password": CANARY} for name in ("a", "b")]},
            ],
            "trunks": [
                {
                    "name": "Main", "domain_name": "whole-main.pstn.twilio.com", "recording": "record-from-answer",
                    "ip_access_control_lists": ["Office", "Branch"], "credential_lists": ["Logins"],
                    "origination_urls": [{"sip_url": "sip:203.0.113.10", "name": "pbx1"},
                                         {"sip_url": "sip:203.0.113.11", "name": "pbx2", "priority": 20}],
                    "phone_numbers": [FIRST],
                },
                {"name": "Spare", "credential_lists": ["Logins"], "origination_urls": [], "phone_numbers": [SECOND]},
            ],
            "countries": [{"iso_code": "IN", "low_risk_numbers": True}],
            "keep_extra": ["countries"],
        }
    changed = declared()
    office, branch = changed["ip_access_control_lists"]
    # Two hosts that change places, one that moves, one that goes.
    office["addresses"] = [
        {"ip_address": "203.0.113.10", "name": "pbx2"}, {"ip_address": "203.0.113.11", "name": "pbx1"},
    ]
    branch["addresses"] = []
    changed["credential_lists"][0]["credentials"] = [{"username": "c", "password": CANARY}]
    main, spare = changed["trunks"]
    main.update(
        recording="do-not-record", ip_access_control_lists=["Office"], phone_numbers=[],
        origination_urls=[{"sip_url": "sip:203.0.113.99", "name": "pbx1"}],
    )
    spare.update(phone_numbers=[FIRST], ip_access_control_lists=["Branch"], secure=True)
    changed["countries"] = [{"iso_code": "IN", "low_risk_numbers": False}]
    return changed


def converge(connection, step=1):
    """A run of module twilio_trunking: its result."""
    params = {"removal_limit": 100, **connection, **declared(step)}
    result, dummy = converge_account(TRUNKING, params, False)
    return result


def held(sdk):
    """What the account holds, read with Twilio's SDK: every thing with its values, and nothing twice unseen."""
    lists = {
        one.friendly_name: sorted(
            (row.ip_address, row.cidr_prefix_length, row.friendly_name)
            for row in sdk.sip.ip_access_control_lists(one.sid).ip_addresses.list()
        )
        for one in sdk.sip.ip_access_control_lists.list()
    }
    logins = {
        one.friendly_name: sorted(row.username for row in sdk.sip.credential_lists(one.sid).credentials.list())
        for one in sdk.sip.credential_lists.list()
    }
    trunks = sorted(
        (
            one.friendly_name, one.domain_name, one.secure, one.recording["mode"],
            sorted(row.friendly_name for row in sdk.trunking.v1.trunks(one.sid).ip_access_control_lists.list()),
            sorted(row.friendly_name for row in sdk.trunking.v1.trunks(one.sid).credentials_lists.list()),
            sorted(
                (row.sip_url, row.friendly_name, row.priority)
                for row in sdk.trunking.v1.trunks(one.sid).origination_urls.list()
            ),
            sorted(row.phone_number for row in sdk.trunking.v1.trunks(one.sid).phone_numbers.list()),
        )
        for one in sdk.trunking.v1.trunks.list()
    )
    india = sdk.voice.v1.dialing_permissions.countries("IN").fetch()
    return lists, logins, trunks, india.low_risk_numbers_enabled


def _killed_after(count):
    """Ends the process, as SIGKILL would, when this many requests were answered and before anybody read the answer."""
    send, lock, answered = requests.Session.send, threading.Lock(), 0

    def counted(*args, **kwargs):
        nonlocal answered
        response = send(*args, **kwargs)
        with lock:
            answered += 1
            if answered == count:
                os._exit(KILLED)
        return response

    requests.Session.send = counted


def converge_and_die(count, connection, step, output):
    """Converges in this process, which ends after so many requests; what it prints goes to the file `output`."""
    printed = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(printed, stream)
    _killed_after(count)
    converge(connection, step)
