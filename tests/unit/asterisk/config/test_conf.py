# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk's files are read as Asterisk reads them, and a line's place and origin are known."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import configuration
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.conf import Place, read
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.configuration import Config

TREE = {
    "pjsip.conf": """\
; a comment
[base](!)
type = endpoint
allow = ulaw
[1001](base)   ; from pbx_phones[0]
context => inside
password = a\\;b ; not this
;-- all of
[gone]
;-- nested --;
this --; callerid = x
#include more/extra.conf
#tryinclude nothing.conf
[1001](+)
allow += alaw
""",
    "more/extra.conf": "mailboxes = 1@default\n[1002](base)\n",
}


def settings(section):
    return [(setting.name, setting.value) for setting in section.settings]


def test_sections_templates_comments_and_includes():
    conf = read("pjsip.conf", TREE)
    assert [section.name for section in conf.sections] == ["base", "1001", "1002"]
    assert [section.template for section in conf.sections] == [True, False, False]
    assert settings(conf.named("1001")[0]) == [
        ("type", "endpoint"), ("allow", "ulaw"), ("context", "inside"), ("password", "a;b"), ("callerid", "x"),
        ("mailboxes", "1@default"), ("allow", "alaw"),
    ]
    assert conf.files == ["pjsip.conf", "more/extra.conf"] and conf.faults == []
    assert conf.named("1001")[0].type == "endpoint" and conf.named("1001")[0].last("allow").adds


def test_places():
    section = read("pjsip.conf", TREE).named("1001")[0]
    assert str(section.place) == "pjsip.conf:5"
    assert [str(setting.place) for setting in section.all("mailboxes")] == ["more/extra.conf:1"]
    assert str(section.last("allow").place) == "pjsip.conf:15" and str(Place("x.conf")) == "x.conf"


@pytest.mark.parametrize(("text", "line", "fault"), [
    ("key = value\n", 1, "before the first section"),
    ("[a]\nnot a setting\n", 2, "neither a section"),
    ("[a\nkey = value\n", 1, "not a whole section name"),
    ("[a](b)\n", 1, "template [b], which is not above it"),
    ("[a](+)\n", 1, "no section [a] above"),
    ("[a](!)\nk = v\n[a](+)\n", 3, "no section [a] above"),
    ("[a]\ntype = aor\n[a](+type=auth)\n", 3, "no section [a] with type=auth above"),
    ("[a]\ntype = aor\n[a](+type)\n", 3, "no section [a] with type above"),
    ("[a]\ntype = aor\n[a](+type=[aor)\n", 3, "no section [a] with type=[aor above"),
    ("[a]\n#include gone.conf\n", 2, "includes gone.conf, which does not exist"),
    ("[a]\n#exec /bin/date\n", 2, "would run a program"),
    ("[a]\n#wrong x\n", 2, "not a directive"),
    ("[a]\n;-- open\nkey = value\n", 2, "has no end"),
    ("[a]\n#include x.conf\n", 2, "in a circle"),
])
def test_what_cannot_be_read_is_a_fault_with_its_line(text, line, fault):
    faults = read("x.conf", {"x.conf": text}).faults
    assert len(faults) == 1 and fault in faults[0].what and faults[0].place == Place("x.conf", line)


def test_files_that_all_include_each_other_are_named_and_end():
    files = {f"{letter}.conf": "[a]\n#include *.conf\n" for letter in "abcdefghijkl"}
    (fault,) = read("c.conf", {**files, "a.conf": ""}).faults
    assert fault.what == "it includes b.conf, and that goes round in a circle"


def test_includes_are_as_deep_as_asterisk_reads():
    files = {f"{number}.conf": f"[a]\n#include {number + 1}.conf\n" for number in range(12)}
    (fault,) = read("0.conf", files).faults
    assert fault.what == "it includes 11.conf, and that is more than 10 files deep"
    assert not read("0.conf", {**files, "10.conf": "[a]\n"}).faults


