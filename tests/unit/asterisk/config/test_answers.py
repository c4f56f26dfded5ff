# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Asterisk logs at its start is read with its places, and its console is asked over a socket."""

from __future__ import annotations

import socket
import threading

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config import console
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.conf import Place
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.configuration import Config
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.scratch import (
    Scratch,
    ScratchFailed,
    libraries,
    read_complaints,
)

TREE = Config({
    "pjsip.conf": "[9901]\ntype = endpoint\nallow = nocodec\n[grouped]\ntype = endpoint\ncall_group = x-y\n",
    "modules.conf": "[modules]\nload = res_nothing.so\n",
})
#: As Asterisk 22.10.1 wrote it.
LOG = """\
[2026-11-23 08:34:12.001] NOTICE[1] loader.c: 46 modules will be loaded.
[2026-11-23 08:34:12.002] WARNING[1] res_pjsip/pjsip_configuration.c: Cannot allow unknown format 'nocodec'
[2026-11-23 08:34:12.003] ERROR[1] config_options.c: Error parsing allow=nocodec at line 3 of
[2026-11-23 08:34:12.004] ERROR[1] res_sorcery_config.c: Could not create an object of type 'endpoint' with id '9901' \
from configuration file 'pjsip.conf'
[2026-11-23 08:34:12.005] WARNING[1] channel.c: Syntax error parsing group configuration 'x-y' at 'x-y'. Ignoring.
[2026-11-23 08:34:12.006] ERROR[1] loader.c: Error loading module 'res_nothing.so': cannot open shared object file
"""


def test_complaints_have_the_place_they_are_about():
    found = read_complaints(LOG, TREE, 1)
    assert [(complaint.level, complaint.place) for complaint in found] == [
        ("ERROR", Place("pjsip.conf", 3)), ("WARNING", Place("pjsip.conf", 6)), ("ERROR", Place("modules.conf", 2))]
    assert found[0].text == "Error parsing allow=nocodec (Cannot allow unknown format 'nocodec')"


@pytest.mark.parametrize(("said", "place"), [
    ("Unable to parse line 7 of extensions.conf", Place("extensions.conf", 7)),
    ("Unable to load config file 'cel.conf'", Place("cel.conf")),
    ("Something went wrong", None),
])
def test_places_in_other_messages(said, place):
    log = f"[2026-11-23 08:34:12.001] WARNING[12][C-00000001] pbx_config.c: {said}\n"
    assert [complaint.place for complaint in read_complaints(log, TREE, 12)] == [place]


def test_a_message_goes_on_in_lines_that_are_indented():
    log = "[2026-11-23 08:34:12.001] ERROR[1]: config.c:12 f: one\n    two\nthree\n"
    assert [complaint.text for complaint in read_complaints(log, Config({}), 1)] == ["one two"]


@pytest.mark.parametrize(("message", "counts"), [
    ("WARNING[1] taskprocessor.c: Taskprocessor 'stasis/m:devicestate:all-00000004' queue reached 500 scheduled tasks"
     " (high water mark: 500).", False),
    ("WARNING[1] res_pjsip/config_auth.c: Unknown authentication storage type 'trust' specified", True),
    ("WARNING[9] res_pjsip_outbound_registration.c: No response received from 'sip:a.example' on registration", False),
    ("WARNING[1] acl.c: Unable to get hostname", False),
    ("ERROR[1] res_pjsip/config_system.c: There are no local system nameservers configured", False),
    ("WARNING[1] loader.c: Module 'res_adsi' has been loaded but may be removed in a future release.", False),
    ("ERROR[1] loader.c: res_parking declined to load.", True),
    ("ERROR[9] strange.c: Unable to load config file 'strange.conf'", True),
    ("NOTICE[1] loader.c: 46 modules will be loaded.", False),
])
def test_a_complaint_is_of_what_asterisk_was_given_and_not_of_how_it_runs(message, counts):
    log = f"[2026-11-23 08:34:12.001] {message}\n"
    assert bool(read_complaints(log, TREE, 1)) is counts


@pytest.fixture
def asterisk(tmp_path):
    """asterisk(greeting, answer) serves one connection; returns its path and what it received."""
    servers = []

    def serve(greeting, answer):
        path, received = str(tmp_path / "ctl"), []
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(path)
        server.listen(1)
        servers.append(server)

        def talk():
            link, dummy = server.accept()
            with link:
                link.sendall(greeting)
                if greeting:
                    received.append(link.recv(1000))
                    link.sendall(answer)

        threading.Thread(target=talk, daemon=True).start()
        return path, received

    yield serve
    for server in servers:
        server.close()


def test_the_console_is_asked_and_answers(asterisk):
    path, received = asterisk(b"pbx1/7/22.10.1\n", b"\x1b[1;37mSystem uptime\x1b[0m: 1 second\n")
    assert console.ask(path, "core show uptime") == "System uptime: 1 second"
    assert received == [b"cli quit after core show uptime\0"]


def test_a_console_that_hangs_up_or_is_not_there(asterisk, tmp_path):
    path, _told = asterisk(b"", b"")
    with pytest.raises(console.ConsoleError, match="without a greeting"):
        console.ask(path, "core show uptime")
    with pytest.raises(console.ConsoleError, match="nowhere"):
        console.ask(str(tmp_path / "nowhere"), "core show uptime")


def test_a_scratch_asterisk_that_stops_answering_is_no_fault_of_the_configuration(tmp_path):
    with pytest.raises(ScratchFailed, match="could not be checked, and nothing was changed: .* does not answer"):
        Scratch(TREE, folder=str(tmp_path)).ask("core show version")


@pytest.mark.parametrize("folder", ["usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib"])
def test_the_modules_of_a_package_that_is_unpacked(tmp_path, folder):
    (tmp_path / folder / "asterisk/modules").mkdir(parents=True)
    assert libraries(str(tmp_path)) == str(tmp_path / folder)
