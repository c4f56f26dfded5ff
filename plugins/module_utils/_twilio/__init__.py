# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's REST API, driven by the declarations of resources.

=================  ===================================================================================
resources/         one file for each kind of resource: its declaration (Resource, Endpoint) and its quirks
resources/account  the root that lists all kinds
endpoint.py        where a resource lives in the API, how its values travel, and the hooks for quirks
account_state.py   reads an account: the observed state, and the SIDs behind names
driver.py          writes: carries out a plan's steps (the Driver of `_core/apply.py`)
waiters.py         waits until Twilio shows a change that it has accepted
client.py          the only HTTP client: the SDK's, with paging, retries and concurrent requests
limiter.py         how many requests may be in flight (AIMD, as TCP)
errors.py          Twilio's refusals, with cause and fix
queries.py         what the read-only modules ask
validators.py      Twilio's own rules for single values
edges.py           the names of Twilio's edges
=================  ===================================================================================

A run reads with AccountState, plans with `_core`, and writes with TwilioDriver. These two know no single resource: what
only one resource does is a function in its own file, given to its Endpoint as a hook. The SDK is imported by client.py
alone, so declarations can be read where it is not installed. docs/howto/add-a-twilio-resource.md says how to add one.
"""
