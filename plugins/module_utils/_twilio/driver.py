# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes what is in a Twilio account, as the declarations say."""

from __future__ import annotations

from functools import partial
from typing import Mapping, Optional

from .._core.errors import TrunklineError
from .._core.plan import CREATE, DELETE, Step
from .._core.resource import Node
from .account_state import AccountState
from .client import ATTEMPTS
from .endpoint import Endpoint, camel, forms, values_of
from .errors import ApiError, Unclear
from .resources.phone_number import PHONE_NUMBER
from .resources.trunk import TRUNK_PHONE_NUMBER
from .waiters import Waiter

_TRUNK = camel(TRUNK_PHONE_NUMBER.service.held_by)


class TwilioDriver:
    """`_core.apply`'s driver for Twilio.

    :ivar warnings: what the user should know although nothing failed.
    """

    def __init__(self, account: AccountState):
        self.account, self.client = account, account.client
        self.warnings: list[str] = []
        self._settler = Waiter(account)

    def carry_out(self, wave: list) -> list:
        """See `_core.apply.Driver`."""
        resource = wave[0][0].resource
        if resource.reset_to is not None:
            outcomes, warnings = self._settler.permissions([step for step, _ in wave])
            self.warnings += warnings
            return outcomes
        outcomes = self.client.together([partial(self._one, step, parents[1:]) for step, parents in wave])
        if resource.service.lags:
            done = [job for job, outcome in zip(wave, outcomes) if isinstance(outcome, tuple)]
            self.warnings += self._settler.lists([(step, parents[1:]) for step, parents in done])
        return outcomes

    def _one(self, step: Step, parents: tuple) -> tuple[Optional[str], Mapping]:
        resource, endpoint = step.resource, step.resource.service
        if endpoint.held_by:
            sid = step.id or self.account.sid_of(resource.kind, step.key[-1][1])
            form = {_TRUNK: "" if step.action == DELETE else parents[-1]}
            return sid, values_of(resource, self._updated(endpoint, (), sid, form))
        if step.action == DELETE:
            if step.before.get("emergency_address"):
                self._settler.emergency_address(step.id, step.before["emergency_address"], None)
            self.client.delete(endpoint, parents, step.id)
            return step.id, {}
        values = dict(step.values)
        for field in resource.fields:
            if field.refers and field.name in values:
                values[field.name] = self.account.sid_of(field.refers, values[field.name])
        address = {name: values.pop(name) for name in ("emergency_address",) if name in values}
        parted, answered = forms(resource, values), {}
        sid, begun = step.id, False
        try:
            if step.action == CREATE:
                node = self._made(step, parents, parted.pop("", {}))
                sid, answered, begun = node.id, dict(node.values), True
                if not parents:
                    self.account.remember(node)
            for part, form in parted.items():
                body = self._updated(endpoint, parents, sid, form, part)
                answered.update(values_of(resource, body, part))
                begun = True
            for name, address_sid in address.items():
                self._settler.emergency_address(sid, step.before.get(name), address_sid)
                answered[name] = step.values[name]
        except TrunklineError as error:
            if not begun:
                raise
            details = {**error.details, "partly": True}
            raise TrunklineError(f"a part of it is done, then: {error.what}", error.fix, **details) from None
        return sid, self.account.named(Node(resource, answered))

    def _updated(self, endpoint: Endpoint, parents: tuple, sid: str, form: Mapping, part: str = "") -> Mapping:
        """Twilio's answer to a change. A number goes from one trunk to another in one step, as Twilio documents it;
        where that is refused it leaves the one first, as others report that it must."""
        update = partial(self.client.update, endpoint, parents, sid)
        try:
            return update(form, part)
        except ApiError as refusal:
            held = {number.id for number in self.account.known(PHONE_NUMBER.kind) if number.values.get("trunk")}
            if refusal.status != 400 or not form.get(_TRUNK) or sid not in held:
                raise
            try:
                update({_TRUNK: ""})
            except ApiError:
                raise refusal from None
        try:
            return update(form, part)
        except TrunklineError as error:
            raise TrunklineError(
                f"the number left its trunk and is on none now: {error.what}", error.fix, **error.details, partly=True
            ) from None

    def _made(self, step: Step, parents: tuple, form: Mapping) -> Node:
        """Makes a thing once. Where no answer tells whether it was made, it looks before it asks again."""
        resource, endpoint, unclear = step.resource, step.resource.service, False
        if resource.link:
            form = {endpoint.target_sid: step.id or self.account.sid_of(resource.kind, step.key[-1][1])}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                body = self.client.create(endpoint, parents, form)
            except (Unclear, ApiError) as error:
                taken = isinstance(error, ApiError) and error.code in endpoint.taken and (unclear or resource.link)
                if not taken and not isinstance(error, Unclear):
                    raise
                unclear = True
                self.client.wait(attempt)
                found = self._found_after_all(step, parents, form)
                if found:
                    return found
                if attempt == ATTEMPTS:
                    raise
                continue
            if body.get("account_sid", self.client.account_sid) != self.client.account_sid:
                self.client.delete(endpoint, parents, body["sid"])
            self.account.belongs(body)
            return self.account.node(resource, body)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _found_after_all(self, step: Step, parents: tuple, form: Mapping) -> Optional[Node]:
        """A thing that may have been made. A link is asked for itself, since lists of links lag."""
        resource, endpoint = step.resource, step.resource.service
        if not resource.link:
            return next((node for node in self.account.siblings(resource, parents) if node.key == step.key[-1]), None)
        try:
            return self.account.node(resource, self.client.fetch(endpoint, parents, form[endpoint.target_sid]))
        except ApiError as error:
            if error.status == 404:
                return None
            raise
