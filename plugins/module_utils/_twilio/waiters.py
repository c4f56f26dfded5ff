# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that Twilio accepts at once and carries out later: what follows must not meet the old state."""

from __future__ import annotations

import json
from functools import partial
from typing import Callable, Mapping, Optional

from .._core.errors import TrunklineError
from .._core.plan import DELETE, Step
from .account_state import AccountState
from .endpoint import camel
from .resources.dialing_permissions import BULK_UPDATES, COUNTRY
from .resources.phone_number import PHONE_NUMBER

LISTS_TRIES = 10            # seconds; lists on a trunk were seen to lag by less than five
REGISTRATION_TRIES = 60     # seconds; an address is registered with the emergency service


class Waiter:
    """Waits, within bounds, until Twilio shows what was asked for. `account` reads and holds the client."""

    def __init__(self, account: AccountState):
        self.account = account

    def lists(self, done: list[tuple[Step, tuple]]) -> list[str]:
        """Reads the lists that were changed until they show it.

        :param done: the steps and their parents. :returns: a warning for each list that still does not.
        """
        changed: dict[tuple, list[Step]] = {}
        for step, parents in done:
            changed.setdefault(parents, []).append(step)

        def shown() -> bool:
            reads = [partial(self.account.siblings, steps[0].resource, parents) for parents, steps in changed.items()]
            for parents, nodes in zip(list(changed), self.account.client.all(reads)):
                there = {node.key for node in nodes}
                if all((step.key[-1] in there) != (step.action == DELETE) for step in changed[parents]):
                    del changed[parents]
            return not changed

        return self._until(shown, lambda: "; ".join(str(step) for steps in changed.values() for step in steps))

    def permissions(self, steps: list[Step]) -> tuple[list, list[str]]:
        """Changes countries' dialing permissions, all in one request.

        :returns: as `_core.apply.Driver.carry_out`, and warnings.
        """
        account, fields = self.account, {field.name: field for field in COUNTRY.fields}
        seen = {row.key: row.values for row in account.known(COUNTRY.kind)}
        after = {step.key[-1]: {**seen[step.key[-1]], **step.values} for step in steps}
        request = [
            {fields[name].wire or name: str(value).lower() if isinstance(value, bool) else value
             for name, value in values.items()}
            for values in after.values()
        ]
        outcome = account.client.together([
            partial(account.client.post, BULK_UPDATES, {"UpdateRequest": json.dumps(request)})
        ])[0]
        if isinstance(outcome, TrunklineError):
            return [outcome, *[None] * (len(steps) - 1)], []

        def shown() -> bool:
            rows = {row.key: row.values for row in account.siblings(COUNTRY, ())}
            return all(rows[key] == values for key, values in after.items())

        return (
            [(step.id, after[step.key[-1]]) for step in steps],
            self._until(shown, lambda: "; ".join(map(str, steps))),
        )

    def _until(self, shown: Callable[[], bool], what: Callable[[], str]) -> list[str]:
        """Looks until it is shown. What was done is done: that it cannot be seen is a warning, and no failure."""
        try:
            for attempt in range(LISTS_TRIES):
                if attempt:
                    self.account.client.sleep(1)
                if shown():
                    return []
            return [f"Twilio accepted it, and after {LISTS_TRIES} s does not show it yet: {what()}."]
        except TrunklineError as error:
            return [f"Twilio accepted it, and whether it is shown cannot be seen: {what()}. {error}"]

    def emergency_address(self, sid: str, before: Optional[str], address_sid: Optional[str]) -> None:
        """Gives a number another emergency address, or none. One that has an address loses it first: Twilio registers
        the new one only after the old one is unregistered (https://www.twilio.com/docs/sip-trunking/emergency-calling).
        """
        if before:
            self._set(sid, None, "unregistered")
        if address_sid:
            self._set(sid, address_sid, "registered")

    def _set(self, sid: str, address_sid: Optional[str], wanted: str) -> None:
        client, endpoint = self.account.client, PHONE_NUMBER.service
        body: Mapping = client.update(endpoint, (), sid, {camel("emergency_address_sid"): address_sid or ""})
        for _ in range(REGISTRATION_TRIES):
            status = body.get("emergency_address_status")
            if status == wanted:
                return
            if status and status.endswith("failure"):
                break
            client.sleep(1)
            body = client.fetch(endpoint, (), sid)
        raise TrunklineError(
            f"The emergency address of {body.get('phone_number')} is {body.get('emergency_address_status')}, and not"
            f" {wanted}.",
            "Look at the address in Twilio's console, then run it again.",
        )
