# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for the records of calls: a line of JSON, whatever the values are."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import records
from labtest.dialled import rendered

from .dialplan import read
from .test_incoming import RIGHT


@pytest.fixture(scope="module")
def tree():
    return rendered(
        RIGHT, "cdr_custom.conf", "cel.conf", "cel_custom.conf", "extensions.conf", "modules.conf", "pjsip.conf")


def line(template: str, value: str) -> str:
    """Put a value where the outermost ${…} stand, as Asterisk does."""
    while (inner := re.sub(r"\$\{[^{}]*\}", value, template)) != template:
        template = inner
    return template


def test_a_line_is_json(tree):
    template = re.search(r"^calls\.json => \$\{FILTER\(0,\)\}(.*)$", tree["cdr_custom.conf"], re.M)[1]
    row = json.loads(line(template, "7"))
    assert list(row) == [name for name, dummy in records.fields({"pbx_queues": []})]
    assert row["duration"] == 7 and row["start"] == "7"


@pytest.mark.parametrize(("extra", "read"), [("", []), ('{"hangupcause":16,"hangupsource":"a\\"b"}', [
    {"hangupcause": 16, "hangupsource": 'a"b'}])])
def test_a_line_of_an_event_is_json(tree, extra, read):
    template = re.search(r"^events\.json => \$\{FILTER\(0,\)\}(.*)$", tree["cel_custom.conf"], re.M)[1]
    row = json.loads(line(template.replace("${eventextra}", extra), "7"))
    assert list(row) == [name for name, dummy in records.EVENT_FIELDS]
    assert (row["eventtime"], row["extra"]) == ("7", read)


def test_events_are_recorded_and_none_of_them_twice(tree):
    assert re.search("^enable = yes\napps = queue,voicemail\nevents = CHAN_START,.*,HANGUP$", tree["cel.conf"], re.M)
    assert not {"CHAN_END", "LINKEDID_END", "ALL", "DTMF"} & set(records.EVENTS)


def characters(allowed):
    """Return the ASCII characters that FILTER lets through."""
    plain = re.sub(r"\\x([0-9a-f]{2})", lambda one: re.escape(chr(int(one[1], 16))), allowed)
    return {chr(code) for code in range(128) if re.fullmatch(f"[{plain}]", chr(code))}


def test_no_value_ends_its_string():
    """A value is filtered of what would, or is escaped, or is a number, or is JSON of Asterisk's own."""
    for name, value in (*records.FIELDS, *records.EVENT_FIELDS):
        if name not in ("duration", "billsec", "sequence", "extra"):
            allowed = re.fullmatch(r'"\$\{FILTER\(([^,]*),.*\)\}"', value)
            assert not set('"\\') & characters(allowed[1]) if allowed else (
                value.startswith("${QUOTE(${FILTER(\\x20-\\x7e")), name


def test_each_leg_tells_its_quality(tree):
    assert tree["pjsip.conf"].count("set_var = CHANNEL(hangup_handler_push)=leg-ended,s,1(") == 2
    assert "leg-ended" in read(tree["extensions.conf"])


def test_only_a_leg_that_was_called_in_vain_has_no_record(tree):
    """One that called has its own, whether or not it was answered, and one that took a call tells its quality."""
    steps = read(tree["extensions.conf"])["leg-ended"].extensions["s"]
    assert steps[0] == 'GotoIf($["${CHANNEL(uniqueid)}" != "${CHANNEL(linkedid)}"]?called)'
    called = steps.index("Set(CDR_PROP(disable)=1)")
    assert steps[called - 1] == 'GotoIf($["${CHANNEL(state)}" = "Up"]?quality)' and steps[called - 2] == "Return()"
    assert steps[called:] == ["Set(CDR_PROP(disable)=1)", "Return()"]


def test_the_module_is_loaded(tree):
    assert {"load = cdr_custom.so", "load = cel_custom.so", "load = res_cdrel_custom.so", "load = func_cdr.so"} <= set(
        tree["modules.conf"].splitlines())


def test_a_proof_leaves_no_record(tree):
    """Neither end of its local channel does: the one that runs the dialplan, and the one that waits for an answer."""
    steps = read(tree["extensions.conf"])["proof"].extensions["_[+0-9]!"]
    assert {"Set(CDR_PROP(disable)=1)", "Set(MASTER_CHANNEL(CDR_PROP(disable))=1)"} <= set(steps)
