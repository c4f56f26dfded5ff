# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Music of the user's own: each wrong value by its name, the classes that Asterisk has of it, and who hears which."""

from __future__ import annotations

import re

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.prompts import Prompts, what
from ansible_collections.trunkline.voice.plugins.module_utils._inventory import pbx, prompts
from ansible_collections.trunkline.voice.plugins.plugin_utils import sound_files
from labtest.dialled import rendered

from .features.test_wrong_values import NOTHING, RIGHT as WITHOUT, changed
from .whole import HOST, files, whole

RIGHT = {
    **WITHOUT,
    "pbx_music": [
        {"name": "waltz", "files": ["music/Waltz, in three.mp3", "/srv/second.ogg"]},
        {"name": "jazz", "files": ["~/jazz.flac"]}],
    "pbx_hold_music": "waltz",
    "pbx_dids": [
        *WITHOUT["pbx_dids"], {"number": "+12025550143", "to": {"queue": "support"}},
        {"number": "+12025550144", "to": {"conference": "board"}}],
    "pbx_queues": [{"name": "support", "members": ["1001"], "music": "jazz"}],
    "pbx_conferences": [{"name": "board", "pin": "271828", "music": "jazz"}],
    "pbx_parking": {"number": "700", "music": "jazz"},
}
MUSIC, NAMES = ("pbx_music", 0), ("musiconhold.conf", "modules.conf", "queues.conf", "confbridge.conf",
                                  "res_parking.conf", "extensions.conf")
WRONG = [
    ((*MUSIC, "name"), "default", "pbx_music[0].name must not be 'default'"),
    ((*MUSIC, "name"), "general", "pbx_music[0].name must not be 'general'"),
    ((*MUSIC, "name"), "Old Waltz", "pbx_music[0].name must be 1 to 32 of a-z"),
    ((*MUSIC, "name"), "a]\n[b", "pbx_music[0].name must be 1 to 32 of a-z"),
    ((*MUSIC, "name"), "/srv", "pbx_music[0].name must be 1 to 32 of a-z"),
    ((*MUSIC, "name"), NOTHING, "pbx_music[0].name is missing"),
    ((*MUSIC, "name"), "jazz", "pbx_music[1].name repeats pbx_music[0]: 'jazz' is there twice."),
    ((*MUSIC, "files"), NOTHING, "pbx_music[0].files is missing"),
    ((*MUSIC, "files"), [], "pbx_music[0].files is empty: name at least one sound file."),
    ((*MUSIC, "files"), None, "pbx_music[0].files is missing"),
    ((*MUSIC, "files"), "a.mp3,b.mp3", "pbx_music[0].files must be a list"),
    ((*MUSIC, "files"), [""], "pbx_music[0].files[0] is missing"),
    ((*MUSIC, "files"), ["a\nentry = /etc/passwd"], "pbx_music[0].files[0] must be a path on the controller"),
    ((*MUSIC, "files"), ["a.mp3", "a.mp3"], "pbx_music[0].files[1] repeats 'a.mp3'."),
    ((*MUSIC, "file"), "a.mp3", "pbx_music[0].file is no option"),
    (("pbx_music",), {"waltz": "a.mp3"}, "pbx_music must be a list"),
    (("pbx_hold_music",), "moh", "pbx_hold_music must be a full path on the PBX, or the name of one of pbx_music, not"),
    (("pbx_hold_music",), "default", "pbx_hold_music must be a full path on the PBX, or the name of one"),
    (("pbx_hold_music",), "/srv/a;b", "pbx_hold_music must be a full path"),
    (("pbx_hold_music",), True, "pbx_hold_music "),
    (("pbx_queues", 0, "music"), "polka", "pbx_queues[0].music names music 'polka', which is not in pbx_music."),
    (("pbx_queues", 0, "music"), "/srv/music", "pbx_queues[0].music names music '/srv/music', which is not in"),
    (("pbx_conferences", 0, "music"), "default", "pbx_conferences[0].music names music 'default', which is not in"),
    (("pbx_parking", "music"), "polka", "pbx_parking.music names music 'polka', which is not in pbx_music."),
    (("pbx_parking", "music"), ["jazz"], "pbx_parking.music must be one text"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, RIGHT)).problems
    assert any(problem.startswith(sentence) for problem in problems), problems


