# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk of what stores records is full, and has room again: said, and recovered.

On demand, on a lab that stands; the disk is a tmpfs of its own:
    make check ARGS="../features/tests/on_demand/test_full_disk.py"
"""

from __future__ import annotations

import contextlib
import json

import pytest

from labtest.plays import play
from labtest.records_database import UNIT, install, option, said, same, until

NUMBER, STATE = "+17756187988", "/var/lib/trunkline-records"


@pytest.fixture(scope="module")
def sql(pbx, phone, address):
    """Have records stored in a PostgreSQL, and no longer at the end."""
    ask = install(phone, address)
    run = play("site", variables={
        "verify_number": "", "pbx_records_database": option(pbx, phone, address),
        "pbx_dids": [{"number": NUMBER, "to": {"hangup": "busy"}}]})
    assert run.code == 0, run.output[-4000:]
    yield ask
    mended = play("site", variables={"verify_number": ""})
    assert mended.code == 0, mended.output[-4000:]


@contextlib.contextmanager
def small_disk(pbx, folder, unit):
    """Put a folder on a disk of 64 KiB of its own, which is full; give a function that makes room on it."""
    services = f"systemctl restart {unit}"
    pbx.check_output(
        f"cp -a {folder} {folder}.kept && mount -t tmpfs -o size=64k,mode=$(stat -c %a {folder}),"
        f"uid=$(stat -c %u {folder}),gid=$(stat -c %g {folder}) tmpfs {folder} && cp -a {folder}.kept/. {folder}/ &&"
        f" {{ dd if=/dev/zero of={folder}/.filler bs=4k 2>/dev/null || true; }} && {services}")
    try:
        yield lambda: pbx.check_output(f"rm -f {folder}/.filler")
    finally:
        pbx.check_output(f"umount -l {folder} && rm -r {folder}.kept && {services}")


def test_the_disk_of_the_place_is_full(pbx, sql, detail):
    """Records are stored all the same, and how far the service has come is kept once there is room."""
    before = same(pbx, sql)
    with small_disk(pbx, STATE, UNIT) as make_room:
        call = f"asterisk -rx 'channel originate Local/{NUMBER}@numbers/n application Hangup'"
        pbx.check_output(f"seq 5 | xargs -P 1 -I % {call}")
        until(lambda: f"No space left on device: '{STATE}/place.json'" in said(pbx), lambda: said(pbx)[-2000:])
        assert same(pbx, sql) >= before + 5
        make_room()
        until(lambda: "the files can be used again" in said(pbx), lambda: said(pbx)[-2000:])
        place = json.loads(pbx.check_output(f"cat {STATE}/place.json"))
    detail(f"{same(pbx, sql) - before} records of 5 calls, place {place['offsets']}")
