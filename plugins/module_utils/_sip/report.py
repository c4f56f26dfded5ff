# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the trunks of a PBX: lines for people, and JUnit for CI systems."""

from __future__ import annotations

import json
import re
from typing import Any, Iterable, Mapping, Sequence
from xml.etree import ElementTree

from .diagnosis import diagnose
from .ladder import Facts
from .problem import Problem

#: A table has a line for each of so many numbers.
MAX_NUMBERS = 30
#: A warning passes: it says what somebody should see to.
PASSED, FAILED, SKIPPED, WARNING = "passed", "failed", "skipped", "warning"
_EXAMPLE = '{"version": 1, "action": "route", "to": {"phone": "1001"}}'
_NO_NUMBER = {
    "trunk": "every trunk", "check": "call", "result": SKIPPED, "cause": "",
    "detail": "verify_number is not set, so no call was placed", "fix": "",
}
_NOT_VERIFIED = {
    "trunk": "none", "check": "host", "result": FAILED, "cause": "host-not-verified",
    "detail": "The host could not be verified.", "fix": "Look at the run's output for this host.",
}
#: What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets), as a SIP reason phrase may.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def n8n_checks(said: str, routes: Sequence[str]) -> dict[str, Any]:
    """Return what came of asking n8n, as filter `proof_report` takes it.

    :param said: the output of `n8n_route.py --verify`, empty where it did not run. :param routes: the rows of pbx_n8n.
    """
    try:
        found = json.loads(said)
    except ValueError:
        found = [{"name": name, "fault": "the script that asks is not installed"} for name in routes]
    return {"checks": [_n8n_check(row) for row in found]}


def _n8n_check(row: Mapping[str, Any]) -> dict[str, Any]:
    check = {"trunk": f"n8n {row['name']}", "check": "answer", "cause": "", "fix": ""}
    if row["fault"]:
        finding = diagnose(Problem.N8N, Facts(), {"route": row["name"], "fault": row["fault"], "example": _EXAMPLE})
        return {**check, "result": FAILED, "detail": finding.cause, "cause": finding.name, "fix": finding.fix}
    detail = f"it would send the call to {row['to']}, after {row['milliseconds']} ms"
    return {**check, "result": PASSED, "detail": detail}


def report(results: Iterable[Mapping[str, Any]], number: str) -> dict[str, Any]:
    """Combine the results of modules trunk_options, trunk_call and number_destinations.

    :param results: each with its `checks`; the result of a skipped task has none.
    :param number: the number called, or "".
    :returns: `rows`, the checks; `table`, a line for each, but one for many numbers that passed; `message`, each cause
        of a failure with its fix, or empty.
    """
    rows = [row for result in results for row in result.get("checks") or ()] + ([] if number else [_NO_NUMBER])
    width = max((len(row["trunk"]) for row in rows), default=0)
    # OPTIONS and the call may fail for the same cause, which is reported once.
    failed = {row["detail"]: row for row in reversed(rows) if row["result"] == FAILED}
    message = [f"{row['trunk']}, {row['check']}: {row['detail']} {row['fix']}".strip() for row in failed.values()]
    table = [_line(row, width) for row in _shortened(rows)]
    return {"rows": rows, "table": table, "message": "\n".join(reversed(message))}


def _shortened(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows with one in place of all numbers that passed, where there are many."""
    kept = [row for row in rows if row["check"] != "number" or row["result"] != "passed"]
    passed = len(rows) - len(kept)
    if passed <= MAX_NUMBERS:
        return list(rows)
    return [*kept, {
        "trunk": f"{passed} numbers", "check": "number", "result": "passed",
        "detail": "each reaches what is declared; the JUnit report says what",
    }]


def _line(row: Mapping[str, Any], width: int) -> str:
    seen = f" [{row['seen']}]" if row.get("seen") else ""
    return f"{row['trunk']:{width}}  {row['check']:7}  {row['result']:7}  {row['detail']}{seen}"


def junit(hosts: Sequence[tuple[str, Sequence[Mapping[str, Any]] | None]]) -> str:
    """Return the report on several hosts as a JUnit document.

    :param hosts: each host with its rows, None if it could not be verified.
    """
    rows = [(host, row) for host, found in hosts for row in ([_NOT_VERIFIED] if found is None else found)]
    counts = {kind: sum(row["result"] == kind for dummy, row in rows) for kind in (FAILED, SKIPPED)}
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(
        suites, "testsuite", name="trunkline verify", tests=str(len(rows)), failures=str(counts[FAILED]), errors="0",
        skipped=str(counts[SKIPPED]))
    for host, row in rows:
        case = ElementTree.SubElement(suite, "testcase", classname=host, name=_text(f"{row['trunk']}: {row['check']}"))
        if row["result"] == FAILED:
            failure = ElementTree.SubElement(case, "failure", type=row["cause"], message=_text(row["detail"]))
            failure.text = _text(row["fix"])
        elif row["result"] == SKIPPED:
            ElementTree.SubElement(case, "skipped", message=_text(row["detail"]))
        else:
            before = f"{WARNING}: " if row["result"] == WARNING else ""
            ElementTree.SubElement(case, "system-out").text = _text(before + row["detail"])
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
