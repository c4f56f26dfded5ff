# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A transaction with an Asterisk that only remembers what it read."""

from __future__ import annotations

import grp
import os
import pwd

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.store import ConfigStore
from ansible_collections.trunkline.voice.plugins.module_utils._asterisk.config.transaction import Desired, Transaction

from .remembering import FakeScratch, FakeService


@pytest.fixture
def pbx(tmp_path):
    """A transaction for some files: pbx(files, **desired). Its disk is `pbx.store`, its Asterisk `pbx.service`."""
    owner, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    store = ConfigStore(str(tmp_path / "asterisk"), owner, group)
    live = FakeService(store)

    def run(files, dry=False, **desired):
        return Transaction(Desired(files=files, **desired), store, live, FakeScratch).run(dry)

    run.store, run.service = store, live
    return run
