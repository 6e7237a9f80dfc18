"""What the survey services tell, from their local servers through raw into staging, row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo.tools.hubspot import FakeHubSpot
from demo.tools.surveymonkey import FakeSurveyMonkey
from demo.tools.zendesk import FakeZendesk
from flows.configuration import Source
from flows.surveys import pages
from flows.surveys.asked import Asked
from flows.warehouse import raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing, Origin

from .chain import Chain

SAMPLES = Path(__file__).parents[1] / "surveys" / "samples"
NOW = datetime(2026, 5, 5, tzinfo=UTC)
TOOLS = ("hubspot", "surveymonkey", "zendesk")
KINDS = ("answers", "questions", "properties")
COLUMNS = {
    "answers": "response_key load_id sequence question_ref question_text position value_text choice_id "
    "tool_metric tool_scale_min tool_scale_max",
    "questions": "source_name survey_id load_id sequence question_ref question_text tool_metric "
    "tool_scale_min tool_scale_max",
    "properties": "response_key load_id sequence name value is_contact",
}


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_bytes())


def collected(home: Path, source: Source) -> None:
    """Land what a source tells, as `collect` does."""
    with raw.opened(home) as connection:
        landing = Landing(connection, Origin(source.name, source.tool, "run", "", NOW))
        for page in pages(Asked(source, NOW, home, landing.cursors())):
            landing.take(laid_out(page))
        landing.end("ok", "")


def surveymonkey(home: Path) -> None:
    """The documented sample; then a choice is renamed, and another response comes."""
    survey, listed = sample("surveymonkey_survey"), sample("surveymonkey_page")["data"]
    questions = survey["pages"][0]["questions"]
    questions += [contact_question(), menu_question(), comment_question(), comment_question()]
    with FakeSurveyMonkey([survey], {survey["id"]: listed}) as tool:
        source = Source(name="sm", tool="surveymonkey", token=tool.token, base_url=tool.url)
        collected(home, source)
        questions[2]["answers"]["choices"][1]["text"] = "Fairly <b>satisfied</b>"
        survey["date_modified"] = "2026-05-04T20:00:00"
        tool.responses[survey["id"]].append(late_response())
        collected(home, source)


def contact_question() -> dict[str, Any]:
    rows = [
        {"id": "4285525409", "type": "email", "text": "E-mail"},
        {"id": "8", "type": "phone", "text": "Tel"},
    ]
    heading = [{"heading": "Who are you?"}]
    return {"id": "652286732", "family": "demographic", "headings": heading, "answers": {"rows": rows}}


def menu_question() -> dict[str, Any]:
    cols = [{"id": "c1", "text": "Price", "choices": [{"id": "x", "text": "High", "position": 1}]}]
    answers = {"rows": [{"id": "r1", "text": "Shop"}], "cols": cols}
    heading = [{"heading": "<p>Compare&nbsp;us</p>"}]
    return {"id": "70", "family": "matrix", "subtype": "menu", "headings": heading, "answers": answers}


def comment_question() -> dict[str, Any]:
    other = [{"id": "o1", "text": "Why?", "is_answer_choice": False}]
    choices = [
        {"id": "y1", "text": "Low", "position": 1, "weight": 1, "is_na": False},
        {"id": "y2", "text": "High", "position": 2, "weight": 2, "is_na": False},
        {"id": "na", "text": "n/a", "position": 3, "weight": None, "is_na": True},
    ]
    answers = {"rows": [{"id": "r", "text": ""}], "choices": choices, "other": other}
    heading = [{"heading": "How easy?"}]
    return {"id": "71", "family": "matrix", "subtype": "rating", "headings": heading, "answers": answers}


def late_response() -> dict[str, Any]:
    answers = [
        ("652286714", {"choice_id": "4285525060", "row_id": "4285525061"}),
        ("652286715", {"choice_id": "4285525064"}),
        ("652286715", {"other_id": "4285525069", "text": "A note"}),
        ("70", {"row_id": "r1", "col_id": "c1", "choice_id": "x"}),
        ("71", {"row_id": "r", "choice_id": "na"}),
        ("71", {"other_id": "o1", "text": "Too slow"}),
        ("72", {"choice_id": "never heard of"}),
        ("73", {"text": " "}),
    ]
    time = "2026-05-04T21:00:00+00:00"
    return {
        "id": "late",
        "response_status": "completed",
        "date_created": time,
        "date_modified": time,
        "custom_value": "kiosk 7",
        "email_address": "bob@example.com",
        "custom_variables": {"Mail": "eve@example.com"},
        "pages": [{"id": "1", "questions": [{"id": one, "answers": [given]} for one, given in answers]}],
    }


def zendesk(home: Path) -> None:
    """The documented samples, and a rating taken back."""
    surveys, answers = sample("zendesk_surveys")["surveys"], sample("zendesk_answers")["survey_responses"]
    ratings = sample("zendesk_ratings")["satisfaction_ratings"]
    ratings.append({**ratings[0], "id": 35440, "score": "bad", "reason": "Too slow", "reason_id": 1001})
    ratings[1].update(created_at="2026-05-04T11:00:00Z", updated_at="2026-05-04T11:00:00Z")
    ratings.append({**ratings[0], "id": 35441, "ticket_id": 209, "comment": None})
    with FakeZendesk(surveys=surveys, answers=answers, ratings=ratings) as tool:
        door = {"email": tool.email, "token": tool.token, "base_url": tool.url}
        collected(home, Source(name="zd", tool="zendesk", **door))


def hubspot(home: Path) -> None:
    """The documented sample; an NPS survey with the account's own properties; one of no survey, deleted."""
    listed = sample("hubspot_page")["results"]
    properties = [{"name": name} for name in listed[0]["properties"]] + [
        {"name": "branch", "label": "Branch", "type": "enumeration", "fieldType": "select"},
        {"name": "more", "label": "Anything&nbsp;else?", "type": "string", "fieldType": "textarea"},
        {"name": "Phone", "label": "Call me", "type": "string", "fieldType": "text"},
        {"name": "hs_pipeline", "label": "Pipeline", "type": "string", "fieldType": "text"},
    ]
    own = {
        "branch": "Ulm",
        "more": "No",
        "Phone": "555",
        "hs_pipeline": "p",
        "hs_content": " ",
        "hs_value": "10",
    }
    told = {**listed[0]["properties"], "hs_survey_type": "NPS", "hs_survey_id": "32", **own}
    listed += [{"id": "2", "properties": told}, {"id": "3", "properties": {**told, "hs_survey_id": None}}]
    with FakeHubSpot(listed, properties) as tool:
        source = Source(name="hs", tool="hubspot", token=tool.token, base_url=tool.url)
        collected(home, source)
        tool.archived.append(tool.submissions.pop())
        collected(home, source)


