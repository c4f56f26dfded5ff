# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one HTTP client for Twilio in the collection.

Twilio's own SDK does authentication, regions, edges and HTTP (docs/decisions/0003-twilio-sdk.md). This adds another
base URL (for a twin), paging, concurrent requests, safe retries, and errors with their cause and fix.
"""

from __future__ import annotations

import json
import random
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Mapping, Sequence, TypeVar, cast
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
from .limiter import MAX_CONCURRENCY, ConcurrencyLimiter

PAGE_SIZE = 1000    # the most that Twilio gives; the default of 50 costs twenty times the requests
MAX_ATTEMPTS = 6                # of a request that got no answer or a 5xx
MAX_RATE_LIMITED_ATTEMPTS = 12  # of a request that was answered 429, which means nothing is wrong with it
MAX_BACKOFF = 5                 # seconds between two attempts, where Twilio sends no Retry-After
MAX_RETRY_AFTER = 120           # seconds; a longer Retry-After is reported as an error instead of being waited for


Result = TypeVar("Result")
Json = Mapping[str, Any]
Form = Mapping[str, str]


@dataclass(frozen=True)
class Credentials:
    """Either an auth token or an API key.

    Both need the account: the 2010 API has it in its paths.
    """

    account_sid: str
    auth_token: str | None = None
    api_key: str | None = None
    api_secret: str | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.account_sid})"


class _Http(TwilioHttpClient):
    """Twilio's HTTP client, redirected to another base URL where one is given."""

    def __init__(self, base_url: str | None, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.base_url = base_url.rstrip("/") if base_url else None
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=MAX_CONCURRENCY))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        if self.base_url:
            parts = urlsplit(url)
            url = f"{self.base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, url, *args, **kwargs)


