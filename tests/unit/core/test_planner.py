# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The planner, on a service in memory: whatever is there and whatever is wanted, one run makes it so."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, strategies as st

from ansible_collections.trunkline.voice.plugins.module_utils._core import (
    apply as _apply,
    plan as _plan,
    planned_state as _planned,
)
from ansible_collections.trunkline.voice.plugins.module_utils._core.apply import Incomplete
from ansible_collections.trunkline.voice.plugins.module_utils._core.desire import desired
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import Impossible, InvalidInput
from ansible_collections.trunkline.voice.plugins.module_utils._core.plan import Plan, Policy
from ansible_collections.trunkline.voice.plugins.module_utils._core.resource import KEPT, SENT, Node, render

from .service import DESK, DRAWER, ROOM, STICKER, Service

SECRET = "Canary-of-the-planner-1"


def room(desk):
    """The desk where it stands, or the room without it."""
    return Node(ROOM, {"name": "room"}, {"desks": (desk,) if desk else ()}, "R")


def plan(want, seen, policy=Policy()):
    """The plan for one desk; None: it should not be there."""
    want = want or Node(DESK, seen.values if seen else {"name": "mine"}, state="absent")
    try:
        return _plan.plan(room(want), room(seen), policy)
    except Impossible as refusal:
        # What is kept may have a name that another wants.
        assume(" has it, and stays" not in refusal.what or not policy.keep_extras)
        raise


def planned_state(steps, seen, answers=None):
    desks = _planned.planned_state(steps, room(seen), answers).children["desks"]
    return desks[0] if desks else None


def apply(steps, seen, service):
    return _apply.apply(steps, room(seen), service)


def maybe(strategy):
    return st.none() | strategy


# Each has a name: of one that is wanted without, nobody says that its name may go to another.
drawers = st.lists(
    st.fixed_dictionaries(
        {"label": st.sampled_from("abcdef"), "note": st.sampled_from("wxyz")},
        optional={"depth": st.integers(1, 4), "key": st.just(SECRET)},
    ),
    unique_by=(lambda row: row["label"], lambda row: row["note"]),
)
options = st.fixed_dictionaries(
    {"name": st.just("mine")},
    optional={
        "colour": maybe(st.sampled_from(["white", "black"])),
        "wood": maybe(st.sampled_from(["oak", "ash"])),
        "tags": maybe(st.lists(st.sampled_from("pqr"), unique=True)),
        "stickers": maybe(st.lists(st.sampled_from("abc"), unique=True)),
        "drawers": maybe(drawers),
    },
)
shuffles = st.randoms().map(lambda random: random.shuffle)
policies = st.builds(Policy, keep_extras=st.frozensets(st.sampled_from(["stickers", "drawers"])))


def wanted(params):
    """As the modules do it: checked, and links given the id of what they lead to."""
    node = desired(DESK, params)
    links = {
        option: tuple(one.but(id=f"S-{one.values['name']}") if one.resource.link else one for one in nodes)
        for option, nodes in node.children.items()
    }
    return node.but(children=links)


def managed(node):
    return None if node is None else set(node.children)


def labels(params):
    return {row["label"] for row in (params or {}).get("drawers") or ()}


def there_is_room(before, params, policy):
    """Drawers that stay beside the wanted ones may be too many for the desk, which no plan can help."""
    return "drawers" not in policy.keep_extras or len(labels(before) | labels(params)) <= DRAWER.limit


@given(before=maybe(options), params=options, policy=policies, shuffle=shuffles)
def test_one_run_makes_it_so_and_the_second_plan_is_empty(before, params, policy, shuffle):
    assume(there_is_room(before, params, policy))
    service, want = Service(shuffle=shuffle), wanted(params)
    if before:
        service.put(wanted(before))
    seen = service.observe(DESK, "mine", managed(want))
    apply(plan(want, seen, policy), seen, service)
    assert plan(want, service.observe(DESK, "mine", managed(want)), policy) == Plan()


