# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/howto/extend-the-twin.md: its files and names exist, and its examples do what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from twilio_twin import control, faults, resource, rest, voice
from twilio_twin.settings import Settings

from .conftest import ACCOUNT, Api
from .openapi import extract

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "howto" / "extend-the-twin.md").read_text(encoding="utf-8")


def example(language: str, beginning: str) -> str:
    """Return the one block in this language that begins like this."""
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)
    found, = (text for text in blocks if text.lstrip().startswith(beginning))
    return found


@pytest.fixture
def extended(tmp_path, monkeypatch):
    """Return a twin with the page's endpoint."""
    names = {**vars(resource), **vars(voice)}
    exec(example("python", "IP_RECORDS"), names)
    monkeypatch.setattr(rest, "RESOURCES", (*rest.RESOURCES, names["IP_RECORDS"]))
    api = Api(tmp_path)
    api.store.connection.executescript(example("sql", "CREATE"))
    return api


def test_the_files_exist():
    paths = re.findall(r"`((?:roles|plugins|tests|docs)/[\w./-]+)`", PAGE)
    assert len(set(paths)) >= 9 and not [path for path in paths if not (ROOT / path).exists()]
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    named = set(re.findall(r"`(test_\w+\.py)`", PAGE))
    assert len(named) >= 5 and named <= tests
    for script in re.findall(r"^\$ python (\S+)", PAGE, re.M):
        assert (ROOT / script).exists()


def test_the_names_exist():
    assert voice.RESOURCES and control.EMPTIED and faults.KINDS and faults.Faults._lose and extract.SERVED
    fuzzing = (ROOT / "tests" / "contract" / "fuzzing.py").read_text(encoding="utf-8")
    assert "def _populate(" in fuzzing and "LIKELY = {" in fuzzing


def test_the_readme_has_every_kind_of_fault():
    readme = (ROOT / "roles" / "twilio_twin" / "README.md").read_text(encoding="utf-8")
    table = readme.split("| kind of a rule |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| (`.*?) \| is (?:not )?processed", table, re.M)
    assert re.findall("`(.*?)`", " ".join(rows)) == list(faults.KINDS)


def test_one_more_endpoint(extended):
    made = extended.make("/v1/IpRecords", IpAddress="203.0.113.7")
    assert made["sid"].startswith("IL") and made["account_sid"] == ACCOUNT
    assert made["cidr_prefix_length"] == 32 and made["url"].endswith(f"/v1/IpRecords/{made['sid']}")
    assert extended.post("/v1/IpRecords", IpAddress="office").json()["code"] == 20001
    path = f"/v1/IpRecords/{made['sid']}"
    assert extended.post(path, FriendlyName="Office", IpAddress="192.0.2.1").json()["ip_address"] == "203.0.113.7"
    assert [one["friendly_name"] for one in extended.get("/v1/IpRecords").json()["ip_records"]] == ["Office"]
    assert extended.http.post("/twin/reset").json() == {"changed": True}
    assert extended.get(path).status_code == 404


def test_one_more_fault(api, monkeypatch):
    more = eval("{" + example("python", '"502"') + "}", dict(vars(faults)))
    monkeypatch.setattr(faults, "REFUSED", {**faults.REFUSED, **more})
    monkeypatch.setattr(faults, "KINDS", (*faults.KINDS, *more))
    api.http.put("/twin/faults", json={"rules": [{"kind": "502"}]}).raise_for_status()
    answer = api.get(api.trunks)
    assert (answer.status_code, answer.json()) == (502, {"message": "Bad Gateway", "status": 502})


def test_one_more_switch():
    names: dict = {"Settings": Settings, "dataclass": __import__("dataclasses").dataclass}
    exec("@dataclass(frozen=True)\nclass More(Settings):\n" + example("python", "# The guide"), names)
    assert names["More"]().changed({"ip_records_per_account": 3}).ip_records_per_account == 3
    with pytest.raises(ValueError, match="ip_records_per_account must be int"):
        names["More"]().changed({"ip_records_per_account": "3"})
