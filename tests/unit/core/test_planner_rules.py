# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The planner's rules for a whole account: what moves, what is always there, what would remove too much."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._core.desire import desired
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import (
    Impossible,
    InvalidInput,
    TrunklineError,
)
from ansible_collections.trunkline.voice.plugins.module_utils._core.plan import Plan, Policy, plan
from ansible_collections.trunkline.voice.plugins.module_utils._core.planned_state import planned_state
from ansible_collections.trunkline.voice.plugins.module_utils._core.renames import rename_order
from ansible_collections.trunkline.voice.plugins.module_utils._core.report import change
from ansible_collections.trunkline.voice.plugins.module_utils._core.resource import (
    KEPT,
    SENT,
    Field,
    Node,
    Resource,
    render,
)

from .service import DESK, DOOR, DRAWER, LAMP, ROOM, STICKER

SECRET = "Canary-of-the-rules-1"


def want(**options):
    return desired(ROOM, {"name": "room", **options})


def seen(**children):
    return Node(ROOM, {"name": "room"}, children, "R")


def desk(name, **children):
    return Node(DESK, {"name": name}, children, f"K-{name}")


def links(resource, *names):
    return tuple(Node(resource, {"name": name}, id=f"L-{name}") for name in names)


def drawers(**notes):
    rows = [{"label": label, "depth": 3, "note": note} for label, note in notes.items()]
    return tuple(Node(DRAWER, row, id=f"D-{row['label']}") for row in rows)


def told(steps):
    return [str(step) for step in steps.steps]


def test_a_thing_that_can_be_in_one_place_only_moves_without_a_gap():
    before = seen(desks=(desk("a", lamps=links(LAMP, "l")), desk("b", lamps=())))
    steps = plan(want(desks=[{"name": "a", "lamps": []}, {"name": "b", "lamps": ["l"]}]), before)
    assert told(steps) == ["attach lamp l to desk b"]
    after = planned_state(steps, before).children["desks"]
    assert [render(one)["lamps"] for one in after] == [[], ["l"]]


def test_a_move_counts_as_no_removal():
    before = seen(desks=(desk("a", lamps=links(LAMP, "l", "m")), desk("b", lamps=())))
    rows = [{"name": "a", "lamps": []}, {"name": "b", "lamps": ["l", "m"]}]
    assert len(plan(want(desks=rows), before, Policy(removal_limit=0)).steps) == 2
    with pytest.raises(TrunklineError, match="would remove 1 of 4 managed resources"):
        plan(want(desks=[rows[0], {"name": "b", "lamps": ["l"]}]), before, Policy(removal_limit=0))


def test_two_desks_cannot_have_the_same_lamp():
    with pytest.raises(InvalidInput, match="desk a and desk b name the same lamp in lamps; only one can"):
        want(desks=[{"name": "a", "lamps": ["l"]}, {"name": "b", "lamps": ["l"]}])


def test_two_drawers_cannot_have_the_same_note():
    with pytest.raises(InvalidInput, match="drawer a and drawer b have the same note"):
        want(desks=[{"name": "d", "drawers": [{"label": "a", "note": "n"}, {"label": "b", "note": "n"}]}])


def test_what_is_always_there_is_closed_and_not_removed():
    doors = tuple(Node(DOOR, {"name": name, "open": True}, id=f"O-{name}") for name in "ab")
    before = seen(doors=doors)
    steps = plan(want(doors=[{"name": "a", "open": True}]), before)
    assert told(steps) == ["update door b (open)"]
    assert [row.values["open"] for row in planned_state(steps, before).children["doors"]] == [True, False]
    assert plan(want(doors=[{"name": "a"}]), before, Policy(keep_extras=frozenset({"doors"}))) == Plan()


def test_what_is_always_there_cannot_be_made():
    with pytest.raises(Impossible, match="There is no door z in this account"):
        plan(want(doors=[{"name": "z", "open": True}]), seen(doors=()))


def test_a_thing_that_others_may_have_made_is_removed_only_by_name():
    before = seen(desks=(desk("a"), desk("b")))
    assert plan(want(desks=[{"name": "a"}]), before) == Plan()
    steps = plan(want(desks=[{"name": "a"}, {"name": "b", "state": "absent"}]), before)
    assert told(steps) == ["delete desk b"]


