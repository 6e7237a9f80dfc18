# ruff: noqa: E501 - one case, one line
"""`heardback init`: what is drafted reads back without faults, and guesses what a person would."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.drafting import draft
from flows.drafts.columns import Column
from flows.drafts.roles import question_of
from flows.drafts.times import written_as
from flows.programme import COLUMNS, read, stray_files
from flows.records import ConfigurationError
from flows.settings import read_configuration

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
ANSWERS = (
    "Response ID,Submitted At,Customer ID,Email Address,"
    "How likely are you to recommend us?,Satisfaction,What could we improve?,Store,Age"
    """
r1,03.05.2026 10:11,c1,a@example.com,3,2,"The queue was far too long, and nobody came",Berlin,33
r2,03.05.2026 11:12,c2,b@example.com,9,5,Great,Paris,44
r3,28.04.2026 11:12,c2,b@example.com,10,4,,Paris,44
"""
)


def drafted(tmp_path: Path, text: str | bytes, name: str = "answers.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    draft(tmp_path / "home", path, NOW)
    (source,) = read_configuration(tmp_path / "home" / "heardback.yml").sources
    return source, questions(tmp_path / "home")


def questions(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "programme" / "questions.csv").open(encoding="utf-8", newline="") as file:
        return {row["question_ref"]: row for row in csv.DictReader(file)}


def test_without_answers_everything_is_there_and_sound(tmp_path: Path) -> None:
    written = draft(tmp_path / "new", None, NOW)
    names = {path.relative_to(tmp_path / "new").as_posix() for path in written}
    assert names == {"heardback.yml", ".env.example", *(f"programme/{name}.csv" for name in COLUMNS)}
    tables, faults = read(tmp_path / "new" / "programme")
    assert faults == []
    assert stray_files(tmp_path / "new" / "programme") == []
    counts = {name: len(table.rows) for name, table in tables.items() if table.rows}
    assert counts == {"journeys": 1, "teams": 1, "owners": 1, "calendars": 5, "routing": 2}
    for rule in tables["routing"].rows:
        assert (rule["action"], rule["clock"], rule["respond_within_hours"]) == ("assign", "elapsed", "48")
    assert {rule["score_class"] for rule in tables["routing"].rows} == {"detractor", "bottom"}
    assert read_configuration(tmp_path / "new" / "heardback.yml").sources == []


def test_a_file_of_answers_becomes_a_source_and_questions(tmp_path: Path) -> None:
    source, asked = drafted(tmp_path, ANSWERS)
    assert (source.tool, source.name, source.survey_id) == ("files", "answers", "answers")
    assert (source.response_id, source.customer_id) == ("{Response ID}", "{Customer ID}")
    assert source.email == "{Email Address}"
    assert (source.submitted_at, source.submitted_at_format) == ("{Submitted At}", "%d.%m.%Y %H:%M")
    assert source.properties == ["Store"]
    found = {ref: (row["metric"], row["scale_min"], row["scale_max"]) for ref, row in asked.items()}
    assert found == {
        "How likely are you to recommend us?": ("nps", "0", "10"),
        "Satisfaction": ("csat", "1", "5"),
        "What could we improve?": ("comment", "", ""),
        "Age": ("none", "", ""),
    }
    assert asked["Satisfaction"]["journey_id"] == "experience"
    assert asked["Age"]["journey_id"] == ""
    assert read(tmp_path / "home" / "programme")[1] == []


def test_excel_s_semicolons_and_umlauts(tmp_path: Path) -> None:
    text = (
        "Antwort-Nr;Datum;Kundennummer;E-Mail;Würden Sie uns weiterempfehlen?;Zufriedenheit;Begründung\r\n"
        "1;03.05.2026;K7;a@example.com;2;6;Viel zu späte Lieferung\r\n2;02.05.2026;K8;b@example.com;9;7;Schön\r\n"
    )
    source, asked = drafted(tmp_path, text.encode("cp1252"))
    assert source.response_id == "{Antwort-Nr}"
    assert source.customer_id == "{Kundennummer}"
    assert source.submitted_at_format == "%d.%m.%Y"
    assert {ref: row["metric"] for ref, row in asked.items()} == {
        "Würden Sie uns weiterempfehlen?": "nps",
        "Zufriedenheit": "csat",
        "Begründung": "comment",
    }
    assert asked["Zufriedenheit"]["scale_max"] == "7"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "heardback.yml").write_text("mine")
    with pytest.raises(ConfigurationError, match="exists already") as caught:
        draft(tmp_path, None, NOW)
    assert caught.value.exit_status == 2
    assert (tmp_path / "heardback.yml").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["heardback.yml"]


@pytest.mark.parametrize("text", ["", "a,b\n", "\n\n"])
def test_a_file_without_answers_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(ConfigurationError, match="holds no answers"):
        draft(tmp_path / "new", tmp_path / "a.csv", NOW)
    with pytest.raises(ConfigurationError, match="There is no file"):
        draft(tmp_path / "new", tmp_path / "b.csv", NOW)
    assert not (tmp_path / "new").exists()


def test_a_file_inside_the_folder_is_named_from_there(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a[1].csv").write_text("q,score\nx,1\n")
    draft(tmp_path, tmp_path / "data" / "a[1].csv", NOW)
    (source,) = read_configuration(tmp_path / "heardback.yml").sources
    assert source.path == "data/a[[]1].csv"
    assert [path.name for path in tmp_path.glob(source.path)] == ["a[1].csv"]
    assert (source.response_id, source.submitted_at, source.customer_id) == (None, None, None)


def test_date_and_time_in_two_columns(tmp_path: Path) -> None:
    source, _ = drafted(tmp_path, "Date,Time,NPS\n2026-05-03,10:11,3\n2026-05-02,23:59,9\n")
    assert source.submitted_at == "{Date} {Time}"
    assert source.submitted_at_format == "%Y-%m-%d %H:%M"


def test_customers_known_by_their_address_only(tmp_path: Path) -> None:
    source, _ = drafted(tmp_path, "Date,Mail,NPS\n2026-05-03,a@example.com,3\n2026-05-02,b@example.com,9\n")
    assert source.customer_id == source.email == "{Mail}"


def test_columns_with_quotes_and_formulas_survive(tmp_path: Path) -> None:
    odd = 'Say "hi", now: why?'
    source, asked = drafted(
        tmp_path, f'Date,"{odd.replace(chr(34), chr(34) * 2)}",=1+1\n2026-05-03,ok then,x\n'
    )
    assert source.submitted_at == "{Date}"
    assert set(asked) == {odd, "=1+1"}


NPS_HEADERS = [
    "NPS", "nps_score", "Would you recommend us?", "Wie wahrscheinlich würden Sie uns weiterempfehlen?",
    "Recommanderiez-vous notre service ?", "¿Nos recomendaría?", "Você nos recomendaria?", "Ci consiglieresti?",
    "Zou u ons aanbevelen?", "您会推荐我们吗？", "友人に勧めますか", "추천하시겠습니까?", "هل توصي بنا لصديق؟",
    "האם היית ממליץ? להמליץ", "Вы бы порекомендовали нас?", "Poleciłbyś nas? polecić",
]  # fmt: skip


@pytest.mark.parametrize("header", NPS_HEADERS)
def test_recommendation_in_many_languages(header: str) -> None:
    assert question_of(Column(header, ["0", "7", "10", "9"], 4))["metric"] == "nps"


QUESTIONS = [
    ("Overall satisfaction", ["1", "5", "4"], ("csat", "5")),
    ("How easy was it?", ["1", "7", "4"], ("ces", "7")),
    ("Rating", ["1.0", "3.0", "5.0"], ("rating", "5")),
    ("Q7A", ["1", "3", "5", "4"], ("rating", "5")),
    ("Q7A", ["1", "3", "7", "4"], ("rating", "7")),
    ("Age group", ["1", "3", "5", "4"], ("none", "")),
    ("Satisfaction", ["0", "6", "5"], ("none", "")),
    ("NPS", ["0", "11"], ("none", "")),
    ("NETPRO", ["0", "9", "8", "7", "6", "5", "4", "10", "10", "9", "11"], ("nps", "10")),
    ("Amount", ["10.50", "3.20"], ("none", "")),
    ("Work e-mail", ["a@example.com", "b@example.com"], ("contact_email", "")),
    ("Telephone number", ["+49 30 123456", "030 123456"], ("contact_phone", "")),
    ("First name of guest", ["Ann", "Bo"], ("contact_name", "")),
    ("Q9", ["Your staff was so friendly to my children", "I waited for more than an hour at the till"], ("comment", "")),
    ("تعليق", ["انتظرت طويلا", "شكرا لكم"], ("comment", "")),
    ("Colour", ["red", "blue", "red"], ("none", "")),
    ("Empty", [], ("none", "")),
]  # fmt: skip


@pytest.mark.parametrize(("header", "values", "expected"), QUESTIONS)
def test_metrics_are_guessed(header: str, values: list[str], expected: tuple[str, str]) -> None:
    guessed = question_of(Column(header, values, len(values)))
    assert (guessed["metric"], guessed.get("scale_max", "")) == expected


TIMES = [
    (["2026-05-03T10:11:12Z", "2026-05-03T10:11:12+02:00"], ""),
    (["2026-05-03", "2026-05-04"], ""),
    (["2026-05-03 10:11:12", "2026-05-04 00:00:00"], ""),
    (["03.05.2026", "31.12.2025"], "%d.%m.%Y"),
    (["12/31/2025 1:05 PM", "01/02/2026 12:00 AM"], "%m/%d/%Y %I:%M %p"),
    (["31/12/2025 13:05", "01/02/2026 00:00"], "%d/%m/%Y %H:%M"),
    (
        ["04/05/2026", "03/05/2026"],
        "%d/%m/%Y",
    ),  # both readings possible, none after now the other way: day first
    (["05/03/2026", "05/02/2026", "04/30/2026"], "%m/%d/%Y"),
    (["May 3, 2026", "Apr 1, 2026"], "%b %d, %Y"),
]


@pytest.mark.parametrize(("values", "expected"), TIMES)
def test_the_way_times_are_written(values: list[str], expected: str) -> None:
    found = written_as(values, NOW)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize(
    "values", [["1", "2"], ["12/31/1899 02:00:00 PM"], ["20260504"], ["red"], ["12.5"], [], ["a 2026"]]
)
def test_what_is_no_time(values: list[str]) -> None:
    assert written_as(values, NOW) is None
