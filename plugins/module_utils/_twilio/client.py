# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one client to Twilio. Nothing else in the collection speaks HTTP to it.

The official SDK carries authentication, regions, edges and HTTP. This adds another base URL (for a twin), paging,
requests side by side, retries that are safe, and errors with their cause and fix.
"""

from __future__ import annotations

import json
import random
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Mapping, Optional
from urllib.parse import urlsplit

try:
    import requests
    from requests.adapters import HTTPAdapter
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client
    from urllib3.exceptions import NewConnectionError
except ImportError:     # `_ansible.run.run_with` says so before a client is made
    TWILIO_IMPORT_ERROR = traceback.format_exc()
    TwilioHttpClient = object
else:
    TWILIO_IMPORT_ERROR = ""

from .._core.errors import TrunklineError
from .endpoint import Endpoint
from .errors import Unclear, Unreachable, api_error
from .limiter import MOST, ConcurrencyLimiter

PAGE_SIZE = 1000    # the most that Twilio gives; the default of 50 costs twenty times the requests
ATTEMPTS = 6        # of a request that got no answer or a 5xx
PATIENCE = 12       # of a request that was told 429, which says nothing about the request itself
LONGEST_WAIT = 5    # seconds between two attempts, where Twilio does not say
LONGEST_TOLD = 120  # seconds; who is told to wait longer is told so, and runs it again


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
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=MOST))

    def request(self, method, url, *args, **kwargs):
        if self.base_url:
            parts = urlsplit(url)
            url = f"{self.base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, url, *args, **kwargs)


class ApiClient:
    """Requests to one account. Its methods can be called from several threads.

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
        self.sleep = sleep
        self.limiter = ConcurrencyLimiter()
        self._base_url = base_url
        self._client = Client(
            credentials.api_key or credentials.account_sid,
            credentials.api_secret if credentials.api_key else credentials.auth_token,
            credentials.account_sid,
            region=region,
            edge=edge,
            http_client=_Http(base_url, timeout),
        )

    def together(self, calls: list[Callable[[], Any]]) -> list:
        """Makes calls side by side, as many at once as the service takes.

        :returns: what each returned, in order; a TrunklineError that it raised; None where it was not begun because
            another had failed.
        """
        if len(calls) == 1:
            return [_outcome(calls[0])]
        stop = threading.Event()

        def one(call):
            if stop.is_set():
                return None
            outcome = _outcome(call)
            if isinstance(outcome, TrunklineError):
                stop.set()
            return outcome

        with ThreadPoolExecutor(max_workers=min(MOST, len(calls) or 1)) as pool:
            return list(pool.map(one, calls))

    def all(self, calls: list[Callable[[], Any]]) -> list:
        """What each of the calls returned, in order; raises what the first to fail raised."""
        outcomes = self.together(calls)
        for outcome in outcomes:
            if isinstance(outcome, TrunklineError):
                raise outcome
        return outcomes

    def rows(self, endpoint: Endpoint, parents: tuple = (), **filters) -> Iterator[Mapping]:
        """Every row of a collection, page by page.

        Follows the next link, as Twilio asks, but only its path: a twin or a proxy may be known by another name. The
        2010 API has the account in its paths, so a row of another account, which is not what was asked for, is left
        out; of the other APIs' rows `AccountState.belongs` tells.
        """
        path, params = endpoint.collection(self.account_sid, parents), {"PageSize": PAGE_SIZE, **filters}
        followed = set()
        while path:
            if path in followed:
                where = self._shown(endpoint.product, path)
                raise Unreachable("GET", where, "its pages lead back to one that was read, so they have no end")
            followed.add(path)
            page = self._json("GET", endpoint.product, path, params)
            if not isinstance(page.get(endpoint.rows), list):
                where = self._shown(endpoint.product, path)
                raise Unreachable("GET", where, f"what came has no list {endpoint.rows}, so it is not from Twilio")
            yield from (row for row in page[endpoint.rows] if not self._foreign(endpoint, row))
            link = page["meta"].get("next_page_url") if "meta" in page else page.get("next_page_uri")
            parts = urlsplit(link or "")
            path, params = parts.path + (f"?{parts.query}" if parts.query else ""), None

    def fetch(self, endpoint: Endpoint, parents: tuple, sid: str) -> Mapping:
        """One row."""
        return self._json("GET", endpoint.product, endpoint.instance(self.account_sid, parents, sid))

    def create(self, endpoint: Endpoint, parents: tuple, form: Mapping) -> Mapping:
        """Makes a row; returns Twilio's answer.

        :raises Unclear: where nobody knows whether it was made.
        """
        path = endpoint.collection(self.account_sid, parents)
        return self._json("POST", endpoint.product, path, data=form, repeatable=False)

    def update(self, endpoint: Endpoint, parents: tuple, sid: str, form: Mapping, part: str = "") -> Mapping:
        """Changes a row, or a part that has a path of its own below it; returns Twilio's answer."""
        return self._json("POST", endpoint.product, endpoint.instance(self.account_sid, parents, sid, part), data=form)

    def post(self, endpoint: Endpoint, form: Mapping) -> Mapping:
        """A request that makes nothing and that can be made twice; returns Twilio's answer."""
        return self._json("POST", endpoint.product, endpoint.collection(self.account_sid, ()), data=form)

    def delete(self, endpoint: Endpoint, parents: tuple, sid: str) -> None:
        """Removes a row. One that is gone already is what was wanted."""
        try:
            self._request("DELETE", endpoint.product, endpoint.instance(self.account_sid, parents, sid))
        except TrunklineError as error:
            if error.details.get("status") != 404:
                raise

    def wait(self, attempt: int, told: Optional[str] = None) -> None:
        """As long as Twilio said, or 0.2 s doubling, with jitter so that many clients do not come back together."""
        seconds = float(told) if told and told.isdigit() else min(LONGEST_WAIT, 0.2 * 2 ** (attempt - 1))
        self.sleep(seconds * random.uniform(1, 1.25))

    def _json(self, method: str, product: str, path: str, params=None, data=None, repeatable=True) -> Mapping:
        text = self._request(method, product, path, params, data, repeatable)
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, Mapping):
            raise Unreachable(method, self._shown(product, path), "what came is no JSON object, so not from Twilio")
        return answer

    def _request(self, method: str, product: str, path: str, params=None, data=None, repeatable=True) -> str:
        """One request, repeated where that is safe: always after 429, which Twilio never processed
        (https://www.twilio.com/docs/api/errors/20429), and after an unclear failure when a second time changes nothing
        more than the first."""
        url = f"https://{product}.twilio.com{path}"
        limited, failed = 0, 0
        while True:
            error, told = None, None
            with self.limiter.request() as seen:
                try:
                    response = self._client.request(method, url, params=params, data=data)
                except requests.RequestException as trouble:
                    unclear = not _never_sent(trouble)
                    error = Unreachable(method, self._shown(product, path), _reason(trouble))
                    final = isinstance(trouble, requests.exceptions.SSLError)
            if error is None:
                if response.status_code != 429:
                    self.limiter.accepted()
                if response.status_code < 400:
                    return response.text
                error = api_error(method, path.partition("?")[0], response.status_code, response.text)
                unclear = response.status_code >= 500
                final = not unclear
                told = response.headers.get("Retry-After")
                if response.status_code == 429:
                    self.limiter.refused(seen)
                    limited += 1
                    if limited < PATIENCE and not (told and told.isdigit() and int(told) > LONGEST_TOLD):
                        self.wait(limited, told)
                        continue
            failed += 1
            if unclear and not repeatable:
                raise Unclear(error) from None
            if final or failed == ATTEMPTS:
                raise error from None
            self.wait(failed, told)

    def _foreign(self, endpoint: Endpoint, row: Mapping) -> bool:
        return endpoint.names_account and row.get("account_sid", self.account_sid) != self.account_sid

    def _shown(self, product: str, path: str) -> str:
        base = self._base_url or f"https://{product}.twilio.com"
        return base.rstrip("/") + path.partition("?")[0]


def _outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except TrunklineError as error:
        return error


def _never_sent(error: requests.RequestException) -> bool:
    """Whether the connection was not even made."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    return isinstance(getattr(error.args[0] if error.args else None, "reason", None), NewConnectionError)


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
