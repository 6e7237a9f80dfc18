# ruff: noqa: E501 - one case, one line
"""Every kind of fault with its exact place and its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.programme import read


def only_fault(folder: Path):
    _, faults = read(folder)
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


# -- what can be wrong with a file ---------------------------------------------------------------------------


def test_too_many_cells(programme) -> None:
    fault = only_fault(
        programme(journeys="journey_id,name,owner_team_id\nbuy,Browse, buy,shop\nuse,Use,shop\n")
    )
    assert (fault.line, fault.column) == (2, None)
    assert "4 cells" in fault.message


def test_a_quote_that_is_never_closed(programme) -> None:
    teams = 'team_id,name,calendar_id\nshop,"Shop,office\nother,Other,office\n'
    folder = programme(teams=teams)
    fault = next(fault for fault in read(folder)[1] if fault.file.endswith("teams.csv"))
    assert fault.line == 2
    assert "double quote" in fault.message


def test_a_column_twice(programme) -> None:
    fault = only_fault(programme(journeys="journey_id,name,Name,owner_team_id\nbuy,Buy,Buy,shop\n"))
    assert (fault.line, fault.column) == (1, "name")


def test_a_file_that_is_a_folder(programme) -> None:
    folder = programme()
    (folder / "goals.csv").mkdir()
    (fault,) = read(folder)[1]
    assert fault.file == "programme/goals.csv"
    assert "cannot be read" in fault.message


# -- what can be wrong with a cell: table, text, place, words of the message or the mend -----------------------

ROUTING = "rule_id,position,action,metric,score_class,team_id,owner_id,clock,respond_within_hours,score_min,score_max"
CELLS = [
    ("journeys", "journey_id,owner_team_id,audience\nbuy,shop,custmer\n", 2, "audience", "'customer'"),
    ("journeys", "journey_id,owner_team_id,position\nbuy,shop,first\n", 2, "position", "not a number"),
    ("journeys", "journey_id,owner_team_id,position\nbuy,shop,1.5\n", 2, "position", "whole"),
    ("journeys", "journey_id,owner_team_id,strategic_weight\nbuy,shop,2\n", 2, "strategic_weight", "0 to 1"),
    ("journeys", "journey_id,name\nbuy,Buying\n", 2, "owner_team_id", "empty"),
    ("journeys", "journey_id,owner_team_id\nbuy,\n", 2, "owner_team_id", "empty"),
    ("journeys", "journey_id,owner_team_id\nbuy,shop\nbuy,shop\n", 3, "journey_id", "line 2"),
    ("journeys", "journey_id,owner_team_id\nbuy,shoop\n", 2, "owner_team_id", "'shop'"),
    ("journeys", "journey_id,name,owner_team_id\nbuy,Buy,shop\n,Use,shop\n", 3, "journey_id", "empty"),
    ("journeys", "journey_id,owner_team_id\nbuy,shop\nall,shop\n", 3, "journey_id", "meaning of its own"),
    ("touchpoints", "touchpoint_id,journey_id\ncheckout,buy\nsite,by\n", 3, "journey_id", "'buy'"),
    ("touchpoints", "touchpoint_id,journey_id,owner_team_id\ncheckout,buy,x\n", 2, "owner_team_id", "known: shop"),
    ("touchpoints", "touchpoint_id,journey_id,is_moment_of_truth\ncheckout,buy,yes\n", 2, "is_moment_of_truth", "true"),
    ("touchpoints", "touchpoint_id,journey_id\ncheckout,buy\ncheckout,buy\n", 3, "touchpoint_id", "line 2"),
    ("surveys", "source_name,survey_id,goal_id\nweb,s1,g1\n", 2, "goal_id", "no 'g1'"),
    ("surveys", "source_name,survey_id,survey_kind\nweb,s1,relation\n", 2, "survey_kind", "'relational'"),
    ("surveys", "source_name,survey_id\nweb,s1\nweb,s1\n", 3, "source_name, survey_id", "line 2"),
    ("questions", "source_name,survey_id,question_ref,metric\nweb,s1,q1,npss\n", 2, "metric", "'nps'"),
    ("questions", "source_name,survey_id,question_ref,journey_id\nweb,s1,q1,bye\n", 2, "journey_id", "'buy'"),
    ("questions", "source_name,survey_id,question_ref,touchpoint_id\nweb,s1,q1,x\n", 2, "touchpoint_id", "no 'x'"),
    ("questions", "source_name,survey_id,question_ref,scale_min,scale_max\nw,s,q,5,1\n", 2, "scale_min", "below"),
    ("questions", "source_name,survey_id,question_ref,scale_min,scale_max\nw,s,q,5,5\n", 2, "scale_min", "below"),
    ("questions", "source_name,survey_id,question_ref,choices\nw,s,q,Good\n", 2, "choices", "no scale"),
    ("questions", "source_name,survey_id,question_ref,scale_max,choices\nw,s,q,5,Bad;So;Good\n", 2, "choices", "3 choices on"),
    ("questions", "source_name,survey_id,question_ref,is_reversed\nw,s,q,maybe\n", 2, "is_reversed", "true or false"),
    ("questions", "source_name,survey_id,question_ref,asks_for\nw,s,q,percption\n", 2, "asks_for", "'perception'"),
    ("questions", "source_name,survey_id,metric\nw,s,nps\n", 2, "question_ref", "empty"),
    ("teams", "team_id,timezone\nshop,Europe/Berln\n", 2, "timezone", "'Europe/Berlin'"),
    ("teams", "team_id,calendar_id\nshop,ofice\n", 2, "calendar_id", "'office'"),
    ("teams", "team_id,email\nshop,shop at example\n", 2, "email", "e-mail"),
    ("teams", "team_id,digest_weekday\nshop,8\n", 2, "digest_weekday", "1 to 7"),
    ("teams", "team_id,language\nshop,german!\n", 2, "language", "pt-BR"),
    ("teams", "team_id,notify_url\nshop,chat.example.com\n", 2, "notify_url", "scheme"),
    ("owners", "owner_id,team_id,email\nana,shp,a@example.com\nben,shop,b@example.com\n", 2, "team_id", "'shop'"),
    ("owners", "owner_id,team_id,email,deputy_owner_id\nana,shop,a@b.c,be\nben,shop,b@b.c,\n", 2, "deputy_owner_id", "ben"),
    ("owners", "owner_id,team_id,email,deputy_owner_id\nana,shop,a@b.c,ana\n", 2, "deputy_owner_id", "own deputy"),
    ("owners", "owner_id,team_id,email,properties\nana,shop,a@b.c,store\n", 2, "properties", "name=value"),
    ("owners", "owner_id,team_id,email,role\nana,shop,a@b.c,boss\n", 2, "role", "owner, manager"),
    ("owners", "owner_id,team_id,email,away_from\nana,shop,a@b.c,5/4/2026\n", 2, "away_from", "2026-05-04"),
    ("owners", "owner_id,team_id,email,away_from\nana,shop,a@b.c,2026-02-30\n", 2, "away_from", "not a date"),
    (
        "owners",
        "owner_id,team_id,email,away_from,away_until\nana,shop,a@b.c,2026-05-09,2026-05-01\n",
        2,
        "away_until",
        "before",
    ),
    ("owners", "owner_id,team_id,email\nana,shop,a@b.c\nana,shop,c@b.c\n", 3, "owner_id", "line 2"),
    ("calendars", "calendar_id,weekday,opens_at,closes_at\noffice,0,09:00,17:00\n", 2, "weekday", "1 to 7"),
    ("calendars", "calendar_id,weekday,opens_at,closes_at\noffice,1,9 am,17:00\n", 2, "opens_at", "time of day"),
    ("calendars", "calendar_id,weekday,opens_at,closes_at\noffice,1,09:00,24:01\n", 2, "closes_at", "time of day"),
    ("calendars", "calendar_id,weekday,opens_at,closes_at\noffice,1,22:00,06:00\n", 2, "closes_at", "midnight"),
    (
        "calendars",
        "calendar_id,weekday,opens_at,closes_at\noffice,1,09:00,13:00\noffice,2,09:00,13:00\noffice,1,12:30,17:00\n",
        4,
        "opens_at",
        "line 2",
    ),
    ("holidays", "calendar_id,date\noffce,2026-05-01\n", 2, "calendar_id", "'office'"),
    ("holidays", "calendar_id,date\noffice,May 1\n", 2, "date", "not a date"),
    ("routing", ROUTING + "\nr,1,asign,,,shop,,,,,\n", 2, "action", "'assign'"),
    ("routing", ROUTING + "\nr,1,assign,npz,,shop,,,,,\n", 2, "metric", "'nps'"),
    ("routing", ROUTING + "\nr,1,assign,,detracter,shop,,,,,\n", 2, "score_class", "'detractor'"),
    ("routing", ROUTING + "\nr,,assign,,,shop,,,,,\n", 2, "position", "empty"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,,,,,\ns,1,assign,,,shop,,,,,\n", 3, "position", "line 2"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,,,,,\nr,2,assign,,,shop,,,,,\n", 3, "rule_id", "line 2"),
    ("routing", ROUTING + "\nr,1,assign,,,ship,,,,,\n", 2, "team_id", "'shop'"),
    ("routing", ROUTING + "\nr,1,assign,,,,,,,,\n", 2, "team_id", "no team"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,anna,,,,\n", 2, "owner_id", "'ana'"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,,working hours,,,\n", 2, "clock", "'working'"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,,,-1,,\n", 2, "respond_within_hours", "above 0"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,,,0,,\n", 2, "respond_within_hours", "above 0"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,,working,1000,,\n", 2, "respond_within_hours", "within a year"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,,elapsed,9000,,\n", 2, "respond_within_hours", "within a year"),
    ("routing", ROUTING + "\nr,1,assign,,,shop,,,,6,2\n", 2, "score_min", "below"),
    (
        "routing",
        "rule_id,position,action,journey_id,touchpoint_id,theme_id,team_id\nr,1,inform,buy,checkot,queue,shop\n",
        2,
        "touchpoint_id",
        "'checkout'",
    ),
    ("routing", "rule_id,position,action,journey_id,team_id\nr,1,inform,buyy,shop\n", 2, "journey_id", "'buy'"),
    ("routing", "rule_id,position,action,theme_id,team_id\nr,1,inform,que,shop\n", 2, "theme_id", "'queue'"),
    ("themes", "theme_id,language,pattern\nqueue,en,(?=wait)\n", 2, "pattern", "looks around"),
    ("themes", "theme_id,language,pattern\nqueue,en,(?<!a)wait\n", 2, "pattern", "looks around"),
    ("themes", "theme_id,language,pattern\nqueue,en,\\bwait\n", 2, "pattern", "<word>"),
    ("themes", "theme_id,language,pattern\nqueue,en,(a)\\1\n", 2, "pattern", "refers back"),
    ("themes", "theme_id,language,pattern\nqueue,en,wait++\n", 2, "pattern", "possessive"),
    ("themes", "theme_id,language,pattern\nqueue,en,(wait\n", 2, "pattern", "cannot be read"),
    ("themes", "theme_id,language\nqueue,en\n", 2, "pattern", "neither"),
    ("themes", "theme_id,kind,pattern\nqueue,complain,wait\n", 2, "kind", "'complaint'"),
    ("root_causes", "root_cause_id,team_id\nlate,shopp\n", 2, "team_id", "'shop'"),
    ("assessments", "touchpoint_id,theme_id,root_cause_id\ncheckout,queue,late\n", 2, "root_cause_id", "no 'late'"),
    ("assessments", "touchpoint_id,cost\ncheckout,much\n", 2, "cost", "not a number"),
    ("assessments", "touchpoint_id,cost\ncheckout,\"1,000\"\n", 2, "cost", "thousands"),
    ("decisions", "touchpoint_id,theme_id,decision\ncheckout,queue,later\n", 2, "decision", "defer"),
    ("decisions", "touchpoint_id,theme_id,decision\ncheckout,quee,do\n", 2, "theme_id", "'queue'"),
    ("initiatives", "initiative_id,status\ni1,aproved\n", 2, "status", "'approved'"),
    ("initiatives", "initiative_id,owner_id\ni1,anna\n", 2, "owner_id", "'ana'"),
    ("initiatives", "initiative_id,comparison_touchpoint_id\ni1,check\n", 2, "comparison_touchpoint_id", "'checkout'"),
    ("initiative_scope", "initiative_id,touchpoint_id\ni1,checkout\n", 2, "initiative_id", "no 'i1'"),
    ("goals", "goal_id,journey_id,metric\ng1,bui,nps\n", 2, "journey_id", "'buy'"),
    ("goals", "goal_id,target_score\ng1,high\n", 2, "target_score", "not a number"),
    ("playbooks", "touchpoint_id,follow_up_kind\ncheckout,recovr\n", 2, "follow_up_kind", "'recover'"),
    ("playbooks", "touchpoint_id,language\ncheckot,en\n", 2, "touchpoint_id", "'checkout'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "line", "column", "says"), CELLS)
def test_every_kind_of_fault_has_its_place(
    programme, name: str, text: str, line: int, column: str, says: str
) -> None:
    fault = only_fault(programme(**{name: text}))
    assert (fault.file, fault.line, fault.column) == (f"programme/{name}.csv", line, column)
    assert says in str(fault)
    assert fault.mend
