# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: twilio_trunking_info
"""

from ansible_collections.trunkline.voice.plugins.module_utils._glue.info import run_info, trunking

if __name__ == "__main__":
    run_info(trunking)
