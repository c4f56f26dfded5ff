# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for recorded calls: whose calls they are, who is told, and who has the key."""

from __future__ import annotations

import re

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import pbx
from labtest.dialled import rendered

from ..inventory.features.test_wrong_n8n import ROUTE
from ..inventory.features.test_wrong_recording import RIGHT
from ..inventory.features.test_wrong_values import RIGHT as WITHOUT
from ..inventory.whole import HOST, files, whole
from .dialplan import read
from .test_incoming import reached

NAMES = ("extensions.conf", "features.conf", "pjsip.conf")
ANNOUNCE, RECORD = "Gosub(announce,s,1)", "GosubIf($[\"${PROOF}\" = \"\"]?record-caller,s,1)"


@pytest.fixture(scope="module")
def tree():
    return rendered(RIGHT, *NAMES)


@pytest.fixture(scope="module")
def contexts(tree):
    return read(tree["extensions.conf"])


def endpoint(tree, name):
    return re.search(rf"^\[{name}\]\(phone-base\).*?(?=^\[)", tree["pjsip.conf"], re.M | re.S)[0]


def test_a_number_is_recorded_before_it_goes_on_and_not_in_a_proof(contexts):
    numbers = contexts["numbers"].extensions
    assert numbers["+17756187988"][-2:] == [RECORD, "Goto(hours-office,s,1)"]
    assert RECORD not in numbers["+17756187989"]
    assert contexts["announce"].extensions["s"][2:] == ["Answer()", "Playback(company/recorded)", "Return()"]


def test_whoever_calls_a_recorded_phone_is_told(contexts):
    internal = contexts["internal"].extensions
    # Calls that all go elsewhere by a code are not recorded here, and nobody is told so.
    assert internal["1001"][:2] == ["Gosub(forwarded,s,1(1001,always))", ANNOUNCE] and ANNOUNCE not in internal["1002"]
    assert ANNOUNCE in contexts["ring-group-sales"].extensions["s"]


def test_the_calls_of_a_group_and_of_a_queue_are_recorded_where_they_say_so():
    group = {**RIGHT["pbx_ring_groups"][0], "record": "always"}
    queue = {"name": "support", "members": ["1001"], "record": "always"}
    inventory = {**RIGHT, "pbx_ring_groups": [group], "pbx_queues": [queue]}
    found = read(rendered(inventory, "extensions.conf")["extensions.conf"])
    assert found["ring-group-sales"].extensions["s"][:2] == ["Set(RINGING=)", "Gosub(record-caller,s,1)"]
    assert found["queue-support"].extensions["s"][:2] == ["Answer()", "Gosub(record-caller,s,1)"]


def test_who_joins_a_recorded_conference_is_told_and_his_record_names_the_file():
    board = {"name": "board", "pin": "271828", "leader_pin": "31415926", "record": "always"}
    inventory = {
        **RIGHT, "pbx_conferences": [board, {"name": "open", "pin": "271828"}],
        "pbx_menus": [{**RIGHT["pbx_menus"][0], "otherwise": {"conference": "board"}}]}
    found = read(rendered(inventory, "extensions.conf")["extensions.conf"])
    steps = found["conference-board"].extensions["s"]
    for user in ("member", "leader"):
        at = steps.index(f"ConfBridge(board,,{user}-conference-board)")
        assert steps[at - 1] == "Gosub(record-conference,s,1(board))"
    assert "record" not in "".join(found["conference-open"].extensions["s"])
    told, *steps = found["record-conference"].extensions["s"]
    assert told == ANNOUNCE and "Set(MASTER_CHANNEL(CDR(recording))=${ALL:1})" in steps
    assert reached(found, "record-conference") == {"record-conference", "announce"}
    name = next(step for step in steps if "RECORDED_AS" in step)
    used = steps.index("Set(NAME=${GLOBAL(RECORDED_AS_${ARG1})})")
    assert "=${FILTER(0-9A-Za-z." in name and steps.index(name) < used
    command = next(step for step in steps if "record_command" in step)
    assert command.endswith("/join_recording.py ${NAME})")


def test_whom_a_recorded_phone_calls_is_told_and_an_emergency_call_is_not(contexts):
    told = '${IF($["${RECORD}" = "always"]?A(company/recorded))}'
    for name in ("call", "dial"):
        steps = contexts[name].extensions["s"]
        dial = next(at for at, step in enumerate(steps) if step.startswith("Dial("))
        assert told in steps[dial] and "record,s,1(caller)" in steps[dial - 1]
    (emergency,) = (one for name, one in contexts.items() if name.startswith("emergency-"))
    assert emergency.extensions and all("Set(RECORD=)" in steps for steps in emergency.extensions.values())


