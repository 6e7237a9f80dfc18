"""The made-up company's configuration and programme have no fault, and fit what its customers answer."""

from __future__ import annotations

import csv
from pathlib import Path

import demo
from demo import forms, people, web_survey
from flows import programme, settings
from flows.programme.consistency import unkept_examples
from flows.programme.strays import stray_files

COMPANY = Path(demo.__file__).parent / "company"


def rows(table: str) -> list[dict[str, str]]:
    with (COMPANY / "programme" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_programme_has_no_fault() -> None:
    tables, faults = programme.read(COMPANY / "programme")

    assert faults == []
    assert list(unkept_examples(tables["themes"])) == []
    assert stray_files(COMPANY / "programme") == []


def test_the_configuration_can_be_read() -> None:
    read = settings.read_configuration(COMPANY / "heardback.yml")

    assert [source.name for source in read.sources] == [
        "hazel_typeform",
        "web_shop",
        "shop_floor",
        "customer_list",
    ]


def test_it_is_as_large_as_promised() -> None:
    assert len(rows("journeys")) == 3
    assert 9 <= len(rows("touchpoints")) <= 12
    assert len(rows("teams")) == 5
    assert {row["owner_team_id"] for row in rows("journeys")} <= {row["team_id"] for row in rows("teams")}


def test_every_question_that_is_asked_is_known_and_no_other() -> None:
    asked = {
        (web_survey.SURVEY if form == forms.WEB else form, field["ref"])
        for form, (_, fields) in forms.FIELDS.items()
        for outer in fields
        for field in [outer, *outer["properties"].get("fields", [])]
        if field["type"] != "group"
    }
    known = {
        (row["survey_id"], row["question_ref"])
        for row in rows("questions")
        if row["source_name"] in ("hazel_typeform", "web_shop")
    }

    assert asked == known


def test_languages_at_the_till_are_those_of_the_customers() -> None:
    read = settings.read_configuration(COMPANY / "heardback.yml")

    till = next(source for source in read.sources if source.name == "shop_floor")
    assert tuple(till.maps["lang"].values()) == people.LANGUAGES
