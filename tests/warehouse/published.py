"""A home to publish from, for the tests of the publication: contacts planted, employees asked, two builds."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from flows.warehouse.contents import SOURCES
from flows.warehouse.publication import Occasion, Published, publish
from tests.homes import Home

NOW = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)
ASKED = {"source_name": "kiosk", "survey_id": "visit"}
FIVE = {"scale_min": "1", "scale_max": "5"}
PROGRAMME: dict[str, list[Mapping[str, str | None]]] = {
    "journeys": [
        {"journey_id": "buying", "name": "Buying", "audience": "customer", "owner_team_id": "shop"},
        {"journey_id": "working", "name": "Working here", "audience": "employee", "owner_team_id": "shop"},
    ],
    "touchpoints": [
        {"touchpoint_id": "desk", "journey_id": "buying", "name": "Desk"},
        {"touchpoint_id": "canteen", "journey_id": "working", "name": "Canteen"},
        {"touchpoint_id": "office", "journey_id": "working", "name": "Office"},
    ],
    "questions": [
        {**ASKED, "question_ref": "desk", "metric": "csat", **FIVE, "touchpoint_id": "desk"},
        {**ASKED, "question_ref": "food", "metric": "csat", **FIVE, "touchpoint_id": "canteen"},
        {**ASKED, "question_ref": "chair", "metric": "enps", "touchpoint_id": "office"},
        {**ASKED, "question_ref": "why", "metric": "comment", "touchpoint_id": "desk"},
        {**ASKED, "question_ref": "mail", "metric": "contact_email"},
        {**ASKED, "question_ref": "call", "metric": "contact_phone"},
        {**ASKED, "question_ref": "who", "metric": "contact_name"},
    ],
    "goals": [
        {"goal_id": f"{name} {metric}", "touchpoint_id": name, "metric": metric, "target_score": "0.5"}
        for name, metric in (("desk", "csat"), ("canteen", "csat"), ("office", "enps"), ("desk", "ces"))
    ],
    "teams": [{"team_id": "shop", "name": "Shop", "email": "team-of-shop@inside.example"}],
    "owners": [{"owner_id": "ann", "team_id": "shop", "name": "Ann", "email": "ann@inside.example"}],
    "routing": [
        {
            "rule_id": "unhappy",
            "position": "1",
            "action": "assign",
            "score_class": "bottom",
            "team_id": "shop",
            "follow_up_kind": "recover",
            "respond_within_hours": "48",
        }
    ],
}
# Nothing of this may be found under `published`, in any form.
PLANTED = (
    "rosalind.q@contacts.example",
    "Rosalind Quimby",
    "+31 20 555 0101",
    "ferdinand@answers.example",
    "+44 7700 900123",
    "Ferdinand Oxblood",
    "hidden.person@fields.example",
    "Zebulon Hiddenfield",
    "team-of-shop@inside.example",
    "ann@inside.example",
    "address-as-id@keys.example",
    "inside-an-answer@other.example",
)
COMMENT = "The queue was “long” — 等了很久, أسف; <b>never</b> again, said Æthelred's sister.\nTwice."


def make(folder: Path) -> Home:
    """Build a small home: customers, seven employees of whom three used the canteen, contacts everywhere."""
    home = Home(folder, NOW)
    home.programme(**PROGRAMME)
    home.load()
    home.customer("c1", name=PLANTED[1], email=PLANTED[0], phone=PLANTED[2], segment="gold")
    contacts = {"email": PLANTED[6], "name": PLANTED[7]}
    answers = {"desk": "1", "why": COMMENT, "mail": PLANTED[3], "call": PLANTED[4], "who": PLANTED[5]}
    home.answers("r1", answers, customer_id="c1", contacts=contacts, properties={"store": "17"})
    home.answers("r2", {"desk": "5", "else": f"ask {PLANTED[11]}"}, customer_id=PLANTED[10])
    home.answers("r3", {"desk": "x"})
    for number in range(7):
        food = {"food": "2"} if number < 3 else {}
        home.answers(f"e{number}", {"chair": "7", **food}, customer_id=f"staff {number}")
    home.build()
    return home


def copied(home: Home, folder: Path) -> Path:
    """Copy the stores of a home, so that a test may change them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("raw.duckdb", "warehouse.duckdb"):
        shutil.copyfile(home.folder / name, folder / name)
    return folder


def put_out(home: Path, build: str = "b1", *, hours: float = 0, **more: Any) -> Published:
    """Publish a home as some build, so many hours after NOW."""
    run = {"run_id": "run", "started_at": NOW, "ended_at": None, "exit_status": None, "build_id": None}
    finding = {"check_name": "answers_there", "sentence": "There are answers", "severity": "critical"}
    said = {"outcome": "held", "observed": "10", "expected": "1", "since": NOW}
    kept = {
        "runs": [{**run, "version": "1"}],
        "findings": [{"build_id": build, **finding, **said}],
    }
    return publish(home, Occasion(build, NOW + timedelta(hours=hours), "1", "UTC"), kept, **more)


def change(home: Path, *statements: str) -> None:
    """Change the warehouse behind everybody's back."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home / 'warehouse.duckdb'}' as warehouse")
        connection.execute("use warehouse")
        for statement in statements:
            connection.execute(statement)


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the published file, opened as an analyst does."""
    with duckdb.connect(str(home / "published" / "marts.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def differences(home: Path) -> dict[str, int]:
    """Count, per mart, the rows that publication, Parquet and warehouse do not share, each row counted."""
    found = {}
    with duckdb.connect() as connection:
        for name in ("raw", "warehouse"):
            connection.execute(f"attach '{home / name}.duckdb' as {name} (read_only)")
        connection.execute(f"attach '{home / 'published' / 'marts.duckdb'}' as published (read_only)")
        names = connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'warehouse' "
            "and table_schema = 'marts'"
        ).fetchall()
        for (name,) in names:
            file = home / "published" / "parquet" / f"{name}.parquet"
            sides = [f"warehouse.marts.{name}", f"published.main.{name}", f"read_parquet('{file}')"]
            if name in ("journey_scores", *SOURCES):
                sides = sides[1:]  # employees' small cells are left out: a test of its own
            for one, other in pairwise(sides):
                for left, right in ((one, other), (other, one)):
                    query = f"select count(*) from (from {left} except all from {right})"
                    number = (connection.execute(query).fetchone() or (0,))[0]
                    if number:
                        found[f"{left} - {right}"] = int(number)
    return found


def big(home: Path) -> None:
    """Put so many answers into a mart that it is mirrored by parts."""
    change(
        home,
        "drop view marts.answers",
        """create table marts.answers as
        select md5(i::varchar) as answer_key, 'r' || (i // 3) as response_key,
        case when i % 7 > 0 then (i % 11)::double end as value, ['a', null, 'b'][1 + i % 3] as metric,
        1 + i // 20000 as load_id from range(60000) as t(i)""",
    )