@pytest.mark.parametrize("addition, place", [
    ("", 1), ("type=aor", 1), ("type=auth", 2), ("type=endpoint", 3), ("type=endpoint&context=^b$", 4),
    ("type=endpoint & context=b", 4), ("TEMPLATES=include", 0), ("TEMPLATES=restrict&type=endpoint", 0),
])
def test_an_addition_goes_to_the_first_section_that_fits(addition, place):
    """PJSIP's objects may share a name, of which one is meant. Asterisk compares names in any case."""
    conf = read("x.conf", {"x.conf": f"""
[1001](!)
type = endpoint
[1001]
type = aor
[1001]
type = auth
[1001]
type = endpoint
[1001]
type = endpoint
context = b
[1001](+{addition})
set_var = x
"""})
    assert conf.faults == []
    assert [number for number, section in enumerate(conf.sections) if section.last("set_var")] == [place]
    assert read("x.conf", {"x.conf": "[Phone]\n[phone](+)\nk = v\n"}).sections[0].last("k")


def test_a_section_is_made_from_the_first_of_its_parent_s_name():
    conf = read("x.conf", {"x.conf": "[Base](!)\nk = 1\n[base]\nk = 2\n[a](base)\n"})
    assert settings(conf.sections[-1]) == [("k", "1")]


def test_an_include_is_found_by_any_ending_and_by_its_absolute_path():
    files = {
        "x.conf": (
            "[a]\n#include /etc/asterisk/local.d/more.inc ; mine\n#include /opt/phones\n#tryinclude local.d/*.cfg\n"),
        "local.d/more.inc": "b = 1\n", "/opt/phones": "c = 2\n", "local.d/y.cfg": "d = 3\n",
        "local.d/z/z.cfg": "e = 4\n",
    }
    conf = read("x.conf", files)
    assert settings(conf.sections[0]) == [("b", "1"), ("c", "2"), ("d", "3")] and conf.faults == []


def test_a_configuration_parses_each_file_once(monkeypatch):
    parsed = []
    monkeypatch.setattr(configuration, "read", lambda name, files: parsed.append(name) or read(name, files))
    config = Config(TREE)
    for dummy in range(2):
        assert config.pjsip.names("endpoint") == ["1001", "1002"] and config.conf("pjsip.conf") and config.dialplan
    assert parsed == ["pjsip.conf", "extensions.conf"]


@pytest.mark.parametrize("end", ["\u2028", "\x85", "\x0b", "\x0c", "\x1e", "\r"])
def test_only_a_line_feed_ends_a_line_as_in_asterisk(end):
    """Python ends lines at more characters; a caller's name may have one, and what follows it is no line of its own."""
    files = {"x.conf": f"[a]\ncallerid = \"Zoë{end}#include gone.conf\" <1001>\r\n; from pbx_phones[0]\nb = c"}
    conf = read("x.conf", files)
    assert conf.faults == [] and [str(setting.place) for setting in conf.sections[0].settings] == [
        "x.conf:2", "x.conf:4"]
    assert Config(files).line(Place("x.conf", 4)) == "b = c"
    assert Config(files).origin(Place("x.conf", 4)) == "pbx_phones[0]"


def test_the_one_line_that_has_a_word():
    config = Config({"x.conf": "[a]\nb = sip:c.example ; d\ne = d-f\n", "y.conf": "[g]\nb = h\n"})
    assert config.only_place("sip:c.example") == config.only_place("c.example") == Place("x.conf", 2)
    assert config.only_place("d-f") == Place("x.conf", 3)
    assert config.only_place("b") is config.only_place("d") is config.only_place("--;") is None


def test_a_file_that_is_not_there_is_empty():
    assert read("x.conf", {}).sections == []


def test_where_a_line_comes_from():
    config = Config({"x.conf": """\
; from pbx_phones[0]
[1001]
type = endpoint
context = inside  ; from pbx_phones[0].trunk
;
[static]
type = endpoint
; from pbx_phones[1] (Front desk)
[1002]

type = endpoint
"""})
    origins = [config.origin(Place("x.conf", line)) for line in range(1, 12)]
    assert origins == [
        "pbx_phones[0]", "pbx_phones[0]", "pbx_phones[0]", "pbx_phones[0].trunk", "pbx_phones[0]", "", "",
        "pbx_phones[1]", "pbx_phones[1]", "pbx_phones[1]", "pbx_phones[1]",
    ]
