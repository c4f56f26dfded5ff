# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines that users copy: their files are what the services take, and their steps are run here."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys

import pytest
import requests
import yaml

from .conftest import ACCOUNT, TOKEN
from .played import CANARY, INVENTORY, NUMBER, ROOT, empty

GITHUB = ROOT / "examples" / "github-actions" / "telephony.yml"
GITLAB = ROOT / "examples" / "gitlab-ci" / ".gitlab-ci.yml"
# The project's own, which run the Makefile's targets.
OWN_GITHUB = ROOT / ".github" / "workflows" / "ci.yml"
OWN_GITLAB = ROOT / ".gitlab-ci.yml"
#: Stands for gh, which would call the service: records its input, and lists one comment after that.
SERVICE = """#!/usr/bin/env python3
import os, sys
kept = os.environ["KEPT"]
body = [word.partition("@")[2] for word in sys.argv if word.startswith("body")]
if body:
    method = sys.argv[1 + max(i for i, word in enumerate(sys.argv) if word in ("--method", "--request"))]
    with open(kept, "a") as file:
        file.write(method + " " + sys.argv[sys.argv.index(method) + 1] + "\\n" + open(body[0]).read())
elif os.path.exists(kept):
    print(os.environ["FOUND"])
else:
    print(os.environ["NONE"])
"""


def steps(job: str) -> dict[str, str]:
    """The commands of a job of the GitHub workflow, by the name of their step."""
    return {
        step["name"]: step["run"] for step in yaml.safe_load(GITHUB.read_text())["jobs"][job]["steps"] if "run" in step
    }


@pytest.fixture
def shell(served, tmp_path):
    """shell(script, **environment): runs it as a job does, where the inventory's repository is checked out."""
    empty(served[0])
    inventory = tmp_path / "inventory"
    inventory.mkdir()
    only_localhost = {**INVENTORY["all"], "hosts": INVENTORY["all"]["hosts"]}
    (inventory / "hosts.yml").write_text(yaml.safe_dump({"all": only_localhost}))
    stub = tmp_path / "bin"
    stub.mkdir()
    (stub / "gh").write_text(SERVICE)
    (stub / "gh").chmod(0o755)

    def run(script: str, **environment) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script], cwd=tmp_path,
            env={
                **{name: text for name, text in os.environ.items() if not name.startswith("TWILIO_")},
                "TWILIO_API_URL": served[0], "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
                "PATH": f"{stub}:{os.environ['PATH']}", "KEPT": str(tmp_path / "kept"), "ANSIBLE_NOCOLOR": "1",
                "RUNNER_TEMP": str(tmp_path), **environment,
            },
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
            check=False,
        )
        assert CANARY not in done.stdout and TOKEN not in done.stdout
        return done.returncode, done.stdout

    return run


@pytest.mark.parametrize(("schema", "file"), [
    ("github-workflows", GITHUB), ("github-workflows", OWN_GITHUB), ("gitlab-ci", GITLAB), ("gitlab-ci", OWN_GITLAB)])
