# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role pbx renders for mailboxes: who reaches them, where PINs are and are not, and that nothing calls out."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.action.configure_asterisk import FILES, files
from ansible_collections.trunkline.voice.plugins.module_utils._inventory import features, pbx
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer
from labtest.dialled import rendered

from ..inventory.features.test_wrong_mailboxes import PIN, RIGHT
from ..inventory.whole import whole
from .dialplan import read
from .test_incoming import reached

NAMES = ("extensions.conf", "modules.conf", "voicemail.conf", "pjsip.conf")


@pytest.fixture(scope="module")
def tree():
    return rendered(RIGHT, *NAMES)


def boxes(inventory) -> str:
    return Renderer("pbx", pbx.context(whole(inventory).hosts["pbx1"], {}, {}, 22))("voicemail_boxes.conf.j2")


def test_the_pin_stands_in_the_secret_file_only(tree):
    host = whole(RIGHT).hosts["pbx1"]
    assert f"1001 => {PIN},Anna Müller,anna@example.com,,maxmsg=100|maxsecs=300|delete=no\n" in boxes(RIGHT)
    for text in (*tree.values(), pbx.without_secrets(host), str(pbx.public(host))):
        assert PIN not in text


def test_a_mailbox_of_the_least_options():
    assert "\n1001 => 7294,1001,,,maxmsg=100|maxsecs=300|delete=no\n" in boxes(
        {**RIGHT, "pbx_mailboxes": [{"name": "1001", "pin": PIN}]})


def test_pins_that_are_changed_go_to_the_spool_and_nothing_calls_out(tree):
    settings = dict(line.split(" = ") for line in tree["voicemail.conf"].splitlines() if " = " in line)
    assert settings["passwordlocation"] == "spooldir"
    assert settings["operator"] == settings["sendvoicemail"] == "no"
    assert not {"callback", "dialout", "exitcontext", "externnotify", "externpass", "externpassnotify"} & set(settings)


def test_a_caller_from_outside_leaves_a_message_and_reaches_nothing_else(tree):
    contexts = read(tree["extensions.conf"])
    assert contexts["mailbox-1001"].extensions == {
        "s": ["Answer()", "VoiceMail(1001@default,u)", "Goto(hangup,normal,1)"]}
    assert reached(contexts, "mailbox-1001") == {"mailbox-1001", "hangup"}
    assert "voicemail" not in reached(contexts, "from-twilio")


def test_phones_dial_the_code_before_anything_outside(tree):
    contexts = read(tree["extensions.conf"])
    assert list(contexts["voicemail"].extensions) == ["*97"]
    including = [one.includes for name, one in contexts.items() if "voicemail" in one.includes]
    assert including
    for includes in including:
        kinds = [one.partition("-")[0] for one in includes]
        assert kinds.index("emergency") < kinds.index("voicemail") < kinds.index("outside")


def test_a_phone_has_the_lamp_of_its_mailbox(tree):
    assert "\nset_var = MAILBOX=1001\nmailboxes = 1001@default\nvoicemail_extension = *97\n" in tree["pjsip.conf"]
    assert tree["pjsip.conf"].count("mailboxes = ") == 1


def test_a_prompt_takes_the_place_of_greeting_and_instructions():
    changed = {**RIGHT, "pbx_mailboxes": [{"name": "1001", "pin": PIN, "prompt": "company/away"}]}
    steps = read(rendered(changed, *NAMES)["extensions.conf"])["mailbox-1001"].extensions["s"]
    assert steps[1:3] == ["Playback(company/away)", "VoiceMail(1001@default,s)"]


def test_without_a_mailbox_there_is_nothing_of_it(tree):
    with_it = whole(RIGHT).hosts["pbx1"]
    without = whole({**RIGHT, "pbx_mailboxes": [], "pbx_phones": RIGHT["pbx_phones"][1:],
                     "pbx_dids": []}).hosts["pbx1"]
    assert "\nload = app_voicemail.so\n" in tree["modules.conf"]
    assert files(with_it) == (*FILES, "voicemail.conf") and files(without) == FILES
    assert features.secret_files(with_it) == ["voicemail_boxes.conf"] and features.secret_files(without) == []
