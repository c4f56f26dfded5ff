# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of module twilio_trunking without Ansible around it: options on standard input, result on standard output."""

from __future__ import annotations

import json
import resource
import sys

from ansible_collections.trunkline.voice.plugins.module_utils._ansible.run import converge_account
from ansible_collections.trunkline.voice.plugins.module_utils._twilio.resources.account import TRUNKING

if __name__ == "__main__":
    given = json.load(sys.stdin)
    result = {}
    if given.get("trunks") is not None or any(given.get(name) for name in TRUNKING):
        whole, dummy = converge_account(TRUNKING, {**dict.fromkeys(TRUNKING), "removal_limit": 100, **given}, False)
        result = {"changed": whole["changed"], "steps": len(whole["steps"])}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"result": result, "memory": peak}, sys.stdout)
