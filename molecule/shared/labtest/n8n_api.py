# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make an API key in the lab's n8n, as its owner does in the editor."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
import uuid

OWNER = {"email": "owner@example.com", "firstName": "O", "lastName": "Neill", "password": "Lab-only-Passw0rd"}
SCOPES = [
    *(f"workflow:{one}" for one in ("list", "read", "create", "update", "activate", "deactivate")),
    *(f"credential:{one}" for one in ("read", "create", "update")),
]
#: Settings of a proxy are not for the lab's own addresses.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def api_key(url: str, scopes: list[str]) -> str:
    """Return a new key with scopes. The owner's account is made where there is none yet."""
    login = {"emailOrLdapLoginId": OWNER["email"], "password": OWNER["password"]}
    session = _post(url, "login", login) or _post(url, "owner/setup", OWNER)
    cookie = re.search(r"n8n-auth=[^;]+", session[1]["Set-Cookie"])[0]
    order = {"label": uuid.uuid4().hex, "expiresAt": None, "scopes": scopes}
    return _post(url, "api-keys", order, cookie)[0]["data"]["rawApiKey"]


def _post(url: str, path: str, body: dict, cookie: str = ""):
    """Return an answer's JSON and headers; None where n8n refuses."""
    request = urllib.request.Request(f"{url}/rest/{path}", method="POST", data=json.dumps(body).encode(), headers={
        "Content-Type": "application/json", "browser-id": "lab", "Cookie": cookie})
    try:
        with OPENER.open(request, timeout=60) as answer:
            return json.load(answer), answer.headers
    except urllib.error.HTTPError:
        return None
