"""The period that a rehearsal looks back over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import settings as doors
from flows.hindsight import period_of
from flows.records import ConfigurationError
from flows.settings import Settings

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    doors.unset_environment("HEARDBACK_")
    (tmp_path / "heardback.yml").write_text("company: {timezone: Europe/Berlin}\nsources: []\n")
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "heardback.yml"))
    return doors.load()


def test_days_are_those_of_the_company(chosen: Settings) -> None:
    period = period_of(chosen, NOW, "2026-03-28", "2026-03-29")
    assert period.begins == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert period.ends == datetime(2026, 3, 29, 22, tzinfo=UTC)  # summer time began that Sunday
    assert period.holds(datetime(2026, 3, 29, 21, 59))
    assert not period.holds(datetime(2026, 3, 29, 22))
    assert not period.holds(datetime(2026, 3, 27, 22, 59))


def test_without_days_it_is_what_may_still_become_a_letter(chosen: Settings) -> None:
    period = period_of(chosen, NOW, None, None)
    assert (period.begins, period.ends) == (datetime(2026, 4, 20, 9, tzinfo=UTC), NOW)


def test_it_never_ends_after_now(chosen: Settings) -> None:
    assert period_of(chosen, NOW, "2026-05-01", "2026-12-31").ends == NOW


@pytest.mark.parametrize(
    ("first", "last"), [("2026-05-05", None), ("2026-05-03", "2026-05-01"), ("May", None)]
)
def test_what_is_no_period(chosen: Settings, first: str, last: str | None) -> None:
    with pytest.raises(ConfigurationError, match="--from"):
        period_of(chosen, NOW, first, last)
