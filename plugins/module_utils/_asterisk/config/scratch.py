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
from typing import Optional

from . import console
from .conf import ROOT, Place
from .configuration import Config

ASTERISK = "/usr/sbin/asterisk"
BOOT_SECONDS = 300  # 10,000 phones on a busy host; one that dies is noticed at once
MESSAGE = re.compile(
    r"\[[^\]]*\]\s+(?P<level>NOTICE|WARNING|ERROR)\[(?P<thread>\d+)\](?:\[C-[0-9a-f]+\])?:?\s+"
    r"(?P<source>[\w./-]+\.[ch]\w*):?(?:\s*\d+)?(?:\s+(?P<function>\w+))?:\s*(?P<text>.*)"
)
LINE = re.compile(r"\bline (?P<line>\d+) (?:of|in)(?: file)? '?(?P<file>[\w./+-]*\w)'?", re.IGNORECASE)
FILE = re.compile(r"(?P<file>[\w./+-]+\.conf)\b(?:['\"]?,? line (?P<line>\d+))?")
#: PJSIP's messages about one setting, and about the object that is not made for it.
IN_NO_FILE = re.compile(
    r"(?:named '|[Ee]rror parsing )(?P<name>[\w.@-]+).*(?P<end> at line (?P<line>\d+) of\s*\.?\s*$)")