class ApiClient:
    """Sends requests to one account. Thread-safe.

    :param base_url: where a twin of Twilio listens; all products share it. None: Twilio itself.
    :param timeout: seconds for one answer.
    :param sleep: waits a number of seconds; tests pass their own.
    """

    def __init__(
        self,
        credentials: Credentials,
        base_url: str | None = None,
        region: str | None = None,
        edge: str | None = None,
        timeout: float = 30,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
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
            user_agent_extensions=["trunkline.voice"],
        )

    def together(self, calls: Sequence[Callable[[], Result]]) -> list[Result | TrunklineError | None]:
        """Make calls concurrently, as many at once as the service takes.

        :returns: for each, in order: its result; a TrunklineError that it raised; None where it was not begun because
            another had failed.
        """
        if len(calls) == 1:
            return [_outcome(calls[0])]
        stop = threading.Event()

        def one(call: Callable[[], Result]) -> Result | TrunklineError | None:
            if stop.is_set():
                return None
            outcome = _outcome(call)
            if isinstance(outcome, TrunklineError):
                stop.set()
            return outcome

        with ThreadPoolExecutor(max_workers=min(MAX_CONCURRENCY, len(calls) or 1)) as pool:
            return list(pool.map(one, calls))

    def all(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """Make calls concurrently; return each result, in order, or raise the first error."""
        outcomes = self.together(calls)
        for outcome in outcomes:
            if isinstance(outcome, TrunklineError):
                raise outcome
        return cast("list[Result]", outcomes)   # no call failed, so none was left out

    def rows(self, endpoint: Endpoint, parents: tuple[str, ...] = (), **filters: str) -> Iterator[Json]:
        """Yield every row of a collection, page by page.

        Twilio asks clients to follow the next link. Only its path is followed: a twin or a proxy may have another name.
        The 2010 API has the account in its paths, so a row of another account was not requested and is left out;
        `AccountState.check_owner` refuses those of the other APIs.
        """
        path = endpoint.collection(self.account_sid, parents)
        params: Mapping[str, Any] | None = {"PageSize": PAGE_SIZE, **filters}
        followed: set[str] = set()
        while path:
            if path in followed:
                where = self._shown(endpoint.product, path)
                raise Unreachable("GET", where, "its pages lead back to an earlier one, so they never end")
            followed.add(path)
            page = self._json("GET", endpoint.product, path, params)
            if not isinstance(page.get(endpoint.rows), list):
                where = self._shown(endpoint.product, path)
                raise Unreachable("GET", where, f"the answer has no list {endpoint.rows}, so it is not from Twilio")
            yield from (row for row in page[endpoint.rows] if not self._foreign(endpoint, row))
            link = page["meta"].get("next_page_url") if "meta" in page else page.get("next_page_uri")
            parts = urlsplit(link or "")
            path, params = parts.path + (f"?{parts.query}" if parts.query else ""), None

    def fetch(self, endpoint: Endpoint, parents: tuple[str, ...], sid: str) -> Json:
        """Fetch one row."""
        return self._json("GET", endpoint.product, endpoint.instance(self.account_sid, parents, sid))

    def create(self, endpoint: Endpoint, parents: tuple[str, ...], form: Form) -> Json:
        """Create a row; return Twilio's answer.

        :raises Unclear: where nobody knows whether it was created.
        """
        path = endpoint.collection(self.account_sid, parents)
        return self._json("POST", endpoint.product, path, data=form, repeatable=False)

    def update(self, endpoint: Endpoint, parents: tuple[str, ...], sid: str, form: Form, part: str = "") -> Json:
        """Update a row, or a part that has a path of its own below it; return Twilio's answer."""
        return self._json("POST", endpoint.product, endpoint.instance(self.account_sid, parents, sid, part), data=form)

    def post(self, endpoint: Endpoint, form: Form) -> Json:
        """POST an idempotent request; return Twilio's answer."""
        return self._json("POST", endpoint.product, endpoint.collection(self.account_sid, ()), data=form)

    def delete(self, endpoint: Endpoint, parents: tuple[str, ...], sid: str) -> None:
        """Delete a row. A row that no longer exists is no error."""
        try:
            self._request("DELETE", endpoint.product, endpoint.instance(self.account_sid, parents, sid))
        except TrunklineError as error:
            if error.details.get("status") != 404:
                raise

    def wait(self, attempt: int, retry_after: str | None = None) -> None:
        """Back off: Retry-After, or 0.2 s doubling; with jitter, so that many clients do not return together."""
        if retry_after and retry_after.isdigit():
            seconds = float(retry_after)
        else:
            seconds = min(float(MAX_BACKOFF), 0.2 * 2 ** (attempt - 1))
        self.sleep(seconds * random.uniform(1, 1.25))

    def _json(
        self, method: str, product: str, path: str, params: Json | None = None, data: Form | None = None,
        repeatable: bool = True,
    ) -> Json:
        text = self._request(method, product, path, params, data, repeatable)
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, Mapping):
            where = self._shown(product, path)
            raise Unreachable(method, where, "the answer is no JSON object, so it is not from Twilio")
        return answer

    def _request(
        self, method: str, product: str, path: str, params: Json | None = None, data: Form | None = None,
        repeatable: bool = True,
    ) -> str:
        """Send one request, and retry it where that is safe.

        It is safe after a 429, which Twilio never processed (https://www.twilio.com/docs/api/errors/20429), and after
        an unclear failure of an idempotent request.
        """
        url = f"https://{product}.twilio.com{path}"
        limited, failed = 0, 0
        while True:
            error: TrunklineError | None = None
            retry_after = None
            with self.limiter.request() as token:
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
                    return str(response.text)
                error = api_error(method, path.partition("?")[0], response.status_code, response.text)
                unclear = response.status_code >= 500
                final = not unclear
                retry_after = response.headers.get("Retry-After")
                if response.status_code == 429:
                    self.limiter.refused(token)
                    limited += 1
                    if limited < MAX_RATE_LIMITED_ATTEMPTS and not _too_long(retry_after):
                        self.wait(limited, retry_after)
                        continue
            failed += 1
            if unclear and not repeatable:
                raise Unclear(error) from None
            if final or failed == MAX_ATTEMPTS:
                raise error from None
            self.wait(failed, retry_after)

    def _foreign(self, endpoint: Endpoint, row: Json) -> bool:
        """Return whether a row of the 2010 API belongs to another account."""
        return endpoint.names_account and row.get("account_sid", self.account_sid) != self.account_sid

    def _shown(self, product: str, path: str) -> str:
        base = self._base_url or f"https://{product}.twilio.com"
        return base.rstrip("/") + path.partition("?")[0]


def _outcome(call: Callable[[], Result]) -> Result | TrunklineError:
    try:
        return call()
    except TrunklineError as error:
        return error


def _too_long(retry_after: str | None) -> bool:
    return bool(retry_after and retry_after.isdigit() and int(retry_after) > MAX_RETRY_AFTER)


def _never_sent(error: requests.RequestException) -> bool:
    """Return whether no connection was made, so that Twilio cannot have seen the request."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    return isinstance(getattr(error.args[0] if error.args else None, "reason", None), NewConnectionError)


def _reason(error: requests.RequestException) -> str:
    """Return the reason in a few words; the library's own text repeats itself and the address."""
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
