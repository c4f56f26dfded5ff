# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twins for the contract tests: in this process for most, in a process of its own for the SDK."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from starlette.testclient import TestClient

PACKAGE = Path(__file__).parents[2] / "roles" / "twilio_twin" / "files"
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
    """An HTTP client of one twin, signed in as its account, that knows where things lie."""

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
        """Creates, and gives the new resource."""
        answer = self.post(path, **form)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def own(self, number):
        """Owns a number through the control surface, and gives its sid."""
        return self.http.put(f"/twin/numbers/{number}").json()["sid"]


@pytest.fixture
def api(tmp_path):
    return Api(tmp_path)


@pytest.fixture
def api_with(tmp_path):
    """A twin with other settings: api_with(name=value)."""
    return lambda **settings: Api(tmp_path, **settings)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """(base URL, folder of its state) of a twin that runs as its service does."""
    folder = tmp_path_factory.mktemp("twin")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "twilio_twin", "--database", str(folder / "twin.db"), "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _await(url, process)
        requests.put(url + "/twin/account", json=SEED, timeout=5).raise_for_status()
        yield url, folder
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _await(url, process):
    deadline = time.monotonic() + 15
    while True:
        try:
            return requests.get(url + "/twin/health", timeout=5).raise_for_status()
        except requests.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise AssertionError(f"the twin did not start: {process.communicate()[0]}") from None
            time.sleep(0.05)
