# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin as a package: installed with pip and started by a person's hand, as its README says."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
import tomllib
import yaml

from .serve import PACKAGE

ROOT = Path(__file__).parents[2]
ROLE = ROOT / "roles" / "twilio_twin"
SECTION = "## The REST API alone, on a laptop"


def commands() -> list[list[str]]:
    """Return the commands of the README's section, a list for each shell."""
    section = (ROLE / "README.md").read_text(encoding="utf-8").split(SECTION)[1].split("\n## ")[0]
    return [re.findall(r"^\$ (.*)$", block, re.M) for block in re.findall(r"```console\n(.*?)```", section, re.S)]


@pytest.fixture
def laptop(tmp_path):
    """Return the environment of a person with an empty home and a virtual environment of his own.

    It sees the packages of the tests, so that pip needs no network.
    """
    venv.create(tmp_path / "venv")
    place = sysconfig.get_path("purelib", vars={"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")})
    Path(place, "tests.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (tmp_path / "home").mkdir()
    kept = {
        name: text for name, text in os.environ.items()
        if not name.startswith(("TWILIO_", "PYTHONPATH", "XDG_", "TRUNKLINE_"))
    }
    return {
        **kept, "HOME": str(tmp_path / "home"), "PATH": f"{tmp_path}/venv/bin:{os.environ['PATH']}",
        "ANSIBLE_HOME": str(tmp_path / "ansible"), "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_CACHE_DIR": "1",
    }


def run(command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
    )


def test_the_readme_leads_from_nothing_to_an_account_that_needs_no_change(laptop):
    (install, serve), (environment, *rest) = commands()
    before = sorted(PACKAGE.iterdir())
    done = run(install, laptop)
    assert done.returncode == 0, done.stdout
    assert sorted(PACKAGE.iterdir()) == before, "pip left something behind in the checkout"
    # Elsewhere, so that the installed package is found and not the checkout.
    twin = subprocess.Popen(
        serve.split(), cwd=laptop["HOME"], env=laptop, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        printed = [twin.stdout.readline() for _line in range(4)]
        file = Path(laptop["HOME"], environment.removeprefix(". ~/"))
        assert file.read_text(encoding="utf-8") == "".join(printed[1:])
        assert file.stat().st_mode & 0o077 == 0 and str(file) in printed[0]
        script = "\n".join([environment, *(f"{command}; echo code $?" for command in rest)])
        done = run(script, laptop)
    finally:
        twin.terminate()
        twin.wait(timeout=10)
    assert re.findall(r"code (\d+)", done.stdout) == ["0", "0", "2", "0", "0"], done.stdout


def test_another_start_finds_the_same_account_and_its_numbers(laptop, tmp_path):
    laptop["PYTHONPATH"] = str(PACKAGE)
    found = []
    for method in ("PUT", "GET"):
        path = "numbers/+17756187988" if method == "PUT" else "numbers"
        twin = subprocess.Popen(
            ["python3", "-m", "twilio_twin", "--folder", str(tmp_path / "state")], cwd=tmp_path, env=laptop,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        try:
            lines = "".join(twin.stdout.readline() for _line in range(4))
            asked = run(f"{lines}curl -sf -X {method} $TWILIO_API_URL/twin/{path}", laptop)
        finally:
            twin.terminate()
            twin.wait(timeout=10)
        found.append((re.findall(r"(?:SID|TOKEN)=(\w+)", lines), asked.stdout))
    (first, _put), (second, numbers) = found
    assert first == second and len(first) == 2
    assert "+17756187988" in numbers and first[0] in numbers


@pytest.mark.parametrize("arguments, complaint", [
    (["--port", "99999"], "name others with --host and --port"),
    (["--settings", "/nowhere.json"], "No such file"),
    (["--folder", "x", "--database", "y"], "not allowed with argument"),
])
def test_a_start_that_cannot_be_says_why(tmp_path, arguments, complaint):
    done = subprocess.run(
        [sys.executable, "-m", "twilio_twin", *arguments], cwd=tmp_path, text=True, capture_output=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(PACKAGE), "HOME": str(tmp_path)}, check=False,
    )
    assert done.returncode == 2 and complaint in done.stderr and "Traceback" not in done.stderr


def test_the_package_needs_what_it_imports():
    wanted = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    imported = set()
    for path in (PACKAGE / "twilio_twin").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            imported |= {name.partition(".")[0] for name in names}
    assert imported - sys.stdlib_module_names == {re.match(r"\w+", one)[0] for one in wanted}
    packages = yaml.safe_load((ROLE / "tasks" / "install.yml").read_text(encoding="utf-8"))[1]["ansible.builtin.apt"]
    assert {f"python3-{name}" for name in imported - sys.stdlib_module_names} <= set(packages["name"])
