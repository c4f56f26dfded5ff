# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The public REST API of an n8n, as of n8n 2.41: requests with an API key, and what its refusals mean."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from .._core.errors import TrunklineError
from .._core.validators import is_private

#: Of one request. n8n publishes a workflow within one.
SECONDS = 60
SCOPES = ("workflow:list, workflow:read, workflow:create, workflow:update, workflow:activate, workflow:deactivate,"
          " credential:read, credential:create and credential:update")


class Refusal(TrunklineError):
    """An answer of the API that is no success."""

    def __init__(self, status: int, what: str, fix: str) -> None:
        super().__init__(what, fix)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key would follow a redirect."""

    def redirect_request(self, *dummy: Any) -> None:
        return None


class Client:
    """The API of an instance.

    :param url: the address of n8n, such as https://n8n.example.com/.
    :param ca_file: the CA certificates that it is checked with; those of the system if this is empty.
    """

    def __init__(self, url: str, key: str, ca_file: str = ""):
        self._url, self._key = url.rstrip("/"), key
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if url.startswith("https:"):
            handlers.append(urllib.request.HTTPSHandler(context=_trust(ca_file)))
        if is_private(urlsplit(url).hostname or ""):
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def ask(self, method: str, *path: str, body: Mapping[str, Any] | None = None, query: str = "") -> Any:
        """Send a request and return the JSON of its answer.

        :raises Refusal: n8n answered with another status than 2xx.
        :raises TrunklineError: there was no answer, or none of n8n's.
        """
        url = "/".join([self._url, "api/v1", *(quote(word, safe="") for word in path)]) + query
        request = urllib.request.Request(
            url, method=method, data=None if body is None else json.dumps(body).encode("utf-8"),
            headers={"X-N8N-API-KEY": self._key, "Accept": "application/json", "Content-Type": "application/json"})
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                said = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(method, path, error.code, error.read(5000)) from None
        except (OSError, http.client.HTTPException) as error:
            raise TrunklineError(
                f"n8n at {self._url} cannot be asked: {getattr(error, 'reason', error)}.",
                "Is it the address of n8n, and does n8n run?") from None
        try:
            return json.loads(said) if said else None
        except ValueError:
            raise TrunklineError(
                f"{self._url} answers with something other than JSON.", "Is it the address of n8n itself?") from None

    def pages(self, *path: str) -> Iterator[Mapping[str, Any]]:
        """Yield all rows of a list."""
        cursor = ""
        while True:
            page = self.ask("GET", *path, query=f"?limit=100{cursor}")
            yield from page["data"]
            if not page.get("nextCursor"):
                return
            cursor = f"&cursor={quote(page['nextCursor'], safe='')}"

    def _refusal(self, method: str, path: tuple[str, ...], status: int, said: bytes) -> Refusal:
        what = f"n8n at {self._url} answers {method} {'/'.join(path[:1])} with status {status}"
        fix = ""
        if status == 401:
            fix = "It does not know the API key, or that has expired: make one in n8n's settings, n8n API."
        elif status == 403:
            fix = f"The API key may not do this. It needs the scopes {SCOPES}."
        elif 300 <= status < 400:
            fix = "A redirect is not followed, since the API key would follow it: give the address that it leads to."
        elif status == 404 and len(path) == 1:
            fix = "Is it the address of n8n itself, and is its public API on?"
        else:
            try:
                what += f": {str(json.loads(said)['message'])[:500]}"
            except (ValueError, KeyError, TypeError):
                pass
        return Refusal(status, f"{what}.", fix)


def _trust(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        raise TrunklineError(f"{ca_file} cannot be read as CA certificates: {error.strerror or error}.") from None
