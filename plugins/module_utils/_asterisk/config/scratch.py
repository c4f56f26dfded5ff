# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scratch Asterisk: started in isolation on a configuration, to collect its complaints and answers.

It has folders and a network namespace of its own, so that it takes no port, reaches no peer and touches no file of the
Asterisk that carries calls. Asterisk has no way to check a configuration other than to start on it.
"""

from __future__ import annotations

import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import Any, Mapping

from ..._core.errors import TrunklineError
from . import console
from .conf import ROOT, Place
from .configuration import Config

ASTERISK = "/usr/sbin/asterisk"
BOOT_SECONDS = 300  # for 10,000 phones on a busy host; a process that ends is noticed at once
MESSAGE = re.compile(
    r"\[[^\]]*\]\s+(?P<level>NOTICE|WARNING|ERROR)\[(?P<thread>\d+)\](?:\[C-[0-9a-f]+\])?:?\s+"
    r"(?P<source>[\w./-]+\.[ch]\w*):?(?:\s*\d+)?(?:\s+(?P<function>\w+))?:\s*(?P<text>.*)"
)
LINE = re.compile(r"\bline (?P<line>\d+) (?:of|in)(?: file)? '?(?P<file>[\w./+-]*\w)'?", re.IGNORECASE)
FILE = re.compile(r"(?P<file>[\w./+-]+\.conf)\b(?:['\"]?,? line (?P<line>\d+))?")
#: PJSIP's messages about one setting, and about the object that it does not make because of it.
IN_NO_FILE = re.compile(
    r"(?:named '|[Ee]rror parsing )(?P<name>[\w.@-]+).*(?P<end> at line (?P<line>\d+) of\s*\.?\s*$)")
DROPPED = re.compile(r"Could not create an object of type '\S+' with id '")
INCLUDE = re.compile(rf"^(\s*#(?:try)?include\s+[\"<]?){ROOT}/", re.MULTILINE)
STARTED = "trunkline: Asterisk starts"
QUOTED = re.compile(r"(?:['\"\[])([\w./:@-]{2,})['\"\]]|(\w+\.so)\b")
#: The source files of Asterisk's core that read its configuration, or a value of it. Messages of the others are about
#: how Asterisk runs, such as the queues that fill while thousands of phones are read (taskprocessor.c).
CORE_READERS = frozenset(f"{name}.c" for name in (
    "acl asterisk ccss cdr cel channel cli codec config config_options dnsmgr dsp enum extconf features features_config"
    " file format format_cache format_cap frame http indications loader logger manager message named_acl netsock2"
    " options pbx pbx_app pbx_builtins pbx_functions pbx_switch pbx_timing pbx_variables pickup rtp_engine sorcery"
    " stasis tcptls translate udptl utils"
).split())
#: The source files of modules: the configuration loads a module, whose messages while it loads are about its settings.
MODULE_SOURCE = re.compile(r"(?:app|bridge|cdr|cel|chan|codec|format|func|pbx|res)_\w+[./]")
#: Messages that a namespace without a network causes, and a remark about a module that is loaded all the same.
NO_FAULT = re.compile(r"Unable to get hostname|nameserver|has been loaded but")


class ScratchFailed(TrunklineError):
    """The scratch Asterisk could not be run, which says nothing about the configuration.

    :param reason: the failure, beginning with "it" where the subject is the scratch Asterisk, without a full stop.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            "The configuration could not be checked, and nothing was changed: a scratch Asterisk is started in a"
            f" network namespace of its own, and {reason}.")


def libraries(root: str) -> str:
    """Return the folder of the libraries of an Asterisk that is unpacked below `root`: /usr/lib/TRIPLET of a Debian
    package, /usr/lib64 of an RPM."""
    found = sorted(glob.glob(f"{root}/usr/lib/*/asterisk") + glob.glob(f"{root}/usr/lib64/asterisk"))
    return os.path.dirname(found[0]) if found else f"{root}/usr/lib"


@dataclass(frozen=True)
class Complaint:
    """A message of Asterisk at its start: `level` is WARNING or ERROR, `place` None where the message names none."""

    level: str
    text: str
    place: Place | None = None


