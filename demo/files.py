"""What Hazel & Thrush keeps in files: the shop floor's answers, one file a month, and the customer list."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

from demo.moods import ZONE
from demo.people import Person
from demo.sittings import Line
from demo.story import DAY_ONE, DAY_TWO, Story

# A line cut in the middle and glued to the next, as tills do when the power goes.
BROKEN = "R1009,11.02.2026 12:4R1010,11.02.2026 12:44,mill,,2,4,2,9,-,,\n"


def write_day_one(folder: Path, story: Story) -> None:
    """Write the customer list and all months up to day one, with what goes wrong in real ones."""
    folder.mkdir(parents=True, exist_ok=True)
    write_people(folder, story.people)
    months: dict[str, list[Line]] = {}
    for at, line in story.till:
        if at <= DAY_ONE:
            months.setdefault(f"{at.astimezone(ZONE):%Y-%m}", []).append(_as_it_came(at, line))
    for month, lines in months.items():
        _write(folder / f"shop-floor-{month}.csv", lines)
    with (folder / "shop-floor-2026-02.csv").open("a", encoding="utf-8") as file:
        file.write(BROKEN)


def write_day_two(folder: Path, story: Story) -> None:
    """Write what came since: new lines, a changed answer, two customers who want to be left alone."""
    lines = [line for at, line in story.till if DAY_ONE < at <= DAY_TWO]
    _, changed = next(
        entry for entry in reversed(story.till) if entry[0] <= DAY_ONE and entry[1]["smile"] in "12"
    )
    calmed = {**changed, "smile": "4", "remark": changed["remark"] if changed["remark"] != "-" else "+"}
    _write(folder / f"shop-floor-{DAY_TWO.astimezone(ZONE):%Y-%m-%d}.csv", [calmed, *lines])
    asked = [one.customer_id for one in story.people if one.may_contact and one.segment == "regular"][:2]
    write_people(
        folder, [replace(one, may_contact=False) if one.customer_id in asked else one for one in story.people]
    )


def write_people(folder: Path, people: Sequence[Person]) -> None:
    """Write the customer list; what nobody knows is an empty cell."""
    with (folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([*(field.name for field in fields(Person)), "currency"])
        for person in people:
            row = asdict(person) | {"may_contact": "yes" if person.may_contact else "no"}
            table.writerow(["" if value is None else value for value in row.values()] + ["EUR"])


def _as_it_came(at: datetime, line: Line) -> Line:
    """Break what breaks: somebody taught one till a sixth and a seventh smile for an afternoon."""
    is_odd = line["store"] == "mill" and abs(at - (DAY_ONE - timedelta(days=1, hours=15))) < timedelta(days=2)
    return {**line, "smile": "7"} if is_odd and line["smile"] == "5" else line


def _write(path: Path, lines: Iterable[Line]) -> None:
    listed = list(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(listed[0]))
        table.writeheader()
        table.writerows(listed)
