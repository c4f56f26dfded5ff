# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the playbooks as a person would, against a served twin. Its PBX host does not exist."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import requests
import yaml

from .conftest import ACCOUNT, SEED, TOKEN

ROOT = Path(__file__).parents[2]
CANARY = "Canary-of-bad-input-1"
NUMBER = "+17756187988"
INVENTORY = {
    "all": {
        "hosts": {
            "localhost": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        },
        "children": {
            "pbx": {
                "hosts": {
                    "pbx1": {
                        "ansible_host": "127.0.0.1",
                        "ansible_port": 1,
                        "trunkline_public_address": "203.0.113.10",
                    }
                }
            }
        },
        "vars": {
            "trunkline_trunks": [
                {
                    "name": "Asterisk-SIP-Trunk",
                    "domain": "asterisk-pbx1.pstn.twilio.com",
                    "caller_id": NUMBER,
                    "ip_access_control_list": "Asterisk-Server",
                    "credential_list": "Asterisk-Credentials",
                    "username": "Asterisk",
                    "password": CANARY,
                }
            ],
            "pbx_phones": [{"name": "1001", "password": CANARY}],
            "pbx_dids": [{"number": NUMBER, "phone": "1001"}],
            "twilio_trunk_extra_addresses": [],
        },
    }
}


def empty(url: str) -> None:
    """Empties the twin but for the account and its one number."""
    requests.post(f"{url}/twin/reset", json={}, timeout=5).raise_for_status()
    requests.put(f"{url}/twin/account", json=SEED, timeout=5).raise_for_status()
    requests.put(f"{url}/twin/numbers/{NUMBER}", json={}, timeout=5).raise_for_status()


def play(
    playbook: str, url: str, folder: Path, *arguments: str, inventory=None, playbooks=ROOT / "playbooks", **environment
) -> tuple[int, str]:
    """Runs playbooks/<playbook>.yml in a folder. No secret is in what it prints.

    :param inventory: what an inventory file holds, or the path of an inventory. :returns: exit code, both streams.
    """
    if not isinstance(inventory, Path):
        file = folder / "inventory.yml"
        file.write_text(yaml.safe_dump(inventory or INVENTORY))
        inventory = file
    done = subprocess.run(
        ["ansible-playbook", "-i", str(inventory), str(playbooks / f"{playbook}.yml"), *arguments],
        cwd=folder,
        env={
            **{name: text for name, text in os.environ.items() if not name.startswith("TWILIO_")},
            "TWILIO_API_URL": url, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
            "ANSIBLE_NOCOLOR": "1", "PWD": str(folder), **environment,
        },
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=120, check=False,
    )
    assert CANARY not in done.stdout and TOKEN not in done.stdout
    assert "Traceback" not in done.stdout
    return done.returncode, done.stdout