def test_removals_run_against_the_order_of_making():
    before = seen(desks=(desk("a", stickers=links(STICKER, "s"), drawers=drawers(x="x")),))
    steps = plan(want(desks=[{"name": "a", "stickers": [], "drawers": []}]), before)
    assert told(steps) == ["delete drawer x of desk a", "detach sticker s from desk a"]


def test_things_of_all_parents_are_made_in_one_wave():
    steps = plan(want(desks=[{"name": name, "drawers": [{"label": "x"}]} for name in "abc"]), seen(desks=()))
    assert [[str(step) for step in wave] for wave in steps.waves] == [
        [f"create desk {name}" for name in "abc"],
        [f"create drawer x of desk {name}" for name in "abc"],
    ]


def test_what_needs_another_of_its_kind_is_made_after_it():
    floor = Resource(kind="floor", option="floors", identity=("number",), depth=lambda values: values["number"],
                     fields=(Field("number", type="int"),))
    house = Resource(kind="house", identity=(), fields=(), children=(floor,))
    rows = [{"number": number} for number in (2, 0, 1)]
    steps = plan(desired(house, {"floors": rows}), Node(house, {}, {"floors": ()}, "H"))
    assert [wave[0].values["number"] for wave in steps.waves] == [0, 1, 2]
    there = tuple(Node(floor, row, id=f"F{row['number']}") for row in rows)
    steps = plan(desired(house, {"floors": []}), Node(house, {}, {"floors": there}, "H"))
    assert [wave[0].before["number"] for wave in steps.waves] == [2, 1, 0]


def test_a_name_that_is_needed_is_freed_first():
    before = seen(desks=(desk("d", drawers=drawers(a="old", b="new")),))
    steps = plan(want(desks=[{"name": "d", "drawers": [{"label": "a", "note": "new"}]}]), before)
    assert told(steps) == ["delete drawer b of desk d", "update drawer a of desk d (note)"]


def test_a_name_that_is_kept_by_another_is_an_error():
    before = seen(desks=(desk("d", drawers=drawers(a="old", b="new")),))
    wish = want(desks=[{"name": "d", "drawers": [{"label": "a", "note": "new"}]}])
    with pytest.raises(Impossible, match="drawer a cannot have the note new: drawer b has it, and stays"):
        plan(wish, before, Policy(keep_extras=frozenset({"drawers"})))


def test_room_is_made_only_for_what_would_not_fit():
    before = seen(desks=(desk("d", drawers=drawers(a="a", b="b", c="c")),))
    rows = [{"label": label} for label in "wxyz"]
    assert told(plan(want(desks=[{"name": "d", "drawers": rows[:2]}]), before)) == [
        "delete drawer a of desk d",
        "create drawer w of desk d", "create drawer x of desk d",
        "delete drawer b of desk d", "delete drawer c of desk d",
    ]


def test_more_than_the_service_takes_is_a_warning():
    rows = [{"label": label} for label in "vwxyz"]
    (warning,) = plan(want(desks=[{"name": "d", "drawers": rows}]), seen(desks=(desk("d", drawers=()),))).warnings
    assert warning.startswith("desk d would have 5 drawers; the service takes 4")


def test_names_that_go_round_are_handed_on_one_at_a_time():
    before = seen(desks=(desk("d", drawers=drawers(a="x", b="y")),))
    rows = [{"label": "a", "note": "y"}, {"label": "b", "note": "x"}]
    steps = plan(want(desks=[{"name": "d", "drawers": rows}]), before)
    assert [[(step.key[-1][1], step.values["note"]) for step in wave] for wave in steps.waves] == [
        [("a", "x (was)")], [("b", "x")], [("a", "y")],
    ]


def test_names_that_cannot_be_parked_are_refused():
    plate = Resource(kind="plate", option="plates", identity=("id",), alternate_key="text",
                     fields=(Field("id"), Field("text", unique=True)))
    wall = Resource(kind="wall", identity=(), fields=(), children=(plate,))
    there = tuple(Node(plate, {"id": i, "text": t}, id=i) for i, t in ("ax", "by"))
    rows = [{"id": "a", "text": "y"}, {"id": "b", "text": "x"}]
    with pytest.raises(Impossible, match="x and y cannot change places among plates in one run"):
        plan(desired(wall, {"plates": rows}), Node(wall, {}, {"plates": there}, "W"))


