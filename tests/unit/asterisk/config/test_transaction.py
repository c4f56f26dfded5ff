# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transaction's decisions, with an Asterisk that only remembers what it read. The real one is asked in the lab."""

from __future__ import annotations

import os
import time

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import (
    configuration,
    redact,
    verify,
)
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.scratch import ScratchFailed
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.service import (
    NOW,
    REPORT,
    Service,
    ServiceFailed,
)
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.transaction import (
    ApplyFailed,
    InvalidConfig,
)

from .remembering import LISTED, FakeScratch, answer

FILES = {
    "asterisk.conf": "[options]\n",
    "modules.conf": "[modules]\nload = chan_pjsip.so\n",
    "pjsip.conf": "#include pjsip_secrets.conf\n[1001]\ntype = endpoint\ncontext = inside\n",
    "pjsip_secrets.conf": "[1001]\ntype = auth\npassword = Canary-Old\n",
    "extensions.conf": "[inside]\nexten = 1,1,Hangup()\n",
}


def edited(name, text):
    return {**FILES, name: FILES[name] + text}


def test_the_first_run_starts_asterisk_and_the_second_does_nothing(pbx):
    first = pbx(FILES)
    assert {change["action"] for change in first.changes} == {"add"} and pbx.service.active
    assert first.changes[-1] == {"action": "add", "what": "service asterisk", "note": "start"}
    second = pbx(FILES)
    assert (second.changes, second.reloaded, second.pending, pbx.service.said) == ([], [], [], [])


def test_a_dry_run_tells_the_same_and_does_nothing(pbx):
    dry = pbx(FILES, dry=True)
    assert not os.path.exists(pbx.store.root) and not pbx.service.active
    assert dry.changes == pbx(FILES).changes
    change = edited("pjsip.conf", "callerid = a\n")
    dry = pbx(change, dry=True)
    assert pbx.store.read().files == FILES and pbx.service.said == []
    done = pbx(change)
    assert (dry.changes, dry.reloaded) == (done.changes, done.reloaded)


