# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's own Python SDK, pointed at a twin: what it reads there is not read by our code."""

from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client


class TwinHttpClient(TwilioHttpClient):
    """Sends what is meant for any host of Twilio to one base URL, and keeps paths and queries."""

    def __init__(self, base_url, **options):
        super().__init__(**options)
        self.base = urlsplit(base_url)
        # A proxy of the environment would lead away from the laboratory.
        self.session.trust_env = False

    def request(self, method, url, *args, **kwargs):
        here = urlunsplit(urlsplit(url)._replace(scheme=self.base.scheme, netloc=self.base.netloc))
        return super().request(method, here, *args, **kwargs)


def client(base_url, account_sid, token, api_key=None, timeout=10):
    """A twilio.rest.Client of the account on the twin at ``base_url``, such as http://10.99.0.20:8080.

    ``token`` is the account's auth token, or with ``api_key`` (SK...) that key's secret.
    """
    return Client(api_key or account_sid, token, account_sid, http_client=TwinHttpClient(base_url, timeout=timeout))