@given(before=maybe(options), params=options, policy=policies)
def test_the_projection_is_what_the_run_then_does(before, params, policy):
    assume(there_is_room(before, params, policy))
    service, want = Service(), wanted(params)
    if before:
        service.put(wanted(before))
    seen = service.observe(DESK, "mine", managed(want))
    steps = plan(want, seen, policy)
    expected = render(planned_state(steps, seen))
    apply(steps, seen, service)
    # A password that was sent cannot be read back; all else has to agree.
    assert unmarked(expected, managed(want)) == unmarked(render(service.observe(DESK, "mine")), managed(want))


def unmarked(shown, options):
    if isinstance(shown, dict):
        hidden = {"stickers", "drawers", "lamps"} - options
        return {k: unmarked(v, options) for k, v in shown.items() if k not in hidden}
    if isinstance(shown, list):
        return [unmarked(one, options) for one in shown]
    return KEPT if shown == SENT else shown


@given(before=options)
def test_removal_detaches_before_it_removes(before):
    service = Service()
    service.put(wanted(before))
    seen = service.observe(DESK, "mine")
    steps = plan(None, seen)
    assert planned_state(steps, seen) is None
    apply(steps, seen, service)
    assert service.rows == {}


@given(before=options, params=options, policy=policies, fail_at=st.integers(0, 8))
def test_a_run_that_broke_off_goes_on_from_there(before, params, policy, fail_at):
    assume(there_is_room(before, params, policy))
    service, want = Service(fail_at=fail_at), wanted(params)
    service.put(wanted(before))
    seen = service.observe(DESK, "mine", managed(want))
    steps = plan(want, seen, policy)
    if len(steps.steps) <= fail_at:
        return
    with pytest.raises(Incomplete) as caught:
        apply(steps, seen, service)
    assert caught.value.details["changed"] is (fail_at > 0)
    assert len(caught.value.details["applied"]) == fail_at
    assert len(caught.value.details["remaining"]) == len(steps.steps) - fail_at - 1
    assert SECRET not in str(caught.value) + repr(caught.value.details)
    service.fail_at = None
    seen = service.observe(DESK, "mine", managed(want))
    apply(plan(want, seen, policy), seen, service)
    assert plan(want, service.observe(DESK, "mine", managed(want)), policy) == Plan()


def test_what_was_not_given_is_not_managed():
    service = Service()
    service.put(wanted({"name": "mine", "colour": "black", "drawers": [{"label": "a"}], "stickers": ["s"]}))
    assert plan(wanted({"name": "mine"}), service.observe(DESK, "mine", set())) == Plan()


def test_an_empty_list_removes_all_of_it():
    service = Service()
    service.put(wanted({"name": "mine", "drawers": [{"label": "a"}, {"label": "b"}]}))
    steps = plan(wanted({"name": "mine", "drawers": []}), service.observe(DESK, "mine", {"drawers"}))
    assert [str(step) for step in steps.steps] == ["delete drawer a of desk mine", "delete drawer b of desk mine"]


def test_extras_stay_where_the_policy_keeps_them():
    service = Service()
    service.put(wanted({"name": "mine", "drawers": [{"label": "a"}]}))
    steps = plan(
        wanted({"name": "mine", "drawers": [{"label": "b"}]}),
        service.observe(DESK, "mine"),
        Policy(keep_extras=frozenset({"drawers"})),
    )
    assert [str(step) for step in steps.steps] == ["create drawer b of desk mine"]


def test_a_new_entry_is_there_before_the_old_one_goes():
    service = Service()
    service.put(wanted({"name": "mine", "stickers": ["old"]}))
    steps = plan(wanted({"name": "mine", "stickers": ["new"]}), service.observe(DESK, "mine", {"stickers"}))
    assert [str(step) for step in steps.steps] == [
        "attach sticker new to desk mine",
        "detach sticker old from desk mine",
    ]