DROPPED = re.compile(r"Could not create an object of type '\S+' with id '")
INCLUDE = re.compile(rf"^(\s*#(?:try)?include\s+[\"<]?){ROOT}/", re.MULTILINE)
STARTED = "trunkline: Asterisk starts"
QUOTED = re.compile(r"(?:['\"\[])([\w./:@-]{2,})['\"\]]|(\w+\.so)\b")
#: The files of Asterisk's core that read its configuration, or a value of it. What the rest of the core says is about
#: how Asterisk runs, such as the queues that fill while thousands of phones are read (taskprocessor.c).
CORE_READERS = frozenset(f"{name}.c" for name in (
    "acl asterisk ccss cdr cel channel cli codec config config_options dnsmgr dsp enum extconf features features_config"
    " file format format_cache format_cap frame http indications loader logger manager message named_acl netsock2"
    " options pbx pbx_app pbx_builtins pbx_functions pbx_switch pbx_timing pbx_variables pickup rtp_engine sorcery"
    " stasis tcptls translate udptl utils"
).split())
#: A module is read because the configuration says so, and what it says while it is, is about what it was given.
MODULE_SOURCE = re.compile(r"(?:app|bridge|cdr|cel|chan|codec|format|func|pbx|res)_\w+[./]")
#: What a namespace without a network makes it say, and what is true of a module that is loaded all the same.
NO_FAULT = re.compile(r"Unable to get hostname|nameserver|has been loaded but")


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

    :raises ScratchFailed: there is no Asterisk here, or no namespace to run it in.
    """

    def __init__(self, config: Config, user: str = "asterisk", folder: str = "/run"):
        self.config, self.user = config, user
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
                    for complaint in self._read(file.read()):
                        found.setdefault(complaint.text, complaint)
        return list(found.values())

    def _read(self, log: str) -> list[Complaint]:
        # Asterisk takes this process over, and its first thread is the one that reads the configuration.
        return read_complaints(self._ours(log), self.config, self._process.pid if self._process else None)

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
        # A file outside of the folder is read where it lies.
        files = {name: self._staged(text) for name, text in self.config.items() if not name.startswith("/")}
        files["asterisk.conf"] = (
            "[directories]\n" + "".join(f"{name} => {self._path(place)}\n" for name, place in folders.items())
            + files.get("asterisk.conf", "")
        )
        append = "(+)" if self.config.conf("logger.conf").named("logfiles") else ""
        files["logger.conf"] = f"{files.get('logger.conf', '')}\n[logfiles]{append}\ntrunkline-check => warning,error\n"
        for name, text in files.items():
            path = self._path(os.path.join("etc", name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
        try:
            owner = pwd.getpwnam(self.user)
        except KeyError:
            raise ScratchFailed(f"this host has no user {self.user}") from None
        for folder, _folders, names in os.walk(self._base):
            for path in [folder, *(os.path.join(folder, name) for name in names)]:
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def _staged(self, text: str) -> str:
        """A text whose includes by absolute path lead to the staged files."""
        return INCLUDE.sub(lambda found: found[1] + self._path("etc") + "/", text) if ROOT in text else text

    def _start(self) -> None:
        addresses = sorted(_own_addresses(self.config))
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


def read_complaints(text: str, config: Config, reader: Optional[int]) -> list[Complaint]:
    """The warnings and errors about its configuration in what Asterisk logged, each with its place where that can be
    told.

    :param reader: the thread that reads the configuration.

    PJSIP says a thing in up to three messages: what is wrong with a value, the line that it is in without its file, and
    that the object is not made for it. They become one.
    """
    found: list[Complaint] = []
    details: list[str] = []
    for level, said in _messages(text, config, reader):
        line, dropped = IN_NO_FILE.search(said), DROPPED.search(said)
        if line:
            place = _containing(config, line["name"], int(line["line"]))
            told = said[: line.start("end")] + (f" ({'. '.join(details)})" if details else "")
            del found[len(found) - len(details):]
            found.append(Complaint(level, told, place))
            details = []
        elif dropped and found and found[-1].place and found[-1].place.line:
            details = []
        else:
            place = _named(config, said)
            found.append(Complaint(level, said, place if place and place.line else mentioned(config, said) or place))
            details.append(said.rstrip("."))
    return found


def _messages(text: str, config: Config, reader: Optional[int]) -> list[tuple[str, str]]:
    """Level and text of each warning and error that is about the configuration."""
    found: list[tuple[dict, list[str]]] = []
    for line in text.splitlines():
        message = MESSAGE.match(line.strip())
        if message:
            found.append((message.groupdict(), [message["text"]]))
        elif found and line.startswith((" ", "\t")):
            found[-1][1].append(line.strip())
    return [
        (message["level"], " ".join(said)) for message, said in found
        if message["level"] != "NOTICE" and _is_about_configuration(message, " ".join(said), config, reader)
    ]


def _is_about_configuration(message: dict, said: str, config: Config, reader: Optional[int]) -> bool:
    """Whether a message is about what Asterisk was configured with, and not about how it runs with it.

    It is where it names a file of the configuration. Else it has to come from a part of Asterisk that reads some, and
    from the thread that reads all of it: another one tells of a peer that does not answer, for one.
    """
    if NO_FAULT.search(said):
        return False
    if _named(config, said):
        return True
    source = message["source"]
    return int(message["thread"]) == reader and (source in CORE_READERS or bool(MODULE_SOURCE.match(source)))


def _named(config: Config, said: str) -> Optional[Place]:
    """The file of the configuration that a message names, with the line where it names one."""
    for found in filter(None, (LINE.search(said), FILE.search(said))):
        for name in (found["file"], found["file"].lstrip("/")):
            if name in config or (name.endswith(".conf") and not name.startswith("/")):
                return Place(name, int(found["line"] or 0))
    return None


def _containing(config: Config, name: str, number: int) -> Optional[Place]:
    """The file whose line of that number sets that name."""
    places = (Place(file, number) for file in config)
    pattern = re.compile(rf"\s*{re.escape(name)}\s*\+?=")
    return next((place for place in places if pattern.match(config.line(place))), None)


def mentioned(config: Config, said: str) -> Optional[Place]:
    """The one line that has a word which a message quotes."""
    places = map(config.only_place, map("".join, QUOTED.findall(said)))
    return next(filter(None, places), None)


def _own_addresses(config: Config) -> set[str]:
    """The addresses that something is bound to, but for loopback and "any"."""
    found = set()
    for name in ("pjsip.conf", "manager.conf", "http.conf", "rtp.conf"):
        for section in config.conf(name).sections:
            for setting in section.all("bind") + section.all("bindaddr") + section.all("tlsbindaddr"):
                match = re.fullmatch(r"\[?([0-9a-fA-F.:]+?)\]?(?::\d+)?", setting.value)
                if match and not match[1].startswith(("0.0.0.0", "127.")) and match[1] not in ("::", "::1"):
                    found.add(match[1])
    return found
