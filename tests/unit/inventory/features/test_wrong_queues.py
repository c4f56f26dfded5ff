# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queues that cannot be: each wrong value is a sentence that names its variable."""

from __future__ import annotations

import pytest

from ..whole import whole
from .test_wrong_values import NOTHING, RIGHT as WITHOUT, changed

SUPPORT = {
    "name": "support", "members": ["1001"], "agents": ["1002"], "prompt": "company/wait", "announce_position": True,
    "when_full": {"hangup": "busy"}, "when_no_member": {"announcement": "closed"}, "otherwise": {"ring_group": "sales"}}
RIGHT = {**WITHOUT, "pbx_dids": [{"number": "+17756187988", "to": {"queue": "support"}}, *WITHOUT["pbx_dids"][1:]],
         "pbx_queues": [SUPPORT], "pbx_phones": [{**WITHOUT["pbx_phones"][0], "when_busy": {"hours": "office"}},
                                                 WITHOUT["pbx_phones"][1]]}
QUEUE = ("pbx_queues", 0)
WRONG = [
    (("pbx_queues",), "support", "pbx_queues must be a list of dicts, not a text"),
    (("pbx_queues",), {"support": SUPPORT}, "pbx_queues must be a list of dicts, not a dict: begin each with a dash"),
    (("pbx_queues",), [], "pbx_dids[0].to names queue 'support', which is not in pbx_queues."),
    (("pbx_queues", "+"), SUPPORT, "pbx_queues[1].name repeats pbx_queues[0]: 'support' is there twice."),
    (("pbx_dids", 0, "to"), {"queue": "sales"}, "is not in pbx_queues; did you mean {ring_group: sales}?"),
    (("pbx_dids", 0, "to"), {"queues": "support"}, "pbx_dids[0].to.queues is no option: did you mean queue?"),
    (("pbx_dids", 0, "to"), {"queue": "support", "menu": "main"}, "pbx_dids[0].to names 2 destinations"),
    ((*QUEUE, "name"), "general", "pbx_queues[0].name must not be 'general', which Asterisk reads as the settings of"),
    ((*QUEUE, "name"), "Support", "pbx_queues[0].name must be 1 to 32 of a-z"),
    ((*QUEUE, "name"), "sup,port", "pbx_queues[0].name must be 1 to 32 of a-z"),
    ((*QUEUE, "name"), "sup]\nmember => Local/+1@outbound", "pbx_queues[0].name must be 1 to 32 of a-z"),
    ((*QUEUE, "name"), NOTHING, "pbx_queues[0].name is missing"),
    ((*QUEUE, "name"), "left", "pbx_queues[0].name must not be 'left', which the dialplan has for callers"),
    (("pbx_queues", 0), {**SUPPORT, "members": [], "agents": []}, "pbx_queues[0].members is empty: name at least one"),
    (("pbx_queues", 0), {"name": "support"}, "pbx_queues[0].members is empty: name at least one phone."),
    ((*QUEUE, "agents"), ["1003"], "pbx_queues[0].agents[0] names '1003', which is not in pbx_phones."),
    ((*QUEUE, "agents"), ["1002", "1002"], "pbx_queues[0].agents[1] repeats '1002'."),
    ((*QUEUE, "agents"), "1002,1001",
     "pbx_queues[0].agents[1] names '1001', which is in members as well: a member cannot log out."),
    ((*QUEUE, "agents"), ["*45"], "pbx_queues[0].agents[0] names '*45', which is not in pbx_phones."),
    ((*QUEUE, "agents"), ["+12025550143"], "pbx_queues[0].agents[0] names '+12025550143', which is not in pbx_phones."),
    ((*QUEUE, "agents"), True, "pbx_queues[0].agents must be a list, not true or false"),
    ((*QUEUE, "agents"), {"1002": True}, "pbx_queues[0].agents must be a list, not a dict"),
    ((*QUEUE, "agents"), [["1002"]], "pbx_queues[0].agents[0] must be one text, not a list"),
    (("pbx_feature_codes",), {"queue_log_in": None},
     "pbx_queues[0].agents is given, and pbx_feature_codes.queue_log_in is null: nobody could log in."),
    (("pbx_feature_codes",), {"queue_pause": "*45"}, "pbx_feature_codes.queue_pause is *45, which is the code of"),
    (("pbx_feature_codes",), {"queue_pause": "45"}, "pbx_feature_codes.queue_pause must be * or #"),
    (("pbx_feature_codes",), {"intercom": "*4"}, "pbx_feature_codes.queue_log_in is *45, which begins with *4, the"),
    (("pbx_hours", 0, "override_code"), "*46", "pbx_hours[0].override_code is *46, which pbx_feature_codes.queue_pau"),
    ((*QUEUE, "penalties"), {"1003": 1}, "pbx_queues[0].penalties.1003 is of nobody in the queue"),
    ((*QUEUE, "penalties"), {"1001": 101}, "pbx_queues[0].penalties.1001 must be a whole number from 0 to 100, not '1"),
    ((*QUEUE, "penalties"), {"1001": -1}, "pbx_queues[0].penalties.1001 must be a whole number from 0 to 100, not '-1"),
    ((*QUEUE, "penalties"), {"1001": 1.5}, "pbx_queues[0].penalties has 1001, which must be text"),
    ((*QUEUE, "penalties"), {"1001": "07"}, "pbx_queues[0].penalties.1001 must be a whole number from 0 to 100, not '"),
    ((*QUEUE, "penalties"), {"1001": "0,1,PJSIP/1"}, "pbx_queues[0].penalties.1001 must be a whole number from 0 to 1"),
    ((*QUEUE, "penalties"), {"1001": None}, "pbx_queues[0].penalties must have a text for 1001, not null"),
    ((*QUEUE, "penalties"), {"1001": True}, "pbx_queues[0].penalties.1001 must be a whole number from 0 to 100"),
    ((*QUEUE, "penalties"), ["1001"], "pbx_queues[0].penalties must be a dict, not a list"),
    ((*QUEUE, "penalties"), 5, "pbx_queues[0].penalties must be a dict, not a number"),
    ((*QUEUE, "keys"), {"10": {"phone": "1001"}}, "pbx_queues[0].keys.10 is no key: there are 0 to 9, star and pound."),
    ((*QUEUE, "keys"), {"*": {"phone": "1001"}}, "pbx_queues[0].keys.* is no key: there are"),
    ((*QUEUE, "keys"), {"_X.": {"phone": "1001"}}, "pbx_queues[0].keys._X. is no key: there are"),
    ((*QUEUE, "keys"), {1: {"phone": "1001"}, "1": {"phone": "1002"}}, "pbx_queues[0].keys.1 is given twice."),
    ((*QUEUE, "keys"), {"1": "1001"}, "pbx_queues[0].keys.1 must be a dict of phone"),
    ((*QUEUE, "keys"), {"1": {"phone": "1003"}}, "pbx_queues[0].keys.1 names phone '1003', which is not in pbx_phones"),
    ((*QUEUE, "keys"), {"1": {"outbound": "1"}}, "pbx_queues[0].keys.1.outbound is no option"),
    ((*QUEUE, "keys"), ["1"], "pbx_queues[0].keys must be a dict, not a list"),
    ((*QUEUE, "join_needs"), "yes", "pbx_queues[0].join_needs must be one of registered, not_paused, nobody, not 'yes"),
    ((*QUEUE, "join_needs"), False, "pbx_queues[0].join_needs must be one of registered, not_paused, nobody, not fals"),
    ((*QUEUE, "stay_needs"), "strict", "pbx_queues[0].stay_needs must be one of registered, not_paused, nobody"),
    (("pbx_queues", 0), {**SUPPORT, "join_needs": "nobody", "stay_needs": "nobody"},
     "pbx_queues[0].when_no_member is given, and no call goes there: join_needs and stay_needs are nobody."),
    ((*QUEUE, "announce_seconds"), 14, "pbx_queues[0].announce_seconds must be from 15 to 3600, not 14."),
    ((*QUEUE, "announce_seconds"), "never", "pbx_queues[0].announce_seconds must be a whole number"),
    ((*QUEUE, "announce_wait"), "once", "pbx_queues[0].announce_wait must be true or false"),
    ((*QUEUE, "service_level_seconds"), -1, "pbx_queues[0].service_level_seconds must be from 0 to 3600, not -1."),
    ((*QUEUE, "service_level_seconds"), 3601, "pbx_queues[0].service_level_seconds must be from 0 to 3600"),
    ((*QUEUE, "strategy"), "rrordered", "pbx_queues[0].strategy must be one of ringall"),
    ((*QUEUE, "members"), ["1003"], "pbx_queues[0].members[0] names '1003', which is not in pbx_phones."),
    ((*QUEUE, "members"), ["1001", "1001"], "pbx_queues[0].members[1] repeats '1001'."),
    ((*QUEUE, "members"), ["+12025550143"], "pbx_queues[0].members[0] names '+12025550143', which is not in pbx_phon"),
    ((*QUEUE, "members"), ["Local/1@outbound"], "pbx_queues[0].members[0] names 'Local/1@outbound', which is not in"),
    ((*QUEUE, "members"), ["sales"], "pbx_queues[0].members[0] names 'sales', which is not in pbx_phones."),
    ((*QUEUE, "members"), [{"phone": "1001"}], "pbx_queues[0].members[0] must be one text, not a dict"),
    ((*QUEUE, "strategy"), "linear", "pbx_queues[0].strategy must be one of ringall, rrmemory, leastrecent, fewestcal"),
    ((*QUEUE, "strategy"), "all", "pbx_queues[0].strategy must be one of ringall"),
    ((*QUEUE, "seconds"), 4, "pbx_queues[0].seconds must be from 5 to 300, not 4."),
    ((*QUEUE, "seconds"), 301, "pbx_queues[0].seconds must be from 5 to 300, not 301."),
    ((*QUEUE, "seconds"), "20s", "pbx_queues[0].seconds must be a whole number"),
    ((*QUEUE, "wrap_up_seconds"), -1, "pbx_queues[0].wrap_up_seconds must be from 0 to 3600, not -1."),
    ((*QUEUE, "wrap_up_seconds"), 3601, "pbx_queues[0].wrap_up_seconds must be from 0 to 3600"),
    ((*QUEUE, "max_callers"), 0, "pbx_queues[0].max_callers must be from 1 to 1000, not 0."),
    ((*QUEUE, "max_callers"), 1001, "pbx_queues[0].max_callers must be from 1 to 1000"),
    ((*QUEUE, "max_callers"), True, "pbx_queues[0].max_callers must be a whole number"),
    ((*QUEUE, "max_wait_seconds"), 9, "pbx_queues[0].max_wait_seconds must be from 10 to 7200, not 9."),
    ((*QUEUE, "max_wait_seconds"), 7201, "pbx_queues[0].max_wait_seconds must be from 10 to 7200"),
    ((*QUEUE, "max_wait_seconds"), "00:10:00", "pbx_queues[0].max_wait_seconds must be a whole number"),
    ((*QUEUE, "announce_position"), "sometimes", "pbx_queues[0].announce_position must be true or false"),
    ((*QUEUE, "prompt"), "wait&welcome", "pbx_queues[0].prompt must be the name of a sound file"),
    ((*QUEUE, "prompt"), "/tmp/wait", "pbx_queues[0].prompt must be the name of a sound file"),
    ((*QUEUE, "when_full"), {}, "pbx_queues[0].when_full is empty."),
    ((*QUEUE, "when_full"), "hangup", "pbx_queues[0].when_full must be a dict of phone"),
    ((*QUEUE, "when_full"), {"hangup": "full"}, "pbx_queues[0].when_full.hangup must be one of normal, busy"),
    ((*QUEUE, "when_empty"), {"hangup": "busy"}, "pbx_queues[0].when_empty is no option"),
    ((*QUEUE, "when_no_member"), {"phone": "1003"}, "pbx_queues[0].when_no_member names phone '1003', which is not in"),
    ((*QUEUE, "otherwise"), {"queue": "support"},
     "pbx_queues: a call would go round for ever, queue support → queue support"),
    ((*QUEUE, "when_full"), {"queue": "support"}, "a call would go round for ever, queue support → queue support"),
    ((*QUEUE, "when_no_member"), {"queue": "suport"}, "pbx_queues[0].when_no_member names queue 'suport'"),
    (("pbx_announcements", 0, "then"), {"queue": "support"}, "a call would go round for ever, "),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(sentence in problem for problem in problems), problems


def test_the_right_queue_is_right():
    inventory = whole(RIGHT)
    assert (inventory.problems, inventory.warnings) == ([], [])


@pytest.mark.parametrize(("path", "value"), [
    ((*QUEUE, "members"), 1001), ((*QUEUE, "agents"), 1002), ((*QUEUE, "members"), []), ((*QUEUE, "members"), NOTHING),
    ((*QUEUE, "penalties"), {1001: 0, "1002": 100}), ((*QUEUE, "penalties"), {}), ((*QUEUE, "keys"), {}),
    ((*QUEUE, "keys"), {1: {"queue": "support"}}), ((*QUEUE, "stay_needs"), "nobody"),
    ((*QUEUE, "agents"), NOTHING), (("pbx_feature_codes",), {"queue_pause": None}),
    ((*QUEUE, "seconds"), "5"), ((*QUEUE, "name"), "general-support"),
    ((*QUEUE, "prompt"), NOTHING), ((*QUEUE, "otherwise"), NOTHING), ((*QUEUE, "max_wait_seconds"), 7200),
])
def test_what_is_odd_and_right_is_taken(path, value):
    inventory = changed(path, value, RIGHT)
    inventory["pbx_dids"][0]["to"] = {"queue": inventory["pbx_queues"][0]["name"]}
    assert whole(inventory).problems == []
