# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of site.yml costs on a host that is as it should be, as a multiple of a play with one task."""

from __future__ import annotations

from statistics import median

from .hosts import PBX, run

SITE, PING = "playbooks/site.yml", "tests/bench/plays/ping.yml"
CONFIG = "trunkline.voice.configure_asterisk"
ROUNDS = 3
MOST_PINGS, MOST_SECONDS = 6, 1.0
# A proof by a call is as long as the call.
NO_CALL = {"verify_number": ""}
PHONE_PASSWORD = "{{ lookup('ansible.builtin.env', 'TRUNKLINE_PHONE_PASSWORD') }}"


def named(name):
    """The inventory's only phone, with another caller name."""
    return {"pbx_phones": [{"name": "1001", "password": PHONE_PASSWORD, "caller_name": name}]}


def measure(table):
    """In turns, as other work on the machine falls on all of them; the median counts."""
    table.section("A run of site.yml, against a play with one task on the same host")
    pings, facts, same, changes = [], [], [], []
    try:
        for index in range(ROUNDS):
            phone = named(f"Bench {index}")
            pings.append(run(PING))
            changes.append(run(SITE, **NO_CALL, **phone))
            assert changes[-1].changed == {"localhost": 0, PBX: 1}, changes[-1].changed
            pings.append(run(PING))
            same.append(run(SITE, **NO_CALL, **phone))
            assert not any(same[-1].changed.values()), same[-1].changed
            facts.append(run(PING, facts=True))
    finally:
        run(SITE, **NO_CALL)
    called = run(SITE)
    ping = middle(pings)
    table.line("one task", f"{ping:.2f} s")
    for what, runs in (("one task and the host's facts", facts), ("nothing to change, proved by a call", [called])):
        table.line(what, f"{middle(runs):.1f} s ({middle(runs) / ping:.1f} times)")
    print_runs(table, "nothing to change", same, ping, goal=True)
    print_runs(table, "one phone changed", changes, ping)
    table.section("The longest tasks of a run that changes nothing")
    for name, seconds in dearest(same):
        table.line(name.removeprefix("trunkline.voice."), f"{seconds:.2f} s")


def print_runs(table, what, runs, ping, goal=False):
    done = [task for task in runs[0].tasks if not task.skipped]
    seconds = middle(runs)
    table.line(f"{what}, tasks", f"{len(done)} ({len(runs[0].tasks) - len(done)} skipped)")
    table.line(f"{what}, time", f"{seconds:.1f} s ({seconds / ping:.1f} times)",
               f"at most {MOST_PINGS} times" if goal else "", not goal or seconds <= MOST_PINGS * ping)
    config = median(run.of(CONFIG) for run in runs)
    table.line(f"{what}, in configure_asterisk", f"{config:.2f} s",
               f"at most {MOST_SECONDS:.0f} s" if goal else "", not goal or config <= MOST_SECONDS)


def middle(runs):
    return median(run.seconds for run in runs)


def dearest(runs):
    """The five tasks that took longest: (name, seconds)."""
    rows = [(task.name, median(run.tasks[index].seconds for run in runs))
            for index, task in enumerate(runs[0].tasks)]
    return sorted(rows, key=lambda row: -row[1])[:5]
