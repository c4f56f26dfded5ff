# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A full converge that is killed after each of its requests, and one on a line that fails one request in five: run
again, it ends in the same state, and nothing is there twice."""

from __future__ import annotations

import multiprocessing
import time
from functools import partial

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import run
from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError

from .accounts import CANARY, Twin
from .whole import FIRST, KILLED, SECOND, converge, converge_and_die, held

#: Of processes: an interpreter for each would take longer than what it does.
FORK = multiprocessing.get_context("fork")
#: Of each hundred requests twenty go wrong. A rule sees what those before it let pass.
MIXED = [{"kind": kind, "share": 0.0275} for kind in ("429", "500", "503", "reset", "lost", "lost-500", "problem")]
MIXED += [{"kind": "429-retry-after", "share": 0.02}, {"kind": "hang", "seconds": 1.5, "share": 0.004}]


@pytest.fixture
def twin(served):
    twin = Twin(served[0])
    yield twin
    twin.faults()


def fresh(twin):
    twin.empty()
    for number in (FIRST, SECOND):
        twin.own(number)


def wanted(twin):
    """The state after each of the two declarations, undisturbed, and how many requests it took."""
    fresh(twin)
    states, counts = [], []
    for step in (1, 2):
        twin.requests()
        converge(twin.given, step)
        counts.append(len(twin.requests()))
        states.append(held(twin.sdk))
    assert states[0] != states[1]
    return states, counts


@pytest.mark.parametrize("step", [1, 2])
def test_killed_after_each_request(twin, tmp_path, step):
    output = tmp_path / "output"
    states, counts = wanted(twin)
    for count in range(1, counts[step - 1] + 1):
        fresh(twin)
        if step == 2:
            converge(twin.given, 1)
        process = FORK.Process(target=converge_and_die, args=(count, twin.given, step, output))
        process.start()
        process.join(60)
        assert process.exitcode == KILLED, (count, output.read_text())
        assert CANARY not in output.read_text()
        converge(twin.given, step)
        assert held(twin.sdk) == states[step - 1], f"killed after request {count}"
        assert not converge(twin.given, step)["changed"]


@pytest.mark.parametrize("part", range(4))
def test_a_hundred_runs_on_a_bad_line(twin, monkeypatch, part):
    """What gives up says so cleanly, and goes on when it is run again."""
    states, dummy = wanted(twin)
    hasty = partial(run.ApiClient, sleep=lambda seconds: time.sleep(min(seconds, 0.002)))
    monkeypatch.setattr(run, "ApiClient", hasty)
    connection = {**twin.given, "timeout": 1}
    troubled = 0
    for seed in range(part * 25, part * 25 + 25):
        fresh(twin)
        for step in (1, 2):
            twin.faults(seed=seed, rules=MIXED)
            for _attempt in range(20):
                try:
                    converge(connection, step)
                    break
                except TrunklineError as error:
                    assert CANARY not in str(error) + repr(error.details)
            else:
                raise AssertionError(f"seed {seed} never got through")
            twin.faults()
            troubled += any(one["status"] in (None, 429, 500, 503) for one in twin.requests())
            assert held(twin.sdk) == states[step - 1], f"seed {seed}"
            assert not converge(twin.given, step)["changed"], f"seed {seed}"
    assert troubled > 40
