# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scratch Asterisk: started on a configuration to see what it says of it, and never heard of by anybody else.

It has folders of its own and a network namespace of its own, so that it takes no port, reaches no peer and touches no
file of the one that carries calls. Asterisk has no way to check a configuration other than to start on it.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import Mapping, Optional

from . import console
from .conf import Place, read

ASTERISK = "/usr/sbin/asterisk"
BOOT_SECONDS = 30
MESSAGE = re.compile(
    r"\[[^\]]*\]\s+(?P<level>NOTICE|WARNING|ERROR)\[\d+\](?:\[C-[0-9a-f]+\])?:?\s+"
    r"(?P<source>[\w./-]+\.[ch]\w*):?(?:\s*\d+)?(?:\s+(?P<function>\w+))?:\s*(?P<text>.*)"
)
LINE = re.compile(r"\bline (?P<line>\d+) (?:of|in)(?: file)? '?(?P<file>[\w./+-]+\.conf\w*)'?", re.IGNORECASE)
FILE = re.compile(r"(?P<file>[\w./+-]+\.conf)\b(?:['\"]?,? line (?P<line>\d+))?")
#: PJSIP's messages about one setting, and about the object that is not made for it.
IN_NO_FILE = re.compile(
    r"(?:named '|[Ee]rror parsing )(?P<name>[\w.@-]+).*(?P<end> at line (?P<line>\d+) of\s*\.?\s*$)")
DROPPED = re.compile(r"Could not create an object of type '\S+' with id '")
STARTED = "trunkline: Asterisk starts"
QUOTED = re.compile(r"(?:['\"\[])([\w./:@-]{2,})['\"\]]|(\w+\.so)\b")
#: What a sound configuration makes Asterisk say in a namespace without a network.
HARMLESS = (
    "Unable to get hostname",
    "nameserver",
)


class ScratchFailed(Exception):
    """The scratch Asterisk could not be run, which says nothing about the configuration."""


@dataclass(frozen=True)
class Complaint:
    """What Asterisk said at its start: `level` WARNING or ERROR, and the place where it named one."""

    level: str
    text: str
    place: Optional[Place] = None


