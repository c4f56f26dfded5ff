# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening times, compared with what a calendar says of each minute of some weeks."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, strategies as st

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.features.opening_times import (
    DAYS,
    Span,
    holiday,
    overlapping,
    weekly,
)


def is_open(text: str, moment: datetime.datetime) -> bool:
    return any(span.first <= int(moment.strftime("%u%H%M")) < span.end for span in weekly(text))


@given(
    st.sets(st.sampled_from(DAYS), min_size=1), st.integers(0, 1438), st.integers(1, 1440),
    st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2030, 1, 1)),
)
def test_a_moment_is_open_when_day_and_time_say_so(days, begin, length, moment):
    end = min(begin + length, 1440)
    text = f"{','.join(sorted(days))} {begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"
    until = 1440 if end == 1439 else end
    minute = moment.hour * 60 + moment.minute
    assert is_open(text, moment) == (DAYS[moment.weekday()] in days and begin <= minute < until)


def test_a_range_of_days_may_go_past_sunday():
    assert [span.first // 10000 for span in weekly("sat-tue 08:00-09:00")] == [6, 7, 1, 2]
    assert weekly("MON 8:05-23:59") == [Span(10805, 12400)]


@pytest.mark.parametrize(("text", "moment", "expected"), [
    ("2026-12-25", "2026-12-25 00:00", True), ("2026-12-25", "2026-12-25 23:59", True),
    ("2026-12-25", "2026-12-26 00:00", False), ("2026-12-25", "2027-12-25 12:00", False),
    ("01-01", "2031-01-01 12:00", True), ("01-01", "2031-01-02 00:00", False),
    ("12-24 12:00-23:59", "2026-12-24 11:59", False), ("12-24 12:00-23:59", "2026-12-24 23:59", True),
    ("2026-12-31 12:00-15:00", "2026-12-31 15:00", False),
])
def test_holidays(text, moment, expected):
    form, span = holiday(text)
    number = int(datetime.datetime.fromisoformat(moment).strftime(form))
    assert (span.first <= number < span.end) == expected


def test_times_that_touch_do_not_overlap():
    spans = [("a", Span(10900, 11200)), ("b", Span(11200, 11300)), ("c", Span(11259, 11400))]
    assert overlapping(spans[:2]) is None
    assert overlapping(spans) == ("b", "c")
