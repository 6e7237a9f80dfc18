"""`transform_1m_increment_vs_full`: marts of a million answers, made whole, and with one per cent more."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks import population
from benchmarks.harness import BUILD, Measured, middle, python
from benchmarks.models_watched import models_watched, told
from flows import building, programme
from flows.configuration import Configuration
from flows.transform import build_marts

SIZE, ROUNDS = population.Size(1_000_000, 200_000), 3
LIMIT = 3600  # seconds


def measure() -> dict[str, float]:
    """Give seconds of an increment by those of a full build, an empty run of each subtracted.

    The empty run of a full build is one over a raw store without responses; that of an increment brings one
    response to such a store. Both start dbt and walk through the same models as what they are subtracted
    from. Beside it stands the ratio with nothing but an idle run (which does not start dbt) subtracted from
    the increment.
    """
    folder = BUILD / "bench" / "transform"
    shutil.rmtree(folder, ignore_errors=True)
    home, empty = folder / "home", folder / "empty"
    population.write_programme(folder / "programme")
    population.land_stored(empty, population.Size(0, 0))
    population.land_stored(home, SIZE)
    full_start, full = built(empty, 0), built(home, 0)
    start, idle, increment = [], [], []
    new = SIZE.responses // 100
    for load in range(ROUNDS):
        population.land_new(empty, load + 2, load, 1, population.Size(0, 1), late=0)
        start.append(built(empty, 2 * load + 2))
        idle.append(built(home, 2 * load + 1))
        population.land_new(home, load + 2, SIZE.responses + load * new, new, SIZE, late=0)
        increment.append(built(home, 2 * load + 2))
    whole, part = full.seconds - full_start.seconds, middle(increment) - middle(start)
    return {
        "transform_1m_increment_vs_full": part / whole,
        "transform_1m_increment_above_idle_vs_full": (middle(increment) - middle(idle)) / whole,
        "transform_1m_full_seconds": whole,
        "transform_1m_increment_seconds": part,
        "transform_1m_full_seconds_whole": full.seconds,
        "transform_1m_increment_seconds_whole": middle(increment),
        "transform_1m_full_peak_mb": full.peak_mb,
    }


def built(home: Path, minutes: int, *words: str) -> Measured:
    """Build the marts of a home in a process of its own, so many minutes after the first build of its day."""
    return python("benchmarks.transform", home, minutes, *words, seconds=LIMIT)


def build(home: Path, now: datetime) -> None:
    """Build the marts once, as `heardback transform` does, without Prefect around it."""
    configuration = Configuration.model_validate(
        {"sources": population.SOURCES, "segments": population.SEGMENTS}
    )
    tables, faults = programme.read(home.parent / "programme")
    if faults:
        sys.exit("\n".join(map(str, faults)))
    build_marts(home, configuration, tables, now, _untold, with_tests=False)


def _untold(steps: int = 1, *, total: int | None = None, description: str | None = None) -> None:
    """Show nothing."""


def only(home: Path, words: tuple[str, ...], *, with_tests: bool) -> None:
    """Let dbt make some models anew, or run its tests, over a warehouse that stands."""
    building.build(home, words, (), _untold, with_tests=with_tests)


if __name__ == "__main__":
    place, moment = Path(sys.argv[1]), population.NOW + timedelta(minutes=int(sys.argv[2]))
    if "tests" in sys.argv:
        only(place, ("--select", "teams"), with_tests=True)
    elif "watched" in sys.argv:
        with models_watched() as found:
            build(place, moment)
        (place / "watched.txt").write_text(told(found) + "\n", encoding="utf-8")
        seconds = {name: one.seconds for name, one in found.items()}
        (place / "watched.json").write_text(json.dumps(seconds), encoding="utf-8")
    else:
        build(place, moment)
