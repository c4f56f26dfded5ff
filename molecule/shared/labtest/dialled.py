# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read numbers as people dial them in each country (tests/dialled), and find where a real Asterisk sends them."""

from __future__ import annotations

import csv
import re
from typing import NamedTuple

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.inventory import read
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.pbx import context
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer

from .plays import ROOT
from .remote_python import RemotePython

#: A trunk's caller ID in each country.
CALLER_IDS = {
    "GB": "+442079460000", "DE": "+493012345678", "FR": "+33123456789", "IT": "+390612345678", "ES": "+34912345678",
    "NL": "+31201234567", "IN": "+911123456789", "AU": "+61298765432", "NZ": "+6493123456", "JP": "+81312345678",
    "BR": "+551123456789", "MX": "+525512345678", "ZA": "+27123456789", "AE": "+97142345678", "SG": "+6561234567",
    "US": "+17756187988", "CA": "+14165550123",
}
ALL = ["+" + str(digit) for digit in range(1, 10)]


class Dialled(NamedTuple):
    """A row of tests/dialled. `becomes` is the number in E.164 form that is called, or `emergency` or `refused`."""

    country: str
    dialled: str
    becomes: str
    what: str


def table(country: str) -> list[Dialled]:
    """Return the rows of one country."""
    with open(ROOT / "tests" / "dialled" / f"{country}.csv", encoding="utf-8", newline="") as file:
        return [Dialled(country, **row) for row in csv.DictReader(file)]


def inventory(*countries: str) -> dict:
    """Return a PBX's variables: a trunk and a phone for each country, each allowed to call any number."""
    return {
        "trunkline_public_address": "203.0.113.10",
        "trunkline_trunks": [
            {"name": country, "ip_access_control_list": "PBXs", "domain": f"{country.lower()}.pstn.twilio.com",
             "caller_id": CALLER_IDS[country], "max_calls": 10000, "calls_per_second": 100} for country in countries],
        "pbx_phones": [
            {"name": f"phone{country}", "password": "Never-used-12", "trunk": country, "max_calls": 10000,
             "calls_per_second": 100} for country in countries],
        "pbx_dids": [],
        "pbx_allowed_prefixes": ALL,
        "pbx_max_wait_seconds": 60,
        "pbx_account_sid": "",
    }


def rendered(variables: dict, *names: str) -> dict[str, str]:
    """Return files as role pbx renders them for a PBX with these variables, by their names."""
    found = read({"pbx1": variables}, {}, {})
    assert found.problems == []
    render = Renderer("pbx", context(found.hosts["pbx1"], {}, {}, 22))
    return {name: render(f"{name}.j2") for name in names}


#: Log every step and every warning. An outgoing call ends there, since the scratch Asterisk has no endpoint.
TRACE_FILES = {
    "asterisk.conf": "[options]\nverbose = 3\n",
    "logger.conf": "[logfiles]\ntrace => verbose\n",
}
DIAL = """
import time
from module_utils._asterisk.config.configuration import Config
from module_utils._asterisk.config.scratch import Scratch
with Scratch(Config(given["tree"])) as scratch:
    for number, context in given["numbers"]:
        scratch.ask('channel originate "Local/%s@%s" application NoOp' % (number, context))
    deadline = time.monotonic() + 30
    while "0 active channels" not in scratch.ask("core show channels count"):
        assert time.monotonic() < deadline, scratch.ask("core show channels")
        time.sleep(0.05)
    result, before = "", None
    while result != before:     # another thread writes it
        before = result
        time.sleep(0.3)
        with open(scratch._path("log/trace")) as file:
            result = file.read()
"""
STEP = re.compile(r'Executing \[.*?\] (\w+)\("(Local/.*)-([0-9a-f]{8});2", "(.*)"\) in new stack$')


def reached(remote: RemotePython, tree: dict[str, str], numbers: list[tuple[str, str]]) -> list[str]:
    """Return what becomes of each (number, context): the E.164 number, `emergency`, `refused` or `nothing`."""
    trace = remote.run(DIAL, {"tree": {**tree, **TRACE_FILES}, "numbers": numbers})
    found: dict = {}
    for line in trace.splitlines():
        if (step := STEP.search(line)) and (said := _verdict(step[1], step[4])):
            found.setdefault((step[2], step[3]), said)
    calls: dict = {}
    for (name, _serial), said in sorted(found.items(), key=lambda item: item[0][1]):
        calls.setdefault(name, said)
    return [calls.get(f"Local/{number}@{context}", "nothing") for number, context in numbers]


def _verdict(application: str, data: str) -> str:
    """Read one step of the dialplan: what it decides about the call, or ""."""
    if application == "Log" and data.startswith("WARNING,Emergency call"):
        return "emergency"
    if application == "Gosub" and data.startswith("refuse,"):
        return "refused"
    called = re.match(r"call,s,1\((\+\d+),", data)
    return called[1] if application == "Gosub" and called else ""
