"""What must hold between rows and tables, and what the doctor adds."""

from __future__ import annotations

from pathlib import Path

from flows.programme import read, stray_files, unkept_examples


def only_fault(folder: Path):
    _, faults = read(folder)
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def places_of(folder: Path) -> list[tuple[str, int | None, str | None]]:
    return [(fault.file.split("/")[1], fault.line, fault.column) for fault in read(folder)[1]]


def test_any_is_any(programme) -> None:
    routing = (
        "rule_id,position,action,audience,journey_id,touchpoint_id,metric,score_class,theme_id,language,team_id\n"
        "r,1,assign,*,*,*,*,*,*,*,shop\ns,2,assign,,,,,,,,shop\n"
    )
    playbooks = "touchpoint_id,theme_id,follow_up_kind,language,next_step\n*,*,*,*,Call\n"
    assert places_of(programme(routing=routing, playbooks=playbooks)) == []


def test_a_team_without_owners_is_a_fault_only_where_a_rule_needs_one(programme, sound) -> None:
    teams = sound["teams"] + "lab,Lab,lab@example.com,UTC,\n"
    head = "rule_id,position,action,team_id,owner_id\n"
    assert places_of(programme(teams=teams)) == []
    assert places_of(programme(teams=teams, routing=head + "r,1,inform,lab,\n")) == []
    assert places_of(programme(teams=teams, routing=head + "r,1,assign,lab,ana\n")) == []
    assert places_of(programme(teams=teams, routing=head + "r,1,assign,lab,\n")) == [
        ("routing.csv", 2, "team_id")
    ]
    found = places_of(programme(teams=teams, routing=head + "r,1,assign,lab,account\n"))
    assert found == [("routing.csv", 2, "team_id")]


def test_an_owner_without_address_needs_a_team_that_has_one(programme) -> None:
    owners = "owner_id,team_id,email\nana,shop,\n"
    assert places_of(programme(owners=owners)) == []
    teams = "team_id,email,calendar_id\nshop,,office\n"
    assert places_of(programme(owners=owners, teams=teams)) == [("owners.csv", 2, "email")]


def test_a_touchpoint_of_another_journey(programme, sound) -> None:
    journeys = sound["journeys"] + "use,Using,2,customer,0.4,shop\n"
    questions = "source_name,survey_id,question_ref,journey_id,touchpoint_id\nweb,s1,q1,use,checkout\n"
    fault = only_fault(programme(journeys=journeys, questions=questions))
    assert (fault.line, fault.column) == (2, "journey_id")
    assert "'buy'" in fault.mend


def test_all_faults_come_at_once_in_order(programme) -> None:
    journeys = "journey_id,position,audience,owner_team_id\nbuy,x,y,\nuse,z,customer,shop\n"
    assert places_of(programme(journeys=journeys, teams="team_id,digest_weekday\nshop,9\n")) == [
        ("journeys.csv", 2, "audience"),
        ("journeys.csv", 2, "owner_team_id"),
        ("journeys.csv", 2, "position"),
        ("journeys.csv", 3, "position"),
        ("teams.csv", 2, "digest_weekday"),
    ]


def test_shifts_that_touch_do_not_overlap(programme) -> None:
    head = "calendar_id,weekday,opens_at,closes_at\n"
    rows = head + "office,1,09:00,12:00\noffice,1,12:00,17:00\nlab,1,10:00,11:00\n"
    assert places_of(programme(calendars=rows)) == []


def test_examples_are_checked_for_the_doctor(programme) -> None:
    themes = (
        "theme_id,language,pattern,example,counter_example\n"
        "queue,en,<queue>,The QUEUE was long,barbecue\n"
        "cafe,fr,<café>,Un cafe\u0301 froid,cafés\n"
        "late,en,late,Delayed again,chocolate\n"
    )
    tables, faults = read(programme(themes=themes))
    assert faults == []
    found = [(fault.line, fault.column) for fault in unkept_examples(tables["themes"])]
    assert found == [(4, "example"), (4, "counter_example")]


def test_files_and_columns_that_nothing_reads_are_named(programme) -> None:
    folder = programme(journeys="journey_id,name,owner_team,owner_team_id,colour\nbuy,Buying,shop,shop,red\n")
    (folder / "jorneys.csv").write_text("x\n")
    (folder / "routing.xlsx").write_bytes(b"x")
    (folder / "notes.txt").write_text("x")
    (folder / ".DS_Store").write_text("x")
    (folder / "~lock.csv").write_text("x")
    found = {fault.file: fault.mend for fault in stray_files(folder)}
    assert set(found) == {"programme/jorneys.csv", "programme/notes.txt", "programme/routing.xlsx"}
    assert "journeys.csv" in found["programme/jorneys.csv"]
    assert "routing.csv" in found["programme/routing.xlsx"]
    (folder / "journeys.csv").write_text("jurney_id,owner_team_id\nbuy,shop\n")
    misspelt = next(fault for fault in stray_files(folder) if fault.file == "programme/journeys.csv")
    assert (misspelt.column, misspelt.mend) == ("jurney_id", "Did you mean 'journey_id'?")
    assert read(folder)[1]


def test_a_missing_folder_is_named() -> None:
    (fault,) = stray_files(Path("nowhere/programme"))
    assert "heardback init" in fault.mend
