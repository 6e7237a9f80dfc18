"""Marts as they would be with other rules, or over a past period: built in a home that is thrown away.

The copy knows no ledger, so it holds everything the rules ask for; what was promised is compared afterwards.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flows import building
from flows.records import ConfigurationError, HeardbackError
from flows.report import Report
from flows.settings import Settings
from flows.transform import build_marts, read_programme
from flows.warehouse import raw

# No cap may hide what the rules ask for: a period holds more than one day.
_NO_CAP = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Period:
    """Hold a stretch of time: instants in UTC, the end excluded."""

    begins: datetime
    ends: datetime

    def holds(self, naive: datetime) -> bool:
        """Tell whether a naive UTC time, as marts hold it, lies within."""
        return self.begins <= naive.replace(tzinfo=UTC) < self.ends


def period_of(settings: Settings, now: datetime, first: str | None, last: str | None) -> Period:
    """Read the first and last local day (inclusive); without them the days that may still become letters.

    Raises ConfigurationError for what is no date, or a first day after the last.
    """
    zone = ZoneInfo(settings.configuration.company.timezone)
    ends = min(now, _midnight(last, "--to", zone, 1)) if last else now
    within = timedelta(days=settings.configuration.follow_ups.within_days)
    begins = _midnight(first, "--from", zone, 0) if first else ends - within
    if begins >= ends:
        raise ConfigurationError("--from lies after --to, or after now; nothing is in between.")
    return Period(begins, ends)


def _midnight(text: str, option: str, zone: ZoneInfo, days: int) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{option} is '{text}'; write a date, like 2026-05-04.") from None
    return datetime.combine(day + timedelta(days=days), time(), zone).astimezone(UTC)


@contextlib.contextmanager
def home_as_of(settings: Settings, programme_folder: Path, period: Period) -> Iterator[Path]:
    """Give a home whose marts are built with this programme as of the period's end; it is gone afterwards.

    Raises ConfigurationError for a wrong programme, HeardbackError when nothing was collected yet.
    """
    tables = read_programme(programme_folder)
    within_days = (period.ends - period.begins).days + 1
    chosen = settings.configuration
    configuration = chosen.model_copy(
        update={
            "follow_ups": chosen.follow_ups.model_copy(update={"within_days": within_days}),
            "letters": chosen.letters.model_copy(update={"owner_cap_per_day": _NO_CAP}),
        }
    )
    with tempfile.TemporaryDirectory(prefix="heardback-") as folder:
        home = Path(folder)
        _copy_raw(settings.home_folder, home)
        building.prepare(home)
        with Report().progress("building the marts of the rehearsal") as advance:
            build_marts(home, configuration, tables, period.ends, advance)
        yield home


def _copy_raw(source: Path, home: Path) -> None:
    if not (source / "raw.duckdb").exists():
        raise HeardbackError(f"Nothing was collected in {source} yet: run `heardback collect`.")
    with raw.opened(source, read_only=True):  # nobody writes while it is being copied
        shutil.copyfile(source / "raw.duckdb", home / "raw.duckdb")
    with raw.opened(home) as connection:
        connection.execute("delete from ledger_events")
