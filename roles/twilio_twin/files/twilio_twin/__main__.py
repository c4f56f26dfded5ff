# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves the twin: python3 -m twilio_twin --database /var/lib/twilio-twin/twin.db --port 8080."""

import argparse
import os
import sqlite3

from .app import create
from .server import run
from .settings import Settings


def main():
    parser = argparse.ArgumentParser(prog="twilio_twin", description="A twin of Twilio's REST API for SIP trunks.")
    parser.add_argument("--database", required=True, help="the SQLite file shared with the SIP edge")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--recordings", help="folder of <CallSid>.wav (default: beside the database)")
    parser.add_argument("--trace", help="the SIP edge's trace (default: trace.db beside the database)")
    parser.add_argument("--settings", help="JSON file of switches, see settings.py (default: none changed)")
    options = parser.parse_args()
    # The SIP edge writes the same files as another user of the same group.
    os.umask(0o007)
    try:
        settings = Settings.load(options.settings) if options.settings else Settings()
        app = create(options.database, options.recordings, options.trace, settings)
    except (OSError, ValueError, sqlite3.Error) as problem:
        parser.error(str(problem))
    run(app, options.host, options.port)


if __name__ == "__main__":
    main()
