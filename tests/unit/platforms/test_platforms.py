# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of systems, against what the systems say of themselves in os-release(5)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.look import release as read
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.host.platforms import COLUMNS, NEEDED, row_of

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "roles/asterisk/vars/main/platforms.yml"
ROWS = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["__asterisk_platforms"]
#: The row's name: ID, VERSION_CODENAME and VERSION_ID of its os-release, and the architecture.
OS_RELEASE = {
    "Debian 11": ("debian", "bullseye", "11", "amd64"),
    "Debian 12": ("debian", "bookworm", "12", "amd64"),
    "Debian 13": ("debian", "trixie", "13", "amd64"),
    "Debian 12 on arm64, Raspberry Pi OS 12 (64 bit)": ("debian", "bookworm", "12", "arm64"),
    "Debian 13 on arm64, Raspberry Pi OS 13 (64 bit)": ("debian", "trixie", "13", "arm64"),
    "Debian forky": ("debian", "forky", None, "amd64"),
    "Debian forky on arm64": ("debian", "forky", None, "arm64"),
    "Debian sid": ("debian", "sid", None, "amd64"),
    "Ubuntu 22.04": ("ubuntu", "jammy", "22.04", "amd64"),
    "Ubuntu 24.04": ("ubuntu", "noble", "24.04", "amd64"),
    "Ubuntu 26.04": ("ubuntu", "resolute", "26.04", "amd64"),
    "RHEL 9": ("rhel", None, "9.6", ""),
    "RHEL 10": ("rhel", None, "10.0", ""),
    "Rocky Linux 9": ("rocky", None, "9.4", ""),
    "Rocky Linux 10": ("rocky", None, "10.0", ""),
    "AlmaLinux 9": ("almalinux", None, "9.6", ""),
    "AlmaLinux 10": ("almalinux", None, "10.0", ""),
}
#: Others: Raspberry Pi OS of 32 bits, relatives of Debian and Ubuntu, and what only looks like a row.
STRANGERS = [
    ("raspbian", "bookworm", "12", "armhf"), ("debian", "trixie", "13", "armhf"), ("debian", "trixie", "13", "i386"),
    ("debian", "bullseye", "11", "arm64"), ("debian", "forky", None, "riscv64"),
    ("devuan", "bullseye", "11", "amd64"), ("linuxmint", "noble", "22", "amd64"), ("centos", None, "9", ""),
    ("rhel", None, "8.10", ""), ("rocky", None, "90", ""), ("fedora", "", "45", ""),
    ("ubuntu", "oracular", "24.10", "amd64"),
]
#: What the files of prepared systems say, as far as a row asks: Red Hat's family quotes each value, Ubuntu does not.
#: None where no row is to be found, although ID_LIKE says that the system is like one.
FILES = {
    'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\n': "Ubuntu 22.04",
    'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n': "Ubuntu 24.04",
    'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n': "RHEL 9",
    'ID="rhel"\nID_LIKE="centos fedora"\nVERSION_ID="10.0"\n': "RHEL 10",
    'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"\n': "Rocky Linux 9",
    'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="10.1"\n': "Rocky Linux 10",
    'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.2"\n': "AlmaLinux 9",
    'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="10.0"\n': "AlmaLinux 10",
    'ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="9"\n': None,
    'ID="ol"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n': None,
}


def found(said: tuple) -> dict | None:
    release = dict(zip(("id", "version_codename", "version_id"), said))
    return row_of(ROWS, {name: value for name, value in release.items() if value is not None}, said[3])


@pytest.mark.parametrize("name", [row["name"] for row in ROWS])
def test_a_system_finds_its_row(name):
    row = found(OS_RELEASE[name])
    assert row is not None and row["name"] == name


@pytest.mark.parametrize("text, name", FILES.items(), ids=str)
def test_a_file_finds_its_row(text, name, tmp_path):
    """A host of Red Hat's family has no dpkg, so no word for its architecture."""
    (tmp_path / "os-release").write_text(text, encoding="utf-8")
    row = row_of(ROWS, read([str(tmp_path / "os-release")]), "amd64" if "ubuntu" in text else "")
    assert (row and row["name"]) == name


@pytest.mark.parametrize("said", STRANGERS)
def test_a_stranger_finds_none(said):
    assert found(said) is None


def test_the_rows_are_whole():
    assert set(OS_RELEASE) == {row["name"] for row in ROWS}
    for row in ROWS:
        assert NEEDED <= set(row) <= COLUMNS, row
        assert isinstance(row["tried"], bool) and {"codename", "version"} & set(row), row
        assert row["install"] in row and row["install"] in ("package", "build"), row
        assert set(row.get("build", {})) <= {"format", "suffix", "packages", "cross"}, row
        assert ("build" in row) <= (row["build"]["format"] in ("deb", "rpm") if "build" in row else True), row


@pytest.mark.parametrize("row", [row for row in ROWS if "build" in row], ids=lambda row: row["name"])
def test_names_are_those_of_the_system(row):
    """A Debian package is named by Policy 5.6.7; the suffix is part of its version."""
    ending = {"deb": "-dev", "rpm": "-devel"}[row["build"]["format"]]
    libraries = [name for name in row["build"]["packages"] if name.endswith(("-dev", "-devel"))]
    assert len(libraries) == 9 and all(name.endswith(ending) for name in libraries)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name) for name in row["build"]["packages"])
    assert re.fullmatch(r"[a-z0-9.]+", row["build"]["suffix"])


def test_no_package_with_a_known_hole():
    """Ubuntu's 18.10 and 20.6 and EPEL's 18.12 have CVE-2026-57191: none of these systems takes its own package."""
    assert {row["name"] for row in ROWS if "package" in row} == {
        "Debian 11", "Debian forky", "Debian forky on arm64", "Debian sid"}


def test_what_the_lab_runs_is_what_is_called_proven():
    scenarios = {path.parent.name for path in (ROOT / "molecule").glob("*/molecule.yml")}
    # Scenario default is forky's.
    assert {row["codename"] for row in ROWS if row["tried"]} <= scenarios | {"forky"}


def test_what_ends_says_so():
    assert [row["name"] for row in ROWS if "warning" in row] == ["Debian 11"]


def test_a_proven_system_has_a_scenario():
    files = [ROOT / "molecule/shared/inventory/group_vars/lab.yml", *ROOT.glob("molecule/*/inventory/hosts.yml")]
    released = {name for file in files for name in re.findall(r"lab_release: (\w+)", file.read_text(encoding="utf-8"))}
    assert {row["codename"] for row in ROWS if row["tried"]} <= released


def test_the_how_to_adds_a_row_and_names_what_exists():
    page = (ROOT / "docs/howto/add-a-platform.md").read_text(encoding="utf-8")
    [row] = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0])
    assert NEEDED <= set(row) <= COLUMNS and row["install"] in row and not row["tried"]
    assert row_of(ROWS, {"id": row["id"], "version_codename": row["codename"]}, "amd64") is None
    assert row_of([*ROWS, row], {"id": row["id"], "version_codename": row["codename"]}, "amd64") == row
    paths = set(re.findall(r"`((?:docs|roles|tests|molecule|changelogs)/[\w./-]+)`", page))
    assert len(paths) >= 5 and not [path for path in paths if not (ROOT / path).exists()]
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/unit").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", page)
    assert len(named) == 4 and all(f"def {name}(" in tests for name in named)
    stated = (ROOT / "roles/asterisk/meta/argument_specs.yml").read_text(encoding="utf-8")
    assert "OS_RELEASE" in page and "asterisk_untried_platform" in page and "asterisk_untried_platform:" in stated
