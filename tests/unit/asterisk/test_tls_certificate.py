# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module tls_certificate: what it takes, what it leaves on the host, and what it tells."""

from __future__ import annotations

import grp
import json
import os
import pwd
import stat

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args

from ansible_collections.trunkline.voice.plugins.module_utils._ansible import tls_certificate
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.certificate import fingerprint
from ansible_collections.trunkline.voice.plugins.modules import tls_certificate as module

from .certificates import make, write

ROOT = make("root", ca=True)
GROUP = grp.getgrgid(os.getgid()).gr_name
OWNER = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture
def run(tmp_path, capsys):
    """run(days=90, …): the module's result with a certificate that ends in so many days; None leaves an option out."""

    def given(days=90, check=False, **options):
        made = make("pbx", ["pbx.example.com"], signer=ROOT, days=(-100, days))
        write(tmp_path / "ca.crt", ROOT.pem)
        write(tmp_path / "pbx.crt", made.pem)
        write(tmp_path / "pbx.key", made.key_pem())
        return again(check=check, **options)

    def again(check=False, **options):
        params = {
            "certificate": str(tmp_path / "pbx.crt"), "private_key": str(tmp_path / "pbx.key"),
            "ca": str(tmp_path / "ca.crt"), "called_as": "pbx.example.com", "path": str(tmp_path / "made.pem"),
            "owner": OWNER, "group": GROUP, "_ansible_check_mode": check, **options,
        }
        params = {name: value for name, value in params.items() if value is not None}
        with patch_module_args(params), pytest.raises(SystemExit):
            tls_certificate.main()
        return json.loads(capsys.readouterr().out)

    given.again = again
    return given


def test_it_makes_one_file_of_both(run, tmp_path):
    result, made = run(), tmp_path / "made.pem"
    assert result["changed"] and result["expires"].endswith("Z")
    assert made.read_bytes() == (tmp_path / "pbx.crt").read_bytes() + (tmp_path / "pbx.key").read_bytes()
    assert stat.S_IMODE(made.stat().st_mode) == 0o640 and made.group() == GROUP and made.owner() == OWNER
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.crt", "made.pem", "pbx.crt", "pbx.key"]
    assert not run.again()["changed"]


def test_a_renewed_one_replaces_it(run, tmp_path):
    first = run()
    second = run(check=True)
    assert second["changed"] and fingerprint((tmp_path / "made.pem").read_bytes()) == first["sha256"]
    assert second["diff"] == {
        "before": {"path": str(tmp_path / "made.pem"), "sha256": first["sha256"]},
        "after": {"path": str(tmp_path / "made.pem"), "sha256": second["sha256"]},
    }
    third = run.again()
    assert third["changed"] and fingerprint((tmp_path / "made.pem").read_bytes()) == third["sha256"] == second["sha256"]


def test_a_file_that_others_may_read_is_closed(run, tmp_path):
    run()
    (tmp_path / "made.pem").chmod(0o644)
    assert run.again(check=True)["changed"] and stat.S_IMODE((tmp_path / "made.pem").stat().st_mode) == 0o644
    assert run.again()["changed"] and stat.S_IMODE((tmp_path / "made.pem").stat().st_mode) == 0o640


def test_without_a_path_it_only_checks(run, tmp_path):
    assert not run(path=None)["changed"]
    assert not (tmp_path / "made.pem").exists()


def test_check_mode_needs_no_group_yet(run, tmp_path):
    assert run(check=True, group="asterisk-that-is-not-there")["changed"]
    assert not (tmp_path / "made.pem").exists()


def test_what_is_unfit_replaces_nothing(run, tmp_path):
    first = run()
    failed = run(days=-1)
    assert failed["failed"] and failed["msg"].endswith("has expired: have it renewed.")
    assert fingerprint((tmp_path / "made.pem").read_bytes()) == first["sha256"]


def test_its_end_is_announced(run, monkeypatch):
    said = []
    monkeypatch.setattr(tls_certificate.Module, "warn", lambda _self, text: said.append(text))
    run(days=9)
    assert said == []
    run(days=6)
    assert "expires in 5 days" in said[0]


def test_no_key_in_any_result(run, tmp_path):
    results = json.dumps([run(), run(check=True), run(days=-1), run(called_as="other.example.com")])
    for line in (tmp_path / "pbx.key").read_text().splitlines()[1:-1]:
        assert line not in results


def test_documentation_is_what_it_takes():
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    assert set(documented) == set(tls_certificate.ARGUMENT_SPEC)
    for name, option in documented.items():
        for key in ("type", "required", "default"):
            assert option.get(key) == tls_certificate.ARGUMENT_SPEC[name].get(key), name