@pytest.mark.parametrize(("path", "value"), [
    ((*MUSIC, "files"), "one.mp3"), ((*MUSIC, "files"), ["à l'heure; 100%.wav"]), (("pbx_hold_music",), "/srv/music"),
    (("pbx_hold_music",), ""), (("pbx_hold_music",), None), (("pbx_queues", 0, "music"), ""),
    (("pbx_parking", "music"), None),
])
def test_what_is_odd_and_right_is_taken(path, value):
    assert whole(changed(path, value, RIGHT)).problems == []


def test_music_that_nobody_hears_is_a_warning():
    assert whole(RIGHT).warnings == []
    assert whole({**RIGHT, "pbx_hold_music": ""}).warnings == [f"{HOST}: pbx_music[0] 'waltz' is played to nobody."]


def test_each_music_is_a_class_of_files_that_go_by_their_content():
    """The first one is that of hold as well, and another content is another file."""
    host = whole(RIGHT).hosts[HOST]
    sounds = [{file: text for dummy, file in sound_files.sound_files(host)} for text in ("one", "two")]
    (first,), (second,) = (
        files("pbx", pbx.context(host, {}, {}, 22, sounds=one), "musiconhold.conf.j2") for one in sounds)
    classes = re.findall(r"^\[(\w+)\]  ; from pbx_music\[(\d)\]\nmode = playlist\n((?:entry = .*\n)+)", first, re.M)
    assert [(name, index) for name, index, dummy in classes] == [("default", "0"), ("waltz", "0"), ("jazz", "1")]
    entries = re.findall("^entry = (.*)$", classes[1][2], re.M)
    assert classes[0][2] == classes[1][2] and len(entries) == 2 and first != second
    assert all(re.fullmatch(r"/var/lib/trunkline/prompts/music\+waltz-[0-9a-f]{16}", path) for path in entries)
    assert {f"{path.rpartition('/')[2]}.ulaw" for path in entries} <= {*prompts.files(host, sounds[0])}


def test_who_waits_hears_the_music_of_the_place():
    tree = rendered(RIGHT, *NAMES)
    assert "\nload = res_musiconhold.so\n" in tree["modules.conf"]
    assert "\nmusicclass = jazz\n" in tree["queues.conf"] and "Queue(support,Ci,,," in tree["extensions.conf"]
    assert "\nmusic_on_hold_when_empty = yes\nmusic_on_hold_class = jazz\n" in tree["confbridge.conf"]
    assert "\nparkedmusicclass = jazz\n" in tree["res_parking.conf"] and "Park(,r)" not in tree["extensions.conf"]


def test_music_of_a_place_needs_none_for_hold():
    tree = rendered({**RIGHT, "pbx_hold_music": "", "pbx_conferences": [{"name": "board", "pin": "271828"}]}, *NAMES)
    assert "[default]" not in tree["musiconhold.conf"] and "\nload = res_musiconhold.so\n" in tree["modules.conf"]
    assert "Queue(support,Ci,,," in tree["extensions.conf"]
    assert "\nmusic_on_hold_when_empty = no\n" in tree["confbridge.conf"]
    assert "music_on_hold_class" not in tree["confbridge.conf"]


def test_a_folder_stays_as_it_was():
    found = rendered({**WITHOUT, "pbx_hold_music": "/srv/music"}, NAMES[0])[NAMES[0]]
    assert "\n[default]\nmode = files\ndirectory = /srv/music\nsort = alpha\n\n; What is written" in found


def test_a_change_calls_music_by_its_name(tmp_path):
    for name in ("music+waltz-0123456789abcdef.ulaw", "welcome-0123456789abcdef.ulaw"):
        (tmp_path / name).touch()
    assert [what(name) for name in Prompts((), str(tmp_path)).gone()] == ["music waltz", "prompt welcome"]
