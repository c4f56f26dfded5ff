# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real softphone, baresip without a screen, on a host of its own."""

from __future__ import annotations

import re
import shlex
import subprocess

from .audio import chatter
from .container import inside
from .waiting import until

FOLDER = "/etc/softphone"
HEARD, SPEECH = "/var/tmp/heard.wav", "/var/tmp/speech.wav"
#: What it prints from `start` on.
LOG = "/var/tmp/softphone.log"

CONFIG = f"""\
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module account.so
module menu.so
audio_source aufile,{SPEECH}
audio_player aufile,{HEARD}
audio_alert aufile,/dev/null
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
sip_listen 0.0.0.0:{{port}}
"""


class Softphone:
    """A softphone on a host of the lab.

    :param host: the testinfra host it runs on.
    :param server: the PBX's address.
    :param port: the UDP port that it sends SIP from.
    :param seconds: how long it talks before it hangs up.
    """

    def __init__(self, host, server: str, port: int = 5060, seconds: int = 20):
        self.host, self.server, self.port = host, server, port
        #: The WAV file that it plays into a call.
        self.says = chatter(seconds)

    def _configure(self, name: str, password: str, options: str) -> None:
        account = f"<sip:{name}@{self.server};transport=udp>;auth_user={name};auth_pass={password};{options}\n"
        self.host.check_output("install -d -m 0700 %s", FOLDER)
        self._write(SPEECH, self.says)
        for file, text in (("config", CONFIG.format(port=self.port)), ("accounts", account), ("contacts", "")):
            self._write(f"{FOLDER}/{file}", text.encode())

    def _write(self, path: str, content: bytes) -> None:
        # By standard input, since every user can read a command line.
        subprocess.run(inside(self.host, "tee", path), input=content, stdout=subprocess.DEVNULL, check=True)

    def run(self, name: str, password: str, seconds: int, dial: str = "", options: str = "regint=60") -> str:
        """Register, call `dial` if it is given, and leave after `seconds`.

        :returns: its output, SIP messages included.
        """
        self._configure(name, password, options)
        self.host.run("rm -f %s", HEARD)
        return self.host.run(
            f"cd /var/tmp && timeout {seconds + 10} baresip -v -s -f {FOLDER} {self._call(dial)} -t {seconds} 2>&1"
        ).stdout

    def start(self, name: str, password: str, options: str = "regint=60", dial: str = "") -> None:
        """Register, call `dial` if it is given, and stay until `stop` or `kill`. It is registered afterwards."""
        self._configure(name, password, options)
        self.host.run(f"systemctl stop softphone; rm -f {LOG}")
        self.host.check_output(
            f"systemd-run --quiet --collect --unit=softphone --working-directory=/var/tmp"
            f" --property=StandardOutput=truncate:{LOG} baresip -v -s -f {FOLDER} {self._call(dial)}"
        )
        until(self.registrations)

    def _call(self, dial: str) -> str:
        return f"-e {shlex.quote(f'/dial sip:{dial}@{self.server}')}" if dial else ""

    def stop(self) -> None:
        """Hang up, unregister and leave."""
        self.host.check_output("systemctl stop softphone")

    def kill(self) -> None:
        """Kill it as if its cable were pulled, so that it does not unregister."""
        self.host.check_output("systemctl kill --signal=KILL softphone")

    def registrations(self) -> int:
        """Return how often it was registered since `start`."""
        return steps(self.host.run("cat %s", LOG).stdout, "REGISTER").count("200")

    def heard(self) -> bytes:
        """Return the WAV file of what it heard in its last call."""
        return self.host.file(HEARD).content


def steps(printed: str, method: str) -> list[str]:
    """Return the ladder of one method from a phone's output: ["REGISTER", "401", "REGISTER", "200"]."""
    found = []
    printed = printed.replace("\r", "")
    for message in re.findall(r"^UDP .*?\n((?:SIP/2\.0|[A-Z]+ sip:).*?)\n\s*\n", printed, re.S | re.M):
        if not re.search(rf"^CSeq: \d+ {method}$", message, re.M):
            continue
        first = message.split()
        found.append(first[1] if first[0] == "SIP/2.0" else first[0])
    return found
