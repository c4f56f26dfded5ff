# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts in several languages: where their files are, what is refused by name, and which calls have a language."""

from __future__ import annotations

import hashlib
import json

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import prompts
from ansible_collections.trunkline.voice.plugins.plugin_utils import sound_files
from labtest.dialled import rendered

from ..pbx.dialplan import read
from .features.test_wrong_values import RIGHT, changed
from .test_prompts import played
from .whole import HOST, whole

SPANISH = {"language": "es_MX", "text": "Gracias por su llamada.", "voice": "es-419"}
GERMAN = {"language": "de", "file": "prompts/willkommen.mp3"}
WELCOME = {"name": "welcome", "text": "Thank you.", "translations": [SPANISH, GERMAN]}
GREETED = {
    **RIGHT, "pbx_prompts": [WELCOME],
    "pbx_announcements": [*RIGHT["pbx_announcements"], {"name": "welcome", "prompt": "welcome"}]}
SPOKEN = changed(("pbx_dids", 0, "language"), "de", changed(("pbx_menus", 0, "language"), "es_MX", GREETED))
ROW = ("pbx_prompts", 0, "translations")


def test_a_translation_has_the_name_of_what_it_translates_in_a_folder_of_its_language():
    host = whole(GREETED).hosts[HOST]
    rows = prompts.rows(host, {})
    stem = rows[0]["stem"]
    assert [(row["source"], row["stem"], row["language"]) for row in rows] == [
        ("pbx_prompts[0].text", stem, "en"), ("pbx_prompts[0].translations[0].text", f"es_MX/{stem}", "es-419"),
        ("pbx_prompts[0].translations[1].file", f"de/{stem}", "de")]
    assert prompts.files(host, {})[::2] == [f"{stem}.ulaw", f"es_MX/{stem}.ulaw", f"de/{stem}.ulaw"]
    assert played(whole(GREETED)) == f"/var/lib/trunkline/prompts/{stem}"


def test_another_translation_is_another_prompt():
    """Its files change their names with those of the prompt, or Asterisk would play what was there before."""
    rows = [
        [], [SPANISH], [SPANISH, GERMAN], [{**SPANISH, "text": "Gracias."}], [{**SPANISH, "voice": "es"}],
        [{**SPANISH, "language": "es"}]]
    stems = {played(whole(changed(ROW, row, GREETED))) for row in rows}
    contents = {played(whole(GREETED), {GERMAN["file"]: content}) for content in ("one", "two")}
    assert len(stems) == len(rows) and len(contents | stems) == len(rows) + 2


def test_without_translations_a_prompt_is_the_one_that_it_was():
    """Its digest is that of its own source alone: a run makes anew only what has changed."""
    host = whole(changed(ROW, [], GREETED)).hosts[HOST]
    digest = hashlib.sha256(json.dumps([1, ["Thank you.", "en"]]).encode()).hexdigest()[:16]
    assert [row["stem"] for row in prompts.rows(host, {})] == [f"welcome-{digest}"]


def test_a_voice_is_that_of_the_language_where_none_is_given():
    host = whole(changed((*ROW, 0), {"language": "pt_BR", "text": "Obrigado."}, GREETED)).hosts[HOST]
    assert prompts.rows(host, {})[1]["language"] == "pt-br"


def test_the_sound_file_of_a_translation_is_looked_at_before_anything_is_touched(tmp_path):
    host = whole(GREETED).hosts[HOST]
    assert list(sound_files.problems(host, str(tmp_path))) == [
        f"pbx_prompts[0].translations[1].file cannot be read on the controller: {tmp_path}/prompts/willkommen.mp3: No"
        " such file or directory."]


