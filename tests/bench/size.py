# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of site.yml costs with thousands of phones, as a multiple of one with ten."""

from __future__ import annotations

from .hosts import PBX, run
from .lab import twin
from .runs import CONFIG, NO_CALL, SITE, middle

#: Phones, numbers and trunks.
SMALL, LARGE = (10, 10, 2), (3000, 1000, 20)
ROUNDS = 3
MOST_SAME, MOST_CHANGED = 2, 3
PROOF = "proof"


def measure(table):
    """In turns on the lab's PBX; Twilio's side is a twin of its own for each size, so that the lab's is not touched."""
    table.section(f"A run of site.yml with {described(LARGE)}, against one with {described(SMALL)}")
    small, large, changes = [], [], []
    try:
        with twin() as few, twin() as many:
            for index in range(ROUNDS):
                variables = inventory(few, SMALL)
                run(SITE, PROOF, **variables)
                small.append(same(variables))
                variables = inventory(many, LARGE)
                run(SITE, PROOF, **variables)
                many.requests()
                large.append(same(variables))
                asked = len(many.requests())
                variables["pbx_phones"][1500]["caller_name"] = f"Changed {index}"
                changes.append(run(SITE, PROOF, **variables))
                assert changes[-1].changed == {"localhost": 0, PBX: 1}, changes[-1].changed
    finally:
        run(SITE, **NO_CALL)
    least = middle(small)
    table.line(f"{described(SMALL)}, nothing to change", f"{least:.1f} s")
    for what, runs, most in (("nothing to change", large, MOST_SAME), ("one phone changed", changes, MOST_CHANGED)):
        seconds = middle(runs)
        table.line(what, f"{seconds:.1f} s ({seconds / least:.1f} times)", f"at most {most} times",
                   seconds <= most * least)
        table.line(f"{what}, in configure_asterisk", f"{sorted(one.of(CONFIG) for one in runs)[ROUNDS // 2]:.1f} s")
    table.line("nothing to change, requests to Twilio", str(asked))


def same(variables):
    """A run that changes nothing."""
    done = run(SITE, PROOF, **variables)
    assert not any(done.changed.values()), done.changed
    return done


def described(size):
    return "{:,} phones, {:,} numbers and {} trunks".format(*size)


def inventory(account, size):
    """Variables that win over those of the lab. The passwords are nobody's."""
    phones, numbers, trunks = size
    numbers = [f"+1775{number:07}" for number in range(numbers)]
    for number in numbers:
        account.own(number)
    return {
        **{f"twilio_trunk_{name}": account.given[name] for name in ("api_url", "account_sid", "auth_token")},
        "trunkline_trunks": [
            {
                "name": f"Size {trunk}", "domain": f"size-{trunk}.pstn.twilio.com", "caller_id": numbers[trunk],
                "ip_access_control_list": "Size", "credential_list": "Size", "username": f"size-{trunk}",
                "password": f"Size-of-bench-{trunk:04}",
            }
            for trunk in range(trunks)
        ],
        "pbx_phones": [
            {
                "name": str(10000 + phone), "password": f"Phone-of-bench-{phone:04}", "caller_name": f"Phone {phone}",
                "trunk": f"Size {phone % trunks}",
            }
            for phone in range(phones)
        ],
        "pbx_dids": [
            {"number": number, "phone": str(10000 + index % phones), "trunk": f"Size {index % trunks}"}
            for index, number in enumerate(numbers)
        ],
    }