def test_the_key_is_of_phones_that_have_it(tree):
    assert "set_var = DYNAMIC_FEATURES=record\nset_var = RECORD=always\n" in endpoint(tree, "1001")
    assert "DYNAMIC_FEATURES" not in endpoint(tree, "1002") and tree["pjsip.conf"].count("DYNAMIC_FEATURES") == 1
    assert "\nrecord = *1,self,Gosub(record-key,s,1)\n" in tree["features.conf"]
    assert "DYNAMIC_FEATURES" not in tree["extensions.conf"]


def test_a_recording_calls_nobody(contexts):
    assert reached(contexts, "record-key") | reached(contexts, "record-caller") == {
        "record-key", "record-caller", "record", "record-on", "record-beep", "announce"}


def test_the_key_for_a_recording_of_another_channel_is_there_where_the_inventory_says_so(tree, contexts):
    """Only a phone gets it, not who answers outside. It begins no recording, and calls nobody but who keyed."""
    assert "pause" not in tree["features.conf"] + tree["pjsip.conf"] and "pause-key" not in contexts
    paused = rendered({**RIGHT, "pbx_recording": {**RIGHT["pbx_recording"], "phones_pause": True}}, *NAMES)
    found = read(paused["extensions.conf"])
    assert "\npause = *1,peer,Gosub(pause-key,s,1)\n" in paused["features.conf"]
    assert 'GosubIf($["${ARG1}" = ""]?record-other,s,1)' in found["answered"].extensions["s"]
    assert found["taken-outside"].extensions["s"][-2] == "Gosub(answered,s,1(outside ${ARG1}))"
    (whisper,) = (one for one in found["record-beep"].extensions["s"] if one.startswith("Originate("))
    assert whisper.endswith(",app,ChanSpy,${DYNAMIC_WHO_ACTIVATED}\\,qwSE,,,av(SOUND=${ARG1}))")
    own = 'GotoIf($["${MASTER_CHANNEL(RECORDED_BY)}" = "${CHANNEL(name)}"]?record-key,s,1)'
    assert found["pause-key"].extensions["s"] == [own, "Gosub(record-beep,s,1(beeperr))", "Return()"]
    assert reached(found, "pause-key") == {"pause-key", "record-key", "record-on", "record-beep"}


@pytest.mark.parametrize(("major", "empty"), [(22, ",,"), (16, ",,,")])
def test_who_takes_a_call_from_a_queue_has_the_key_on_the_channel_of_the_queue(major, empty):
    """Asterisk 16 has a macro's name before that of the subroutine. The phone's own key goes, or it would hide it."""
    queue = {"name": "support", "members": ["1001"]}
    inventory = {**RIGHT, "pbx_queues": [queue], "pbx_recording": {**RIGHT["pbx_recording"], "phones_pause": True}}
    (dialplan,) = files("pbx", pbx.context(whole(inventory).hosts[HOST], {}, {}, major), "extensions.conf.j2")
    found = read(dialplan)
    assert f"Queue(support,Cir,,,600{empty}queue-key)" in found["queue-support"].extensions["s"]
    given = 'Set(DYNAMIC_FEATURES=${IF($["${QUEUED}" = "" | "${ARG1}" = "queue"]?pause)})'
    assert given in found["record-other"].extensions["s"]
    assert found["queue-key"].extensions["s"] == [
        'GosubIf($["${CUT(CHANNEL(name),@,2):0:13}" = "phone-members"]?record-other,s,1(queue))', "Return()"]


def test_what_a_channel_says_is_no_part_of_a_command(contexts):
    """MixMonitor gives its last argument to a shell: it has the id of the call, filtered, and the time."""
    steps = contexts["record-on"].extensions["s"]
    assert r"Set(NAME=${FILTER(0-9A-Za-z.\x2d,${CHANNEL(linkedid)})}-${STRFTIME(,,%s%3q)})" in steps
    assert next(step for step in steps if "MixMonitor" in step).endswith("/join_recording.py ${NAME})")


def test_n8n_has_a_call_recorded_where_its_row_allows_it():
    for allowed in (True, False):
        inventory = {**RIGHT, "pbx_n8n": [{**ROUTE, "may_record": allowed}],
                     "pbx_menus": [{**RIGHT["pbx_menus"][0], "otherwise": {"n8n": "reception"}}]}
        steps = read(rendered(inventory, "extensions.conf")["extensions.conf"])["n8n-reception"].extensions["s"]
        assert ('GosubIf($["${N8N_RECORD}" = "1"]?record-caller,s,1)' in steps) == allowed


def test_without_it_there_is_nothing_of_it():
    for text in rendered({**WITHOUT, "pbx_recording": {"days": 1}}, *NAMES).values():
        assert "RECORD" not in text and "record" not in text.replace("written by hand", "") and "announce," not in text
