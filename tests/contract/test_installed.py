# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as a user has it: its tarball, installed into an empty folder, and an inventory elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from ..gates import package
from .conftest import ACCOUNT, TOKEN
from .played import CANARY, INVENTORY, ROOT, empty

PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
# What runs, and what a user reads or copies.
NEEDED = (
    "plugins", "roles", "playbooks", "meta", "inventory", "examples", "requirements.txt", "LICENSE", "CHANGELOG.rst")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    tarball = package.build(folder / "built")
    subprocess.run(
        ["ansible-galaxy", "collection", "install", str(tarball), "-p", str(folder / "collections"), "--offline"],
        check=True, capture_output=True, timeout=120, env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(folder)})
    return folder / "collections"


@pytest.fixture
def ansible(installed, served, tmp_path):
    """Run a playbook of the installed collection by its full name, in an empty folder with an inventory of its own."""
    def run(playbook: str, *arguments: str) -> subprocess.CompletedProcess:
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump(INVENTORY))
        environment = {
            name: text for name, text in os.environ.items() if not name.startswith(("TWILIO_", "PYTHONPATH"))}
        return subprocess.run(
            ["ansible-playbook", "-i", "hosts.yml", f"trunkline.voice.{playbook}", *arguments],
            cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
            env={
                **environment, "ANSIBLE_COLLECTIONS_PATH": str(installed), "ANSIBLE_NOCOLOR": "1", "PWD": str(tmp_path),
                "TWILIO_API_URL": served[0], "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN})
    return run


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_each_playbook_is_found_by_its_full_name(ansible, playbook):
    done = ansible(playbook, "--syntax-check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_plan_a_run_and_a_plan_again(ansible, served):
    empty(served[0])
    codes = []
    for playbook in ("plan", "site", "plan"):
        done = ansible(playbook, "--limit", "localhost")
        assert CANARY not in done.stdout + done.stderr
        codes.append(done.returncode)
    assert codes == [2, 0, 0], done.stdout + done.stderr


def test_the_tarball_has_what_runs_and_what_a_user_starts_from(installed):
    there = installed / "ansible_collections" / "trunkline" / "voice"
    wanted = package.git("ls-files", "-z", "--", *NEEDED).decode().split("\0")
    assert [name for name in wanted if name and not os.path.lexists(there / name)] == []
    assert {path.name for path in there.iterdir()} & {"tests", "molecule", "Makefile", ".github", ".ci"} == set()


def test_no_link_of_the_documents_is_broken_in_the_tarball(installed):
    there = installed / "ansible_collections" / "trunkline" / "voice"
    broken = [
        f"{page.relative_to(there)}: {link}"
        for page in sorted(there.rglob("*.md")) for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_the_same_commit_gives_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first = package.build(tmp_path / "first").read_bytes()
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    assert package.build(tmp_path / "second").read_bytes() == first


def test_every_ansible_core_that_is_allowed_is_checked():
    """The versions of meta/runtime.yml, of `make sanity`, of its ignore files and of the workflows are the same."""
    script = (ROOT / "tests" / "gates" / "sanity.sh").read_text()
    [chosen] = re.findall(r"SANITY:-(.*)}", script)
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    gitlab = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())
    ignored = sorted(path.stem.removeprefix("ignore-") for path in (ROOT / "tests" / "sanity").glob("ignore-*.txt"))
    oldest = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["requires_ansible"]
    assert oldest == f">={ignored[0]}.0"
    assert ignored == sorted({pair.rpartition(".")[0].rpartition(".")[0] for pair in chosen.split()})
    assert workflow["jobs"]["sanity"]["strategy"]["matrix"]["sanity"] == chosen.split()
    assert gitlab["sanity"]["parallel"]["matrix"] == [
        {"SANITY": pair, "RELEASE": pair.partition("=")[2]} for pair in chosen.split()]
