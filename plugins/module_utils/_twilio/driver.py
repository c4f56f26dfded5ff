# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out the steps of a plan in a Twilio account."""

from __future__ import annotations

from functools import partial
from typing import Any, Mapping

from .._core.apply import Answer, Job, Outcome
from .._core.errors import TrunklineError
from .._core.plan import CREATE, DELETE, Step
from .._core.resource import Node
from .account_state import AccountState
from .client import MAX_ATTEMPTS
from .endpoint import camel, endpoint_of, forms, values_of
from .errors import ApiError, Unclear
from .waiters import wait_until_shown


class TwilioDriver:
    """`_core.apply`'s driver for Twilio.

    :ivar warnings: what the user should know although nothing failed.
    """

    def __init__(self, account: AccountState) -> None:
        self.account, self.client = account, account.client
        self.warnings: list[str] = []

    def carry_out(self, wave: list[Job]) -> list[Outcome]:
        """See `_core.apply.Driver`."""
        jobs = [(step, parents[1:]) for step, parents in wave]    # the outermost parent is the account itself
        endpoint = endpoint_of(wave[0][0].resource)
        if endpoint.write_all:
            outcomes, warnings = endpoint.write_all(self.account, [step for step, dummy in jobs])
            self.warnings += warnings
            return outcomes
        outcomes = self.client.together([partial(self._write, step, parents) for step, parents in jobs])
        if endpoint.lags:
            self.warnings += self._wait_for_lists([
                job for job, outcome in zip(jobs, outcomes) if isinstance(outcome, tuple)
            ])
        return outcomes

    def _wait_for_lists(self, done: list[Job]) -> list[str]:
        """Read the lists that steps have changed until they show it; returns a warning if they do not."""
        changed: dict[tuple[str, ...], list[Step]] = {}
        for step, parents in done:
            changed.setdefault(parents, []).append(step)

        def shown() -> bool:
            reads = [partial(self.account.siblings, steps[0].resource, parents) for parents, steps in changed.items()]
            for parents, nodes in zip(list(changed), self.client.all(reads)):
                keys = {node.key for node in nodes}
                if all((step.key[-1] in keys) != (step.action == DELETE) for step in changed[parents]):
                    del changed[parents]
            return not changed

        def waiting() -> str:
            return "; ".join(str(step) for steps in changed.values() for step in steps)

        return wait_until_shown(shown, waiting, self.client.sleep)

    def _write(self, step: Step, parents: tuple[str, ...]) -> Answer:
        endpoint = endpoint_of(step.resource)
        if endpoint.held_by:
            return self._hold(step, parents)
        if step.action == DELETE:
            if endpoint.before_delete:
                endpoint.before_delete(self.account, step)
            self.client.delete(endpoint, parents, str(step.id))
            return step.id, {}
        return self._save(step, parents)

    def _hold(self, step: Step, parents: tuple[str, ...]) -> Answer:
        """Attach or detach a link that a field of its target holds."""
        resource, endpoint = step.resource, endpoint_of(step.resource)
        sid = step.id or self.account.sid_of(resource.kind, step.key[-1][1])
        form = {camel(endpoint.held_by): "" if step.action == DELETE else parents[-1]}
        return sid, values_of(resource, self._update(step, (), sid, form))

    def _save(self, step: Step, parents: tuple[str, ...]) -> Answer:
        """Create or update a row, then its parts, then the fields that have a writer of their own."""
        resource, endpoint = step.resource, endpoint_of(step.resource)
        values = self._with_sids(step)
        written_alone = {name: values.pop(name) for name in endpoint.writers if name in values}
        parted = forms(resource, values)
        answered: dict[str, Any] = {}
        sid, begun = step.id, False
        try:
            if step.action == CREATE:
                node = self._create(step, parents, parted.pop("", {}))
                sid, answered, begun = node.id, dict(node.values), True
                if not parents:
                    self.account.remember(node)
            for part, form in parted.items():
                answered.update(values_of(resource, self._update(step, parents, str(sid), form, part), part))
                begun = True
            for name, value in written_alone.items():
                endpoint.writers[name](self.account, str(sid), step.before.get(name), value)
                answered[name] = step.values[name]
        except TrunklineError as error:
            if not begun:
                raise
            details = {**error.details, "partly": True}
            raise TrunklineError(f"a part of it is done, then: {error.what}", error.fix, **details) from None
        return sid, self.account.named(Node(resource, answered))

    def _with_sids(self, step: Step) -> dict[str, Any]:
        """Return the step's values, with SIDs for the names of other resources."""
        values = dict(step.values)
        for field in step.resource.fields:
            if field.refers and values.get(field.name) is not None:
                values[field.name] = self.account.sid_of(field.refers, values[field.name])
        return values

    def _update(
        self, step: Step, parents: tuple[str, ...], sid: str, form: Mapping[str, str], part: str = ""
    ) -> Mapping[str, Any]:
        endpoint = endpoint_of(step.resource)
        if endpoint.update:
            return endpoint.update(self.account, sid, form)
        return self.client.update(endpoint, parents, sid, form, part)

    def _create(self, step: Step, parents: tuple[str, ...], form: Mapping[str, str]) -> Node:
        """Create a row exactly once. If it is unclear whether a request created it, look before trying again."""
        resource, endpoint, unclear = step.resource, endpoint_of(step.resource), False
        if resource.link:
            form = {endpoint.target_sid: step.id or self.account.sid_of(resource.kind, step.key[-1][1])}
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                body = self.client.create(endpoint, parents, form)
            except (Unclear, ApiError) as error:
                taken = isinstance(error, ApiError) and error.code in endpoint.taken and (unclear or resource.link)
                if not taken and not isinstance(error, Unclear):
                    raise
                unclear = True
                self.client.wait(attempt)
                found = self._find_created(step, parents, form)
                if found:
                    return found
                if attempt == MAX_ATTEMPTS:
                    raise
                continue
            if body.get("account_sid", self.client.account_sid) != self.client.account_sid:
                self.client.delete(endpoint, parents, body["sid"])
            self.account.check_owner(body)
            return self.account.node(resource, body)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _find_created(self, step: Step, parents: tuple[str, ...], form: Mapping[str, str]) -> Node | None:
        """Look for a row that a request may have created. A link is fetched itself, since lists of links lag."""
        resource, endpoint = step.resource, endpoint_of(step.resource)
        if not resource.link:
            return next((node for node in self.account.siblings(resource, parents) if node.key == step.key[-1]), None)
        try:
            return self.account.node(resource, self.client.fetch(endpoint, parents, form[endpoint.target_sid]))
        except ApiError as error:
            if error.status == 404:
                return None
            raise
