# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Import what stores records, beside a stand-in for psycopg2, which a PBX has and the tests do not need."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

FILES = Path(__file__).parents[3] / "roles/pbx/files"
sys.path.insert(0, str(FILES))


class DatabaseError(Exception):
    """What psycopg2 raises."""


psycopg2, extras = types.ModuleType("psycopg2"), types.ModuleType("psycopg2.extras")
psycopg2.Error, psycopg2.extras = DatabaseError, extras
sys.modules.setdefault("psycopg2", psycopg2)
sys.modules.setdefault("psycopg2.extras", extras)
reader = importlib.import_module("records_reader")
shipper = importlib.import_module("records_shipper")
shipper.psycopg2 = psycopg2
