# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a twin on a laptop needs and one on a host has from its role: a folder, an account, a way to find both."""

import secrets
import shlex
import socket
from pathlib import Path

from .seeding import first_account
from .store import Store, new_sid

ENVIRONMENT = "environment"


def folder() -> Path:
    """Return where the state lies by default."""
    return Path.home() / ".local" / "state" / "twilio-twin"


def announce(store: Store, place: Path, listening: socket.socket) -> str:
    """Write the variables that lead clients here to a file for a shell, and return the text for the terminal.

    The first start makes the account, which stays until the folder is removed.
    """
    sid, token = first_account(store) or _new_account(store)
    host, port = listening.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    lines = "".join(
        f"export {name}={shlex.quote(value)}\n" for name, value in
        (("TWILIO_API_URL", url), ("TWILIO_ACCOUNT_SID", sid), ("TWILIO_AUTH_TOKEN", token))
    )
    file = place / ENVIRONMENT
    file.write_text(lines, encoding="utf-8")
    return f"# The twin's state is in {place}. Another shell reaches the twin after these lines, or: . {file}\n{lines}"


def _new_account(store: Store) -> tuple[str, str]:
    sid, token = new_sid("AC"), secrets.token_hex(16)
    store.insert("account", {"sid": sid, "friendly_name": "Twin", "auth_token": token})
    return sid, token
