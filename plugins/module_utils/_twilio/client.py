# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door to Twilio. Nothing else in the collection speaks HTTP to it.

The official SDK carries authentication, regions, edges and HTTP. This adds another base URL (for a twin), paging,
retries that are safe, and errors with their cause and fix.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from typing import Callable, Iterator, Mapping, Optional
from urllib.parse import urlsplit

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from .endpoint import Endpoint
from .errors import ApiError, Unreachable, api_error

PAGE_SIZE = 1000    # the most that Twilio gives; the default of 50 costs twenty times the requests
ATTEMPTS = 5


@dataclass(frozen=True)
class Credentials:
    """Who asks. Either an auth token or an API key.

    The account is needed with both, the 2010 API has it in its paths.
    """

    account_sid: str
    auth_token: Optional[str] = None
    api_key: Optional[str] = None
    api_secret: Optional[str] = None

    def __repr__(self) -> str:
        return f"Credentials({self.account_sid})"


class _Http(TwilioHttpClient):
    """Twilio's HTTP client, sent to another base URL where one is given."""

    def __init__(self, base_url: Optional[str], timeout: float):
        super().__init__(timeout=timeout)
        self.base_url = base_url.rstrip("/") if base_url else None

    def request(self, method, url, *args, **kwargs):
        if self.base_url:
            parts = urlsplit(url)
            url = f"{self.base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, url, *args, **kwargs)


class Door:
    """Requests to one account.

    :param base_url: where a twin of Twilio listens; all products share it. None: Twilio itself.
    :param timeout: seconds for one answer.
    :param sleep: waits for a number of seconds; tests give their own.
    """

    def __init__(
        self,
        credentials: Credentials,
        base_url: Optional[str] = None,
        region: Optional[str] = None,
        edge: Optional[str] = None,
        timeout: float = 30,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.account_sid = credentials.account_sid
        self._base_url = base_url
        self._sleep = sleep
        self._client = Client(
            credentials.api_key or credentials.account_sid,
            credentials.api_secret if credentials.api_key else credentials.auth_token,
            credentials.account_sid,
            region=region,
            edge=edge,
            http_client=_Http(base_url, timeout),
        )

    def rows(self, endpoint: Endpoint, parents: tuple = ()) -> Iterator[Mapping]:
        """Every row of a collection, page by page.

        Follows the next link, as Twilio asks, but only its path: a twin or a proxy may be known by another name.
        """
        path, params = endpoint.collection(self.account_sid, parents), {"PageSize": PAGE_SIZE}
        while path:
            page = self._json("GET", endpoint.product, path, params)
            yield from page[endpoint.rows]
            link = page["meta"].get("next_page_url") if "meta" in page else page.get("next_page_uri")
            parts = urlsplit(link or "")
            path, params = parts.path + (f"?{parts.query}" if parts.query else ""), None

    def create(self, endpoint: Endpoint, parents: tuple, form: Mapping) -> Mapping:
        """Makes a row; returns Twilio's answer."""
        return self._json("POST", endpoint.product, endpoint.collection(self.account_sid, parents), data=form)

    def update(self, endpoint: Endpoint, parents: tuple, sid: str, form: Mapping) -> Mapping:
        """Changes a row; returns Twilio's answer."""
        return self._json("POST", endpoint.product, endpoint.instance(self.account_sid, parents, sid), data=form)

    def delete(self, endpoint: Endpoint, parents: tuple, sid: str) -> None:
        """Removes a row. One that is gone already is what was wanted."""
        try:
            self._request("DELETE", endpoint.product, endpoint.instance(self.account_sid, parents, sid))
        except ApiError as error:
            if error.status != 404:
                raise

    def _json(self, method: str, product: str, path: str, params=None, data=None) -> Mapping:
        return json.loads(self._request(method, product, path, params, data))

    def _request(self, method: str, product: str, path: str, params=None, data=None) -> str:
        """One request, repeated where that is safe: always after 429, which Twilio never processed
        (https://www.twilio.com/docs/api/errors/20429), and after other failures only when it changes nothing."""
        url = f"https://{product}.twilio.com{path}"
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                response = self._client.request(method, url, params=params, data=data)
            except requests.RequestException as error:
                if method == "GET" and not last and not isinstance(error, requests.exceptions.SSLError):
                    self._wait(attempt)
                    continue
                raise Unreachable(method, self._shown(url), _reason(error)) from None
            if response.status_code < 400:
                return response.text
            again = response.status_code == 429 or (method == "GET" and response.status_code >= 500)
            if last or not again:
                raise api_error(method, path.partition("?")[0], response.status_code, response.text)
            self._wait(attempt, response.headers.get("Retry-After"))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _shown(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{(self._base_url or f'{parts.scheme}://{parts.netloc}').rstrip('/')}{parts.path}"

    def _wait(self, attempt: int, told: Optional[str] = None) -> None:
        """As long as Twilio said, or 0.2 s doubling, with jitter so that many clients do not come back together."""
        seconds = float(told) if told and told.isdigit() else 0.2 * 2 ** (attempt - 1)
        self._sleep(seconds * random.uniform(1, 1.25))


def _reason(error: requests.RequestException) -> str:
    """Why no answer came, in a few words; the library's own text repeats itself and the address."""
    cause: BaseException = error
    while True:
        deeper = getattr(cause, "reason", None) or next((a for a in cause.args if isinstance(a, BaseException)), None)
        if not isinstance(deeper, BaseException) or deeper is cause:
            break
        cause = deeper
    if isinstance(error, requests.Timeout):
        return "it took too long"
    words = str(cause).rpartition(": ")[2].strip(" .'\")(>") or type(cause).__name__
    return words
