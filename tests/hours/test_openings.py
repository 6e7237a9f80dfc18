"""Openings and deadlines against the golden cases and against counting minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.hours import due_at, open_seconds, openings

OFFICE = [
    {"calendar_id": "office", "weekday": str(day), "opens_at": "09:00", "closes_at": "17:00"}
    for day in range(1, 6)
]
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kolkata",
    "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Chatham",
    "America/St_Johns", "Asia/Beirut", "Africa/Cairo", "Asia/Tehran",
)  # fmt: skip


def shift(weekday: int, opens_at: str, closes_at: str) -> dict[str, str | None]:
    return {"calendar_id": "c", "weekday": str(weekday), "opens_at": opens_at, "closes_at": closes_at}


def local(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def opened(rows, zone: str, start: datetime, days: int, days_off=()):
    name = rows[0]["calendar_id"]
    holidays = [{"calendar_id": name, "date": day} for day in days_off]
    return openings(rows, holidays, {(name, zone)}, start, start + timedelta(days=days))


@pytest.mark.parametrize("zone", ZONES)
def test_friday_half_past_four_is_due_on_monday(zone: str) -> None:
    """Friday 16:30, Monday to Friday 9 to 17: working 1 h is Monday 09:30, elapsed 24 h Monday 09:00."""
    friday = local(zone, 2026, 5, 8, 16, 30)
    found = opened(OFFICE, zone, friday - timedelta(days=3), 10)
    assert due_at(friday, 1, "working", found) == local(zone, 2026, 5, 11, 9, 30)
    assert due_at(friday, 24, "elapsed", found) == local(zone, 2026, 5, 11, 9, 0)


def test_a_working_promise_that_ends_at_closing_time_is_due_then() -> None:
    friday = local("Europe/Berlin", 2026, 5, 8, 16, 0)
    found = opened(OFFICE, "Europe/Berlin", friday - timedelta(days=3), 10)
    assert due_at(friday, 1, "working", found) == local("Europe/Berlin", 2026, 5, 8, 17, 0)
    assert due_at(friday, 1, "elapsed", found) == local("Europe/Berlin", 2026, 5, 11, 9, 0)


def test_fractions_of_hours_and_closed_begins() -> None:
    saturday = local("Europe/Berlin", 2026, 5, 9, 12, 0)
    found = opened(OFFICE, "Europe/Berlin", saturday - timedelta(days=3), 10)
    assert due_at(saturday, 0.25, "working", found) == local("Europe/Berlin", 2026, 5, 11, 9, 15)
    assert due_at(saturday, 16, "working", found) == local("Europe/Berlin", 2026, 5, 12, 17, 0)
    assert due_at(saturday, 0, "elapsed", found) == local("Europe/Berlin", 2026, 5, 11, 9, 0)


def test_a_holiday_is_skipped() -> None:
    friday = local("Europe/Berlin", 2026, 5, 8, 16, 30)
    found = opened(OFFICE, "Europe/Berlin", friday - timedelta(days=3), 10, ["2026-05-11"])
    assert due_at(friday, 1, "working", found) == local("Europe/Berlin", 2026, 5, 12, 9, 30)


def test_no_calendar_is_always_open_and_an_empty_one_never() -> None:
    at = datetime(2026, 5, 9, 3, 0, tzinfo=UTC)
    assert due_at(at, 24, "working", None) == at + timedelta(hours=24)
    assert due_at(at, 24, "elapsed", None) == at + timedelta(hours=24)
    assert due_at(at, 24, "working", []) is None
    assert due_at(at, 24, "elapsed", []) is None
    assert open_seconds(at, at + timedelta(hours=1), None) == 3600
    assert open_seconds(at, at + timedelta(hours=1), []) == 0


def test_the_night_clocks_go_back_is_an_hour_longer() -> None:
    """Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC (EU directive 2000/84/EC)."""
    found = opened([shift(7, "00:00", "24:00")], "Europe/Berlin", datetime(2026, 10, 24, tzinfo=UTC), 3)
    assert [(o.opens_at, o.closes_at) for o in found] == [
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))
    ]


def test_the_night_clocks_go_forward_is_an_hour_shorter() -> None:
    found = opened([shift(7, "01:00", "04:00")], "Europe/Berlin", datetime(2026, 3, 28, tzinfo=UTC), 3)
    assert [(o.opens_at, o.closes_at) for o in found] == [
        (datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC))
    ]


def test_a_shift_inside_the_repeated_hour_opens_twice() -> None:
    found = opened([shift(7, "02:15", "02:45")], "Europe/Berlin", datetime(2026, 10, 24, tzinfo=UTC), 3)
    assert [(o.opens_at.hour, o.opens_at.minute, o.open_seconds_before) for o in found] == [
        (0, 15, 0),
        (1, 15, 1800),
    ]


def test_a_shift_inside_the_skipped_hour_does_not_open() -> None:
    assert opened([shift(7, "02:00", "03:00")], "Europe/Berlin", datetime(2026, 3, 28, tzinfo=UTC), 3) == []


def test_a_day_the_zone_skipped_has_no_openings() -> None:
    """Samoa left out Friday 30 December 2011 (tz database, Pacific/Apia)."""
    assert opened([shift(5, "09:00", "17:00")], "Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC), 4) == []


def test_round_the_clock_is_one_opening() -> None:
    rows = [shift(day, "00:00", "24:00") for day in range(1, 8)]
    assert len(opened(rows, "America/New_York", datetime(2026, 1, 1, tzinfo=UTC), 300)) == 1


def test_calendars_and_zones_are_kept_apart() -> None:
    rows = [*OFFICE, shift(6, "10:00", "14:00")]
    start = datetime(2026, 5, 4, tzinfo=UTC)
    zones = {("office", "UTC"), ("office", "Asia/Tokyo"), ("c", "UTC"), ("unknown", "UTC")}
    found = openings(
        rows, [{"calendar_id": "c", "date": "2026-05-16"}], zones, start, start + timedelta(days=14)
    )
    count = {key: sum((o.calendar_id, o.timezone) == key for o in found) for key in zones}
    assert count == {
        ("office", "UTC"): 10,
        ("office", "Asia/Tokyo"): 10,
        ("c", "UTC"): 1,
        ("unknown", "UTC"): 0,
    }


# -- the slow way: look at every minute's wall clock ---------------------------------------------------------


def is_open(instant: datetime, rows, zone: ZoneInfo, days_off: set[str]) -> bool:
    wall = instant.astimezone(zone)
    if wall.date().isoformat() in days_off:
        return False
    minute = wall.hour * 60 + wall.minute
    return any(
        int(row["weekday"]) == wall.isoweekday()
        and _minute(row["opens_at"]) <= minute < _minute(row["closes_at"])
        for row in rows
    )


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


MINUTE = timedelta(minutes=1)


def slow_due(
    submitted: datetime, minutes: int, clock: str, rows, zone: ZoneInfo, days_off: set[str], end: datetime
):
    at, passed = submitted, 0
    if clock == "elapsed":
        at += minutes * MINUTE
        while at < end and not is_open(at, rows, zone, days_off):
            at += MINUTE
        return at if at < end else None
    while at < end and passed < minutes:
        passed += is_open(at, rows, zone, days_off)
        at += MINUTE
    return at if passed == minutes else None


def _text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def weeks(draw):
    """Make a week of up to three shifts a day that do not overlap."""
    rows = []
    for day in draw(st.lists(st.integers(1, 7), min_size=1, max_size=5, unique=True)):
        edges = draw(
            st.lists(st.sampled_from(range(0, 1441, 15)), min_size=2, max_size=6, unique=True).map(sorted)
        )
        rows += [shift(day, _text(a), _text(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return rows


# Days on which clocks change somewhere, so that half of the cases meet such a night.
CHANGES = [
    datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC), datetime(2026, 10, 4, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC), datetime(2026, 9, 27, tzinfo=UTC),
]  # fmt: skip
starts = st.one_of(
    st.sampled_from(CHANGES).flatmap(lambda day: st.integers(-3000, 600).map(lambda m: day + m * MINUTE)),
    st.integers(0, 5_000_000).map(lambda m: datetime(2018, 1, 1, tzinfo=UTC) + m * MINUTE),
)
cases = given(
    rows=weeks(),
    zone=st.sampled_from(ZONES),
    begin=starts,
    minutes=st.integers(1, 2400),
    clock=st.sampled_from(["working", "elapsed"]),
    off=st.lists(st.integers(0, 5), max_size=2),
)


def compare(rows, zone: str, begin: datetime, minutes: int, clock: str, off: list[int]) -> None:
    end = begin + timedelta(days=5)
    days_off = {(begin.astimezone(ZoneInfo(zone)).date() + timedelta(days=n)).isoformat() for n in off}
    holidays = [{"calendar_id": "c", "date": day} for day in days_off]
    found = openings(rows, holidays, {("c", zone)}, begin - timedelta(days=1), end)
    slow = slow_due(begin, minutes, clock, rows, ZoneInfo(zone), days_off, end)
    assert due_at(begin, minutes / 60, clock, found) == slow
    until = begin + minutes * MINUTE
    counted = sum(is_open(begin + n * MINUTE, rows, ZoneInfo(zone), days_off) for n in range(minutes))
    assert round(open_seconds(begin, until, found)) == counted * 60


@cases
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_openings_equal_a_count_of_minutes(rows, zone, begin, minutes, clock, off) -> None:
    compare(rows, zone, begin, minutes, clock, off)


@pytest.mark.prove
@cases
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_openings_equal_a_count_of_minutes_ten_thousand_times(rows, zone, begin, minutes, clock, off) -> None:
    compare(rows, zone, begin, minutes, clock, off)


def test_midnight_is_a_time_of_the_day_it_begins() -> None:
    found = opened([shift(1, "20:00", "24:00")], "UTC", datetime(2026, 5, 4, tzinfo=UTC), 7)
    assert [o.closes_at.time() for o in found] == [time(0, 0)]
    assert due_at(datetime(2026, 5, 4, 19, tzinfo=UTC), 4, "working", found) == datetime(
        2026, 5, 5, tzinfo=UTC
    )