def test_files_of_others_are_kept_and_a_plan_says_where(pbx):
    os.makedirs(f"{pbx.store.root}/phones")
    by_hand = {"extensions.conf": "[mine]\n", "queues.conf": "[sales]\n", "asterisk.conf": FILES["asterisk.conf"],
               "notes.txt": "call Anna\n", "extensions.ael": "context a {}\n"}
    for name, text in {**by_hand, "phones/1001.conf": "[1001]\n"}.items():
        with open(f"{pbx.store.root}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    planned = {row["what"].rpartition("/")[2]: row for row in pbx(FILES, dry=True).changes}
    kept = f"the file before is kept in {pbx.store.root}/trees/…-found"
    assert [(name, planned[name]["action"], planned[name]["note"]) for name in by_hand if name in planned] == [
        ("extensions.conf", "change", kept), ("queues.conf", "remove", kept), ("notes.txt", "remove", kept),
        ("extensions.ael", "remove", kept)]
    assert "note" not in planned["pjsip.conf"] and pbx.store.read().files == by_hand
    pbx(FILES)
    (tree,) = [name for name in os.listdir(f"{pbx.store.root}/trees") if name.endswith("-found")]
    for name, text in by_hand.items():
        with open(f"{pbx.store.root}/trees/{tree}/{name}", encoding="utf-8") as file:
            assert file.read() == text
    assert os.listdir(f"{pbx.store.root}/phones") == ["1001.conf"] and pbx.store.read().files == FILES
    assert pbx(FILES).changes == []


def test_only_what_changed_is_reloaded(pbx):
    pbx(FILES)
    done = pbx(edited("extensions.conf", "exten = 2,1,Hangup()\n"))
    path = f"{pbx.store.root}/extensions.conf"
    head = f"--- before: {path}\n+++ after: {path}\n@@ -1,2 +1,3 @@\n"
    diff = head + " [inside]\n exten = 1,1,Hangup()\n+exten = 2,1,Hangup()\n"
    assert done.changes == [{"action": "change", "what": f"file {path}", "diff": diff}]
    assert done.reloaded == pbx.service.said == ["dialplan reload"]


def test_what_cannot_be_right_touches_nothing(pbx):
    pbx(FILES)
    with pytest.raises(InvalidConfig) as refused:
        pbx(edited("pjsip.conf", "aors = 9\n"))
    assert refused.value.problems == ["pjsip.conf:5: endpoint 1001 has aors 9, and there is no aor of that name."]
    assert pbx.store.read().files == FILES and pbx.service.said == []


def test_an_error_does_not_show_a_secret(pbx):
    pbx(FILES)
    with pytest.raises(InvalidConfig) as refused:
        pbx({**FILES, "extensions.conf": "[inside]\nexten = 1,1,Goto(Canary-Old,s,1)\n"})
    assert "Canary" not in str(refused.value) and redact.HIDDEN in str(refused.value)


def test_a_reload_without_effect_is_rolled_back(pbx):
    pbx(FILES)
    pbx.service.deaf = True
    with pytest.raises(ApplyFailed, match="'pjsip show endpoint 1001'"):
        pbx(edited("pjsip.conf", "callerid = a\n"))
    assert pbx.store.read().files == FILES
    assert pbx(FILES).changes == []


def test_a_restart_waits_for_calls_and_is_not_forgotten(pbx):
    pbx(FILES)
    pbx.service.calls = 1
    change = {**edited("modules.conf", "load = app_dial.so\n"), "extensions.conf": "[inside]\nexten = 9,1,Hangup()\n"}
    waited = pbx(change)
    assert waited.pending and waited.reloaded == [] and pbx.service.said == []
    assert pbx(change, restart=REPORT).pending == waited.pending
    pbx.service.calls = 0
    done = pbx(change)
    assert pbx.service.said == ["restart"] and [row["note"] for row in done.changes] == ["restart"]
    assert pbx(change).changes == []


def test_a_restart_now(pbx):
    pbx(FILES)
    pbx.service.calls = 1
    assert not pbx(edited("modules.conf", "load = app_dial.so\n"), restart=NOW).pending
    assert pbx.service.said == ["restart"]


def test_a_run_killed_before_its_reload_is_taken_up(pbx, monkeypatch):
    pbx(FILES)

    class Killed(BaseException):
        pass

    def dies(_command, wait=True):
        raise Killed

    change = edited("extensions.conf", "exten = 2,1,Hangup()\n")
    with monkeypatch.context() as patched:
        patched.setattr(pbx.service, "ask", lambda command, wait=True: dies(command) if "reload" in command else "")
        with pytest.raises(Killed):
            pbx(change)
    assert pbx.store.read().files == change and pbx.service.read != change
    assert pbx(change).reloaded == ["dialplan reload"] and pbx.service.read == change
    assert pbx(change).reloaded == []


def test_a_file_that_is_made_once_stays(pbx):
    pbx({**FILES, "manager.conf": "[a]\nsecret = first\n"}, once=frozenset(["manager.conf"]))
    done = pbx({**FILES, "manager.conf": "[a]\nsecret = second\n"}, once=frozenset(["manager.conf"]))
    assert done.changes == [] and "first" in pbx.store.read().files["manager.conf"]


def test_a_change_by_hand_is_mended(pbx):
    pbx(FILES)
    with open(os.path.join(pbx.store.root, "extensions.conf"), "a") as file:
        file.write("exten = 666,1,Hangup()\n")
    with open(os.path.join(pbx.store.root, "strange.conf"), "w") as file:
        file.write("[x]\n")
    done = pbx(FILES)
    assert [(row["action"], os.path.basename(row["what"])) for row in done.changes] == [
        ("change", "extensions.conf"), ("remove", "strange.conf")]
    assert pbx.store.read().files == FILES


def test_what_is_written_by_hand_is_read_when_it_changes(pbx):
    files = edited("extensions.conf", "#tryinclude local.d/extensions.conf\n")
    pbx(files)
    path = os.path.join(pbx.store.root, "local.d", "extensions.conf")
    for text in ("exten = 7,1,Hangup()\n", "exten = 8,1,Hangup()\n"):
        with open(path, "w") as file:
            file.write(text)
        assert pbx(files).reloaded == ["dialplan reload"]
    assert pbx(files).reloaded == []


def test_a_file_that_only_a_person_writes_is_read_and_survives(pbx, monkeypatch):
    """Queues, voicemail and music on hold, which Asterisk reads by names of their own."""
    pbx(FILES)
    path = os.path.join(pbx.store.root, "local.d", "queues.conf")
    with open(path, "w") as file:
        file.write("[sales]\n")
    brought = pbx(FILES)
    assert [(row["action"], os.path.basename(row["what"])) for row in brought.changes] == [("add", "queues.conf")]
    assert brought.reloaded == ["module reload app_queue.so"]
    assert pbx.store.read().files["queues.conf"].endswith("#include local.d/queues.conf\n")
    assert pbx(FILES).changes == []
    with open(path, "a") as file:
        file.write("[support]\n")
    assert pbx(FILES).reloaded == ["module reload app_queue.so"]
    loaded = "".join(f"{name}.so  What it does  0  Running  core\n" for name in ("res_pjsip", "pbx_config"))
    monkeypatch.setitem(LISTED, "module show like .so", loaded)
    with pytest.raises(InvalidConfig, match="nothing reads this file, as module app_queue.so is not loaded; load it"):
        with open(path, "a") as file:
            file.write("[more]\n")
        pbx(FILES)
    os.unlink(path)
    assert [row["action"] for row in pbx(FILES).changes] == ["remove"]


def test_a_second_section_that_asterisk_would_pass_over(pbx):
    pbx(edited("extensions.conf", "[inside]\nexten = 2,1,Hangup()\n[globals]\nA=1\n[globals](+)\nB=2\n"))
    path = os.path.join(pbx.store.root, "local.d", "modules.conf")
    with open(path, "w") as file:
        file.write("[modules]\nload = app_queue.so\n")
    with pytest.raises(InvalidConfig) as refused:
        pbx(edited("modules.conf", "#tryinclude local.d/modules.conf\n"))
    assert refused.value.problems == [
        "local.d/modules.conf:1 (written by hand): this is a second section [modules], and Asterisk reads the first one"
        " only, at modules.conf:1; write [modules](+) to add to that one."]


def test_a_run_that_changes_nothing_parses_nothing(pbx, monkeypatch):
    pbx(FILES)
    monkeypatch.setattr(configuration, "read", None)
    assert pbx(FILES).changes == []


def test_a_renewed_certificate_is_reloaded(pbx, tmp_path):
    pem = tmp_path / "pbx.pem"
    pem.write_text("one")
    files = edited("pjsip.conf", f"[tls]\ntype = transport\ncert_file = {pem}\n")
    pbx(files)
    pem.write_text("two")
    assert pbx(files).reloaded == ["module reload res_pjsip.so"] and pbx(files).reloaded == []


def test_a_renewed_certificate_restarts_asterisk_16_once(pbx, tmp_path, monkeypatch):
    monkeypatch.setattr(FakeScratch, "ask", lambda self, command: (
        "Asterisk 16.28.0~dfsg" if command == "core show version" else answer(command, self.tree)))
    pem = tmp_path / "pbx.pem"
    pem.write_text("one")
    files = edited("pjsip.conf", f"[tls]\ntype = transport\ncert_file = {pem}\n")
    pbx(files)
    time.sleep(0.01)
    pem.write_text("two")
    pbx.service.calls = 1
    assert pbx(files).pending == [f"{pem} is read at the start only"] and pbx.service.said == []
    pbx.service.calls = 0
    assert pbx(files).changes[-1]["note"] == "restart" and pbx.service.said == ["restart"]
    assert pbx(files).changes == [] and pbx.service.said == ["restart"]
    # Renewed by hand, and Asterisk started since.
    pem.write_text("three")
    time.sleep(0.01)
    pbx.service.start()
    assert (pbx(files).changes, pbx(files).reloaded, pbx.service.said) == ([], [], ["restart"])


def test_a_dry_run_cannot_check_what_is_not_there_yet(pbx, tmp_path):
    pem = tmp_path / "to-come.pem"
    dry = pbx(edited("pjsip.conf", f"[tls]\ntype = transport\ncert_file = {pem}\n"), dry=True)
    assert dry.unchecked == [str(pem)]


def test_a_trunk_that_answered_before_must_answer_after():
    before = {"trunk/sip:a.example": "Avail", "phone/sip:b": "Avail"}
    asked = []

    def ask(status):
        def say(command):
            asked.append(command)
            return f"  Contact:  trunk/sip:a.example   0123456789 {status}   nan"
        return say

    assert verify.lost_contacts(before, ask("Unavail"), {"trunk": "leg"}, seconds=0) == ["trunk"]
    assert "pjsip qualify leg" in asked
    assert verify.lost_contacts(before, ask("Avail"), {"trunk": "leg"}, seconds=0) == []
    assert verify.lost_contacts(before, ask("NonQual"), {"trunk": "leg"}, seconds=0) == []
    assert verify.lost_contacts({}, ask("Unavail"), {"trunk": "leg"}, seconds=0) == []
    with pytest.raises(ServiceFailed):
        Service(socket="/nowhere").ask("core show uptime")


def test_a_host_without_asterisk_is_refused_before_anything_is_touched(pbx):
    pbx.service.binary = "/nowhere/asterisk"
    with pytest.raises(ServiceFailed, match="no /nowhere/asterisk; role trunkline.voice.asterisk installs it"):
        pbx(FILES)
    assert not os.path.exists(pbx.store.root)
    assert "/nowhere/asterisk" in pbx(FILES, dry=True).unchecked


def test_a_rollback_whose_restart_waits_for_calls_is_not_forgotten(pbx):
    """The restarted Asterisk answers wrongly, and a call is up by then: the next run restarts it."""
    pbx(FILES)
    restart = pbx.service.restart

    def reads_nothing():
        restart()
        pbx.service.read, pbx.service.calls = {}, 1

    pbx.service.restart = reads_nothing
    with pytest.raises(ApplyFailed, match="on the disk again, which Asterisk takes at its next start: 'pjsip show"):
        pbx({**edited("pjsip.conf", "callerid = a\n"), "modules.conf": FILES["modules.conf"] + "load = app_dial.so\n"})
    assert pbx.store.read().files == FILES and pbx.service.read == {}
    pbx.service.calls, pbx.service.restart = 0, restart
    assert pbx(FILES).changes[-1]["note"] == "restart" and pbx.service.read == FILES
    assert pbx(FILES).changes == []


def test_a_rollback_that_asterisk_does_not_take_says_so(pbx, monkeypatch):
    pbx(FILES)

    def is_gone(command, wait=True):
        raise ServiceFailed("the running Asterisk does not answer")

    pbx.service.deaf = True
    ask = pbx.service.ask
    monkeypatch.setattr(
        pbx.service, "ask", lambda command, wait=True: is_gone(command) if "reload" in command else ask(command))
    with pytest.raises(ApplyFailed) as failed:
        pbx(edited("pjsip.conf", "callerid = a\n"))
    assert "did not take it back: the running Asterisk does not answer. Mend that" in str(failed.value)
    assert failed.value.details["changed"] and pbx.store.read().files == FILES
    monkeypatch.undo()
    pbx.service.deaf = False
    assert pbx(FILES).reloaded == ["module reload res_pjsip.so"]


def test_a_first_configuration_that_asterisk_does_not_take_stays(pbx, monkeypatch):
    def does_not_start():
        raise ServiceFailed("it does not come up")

    monkeypatch.setattr(pbx.service, "start", does_not_start)
    with pytest.raises(ApplyFailed, match="and there was none before: it does not come up.") as failed:
        pbx(FILES)
    assert failed.value.details["changed"] and pbx.store.read().files == FILES


def test_a_scratch_asterisk_that_ends_early_leaves_everything(pbx, monkeypatch):
    """Also after lint, while it is asked what the running one must answer."""
    pbx(FILES)

    def ends(self, command):
        if command == "pjsip show endpoint 1001":
            raise ScratchFailed("it does not answer")
        return answer(command, self.tree)

    monkeypatch.setattr(FakeScratch, "ask", ends)
    with pytest.raises(ScratchFailed, match="nothing was changed"):
        pbx(edited("pjsip.conf", "callerid = a\n"))
    assert pbx.store.read().files == FILES and pbx.service.said == []
