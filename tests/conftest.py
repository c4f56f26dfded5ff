# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the collection importable by its full name, as Ansible does it, and the lab's helpers by theirs."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

# A slow machine is no defect of what is tested.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

sys.path[:0] = [path for path in os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep) if path]
sys.path.append(str(Path(__file__).parents[1] / "molecule/shared"))