@pytest.mark.parametrize(
    ("moves", "order", "parked"),
    [
        ({}, {}, set()),
        ({"1": ("a", "a")}, {"1": 0}, set()),
        ({"1": ("a", "b"), "2": ("b", "c")}, {"1": 1, "2": 0}, set()),
        ({"2": ("b", "c"), "1": ("a", "b"), "3": ("c", "d")}, {"1": 2, "2": 1, "3": 0}, set()),
        ({"1": ("a", "b"), "2": ("b", "a")}, {"1": 2, "2": 1}, {"1"}),
        ({"1": ("a", "b"), "2": ("b", "c"), "3": ("c", "a")}, {"1": 3, "2": 2, "3": 1}, {"1"}),
    ],
)
def test_turns(moves, order, parked):
    assert rename_order(moves) == (order, parked)


def test_what_a_new_thing_needs_is_asked_for_before_anything_is_written():
    box = Resource(kind="box", option="boxes", identity=("name",), fields=(Field("name"), Field("lock", needed=True)))
    shelf = Resource(kind="shelf", identity=(), fields=(), children=(box,))
    there = Node(shelf, {}, {"boxes": (Node(box, {"name": "old"}, id="B"),)}, "S")
    assert plan(desired(shelf, {"boxes": [{"name": "old"}]}), there) == Plan()
    with pytest.raises(Impossible, match="Box new of shelf  does not exist yet, and a new one needs a lock"):
        plan(desired(shelf, {"boxes": [{"name": "new"}]}), there)


def test_a_thing_that_is_only_made_when_asked_is_an_error_where_it_is_not():
    pet = Resource(kind="pet", option="pets", identity=("name",), create_state="bought", delete_state="given-away",
                   additive=True, fields=(Field("name"),))
    home = Resource(kind="home", identity=(), fields=(), children=(pet,))
    empty, owned = (Node(home, {}, {"pets": rows}, "H") for rows in ((), (Node(pet, {"name": "p"}, id="P"),)))

    def steps(state, observed):
        return told(plan(desired(home, {"pets": [{"name": "p", "state": state}]}), observed))

    with pytest.raises(Impossible, match="There is no pet p in this account. .* state: bought makes it"):
        steps("present", empty)
    assert steps("bought", empty) == ["create pet p"]
    assert steps("present", owned) == steps("bought", owned) == []
    assert steps("given-away", owned) == ["delete pet p"]


def test_a_plan_that_would_remove_too_much_is_refused():
    before = seen(desks=(desk("d", drawers=drawers(a="a", b="b", c="c")),))
    empty = want(desks=[{"name": "d", "drawers": []}])
    with pytest.raises(TrunklineError, match="would remove 3 of 4 managed resources, which is more than 50 %") as no:
        plan(empty, before, Policy(removal_limit=50))
    assert len(no.value.details["removals"]) == 3
    assert len(plan(empty, before, Policy(removal_limit=75)).steps) == 3
    doors = tuple(Node(DOOR, {"name": str(n), "open": False}, id=f"O{n}") for n in range(100))
    with pytest.raises(TrunklineError, match="would remove 3 of 4 managed resources"):
        plan(empty, before.but(children={**before.children, "doors": doors}), Policy(removal_limit=50))
    named = want(desks=[{"name": "d", "state": "absent"}])
    assert told(plan(named, before, Policy(removal_limit=0))) == ["delete desk d"]


def test_changes_are_told_as_data_without_a_secret():
    before = seen(desks=(desk("d", drawers=drawers(a="a")),))
    rows = [{"label": "a", "key": SECRET, "depth": 5}, {"label": "b", "key": SECRET}]
    steps = plan(want(desks=[{"name": "d", "drawers": rows}]), before, Policy(resend_secrets=True))
    changes = [change(step) for step in steps.steps]
    assert [one["action"] for one in changes] == ["change", "add"]
    assert changes[0]["what"] == "drawer a of desk d"
    assert changes[0]["fields"] == {"depth": {"before": 3, "after": 5}, "key": {"before": KEPT, "after": SENT}}
    assert changes[1]["fields"]["key"] == {"before": None, "after": SENT}
    assert SECRET not in repr(changes)
    removed = plan(want(desks=[{"name": "d", "drawers": []}]), before)
    assert [change(step) for step in removed.steps] == [
        {"action": "remove", "what": "drawer a of desk d", "fields": {}, "note": ""}
    ]