class Scratch:
    """To be used in a `with` block, within which it runs: `ask` it, and read its `complaints`.

    :param tree: the configuration: the text of each file by its name.
    :raises ScratchFailed: there is no Asterisk here, or no namespace to run it in.
    """

    def __init__(self, tree: Mapping[str, str], user: str = "asterisk", folder: str = "/run"):
        self.tree, self.user = tree, user
        self.died = ""  # or why
        self._base = tempfile.mkdtemp(prefix="trunkline-check-", dir=folder)
        self._process: Optional[subprocess.Popen] = None

    def __enter__(self) -> Scratch:
        try:
            self._write()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)  # it has nothing to lose
        if self._process:
            self._process.wait()
        shutil.rmtree(self._base, ignore_errors=True)

    def ask(self, command: str) -> str:
        """What a console command prints, "" where it did not start.

        :raises console.ConsoleError: it does not answer.
        """
        return "" if self.died else self._ours(console.ask(self._path("run/asterisk.ctl"), command))

    def complaints(self) -> list[Complaint]:
        """What it said of its configuration."""
        found: dict = {}
        for name in ("log/trunkline-check", "output"):
            if os.path.exists(self._path(name)):
                with open(self._path(name), encoding="utf-8", errors="replace") as file:
                    for complaint in read_complaints(self._ours(file.read()), self.tree):
                        found.setdefault(complaint.text, complaint)
        return list(found.values())

    def _path(self, name: str) -> str:
        return os.path.join(self._base, name)

    def _ours(self, text: str) -> str:
        """Its answers with the names that files will have when they are live."""
        return text.replace(self._path("etc") + "/", "").replace(self._base, "")

    def _write(self) -> None:
        for name in ("etc", "lib", "spool", "run", "log", "agi"):
            os.mkdir(self._path(name))
        folders = {
            "astetcdir": "etc", "astvarlibdir": "lib", "astdbdir": "lib", "astkeydir": "lib", "astagidir": "agi",
            "astspooldir": "spool", "astrundir": "run", "astlogdir": "log",
        }
        files = dict(self.tree)
        files["asterisk.conf"] = (
            "[directories]\n" + "".join(f"{name} => {self._path(place)}\n" for name, place in folders.items())
            + files.get("asterisk.conf", "")
        )
        append = "(+)" if read("logger.conf", files).named("logfiles") else ""
        files["logger.conf"] = f"{files.get('logger.conf', '')}\n[logfiles]{append}\ntrunkline-check => warning,error\n"
        for name, text in files.items():
            path = self._path(os.path.join("etc", name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        try:
            owner = pwd.getpwnam(self.user)
        except KeyError:
            raise ScratchFailed(f"this host has no user {self.user}") from None
        for folder, _folders, names in os.walk(self._base):
            for path in [folder, *(os.path.join(folder, name) for name in names)]:
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def _start(self) -> None:
        addresses = sorted(_own_addresses(self.tree))
        # A socket can be bound to an address of this host only, so the namespace has them all.
        script = (
            'ip link set lo up; while [ "$1" != -- ]; do ip addr add "$1" dev lo; shift; done;'
            f' shift; echo {STARTED}; exec "$@"'
        )
        with open(self._path("output"), "wb") as output:
            try:
                self._process = subprocess.Popen(
                    ["unshare", "--net", "sh", "-ec", script, "sh", *addresses, "--", ASTERISK, "-f", "-n",
                     "-U", self.user, "-G", self.user, "-C", self._path("etc/asterisk.conf")],
                    stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=self._base,
                    start_new_session=True, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"})
            except OSError as error:
                raise ScratchFailed(f"it could not be started: {error}") from None
        deadline = time.monotonic() + BOOT_SECONDS
        while True:
            try:
                if "fully booted" in self.ask("core waitfullybooted"):
                    return
            except console.ConsoleError as error:
                if self._process.poll() is not None:
                    self._ended()
                    return
                if time.monotonic() > deadline:
                    raise ScratchFailed(f"it did not start within {BOOT_SECONDS} s: {error}") from None
                time.sleep(0.02)

    def _ended(self) -> None:
        """It is not there any more: because of its configuration, or because it was never started."""
        with open(self._path("output"), encoding="utf-8", errors="replace") as file:
            before, started, said = file.read().partition(STARTED + "\n")
        if not started:
            raise ScratchFailed(f"it could not be started: {before.strip()[-500:] or 'it said nothing'}")
        last = [line.strip("* ") for line in said.splitlines() if line.startswith("***")]
        self.died = " ".join(last) or "it does not say why"


def read_complaints(text: str, tree: Mapping[str, str]) -> list[Complaint]:
    """The warnings and errors in what Asterisk logged, each with its place as far as that can be told.

    PJSIP says a thing in up to three messages: what is wrong with a value, the line that it is in without its file, and
    that the object is not made for it. They become one.
    """
    found: list[Complaint] = []
    details: list[str] = []
    for level, said in _messages(text):
        line, dropped = IN_NO_FILE.search(said), DROPPED.search(said)
        if line:
            place = _containing(tree, line["name"], int(line["line"]))
            told = said[: line.start("end")] + (f" ({'. '.join(details)})" if details else "")
            found, details = [*found[: len(found) - len(details)], Complaint(level, told, place)], []
        elif dropped and found and found[-1].place and found[-1].place.line:
            details = []
        else:
            named = LINE.search(said) or FILE.search(said)
            place = Place(named["file"].lstrip("/"), int(named["line"] or 0)) if named else None
            found.append(Complaint(level, said, place if place and place.line else mentioned(tree, said) or place))
            details.append(said.rstrip("."))
    return found


def _messages(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        message = MESSAGE.match(line.strip())
        if message:
            found.append((message["level"], message["text"]))
        elif found and line.startswith((" ", "\t")):
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return [
        (level, said) for level, said in found
        if level != "NOTICE" and not any(harmless in said for harmless in HARMLESS)
    ]


def _containing(tree: Mapping[str, str], name: str, number: int) -> Optional[Place]:
    """The file whose line of that number sets that name."""
    for file, text in tree.items():
        lines = text.splitlines()
        if number <= len(lines) and re.match(rf"\s*{re.escape(name)}\s*\+?=", lines[number - 1]):
            return Place(file, number)
    return None


def mentioned(tree: Mapping[str, str], said: str) -> Optional[Place]:
    """The one line that has a word which a message quotes."""
    for word in map("".join, QUOTED.findall(said)):
        places = [
            Place(file, number)
            for file, text in tree.items()
            for number, line in enumerate(text.splitlines(), 1)
            if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", line.split(";")[0])
        ]
        if len(places) == 1:
            return places[0]
    return None


def _own_addresses(tree: Mapping[str, str]) -> set[str]:
    """The addresses that something is bound to, but for loopback and "any"."""
    found = set()
    for name in ("pjsip.conf", "manager.conf", "http.conf", "rtp.conf"):
        for section in read(name, tree).sections:
            for setting in section.all("bind") + section.all("bindaddr") + section.all("tlsbindaddr"):
                match = re.fullmatch(r"\[?([0-9a-fA-F.:]+?)\]?(?::\d+)?", setting.value)
                if match and not match[1].startswith(("0.0.0.0", "127.")) and match[1] not in ("::", "::1"):
                    found.add(match[1])
    return found