WRONG = [
    (ROW, {"es": "Gracias"}, "pbx_prompts[0].translations must be a list of dicts, not a dict"),
    (ROW, "es", "pbx_prompts[0].translations must be a list of dicts, not a text"),
    (ROW, ["es"], "pbx_prompts[0].translations[0] must be a dict of language, file, text, voice"),
    (ROW, [SPANISH, SPANISH], "pbx_prompts[0].translations[1].language repeats pbx_prompts[0].translations[0]: "),
    ((*ROW, 0), {"language": "es"}, "pbx_prompts[0].translations[0] has neither file nor text: give one of them."),
    ((*ROW, 0), {**SPANISH, "file": "a.wav"}, "pbx_prompts[0].translations[0] has both file and text: give one"),
    ((*ROW, 0), {"text": "Gracias"}, "pbx_prompts[0].translations[0].language is missing"),
    ((*ROW, 0, "language"), "../es", "translations[0].language must be the name of a folder of Asterisk's prompts"),
    ((*ROW, 0, "language"), "Spanish", "translations[0].language must be the name of a folder of Asterisk's prompts"),
    ((*ROW, 0, "language"), "es/MX", "translations[0].language must be the name of a folder of Asterisk's prompts"),
    ((*ROW, 0, "language"), False, "pbx_prompts[0].translations[0].language must be text, and YAML reads yes, no"),
    ((*ROW, 0, "language"), "", "pbx_prompts[0].translations[0].language is missing"),
    ((*ROW, 0, "voice"), "es_MX", "pbx_prompts[0].translations[0].voice must be a voice of espeak-ng, such as en-us"),
    ((*ROW, 0, "voice"), "es; rm", "pbx_prompts[0].translations[0].voice must be a voice of espeak-ng"),
    ((*ROW, 0, "text"), "?", "pbx_prompts[0].translations[0].text must be at most 2000 characters, with a word"),
    ((*ROW, 1, "voice"), "de", "pbx_prompts[0].translations[1].voice is for a text, and there is a file"),
    ((*ROW, 1, "file"), "a\nb.wav", "pbx_prompts[0].translations[1].file must be a path on the controller"),
    ((*ROW, 1, "lang"), "de", "pbx_prompts[0].translations[1].lang is no option: did you mean language?"),
    (("pbx_dids", 0, "language"), "German", "pbx_dids[0].language must be the name of a folder of Asterisk's prompts"),
    (("pbx_dids", 0, "language"), "de)\nexten => s,1,Dial(PJSIP/1", "pbx_dids[0].language must be the name of"),
    (("pbx_dids", 0, "language"), False, "pbx_dids[0].language must be text, and YAML reads yes, no, on and off as"),
    (("pbx_dids", 0, "language"), ["de"], "pbx_dids[0].language must be one text, not a list"),
    (("pbx_menus", 0, "language"), "e", "pbx_menus[0].language must be the name of a folder of Asterisk's prompts"),
    (("pbx_menus", 0, "language"), "${X}", "pbx_menus[0].language must be the name of a folder of Asterisk's prompts"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG, ids=lambda one: str(one)[:60])
def test_it_is_refused_by_name(path, value, sentence):
    problems = whole(changed(path, value, SPOKEN)).problems
    assert any(sentence in problem for problem in problems), problems


def test_a_language_that_nothing_is_translated_to_is_a_warning():
    """gr is no language, and Greek is el: callers would hear English, and nobody would be told."""
    warnings = whole(changed(("pbx_dids", 0, "language"), "gr", SPOKEN)).warnings
    assert [one for one in warnings if "language" in one] == [
        "pbx1: pbx_dids[0].language is gr, and no prompt of pbx_prompts has a translation to it: callers hear those as"
        " they are."]
    for right in ("de", "de_AT", "en", "en_AU", None):
        warnings = whole(changed(("pbx_dids", 0, "language"), right, SPOKEN)).warnings
        assert not any("language" in one for one in warnings)


def test_a_number_and_a_menu_set_the_language_of_the_call():
    given = changed((*ROW, 1), {"language": "de", "text": "Danke."}, SPOKEN)
    contexts = read(rendered(given, "extensions.conf")["extensions.conf"])
    number = contexts["numbers"].extensions["+17756187988"]
    assert number[-2:] == ["Set(CHANNEL(language)=de)", "Goto(hours-office,s,1)"]
    menu = contexts["menu-main"].extensions["s"]
    assert menu[:2] == ["Answer()", "Set(CHANNEL(language)=es_MX)"]
    assert "language" not in rendered(RIGHT, "extensions.conf")["extensions.conf"]