def test_what_took_over_a_name_is_changed_in_place():
    service = Service()
    service.put(wanted({"name": "mine", "drawers": [{"label": "a", "note": "pens"}]}))
    want, seen = wanted({"name": "mine", "drawers": [{"label": "b", "note": "pens"}]}), service.observe(DESK, "mine")
    steps = plan(want, seen)
    assert [str(step) for step in steps.steps] == ["update drawer a of desk mine (label)"]
    apply(steps, seen, service)
    assert [row.values["label"] for row in service.observe(DESK, "mine").children["drawers"]] == ["b"]


def test_a_name_is_free_before_another_takes_it():
    service = Service()
    service.put(wanted({"name": "mine", "drawers": [{"label": "a", "note": "pens"}]}))
    renamed = {"name": "mine", "drawers": [{"label": "b", "note": "pens"}, {"label": "a", "note": "ink"}]}
    steps = plan(wanted(renamed), service.observe(DESK, "mine"))
    assert [str(step) for step in steps.steps] == [
        "update drawer a of desk mine (note)",
        "create drawer b of desk mine",
    ]


def test_a_secret_is_sent_once_unless_told_and_never_shown():
    want = wanted({"name": "mine", "drawers": [{"label": "a", "key": SECRET}]})
    service = Service()
    first = plan(want, None)
    shown = render(planned_state(first, None))
    assert shown["drawers"] == [{"label": "a", "depth": 3, "note": "a", "key": SENT}]
    apply(first, None, service)
    seen = service.observe(DESK, "mine")
    assert plan(want, seen) == Plan()
    resent = plan(want, seen, Policy(resend_secrets=True))
    assert [str(step) for step in resent.steps] == ["update drawer a of desk mine (key)"]
    assert render(seen)["drawers"][0]["key"] == KEPT
    assert render(planned_state(resent, seen))["drawers"][0]["key"] == SENT
    assert SECRET not in repr([str(step) for step in (*first.steps, *resent.steps)]) + repr(shown)


def test_a_list_compared_as_a_set_has_no_order():
    service = Service()
    service.put(wanted({"name": "mine", "tags": ["p", "q"]}))
    assert plan(wanted({"name": "mine", "tags": ["q", "p"]}), service.observe(DESK, "mine", set())) == Plan()


def test_of_two_seen_things_with_one_key_the_second_is_an_extra():
    drawers = tuple(Node(DRAWER, {"label": "a", "depth": 3}, id=i) for i in ("D1", "D2"))
    twice = Node(DESK, {"name": "mine"}, {"drawers": drawers}, "K1")
    steps = plan(wanted({"name": "mine", "drawers": [{"label": "a"}]}), twice)
    assert [(step.action, step.id) for step in steps.steps] == [("delete", "D2")]
    assert [node.id for node in planned_state(steps, twice).children["drawers"]] == ["D1"]


def test_removing_what_is_not_there_is_nothing():
    assert plan(None, None) == Plan()


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({}, "name is missing: a desk needs one."),
        ({"name": "d", "colour": "red"}, "colour must be one of white, black, not 'red'."),
        ({"name": "d", "drawers": [{"depth": 1}]}, "drawers[0].label is missing: a drawer needs one."),
        (
            {"name": "d", "drawers": [{"label": "a"}, {"label": "b"}, {"label": "a"}]},
            "drawers[2] repeats drawers[0]: drawer a is listed twice.",
        ),
        ({"name": "d", "stickers": ["s", "s"]}, "stickers[1] repeats stickers[0]: sticker s is listed twice."),
    ],
)
def test_wrong_options_are_named(params, problem):
    with pytest.raises(InvalidInput) as caught:
        desired(DESK, params)
    assert caught.value.details["problems"] == [problem]


def test_all_wrong_options_are_named_at_once():
    with pytest.raises(InvalidInput) as caught:
        desired(DESK, {"colour": "red", "drawers": [{}]})
    assert len(caught.value.details["problems"]) == 3


def test_a_link_knows_its_kind():
    assert STICKER.link and not DRAWER.link