@pytest.fixture(scope="module")
def staged(for_duckdb: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """Run the staging views of these tools over what was collected of them."""
    home = tmp_path_factory.mktemp("staged")
    surveymonkey(home)
    zendesk(home)
    hubspot(home)
    chain = Chain(for_duckdb)
    chain.connection.execute(f"attach '{home / 'raw.duckdb'}' as raw (read_only)")
    chain.given("computed.settings", "salt varchar", [("salt",)])
    chain.make("stg_raw__response_versions", "stg_raw__definitions", "stg_surveymonkey__choices")
    chain.make("stg_zendesk__options", "stg_hubspot__fields")
    chain.make(*(f"stg_{tool}__{kind}" for tool in TOOLS for kind in KINDS))
    return chain


def told(chain: Chain, tool: str, kind: str, columns: str, response_id: str = "%") -> list[tuple[Any, ...]]:
    """Give rows of the newest versions, in the order of all columns."""
    join = "join warehouse.staging.stg_raw__response_versions as v using (response_key, load_id, sequence)"
    chosen = f"{join} where v.response_id like '{response_id}'" if kind != "questions" else ""
    table = f"warehouse.staging.stg_{tool}__{kind}"
    return chain.connection.execute(
        f"select distinct {columns} from {table} {chosen} order by all"
    ).fetchall()


def test_every_tool_has_the_columns_that_are_put_together(staged: Chain) -> None:
    for tool in TOOLS:
        for kind, columns in COLUMNS.items():
            found = staged.connection.execute(f"describe warehouse.staging.stg_{tool}__{kind}").fetchall()
            assert [row[0] for row in found] == columns.split(), (tool, kind)


def test_surveymonkey_answers_say_what_their_choices_said_at_the_time(staged: Chain) -> None:
    answers = told(staged, "surveymonkey", "answers", "question_ref, value_text, choice_id", "12706126725")
    assert answers == [
        ("652286714/4285525061", "8", "4285525058"),
        ("652286715", "Somewhat satisfied", "4285525064"),
        ("652286719", "Easy to set up", None),
        ("652286730", "4285525201", "4285525201"),
        ("652286730", "SSO", "other"),
        ("652286731/4285525300", "4", "4285525304"),
        ("652286732/4285525409", "ana@example.com", None),
    ]
    late = told(staged, "surveymonkey", "answers", "question_ref, value_text, choice_id", "late")
    assert late == [
        ("652286714/4285525061", "10", "4285525060"),
        ("652286715", "Fairly satisfied", "4285525064"),
        ("652286715/4285525069", "A note", None),
        ("70/r1/c1", "High", "x"),
        ("71/o1", "Too slow", None),
        ("72", "never heard of", "never heard of"),
    ]
    assert told(staged, "surveymonkey", "answers", "question_ref", "12706152767") == []


def test_surveymonkey_questions_say_what_they_measure(staged: Chain) -> None:
    columns = "question_ref, question_text, tool_metric, tool_scale_min, tool_scale_max"
    assert told(staged, "surveymonkey", "questions", columns) == [
        (
            "652286714/4285525061",
            "How likely is it that you would recommend us to a friend or colleague?",
            "nps",
            0.0,
            10.0,
        ),
        ("652286715", "How satisfied are you?", None, None, None),
        ("652286715/4285525069", "How satisfied are you?: Other", "comment", None, None),
        ("652286719", "Why?", "comment", None, None),
        ("652286731/4285525300", "Rate the product", "rating", 1.0, 4.0),
        ("652286732/4285525409", "Who are you?: E-mail", "contact_email", None, None),
        ("652286732/8", "Who are you?: Tel", "contact_phone", None, None),
        ("70/r1/c1", "Compare us: Shop, Price", None, None, None),
        ("71/o1", "How easy?: Why?", "comment", None, None),
        ("71/r", "How easy?", "rating", 1.0, 2.0),
    ]
    languages = staged.connection.execute(
        "select language from warehouse.staging.stg_raw__definitions where tool = 'surveymonkey'"
    )
    assert languages.fetchall() == [("en",)]


def test_surveymonkey_contacts_are_known_as_such(staged: Chain) -> None:
    properties = told(staged, "surveymonkey", "properties", "name, value, is_contact", "12706126725")
    assert properties == [
        ("collector_id", "405437100", False),
        ("customer_id", "C-1042", False),
        ("email", "ana@example.com", True),
        ("first_name", "Ana", True),
        ("last_name", "Diaz", True),
        ("plan", "pro", False),
    ]
    assert told(staged, "surveymonkey", "properties", "name, value, is_contact", "late") == [
        ("Mail", "eve@example.com", True),
        ("custom_value", "kiosk 7", False),
        ("email", "bob@example.com", True),
    ]


def test_zendesk_ratings_are_csat_from_0_to_1_and_surveys_have_their_own_scale(staged: Chain) -> None:
    columns = "question_ref, value_text, choice_id, tool_metric, tool_scale_min, tool_scale_max"
    newest = (
        "select max(sequence) from warehouse.staging.stg_raw__response_versions where response_id = '208'"
    )
    changed = told(staged, "zendesk", "answers", f"sequence = ({newest}), {columns}", "208")
    assert changed == [
        (False, "comment", "Quick and kind", None, "comment", None, None),
        (False, "score", "1", None, "csat", 0.0, 1.0),
        (True, "comment", "Quick and kind", None, "comment", None, None),
        (True, "reason", "Too slow", "1001", None, None, None),
        (True, "score", "0", None, "csat", 0.0, 1.0),
    ]
    assert told(staged, "zendesk", "answers", columns, "209") == [
        ("score", "1", None, "csat", 0.0, 1.0),
    ]
    assert told(staged, "zendesk", "answers", columns, "01J1WB51MG6HXTYWE6Q0C93RNW") == [
        ("01J1WBE8QR0YQVE373K2JDJR0F", "4", None, "csat", None, None),
        ("01J1WBGX1BR4ECKTS87CRJTXSF", "Issue not resolved", "01J1WBKRG57E6M8C1145EXJ535", None, None, None),
        ("01J1WBNS76ZC4TTFWP9RCNQ1S8", "I had to repeat myself.", None, "comment", None, None),
    ]


def test_zendesk_questions_and_properties(staged: Chain) -> None:
    columns = "question_text, tool_metric, tool_scale_min, tool_scale_max"
    assert told(staged, "zendesk", "questions", columns) == [
        ("How would you rate the support you received?", "csat", 1.0, 5.0),
        ("Select a reason", None, None, None),
        ("Share your thoughts", "comment", None, None),
    ]
    assert told(staged, "zendesk", "properties", "name, value, is_contact", "01J1%") == [
        ("ticket_id", "99", False)
    ]
    assert told(staged, "zendesk", "properties", "name, value, is_contact", "209") == [
        ("assignee_id", "135", False),
        ("group_id", "44", False),
        ("ticket_id", "209", False),
    ]


def test_hubspot_answers_are_score_comment_and_the_accounts_own_properties(staged: Chain) -> None:
    columns = "position, question_ref, question_text, value_text, choice_id, tool_metric, tool_scale_max"
    assert told(staged, "hubspot", "answers", columns, "5213450987") == [
        (1000, "hs_value", "Post-ticket CSAT (CSAT)", "9", None, None, None),
        (2000, "hs_content", "hs_content", "Very helpful", None, "comment", None),
    ]
    assert told(staged, "hubspot", "answers", columns, "2") == [
        (1000, "hs_value", "Post-ticket CSAT (NPS)", "10", None, "nps", 10.0),
        (3001, "Phone", "Call me", "555", None, "contact_phone", None),
        (3002, "branch", "Branch", "Ulm", "Ulm", None, None),
        (3004, "more", "Anything else?", "No", None, "comment", None),
    ]
    assert told(staged, "hubspot", "questions", "question_ref") == []


def test_hubspot_properties_and_what_was_deleted(staged: Chain) -> None:
    assert told(staged, "hubspot", "properties", "name, value, is_contact", "5213450987") == [
        ("email", "ann@example.com", True),
        ("hs_response_group", "PROMOTER", False),
        ("hs_survey_channel", "EMAIL", False),
        ("hs_survey_name", "Post-ticket CSAT", False),
        ("hs_survey_type", "CSAT", False),
    ]
    versions = staged.connection.execute(
        "select is_deleted, survey_id, payload like '%ann@%' from raw.responses "
        "where tool = 'hubspot' and response_id = '3' order by load_id, sequence"
    ).fetchall()
    assert versions == [(False, "none", True), (True, "none", False)]
