# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of site.yml costs with ten times the phones, numbers, menus and queues."""

from __future__ import annotations

from statistics import median

from . import size
from .hosts import PBX, run
from .lab import twin
from .runs import CONFIG, NO_CALL, SITE, middle

#: Phones, numbers, menus and queues.
SMALL, LARGE = (100, 50, 5, 5), (1000, 500, 50, 50)
MOST = LARGE[0] // SMALL[0]
ROUNDS = 2


def measure(table):
    """In turns on the lab's PBX, so that each run that is measured puts one company in the other's place."""
    table.section(f"A run of site.yml with {described(LARGE)}, against one with {described(SMALL)}")
    placed, same, key = {SMALL: [], LARGE: []}, {SMALL: [], LARGE: []}, []
    try:
        with twin() as few, twin() as many:
            companies = {SMALL: inventory(few, SMALL), LARGE: inventory(many, LARGE)}
            # The first queue loads a module, which restarts Asterisk.
            run(SITE, size.PROOF, **companies[LARGE])
            run(SITE, size.PROOF, **companies[SMALL])
            for index in range(ROUNDS):
                for which in (LARGE, SMALL):
                    placed[which].append(run(SITE, size.PROOF, **companies[which]))
                    assert placed[which][-1].changed[PBX], placed[which][-1].changed
                    same[which].append(size.same(companies[which]))
                    if which == LARGE:
                        companies[LARGE]["pbx_menus"][25]["keys"]["9"] = {"phone": str(10000 + index)}
                        key.append(run(SITE, size.PROOF, **companies[LARGE]))
                        assert key[-1].changed[PBX], key[-1].changed
    finally:
        run(SITE, **NO_CALL)
    compare(table, "rendered, checked and applied", placed)
    compare(table, "nothing to change", same)
    table.line("one key of a menu changed", f"{middle(key):.1f} s")


def compare(table, what, runs):
    """Print the time of whole runs of both companies, and of the same in configure_asterisk."""
    line(table, what, *(middle(runs[which]) for which in (SMALL, LARGE)))
    line(table, f"{what}, in configure_asterisk",
         *(median(one.of(CONFIG) for one in runs[which]) for which in (SMALL, LARGE)))


def line(table, what, few, many):
    """Print seconds of both, and how many times those of the small company the others are."""
    times = many / few
    table.line(what, f"{few:.1f} s : {many:.1f} s ({times:.1f} times)", f"at most {MOST} times", times <= MOST)


def described(company):
    return "{:,} phones, {:,} numbers, {} menus and {} queues".format(*company)


def inventory(account, company):
    """Variables of a company: numbers lead to menus, menus to queues, and each queue has ten phones."""
    phones, numbers, menus, queues = company
    made = size.inventory(account, (phones, numbers, 1))
    names = [row["name"] for row in made["pbx_phones"]]
    for index, row in enumerate(made["pbx_dids"]):
        row.pop("phone")
        row["to"] = {"menu": f"menu-{index % menus}"} if index % 2 else {"phone": names[index % phones]}
    return {
        **made,
        "pbx_menus": [
            {
                "name": f"menu-{menu}", "prompt": "demo-congrats",
                "keys": {"1": {"queue": f"queue-{menu % queues}"}, "2": {"menu": f"menu-{(menu + 1) % menus}"}},
                "otherwise": {"phone": names[menu]},
            }
            for menu in range(menus)
        ],
        "pbx_queues": [
            {
                "name": f"queue-{queue}", "members": [names[(10 * queue + place) % phones] for place in range(10)],
                "max_wait_seconds": 300, "otherwise": {"phone": names[queue]},
            }
            for queue in range(queues)
        ],
    }
