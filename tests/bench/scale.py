# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What large accounts cost."""

from __future__ import annotations

import ipaddress
import time

from tests.contract.accounts import CANARY

from .lab import emptied, module_run

LATENCY = 0.1   # seconds
SECOND_OF_OUR_OWN = 1.0


def numbers(count):
    return [f"+1775{n:07}" for n in range(count)]


def addresses(count, start="10.0.0.0"):
    first = int(ipaddress.IPv4Address(start))
    return [{"ip_address": str(ipaddress.IPv4Address(first + n)), "name": f"host{n}"} for n in range(count)]


def credentials(count):
    return [{"username": f"user{n}", "password": CANARY} for n in range(count)]


KINDS = {
    "credentials of a list": lambda n: {"credential_lists": [{"name": "L", "credentials": credentials(n)}]},
    "addresses of a list": lambda n: {"ip_access_control_lists": [{"name": "L", "addresses": addresses(n)}]},
    "access control lists": lambda n: {"ip_access_control_lists": [{"name": f"L{i}"} for i in range(n)]},
    "trunks": lambda n: {"trunks": [{"name": f"T{i}", "domain_name": f"t{i}.pstn.twilio.com"} for i in range(n)]},
    "numbers of a trunk": lambda n: {"trunks": [{"name": "T", "phone_numbers": numbers(n)}]},
}


def calls(account, table):
    """Requests of a run that changes nothing, against one GET for each entry, as a refresh of Terraform's does."""
    table.section("Requests of a run that changes nothing (against one GET an entry)")
    for kind, declare in KINDS.items():
        for count in (10, 100, 1000):
            emptied(account)
            for number in numbers(count) if "numbers" in kind else ():
                account.own(number)
            module_run(account, declare(count))
            account.requests()
            result, dummy, dummy = module_run(account, declare(count))
            assert not result["changed"]
            asked = len(account.requests())
            goal = "at most 10" if count == 1000 else ""
            table.line(f"{count} {kind}", f"{asked} ({asked / count:.3f})", goal, asked <= 10)


def large():
    """100 trunks, 1,000 numbers, 10 access control lists of 100 addresses, 1,000 credentials."""
    each = numbers(1000)
    return {
        "ip_access_control_lists": [
            {"name": f"ACL {n}", "addresses": addresses(100, f"10.{n}.0.0")} for n in range(10)
        ],
        "credential_lists": [{"name": "Logins", "credentials": credentials(1000)}],
        "trunks": [
            {
                "name": f"Trunk {n}", "domain_name": f"trunk-{n}.pstn.twilio.com",
                "ip_access_control_lists": [f"ACL {n % 10}"], "credential_lists": ["Logins"],
                "origination_urls": [{"sip_url": f"sip:pbx{n}.example.com", "name": "pbx"}],
                "phone_numbers": each[n * 10:n * 10 + 10],
            }
            for n in range(100)
        ],
    }


def whole_account(account, table):
    """A large account, read while each answer takes 100 ms."""
    table.section("An account of 100 trunks, 1,000 numbers, 1,000 addresses and 1,000 credentials; answers take 100 ms")
    emptied(account)
    for number in numbers(1000):
        account.own(number)
    dummy, dummy, idle = module_run(account, {})
    module_run(account, large())
    account.requests()
    account.faults(latency=LATENCY)
    result, seconds, peak = module_run(account, large())
    assert not result["changed"]
    asked = len(account.requests())
    one_by_one = asked * LATENCY
    table.line("requests", f"{asked} (1 : {3110 / asked:.0f} of a GET an entry)")
    table.line("time, against its requests one by one", f"{seconds:.1f} s (1 : {one_by_one / seconds:.0f})")
    table.line("memory, against a process that only imports", f"{peak:.0f} MiB ({peak / idle:.2f} times)")

    small = {"trunks": large()["trunks"][:1]}
    module_run(account, small)
    result, seconds, dummy = module_run(account, small)
    bound = 3 * LATENCY + SECOND_OF_OUR_OWN
    table.line(
        "one trunk of it, time", f"{seconds:.2f} s ({seconds / LATENCY:.1f} round trips)",
        f"3 round trips + 1 s = {bound:.1f} s", seconds <= bound,
    )
    logins = {"credential_lists": large()["credential_lists"]}
    result, seconds, dummy = module_run(account, logins)
    assert not result["changed"]
    table.line(
        "1,000 credentials of it, time", f"{seconds:.2f} s ({seconds / LATENCY:.1f} round trips)",
        f"3 round trips + 1 s = {bound:.1f} s", seconds <= bound,
    )


def thousand_credentials(account, table):
    """1,000 credentials made while answers take 100 ms and too many of them are refused with 429."""
    table.section("1,000 credentials made; answers take 100 ms, and beyond 20 at once or 120 a second there is 429")
    emptied(account)
    account.faults(latency=LATENCY, concurrency=20, per_second=120)
    begin = time.monotonic()
    for row in credentials(20):
        account.run("credentials", {"name": "Serial", "credentials": [row], "keep_extra": ["credentials"]})
    # Two reads and one write a run: the write is what a client that works one by one would take for each.
    serial = (time.monotonic() - begin) / 20 / 3 * 1000
    account.requests()
    dummy, seconds, dummy = module_run(account, KINDS["credentials of a list"](1000))
    refused = sum(one["status"] == 429 for one in account.requests())
    account.faults()
    made = [row.username for one in account.sdk.sip.credential_lists.list() if one.friendly_name == "L"
            for row in account.sdk.sip.credential_lists(one.sid).credentials.list()]
    table.line("time", f"{seconds:.1f} s (1 : {serial / seconds:.0f} of one by one)", "at most 15 s", seconds <= 15)
    table.line("one by one, from 20 of them", f"{serial:.0f} s")
    table.line("answered 429", str(refused))
    table.line("lost", str(1000 - len(set(made))), "none", len(set(made)) == 1000)
    table.line("made twice", str(len(made) - len(set(made))), "none", len(made) == len(set(made)))