class Scratch:
    """A context manager: the scratch Asterisk runs within the `with` block. `died` says why it ended, "" while it runs.

    :param root: the folder of an Asterisk that is unpacked and not installed; "" for the installed one.
    :raises ScratchFailed: there is no Asterisk on this host, or no namespace to run it in.
    """

    def __init__(self, config: Config, user: str = "asterisk", folder: str = "/run", root: str = "") -> None:
        self.config, self.user, self.root = config, user, root
        self.died = ""
        self._base = tempfile.mkdtemp(prefix="trunkline-check-", dir=folder)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Scratch:
        try:
            self._write()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)  # it has no state to save
        if self._process:
            self._process.wait()
        shutil.rmtree(self._base, ignore_errors=True)

    def ask(self, command: str) -> str:
        """Run a console command and return its output, "" where Asterisk did not start.

        :raises ScratchFailed: Asterisk does not answer.
        """
        try:
            return "" if self.died else self._ask(command)
        except console.ConsoleError as error:
            raise ScratchFailed(f"it does not answer on its console any more ({error})") from None

    def _ask(self, command: str) -> str:
        return self._as_live(console.ask(self._path("run/asterisk.ctl"), command))

    def complaints(self) -> list[Complaint]:
        """Return its complaints about the configuration, each once."""
        found: dict[str, Complaint] = {}
        for name in ("log/trunkline-check", "output"):
            if os.path.exists(self._path(name)):
                with open(self._path(name), encoding="utf-8", errors="replace") as file:
                    for complaint in self._read(file.read()):
                        found.setdefault(complaint.text, complaint)
        return list(found.values())

    def _read(self, log: str) -> list[Complaint]:
        # Asterisk replaces the child process, and its first thread is the one that reads the configuration.
        return read_complaints(self._as_live(log), self.config, self._process.pid if self._process else None)

    def _path(self, name: str) -> str:
        return os.path.join(self._base, name)

    def _as_live(self, text: str) -> str:
        """Replace the paths of the scratch folders by the names that the files have when they are live."""
        return text.replace(self._path("etc") + "/", "").replace(self._base, "")

    def _write(self) -> None:
        for name in ("etc", "lib", "spool", "run", "log", "agi"):
            os.mkdir(self._path(name))
        folders = {
            "astetcdir": "etc", "astvarlibdir": "lib", "astdbdir": "lib", "astkeydir": "lib", "astagidir": "agi",
            "astspooldir": "spool", "astrundir": "run", "astlogdir": "log",
        }
        places = {name: self._path(place) for name, place in folders.items()}
        if self.root:
            places["astmoddir"] = f"{libraries(self.root)}/asterisk/modules"
            places["astdatadir"] = f"{self.root}/usr/share/asterisk"
        # Asterisk reads a file outside of the configuration folder in its place.
        files = {name: self._staged(text) for name, text in self.config.items() if not name.startswith("/")}
        files["asterisk.conf"] = (
            "[directories]\n" + "".join(f"{name} => {place}\n" for name, place in places.items())
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
        """Make the includes by absolute path of a text lead to the staged files."""
        return INCLUDE.sub(lambda found: found[1] + self._path("etc") + "/", text) if ROOT in text else text

    def _start(self) -> None:
        addresses = sorted(_own_addresses(self.config))
        # A socket can be bound to a local address only, so the namespace gets them all.
        script = (
            'ip link set lo up; while [ "$1" != -- ]; do ip addr add "$1" dev lo; shift; done;'
            f' shift; echo {STARTED}; exec "$@"'
        )
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        if self.root:
            environment["LD_LIBRARY_PATH"] = libraries(self.root)
        with open(self._path("output"), "wb") as output:
            try:
                # It runs beside the module, so run_command() does not serve.
                self._process = subprocess.Popen(  # pylint: disable=ansible-bad-function
                    ["unshare", "--net", "sh", "-ec", script, "sh", *addresses, "--", self.root + ASTERISK, "-f", "-n",
                     "-U", self.user, "-G", self.user, "-C", self._path("etc/asterisk.conf")],
                    stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=self._base,
                    start_new_session=True, env=environment)
            except OSError as error:
                raise ScratchFailed(f"it could not be started: {error}") from None
        deadline = time.monotonic() + BOOT_SECONDS
        while True:
            try:
                if "fully booted" in self._ask("core waitfullybooted"):
                    return
            except console.ConsoleError as error:
                if self._process.poll() is not None:
                    self._ended()
                    return
                if time.monotonic() > deadline:
                    raise ScratchFailed(f"it did not start within {BOOT_SECONDS} s: {error}") from None
                time.sleep(0.02)

    def _ended(self) -> None:
        """Find out why the process ended: because of its configuration, or because Asterisk was never started."""
        with open(self._path("output"), encoding="utf-8", errors="replace") as file:
            before, started, said = file.read().partition(STARTED + "\n")
        if not started:
            raise ScratchFailed(f"it could not be started: {before.strip()[-500:] or 'it printed nothing'}")
        lines = said.splitlines()
        last = [line.strip("* ") for line in lines if line.startswith("***")]
        # Of the dynamic linker.
        last = last or [line.partition(": ")[2] for line in lines if "error while loading shared libraries" in line]
        self.died = " ".join(last) or "it printed no reason"


def read_complaints(text: str, config: Config, reader: int | None) -> list[Complaint]:
    """Return the warnings and errors about the configuration in a log of Asterisk, with their places if known.

    PJSIP reports one fault in up to three messages: what is wrong with a value, its line without the file, and that the
    object is not made because of it. They become one complaint.

    :param reader: the thread that reads the configuration.
    """
    found: list[Complaint] = []
    details: list[str] = []
    for level, said in _messages(text, config, reader):
        line, dropped = IN_NO_FILE.search(said), DROPPED.search(said)
        if line:
            place = _containing(config, line["name"], int(line["line"]))
            text_with_details = said[: line.start("end")] + (f" ({'. '.join(details)})" if details else "")
            del found[len(found) - len(details):]
            found.append(Complaint(level, text_with_details, place))
            details = []
        elif dropped and found and found[-1].place and found[-1].place.line:
            details = []
        else:
            place = _named(config, said)
            found.append(Complaint(level, said, place if place and place.line else mentioned(config, said) or place))
            details.append(said.rstrip("."))
    return found


def _messages(text: str, config: Config, reader: int | None) -> list[tuple[str, str]]:
    """Return level and text of each warning and error about the configuration."""
    found: list[tuple[dict[str, str | Any], list[str]]] = []
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


def _is_about_configuration(message: Mapping[str, str], said: str, config: Config, reader: int | None) -> bool:
    """Return whether a message is about the configuration, and not about how Asterisk runs with it.

    A message that names a file of the configuration is. Any other has to come from a source file that reads
    configuration, and from the thread that reads all of it: another thread reports, for example, a silent peer.
    """
    if NO_FAULT.search(said):
        return False
    if _named(config, said):
        return True
    source = message["source"]
    return int(message["thread"]) == reader and (source in CORE_READERS or bool(MODULE_SOURCE.match(source)))


def _named(config: Config, said: str) -> Place | None:
    """Return the file of the configuration that a message names, with the line if it names one."""
    for found in filter(None, (LINE.search(said), FILE.search(said))):
        for name in (found["file"], found["file"].lstrip("/")):
            if name in config or (name.endswith(".conf") and not name.startswith("/")):
                return Place(name, int(found["line"] or 0))
    return None


def _containing(config: Config, name: str, number: int) -> Place | None:
    """Find the file that sets `name` in the line of that number."""
    places = (Place(file, number) for file in config)
    pattern = re.compile(rf"\s*{re.escape(name)}\s*\+?=")
    return next((place for place in places if pattern.match(config.line(place))), None)


def mentioned(config: Config, said: str) -> Place | None:
    """Find the only line with a word that a message quotes."""
    places = map(config.only_place, map("".join, QUOTED.findall(said)))
    return next(filter(None, places), None)


def _own_addresses(config: Config) -> set[str]:
    """Return the addresses that sockets are bound to, except loopback and "any"."""
    found: set[str] = set()
    for name in ("pjsip.conf", "manager.conf", "http.conf", "rtp.conf"):
        for section in config.conf(name).sections:
            for setting in section.all("bind") + section.all("bindaddr") + section.all("tlsbindaddr"):
                match = re.fullmatch(r"\[?([0-9a-fA-F.:]+?)\]?(?::\d+)?", setting.value)
                if match and not match[1].startswith(("0.0.0.0", "127.")) and match[1] not in ("::", "::1"):
                    found.add(match[1])
    return found
