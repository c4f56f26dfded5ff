# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the twin: `python -m twilio_twin`."""

import argparse
import os
import sqlite3
from pathlib import Path

from . import laptop
from .app import create
from .server import listen, run
from .settings import Settings


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="twilio_twin", description="A twin of Twilio's REST API for SIP trunks. Without --database it makes an "
        "account of its own and prints the variables that lead the collection to it.")
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--folder", type=Path, default=laptop.folder(), help="where its state is (default: %(default)s)")
    state.add_argument("--database", help="the SQLite file shared with a SIP edge; no account is made in it")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the TCP port (default: any free one)")
    parser.add_argument("--recordings", help="folder of <CallSid>.wav (default: beside the database)")
    parser.add_argument("--trace", help="the SIP edge's trace (default: trace.db beside the database)")
    parser.add_argument("--settings", help="JSON file of switches, see settings.py (default: none changed)")
    return parser


def main() -> None:
    """Serve until interrupted."""
    parser = _arguments()
    options = parser.parse_args()
    # A SIP edge writes the same files as another user of the same group; those of a laptop are for nobody else.
    os.umask(0o007 if options.database else 0o077)
    try:
        if not options.database:
            options.folder.mkdir(parents=True, exist_ok=True)
        settings = Settings.load(options.settings) if options.settings else Settings()
        app = create(options.database or options.folder / "twin.db", options.recordings, options.trace, settings)
        listening = listen(options.host, options.port)
        if not options.database:
            print(laptop.announce(app.state.store, options.folder, listening), flush=True)
    except (OSError, ValueError, sqlite3.Error) as problem:
        parser.error(str(problem))
    run(app, listening)


if __name__ == "__main__":
    main()
