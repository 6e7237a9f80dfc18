"""Programme tables as people and Excel save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.programme import COLUMNS, read


def only_fault(folder: Path):
    _, faults = read(folder)
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def test_a_sound_programme_has_no_faults_and_all_tables(programme) -> None:
    tables, faults = read(programme())
    assert faults == []
    assert set(tables) == set(COLUMNS)
    assert tables["goals"].rows == []
    assert tables["journeys"].rows[0]["strategic_weight"] == "0.6"
    assert tables["touchpoints"].rows[0]["expected_metric"] is None
    assert tables["calendars"].lines == [2, 3]


def test_a_missing_folder_is_an_empty_programme(tmp_path: Path) -> None:
    tables, faults = read(tmp_path / "nowhere")
    assert faults == []
    assert all(table.rows == [] for table in tables.values())


def contract_columns() -> dict[str, list[str]]:
    """Write the contract's columns out by hand, so that a slip in the models is seen."""
    text = """
    journeys: journey_id name position audience strategic_weight owner_team_id
    touchpoints: touchpoint_id journey_id stage position name description interaction_method
     customer_expectation expected_metric expected_score is_moment_of_truth owner_team_id
    surveys: source_name survey_id name purpose goal_id owner_team_id channel audience survey_kind
    questions: source_name survey_id question_ref question_text metric scale_min scale_max is_reversed
     no_answer_values journey_id touchpoint_id survey_kind asks_for experience choices
    teams: team_id name email manager_email timezone calendar_id language digest_weekday notify_url
    owners: owner_id team_id name email role segments properties language timezone calendar_id manager_email
     away_from away_until deputy_owner_id
    routing: rule_id position action audience journey_id touchpoint_id metric score_class score_min score_max
     theme_id segment persona language channel properties team_id owner_id follow_up_kind clock
     respond_within_hours delivery tell_customer
    calendars: calendar_id weekday opens_at closes_at
    holidays: calendar_id date
    themes: theme_id name kind language pattern theme_code source_name survey_id question_ref example
     counter_example
    root_causes: root_cause_id name language is_structural team_id
    assessments: touchpoint_id theme_id root_cause_id effort_person_months cost currency assessed_by
     assessed_on participants
    decisions: touchpoint_id theme_id decision reason decided_by decided_on
    initiatives: initiative_id name kind status owner_id team_id budget currency effort_person_months
     started_on due_on released_on metric comparison_touchpoint_id checkpoint_on minimum_answers
    initiative_scope: initiative_id touchpoint_id theme_id
    goals: goal_id journey_id touchpoint_id metric survey_kind target_score by_date expected_benefit currency
    playbooks: touchpoint_id theme_id follow_up_kind language next_step customer_text content_url
    """
    parts = " ".join(text.split()).replace(": ", ":").split(" ")
    found: dict[str, list[str]] = {}
    name = ""
    for part in parts:
        if ":" in part:
            name, part = part.split(":")
            found[name] = []
        found[name].append(part)
    return found


def test_columns_are_those_of_the_contract() -> None:
    assert {name: list(columns) for name, columns in COLUMNS.items()} == contract_columns()


# -- how files are saved -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_way_of_saving_reads_the_same(programme, encoding: str, separator: str, line_end: str) -> None:
    text = "journey_id,name,owner_team_id\nbuy,Größe für Käufe,shop\n".replace(",", separator)
    content = text.replace("\n", line_end).encode(encoding)
    tables, faults = read(programme(journeys=content))
    assert faults == []
    assert tables["journeys"].rows[0]["name"] == "Größe für Käufe"


def test_what_excel_makes_of_it(programme) -> None:
    """German Excel: BOM, semicolons, decimal commas, WAHR, its dates and times, empty rows and cells."""
    journeys = "\ufeffjourney_id;position;strategic_weight;owner_team_id;;\r\nbuy;1;0,6;shop;;\r\n;;;;;\r\n"
    touchpoints = (
        "\ufefftouchpoint_id; journey_id ;is_moment_of_truth\r\ncheckout;buy;WAHR\r\nsite;buy;FALSCH\r\n"
    )
    calendars = "\ufeffsep=;\r\ncalendar_id;weekday;opens_at;closes_at\r\noffice;1;9:00;17:00:00\r\n"
    holidays = "\ufeffcalendar_id;date\r\n\r\noffice;01.05.2026\r\noffice;2026-12-25\r\n"
    tables, faults = read(
        programme(journeys=journeys, touchpoints=touchpoints, calendars=calendars, holidays=holidays)
    )
    assert faults == []
    assert tables["journeys"].rows[0]["strategic_weight"] == "0.6"
    assert len(tables["journeys"].rows) == 1
    assert [row["is_moment_of_truth"] for row in tables["touchpoints"].rows] == ["true", "false"]
    assert tables["calendars"].rows[0]["opens_at"] == "09:00"
    assert tables["calendars"].rows[0]["closes_at"] == "17:00"
    assert tables["calendars"].lines == [3]
    assert [row["date"] for row in tables["holidays"].rows] == ["2026-05-01", "2026-12-25"]
    assert tables["holidays"].lines == [3, 4]


def test_booleans_and_words_in_any_case(programme) -> None:
    touchpoints = "touchpoint_id,journey_id,is_moment_of_truth,expected_metric\ncheckout,buy,TRUE,NPS\n"
    tables, faults = read(programme(touchpoints=touchpoints))
    assert faults == []
    assert tables["touchpoints"].rows[0]["is_moment_of_truth"] == "true"
    assert tables["touchpoints"].rows[0]["expected_metric"] == "nps"


def test_extra_columns_blank_lines_and_cells_over_several_lines(programme, tmp_path: Path) -> None:
    journeys = (
        'x,journey_id, name ,owner_team_id\n\n1,buy,"two\nlines, ""quoted""",shop\n\n2,use,Using,shopp\n'
    )
    fault = only_fault(programme(journeys=journeys))
    assert (fault.line, fault.column) == (6, "owner_team_id")
    tables, _ = read(tmp_path / "programme")
    assert tables["journeys"].rows[0]["name"] == 'two\nlines, "quoted"'
    assert "x" not in tables["journeys"].rows[0]


def test_an_empty_file_is_an_empty_table(programme) -> None:
    tables, faults = read(programme(holidays=b"", goals=b"\xef\xbb\xbf", playbooks=b"\n\n"))
    assert faults == []
    assert tables["holidays"].rows == tables["goals"].rows == []


def test_the_rows_keep_nul_and_other_alphabets(programme) -> None:
    tables, faults = read(programme(journeys="journey_id,name,owner_team_id\nbuy,قهوة ☕,shop\n"))
    assert faults == []
    assert tables["journeys"].rows[0]["name"] == "قهوة ☕"
