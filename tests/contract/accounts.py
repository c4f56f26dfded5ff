# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account to run the modules against: on a twin, or a live one.

A live account is used when TRUNKLINE_LIVE_ACCOUNT_SID is set, with TRUNKLINE_LIVE_AUTH_TOKEN, or with
TRUNKLINE_LIVE_API_KEY and TRUNKLINE_LIVE_API_SECRET. Everything that is made there has a name of its own that begins
with `trunkline-test-`, and is removed again; numbers and dialing permissions of a live account are never touched.
"""

from __future__ import annotations

import json
import os
import uuid

import requests

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import converge, converge_account
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.account import (
    ACCOUNT as WHOLE,
    TRUNKING,
)
from tests.sdk import client

from .conftest import ACCOUNT, SEED, TOKEN

CANARY = "Canary-of-contract-1"
LIVE = "TRUNKLINE_LIVE_"
#: The top-level resources, by the options that list them, and short names for some of these options.
KINDS = {child.option: child for child in WHOLE.children}
SHORT = {
    "acl": "ip_access_control_lists", "credentials": "credential_lists", "trunk": "trunks", "number": "phone_numbers",
}
NAMES = ("name", "domain_name", "ip_access_control_lists", "credential_lists", "trunk")


def connection(url, **more):
    return {
        "account_sid": ACCOUNT, "auth_token": TOKEN, "api_key": None, "api_secret": None, "api_url": url,
        "region": None, "edge": None, "timeout": 10, "keep_extra": [], "update_password": "on_create", **more,
    }


class Account:
    """:param given: the options of the connection. :param prefix: of every name that is made there."""

    def __init__(self, given, prefix=""):
        self.given, self.prefix = given, prefix

    def run(self, kind, params, check_mode=False):
        """Run a module and return its result. `kind` is the option that lists it, one of SHORT, or "trunking"."""
        params = {"state": "present", **self.given, **self._prefixed(params)}
        resource = KINDS.get(SHORT.get(kind, kind))
        if resource and resource.reset_to is None:
            result, _ = converge(resource, params, check_mode)
        else:
            options = TRUNKING if kind == "trunking" else (kind,)
            whole = {option: None for option in options}
            result, _ = converge_account(options, {**whole, **params}, check_mode)
        text = json.dumps(result)
        assert CANARY not in text
        return json.loads(text.replace(self.prefix, "") if self.prefix else text)

    def _prefixed(self, value, name=""):
        if isinstance(value, dict):
            return {key: self._prefixed(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._prefixed(one, name) for one in value]
        return self.prefix + value if isinstance(value, str) and value and name in NAMES else value


class Twin(Account):
    """:ivar sdk: Twilio's SDK on the same account: what it reads is not read by our code."""

    def __init__(self, url):
        super().__init__(connection(url))
        self.url = url
        self.sdk = client(url, ACCOUNT, TOKEN)
        self.empty()

    def tell(self, method, path, **body):
        answer = requests.request(method, f"{self.url}/twin/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def empty(self):
        """Nothing is there any more but the account."""
        self.tell("POST", "reset")
        self.tell("PUT", "account", **SEED)
        self.tell("DELETE", "requests")

    def own(self, number):
        """Makes the account own a number, and gives its SID."""
        return self.tell("PUT", f"numbers/{number}", account_sid=ACCOUNT)["sid"]

    def requests(self):
        """What was asked since the account was emptied, or since this was asked last."""
        found = self.tell("GET", "requests")["requests"]
        self.tell("DELETE", "requests")
        return found

    def faults(self, **told):
        """How the twin misbehaves from now on; nothing: not at all."""
        self.tell(*(("PUT", "faults") if told else ("DELETE", "faults")), **told)


def live():
    """The live account, or None where no credentials are given."""
    given = {name[len(LIVE):].lower(): value for name, value in os.environ.items() if name.startswith(LIVE) and value}
    if "account_sid" not in given:
        return None
    nobody = {"auth_token": None, "api_key": None, "api_secret": None}
    return Account(connection(None, timeout=30, **{**nobody, **given}), f"trunkline-test-{uuid.uuid4().hex[:8]}-")
