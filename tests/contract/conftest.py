# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twins for the contract tests: in this process for most, in a process of its own for clients."""

import sys

import pytest
import requests
from starlette.testclient import TestClient

from tests.sdk import client

from .serve import PACKAGE, serve

sys.path.insert(0, str(PACKAGE))

from twilio_twin.app import create  # the path above comes first
from twilio_twin.settings import Settings

ACCOUNT = "AC" + "a1" * 16
TOKEN = "token-of-the-twin"
KEY = "SK" + "b2" * 16
SECRET = "secret-of-the-key"
BASE = "http://twin.example:8080"
SEED = {"sid": ACCOUNT, "auth_token": TOKEN, "api_keys": [{"sid": KEY, "secret": SECRET}]}


class Api:
    """An HTTP client of one twin, signed in as its account, with the paths of the API."""

    trunks = "/v1/Trunks"
    account = f"/2010-04-01/Accounts/{ACCOUNT}"
    access_lists = account + "/SIP/IpAccessControlLists"
    credential_lists = account + "/SIP/CredentialLists"

    def __init__(self, folder, **settings):
        self.app = create(folder / "twin.db", settings=Settings(**settings))
        self.store = self.app.state.store
        self.http = TestClient(self.app, base_url=BASE)
        assert self.http.put("/twin/account", json=SEED).json()["changed"]
        self.http.auth = (ACCOUNT, TOKEN)

    def get(self, path, **query):
        return self.http.get(path, params=query or None)

    def post(self, path, **form):
        return self.http.post(path, data=form)

    def delete(self, path):
        return self.http.delete(path)

    def make(self, path, **form):
        """Create a resource and return it."""
        answer = self.post(path, **form)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def own(self, number):
        """Let the account own a number, by the control surface, and return its SID."""
        return self.http.put(f"/twin/numbers/{number}").json()["sid"]


@pytest.fixture
def api(tmp_path):
    return Api(tmp_path)


@pytest.fixture
def api_with(tmp_path):
    """Return what makes a twin with other settings: api_with(name=value)."""
    return lambda **settings: Api(tmp_path, **settings)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return the base URL and the state's folder of a twin that runs as its service does."""
    folder = tmp_path_factory.mktemp("twin")
    with serve(folder) as url:
        requests.put(url + "/twin/account", json=SEED, timeout=5).raise_for_status()
        yield url, folder


@pytest.fixture
def run(served, tmp_path):
    """Return what runs a playbook on a twin that was reset: run(playbook, *arguments)."""
    from .played import empty, play  # which takes the account from here

    empty(served[0])
    return lambda playbook, *arguments, **more: play(playbook, served[0], tmp_path, *arguments, **more)


@pytest.fixture
def sdk(served):
    """Return Twilio's SDK, pointed at the twin."""
    return client(served[0], ACCOUNT, TOKEN)