def test_the_service_takes_the_file(schema, file):
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)],
        capture_output=True, text=True, timeout=60, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_are_tidy():
    done = subprocess.run(
        ["yamllint", "--strict", "--config-file", str(ROOT / ".yamllint"),
         *map(str, (GITHUB, GITLAB, OWN_GITHUB, OWN_GITLAB))],
        capture_output=True, text=True, timeout=60, check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_script_is_one_that_bash_can_read():
    jobs = yaml.safe_load(GITLAB.read_text())
    scripts = [script for job in ("twin", "plan") for script in steps(job).values()]
    for name in ("twin", "plan", "apply"):
        for key in ("before_script", "script", "after_script"):
            rows = jobs[name].get(key, [])
            scripts += [line for row in rows for line in (row if isinstance(row, list) else [row])]
    for script in scripts:
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 0, f"{script}\n{done.stderr}"


def test_secrets_are_for_no_fork_and_two_runs_never_apply_at_once():
    jobs = yaml.safe_load(GITHUB.read_text())["jobs"]
    assert "secrets." not in json.dumps(jobs["twin"])
    assert "head.repo.full_name == github.repository" in jobs["plan"]["if"]
    assert jobs["apply"]["environment"] == "production"
    assert jobs["apply"]["concurrency"] == {"group": "telephony-apply", "cancel-in-progress": False}
    gitlab = yaml.safe_load(GITLAB.read_text())
    assert gitlab["apply"]["resource_group"] and gitlab["apply"]["environment"] == "production"
    assert "CI_MERGE_REQUEST_SOURCE_PROJECT_ID" in gitlab["plan"]["rules"][0]["if"]


def test_our_own_pipelines_run_the_same_targets():
    ours = [sorted(set(re.findall(r"\bmake ([a-z]+)\b", file.read_text()))) for file in (OWN_GITHUB, OWN_GITLAB)]
    assert ours[0] == ours[1] == ["coverage", "demo", "gates", "sanity", "unit"]


def test_both_services_run_the_same_commands():
    gitlab = yaml.safe_load(GITLAB.read_text())
    assert gitlab["plan"]["script"][0].rstrip() == steps("plan")["Plan"].rstrip()
    for command in ("trunkline.voice.site --limit localhost", "trunkline.voice.plan --limit localhost"):
        assert command in str(gitlab["twin"]["script"])
        assert command in steps("twin")["Run it against the twin, and find nothing to change after that"]


def test_the_run_against_the_twin(shell):
    code, printed = shell(steps("twin")["Run it against the twin, and find nothing to change after that"])
    assert code == 0 and "Nothing to change: 0 to add, 0 to change, 0 to remove." in printed, printed


def test_the_twin_starts_as_the_step_starts_it(shell, tmp_path):
    """It stays when its step ends, and so it is stopped here."""
    script = "trap 'kill $!' EXIT\n" + steps("twin")["Start the twin"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "trunkline").mkdir()
    (tmp_path / "trunkline" / "voice").symlink_to(ROOT)
    galaxy = tmp_path / "bin" / "ansible-galaxy"
    galaxy.write_text(f"#!/bin/sh\necho '{json.dumps({str(tmp_path): {}})}'\n")
    galaxy.chmod(0o755)
    code, printed = shell(script, TWILIO_API_URL=f"http://127.0.0.1:{port}", NUMBERS=NUMBER)
    assert code == 0 and '"sid":"PN' in printed, printed


def test_the_plan_and_its_comment(shell, tmp_path):
    """The PBX of the inventory is out of reach, so the step fails, and the comment says what was found."""
    plan, comment = steps("plan")["Plan"], steps("plan")["Comment"]
    code, printed = shell(plan)
    assert code == 1 and "Error, pbx1: " in printed
    code, printed = shell(plan.replace("inventory trunkline", "inventory --limit localhost trunkline"))
    assert code == 0 and (tmp_path / "plan.md").read_text().startswith("## Plan: 9 to add"), printed
    settings = {"GITHUB_REPOSITORY": "me/mine", "PULL_REQUEST": "7", "NONE": "", "FOUND": "42"}
    for method, place in (("POST", "repos/me/mine/issues/7/comments"), ("PATCH", "repos/me/mine/issues/comments/42")):
        code, printed = shell(comment, **settings)
        assert code == 0, printed
        kept = (tmp_path / "kept").read_text()
        assert f"{method} {place}\n<!-- trunkline.voice plan -->\n## Plan: 9 to add" in kept


def test_the_account_of_the_workflow_is_one_that_the_twin_takes(served):
    sid = yaml.safe_load(GITHUB.read_text())["jobs"]["twin"]["env"]["TWILIO_ACCOUNT_SID"]
    answer = requests.put(f"{served[0]}/twin/account", json={"sid": sid, "auth_token": "x" * 32}, timeout=5)
    assert answer.ok, answer.text
