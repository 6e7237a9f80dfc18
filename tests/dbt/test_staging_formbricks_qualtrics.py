"""What staging makes of Formbricks and Qualtrics: rows written by hand beside documented payloads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from demo.tools.formbricks import FakeFormbricks
from demo.tools.qualtrics import FakeQualtrics
from flows.configuration import Source
from flows.records import Page
from flows.surveys import formbricks, qualtrics
from flows.surveys.asked import Asked
from tests.warehouse.landings import NOW

from .staged import Staged

SAMPLES = Path(__file__).parents[1] / "surveys" / "samples"
KEY = "fbk_staged"
SURVEY = "cm9pz0aa10001la08q2wse4rt"
ODD: list[dict[str, Any]] = [
    {"id": "pick", "type": "multipleChoiceMulti", "headline": {"default": "Which?"}, "choices": [
        {"id": "c1", "label": {"default": "Mail", "de": "Post"}},
        {"id": "c2", "label": {"default": "Post"}},
        {"id": "other", "label": {"default": "Other"}}]},
    {"id": "who", "type": "contactInfo", "headline": {"default": "Who?"}},
    {"id": "grid", "type": "matrix", "headline": {"default": "Grid"}},
    {"id": "pic", "type": "pictureSelection", "headline": {"default": "Look"}},
    {"id": "mail", "type": "openText", "inputType": "email", "headline": {"default": "Mail?"}},
    {"id": "effort", "type": "ces", "range": 7, "headline": {"default": "<p>Was it <b>easy</b>&nbsp;?</p>"}},
]  # fmt: skip
ODD_SURVEY = {
    "id": "odd",
    "updatedAt": "2026-04-20T10:00:00.000Z",
    "blocks": [{"id": "b1", "elements": ODD[:3]}, {"id": "b2", "elements": ODD[3:]}],
    "questions": ODD,
    "hiddenFields": {"enabled": True, "fieldIds": ["plan", "email"]},
    "variables": [{"id": "v1", "name": "tier"}, {"id": "v2", "name": "plan"}],
    "languages": [
        {"default": False, "language": {"code": "de"}},
        {"default": True, "language": {"code": "pt_br"}},
    ],
}
ODD_RESPONSE = {
    "id": "o1", "surveyId": "odd", "createdAt": "2026-05-01T10:00:00Z", "updatedAt": "2026-05-01T10:00:00Z",
    "finished": True, "language": "de",
    "data": {
        "pick": ["Post", "", "other", "Pigeon"], "who": ["Ann", "", "ann@example.com", "123", "Acme"],
        "grid": {"Speed": "Good", "Care": "", "Price": "Bad"}, "pic": ["p9", "p3"], "mail": "[x@example.com",
        "effort": "7", "gone": "of a question taken out", "welcomeCard": "clicked",
        "plan": "pro", "email": "ann@example.com"},
    "variables": {"v1": 3, "v2": "weaker"},
    "contactAttributes": {"firstName": "Ann", "plan": "weakest", "city": "Bonn"},
}  # fmt: skip


def collected() -> Iterator[Page]:
    page = json.loads((SAMPLES / "formbricks_page.json").read_bytes())["data"]
    survey = json.loads((SAMPLES / "formbricks_survey.json").read_bytes())["data"]
    with FakeFormbricks([survey, ODD_SURVEY], [*page, ODD_RESPONSE], KEY) as tool:
        source = Source(name="formbricks", tool="formbricks", token=KEY, base_url=tool.url)
        yield from formbricks.pages(Asked(source, NOW, Path()))


SV = "SV_ai71yqu2ZLvpadf"
ODD_SV: dict[str, Any] = {
    "id": "SV_odd", "name": "Odd", "lastModified": "2026-04-01T00:00:00Z",
    "definition": {
        "SurveyOptions": {"SurveyLanguage": "PT-BR"},
        "Questions": {
            "QID4": {"QuestionType": "Matrix", "Selector": "Likert", "QuestionText": "Rate"},
            "QID5": {"QuestionType": "MC", "Selector": "MAVR", "QuestionText": "How?"},
            "QID6": {"QuestionType": "TE", "Selector": "SL", "QuestionText": "<b>Mail</b>",
                     "Validation": {"Settings": {"ContentType": "ValidEmail"}}},
            "QID7": {"QuestionType": "Timing", "Selector": "PageTimer", "QuestionText": "Timing"},
        },
    },
    "schema": {"properties": {"values": {"properties": {
        "QID4_1": {"description": "Rate - It was easy", "oneOf": [{"const": 1}, {"const": 7}]},
        "QID5": {"description": "How?"}, "QID5_3_TEXT": {"description": "How? - Other"},
        "QID7_PAGE_SUBMIT": {"description": "Timing"}, "plan": {"dataType": "embeddedData"},
    }}}},
}  # fmt: skip
ODD_EXPORTED = {
    "responseId": "R_odd",
    "values": {
        "startDate": "2026-05-01T10:00:00Z", "recordedDate": "2026-05-01T10:00:00Z", "finished": 1,
        "status": 0, "QID4_1": 6, "QID4_1_DO": ["1", "2"], "QID5": [1, "3"], "QID5_3_TEXT": "[Status page",
        "QID6_TEXT": "a@b.example",
        "QID7_PAGE_SUBMIT": 3.5, "1_QID5": ["2"], "QID99": 4, "email": "typed@b.example", "plan": "[pro",
        "recipientEmail": "known@b.example", "Kunden-Nr.": 12, "userLanguage": "DE"},
    "labels": {"QID4_1": "Agree", "QID5": ["Email", "Other"]},
}  # fmt: skip


def exported() -> Iterator[Page]:
    def told(name: str) -> Any:
        return json.loads((SAMPLES / f"qualtrics_{name}.json").read_bytes())

    listed = told("surveys")["result"]["elements"][0]
    parts = {name: told(name)["result"] for name in ("definition", "schema")}
    surveys = [{**listed, **parts}, ODD_SV]
    responses = {SV: told("export")["responses"], "SV_odd": [ODD_EXPORTED]}
    with FakeQualtrics(surveys, responses, KEY, now=NOW) as tool:
        source = Source(name="qualtrics", tool="qualtrics", token=KEY, base_url=tool.url)
        yield from qualtrics.pages(Asked(source, NOW, Path()))


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    made = Staged(tmp_path_factory.mktemp("staged"))
    made.land("formbricks", collected())
    made.land("qualtrics", exported())
    made.build(["formbricks", "qualtrics"])
    return made


def answers(staged: Staged, survey_id: str, tool: str = "formbricks") -> list[tuple[Any, ...]]:
    return staged.rows(
        "select question_ref, value_text, choice_id, tool_metric, tool_scale_min, tool_scale_max "
        f"from staging.stg_{tool}__answers as answers join raw.responses as r using (load_id, sequence) "
        f"where survey_id = '{survey_id}' order by r.response_id, position, question_ref"
    )


def test_the_sample_of_the_documentation(staged: Staged) -> None:
    assert [row[:4] for row in answers(staged, SURVEY)] == [
        # What the sample's survey does not ask is told as it stands, before what it asks.
        ("consentq1a2b3c4d5e6f7g8h", "accepted", None, None),
        ("contactq1a2b3c4d5e6f7g8h", '["Ann","Lee","ann@example.com","","Acme"]', None, None),
        ("matrixq1a2b3c4d5e6f7g8h9", '{"Support":"Good","Speed":"Very good"}', None, None),
        ("multiq1a2b3c4d5e6f7g8h9i", '["Email","Phone"]', None, None),
        ("npsq1a2b3c4d5e6f7g8h9i0j", "9", None, "nps"),
        ("ratingq1a2b3c4d5e6f7g8h9", "4", None, "rating"),
        ("singleq1a2b3c4d5e6f7g8h9", "Price", "ch1", None),
        ("openq1a2b3c4d5e6f7g8h9i0", "Fast delivery", None, "comment"),
        ("npsq1a2b3c4d5e6f7g8h9i0j", "3", None, "nps"),
    ]


def test_lists_matrices_contacts_and_what_nobody_asks(staged: Staged) -> None:
    assert answers(staged, "odd") == [
        ("gone", "of a question taken out", None, None, None, None),
        ("pick", "Post", "c1", None, None, None),
        ("pick", "Pigeon", "other", None, None, None),
        ("who", "Ann", None, "contact_name", None, None),
        ("who", "ann@example.com", None, "contact_email", None, None),
        ("who", "123", None, "contact_phone", None, None),
        ("who", "Acme", None, "contact_name", None, None),
        ("grid", "Price: Bad", None, None, None, None),
        ("grid", "Speed: Good", None, None, None, None),
        ("pic", "p9", "p9", None, None, None),
        ("pic", "p3", "p3", None, None, None),
        ("mail", "[x@example.com", None, "contact_email", None, None),
        ("effort", "7", None, "ces", 1.0, 7.0),
    ]


def test_properties_with_the_nearest_one_winning(staged: Staged) -> None:
    found = staged.rows("select name, value, is_contact from staging.stg_formbricks__properties order by all")
    assert found == [
        ("city", "Bonn", False),
        ("email", "ann@example.com", True),
        ("email", "ann@example.com", True),
        ("firstName", "Ann", True),
        ("order_id", "SO-1001", False),
        ("plan", "pro", False),
        ("plan", "pro", False),
        ("score", "12", False),
        ("tier", "3", False),
        ("userId", "u-77", False),
    ]


def test_formbricks_questions_languages_and_the_columns_that_all_tools_share(staged: Staged) -> None:
    asked = "select question_ref, question_text, tool_metric, tool_scale_min, tool_scale_max"
    view = "from staging.stg_formbricks__questions"
    assert staged.rows(
        f"{asked} {view} where survey_id = 'odd' and tool_metric is not null order by all"
    ) == [
        ("effort", "Was it easy ?", "ces", 1.0, 7.0),
        ("mail", "Mail?", "contact_email", None, None),
    ]
    assert staged.rows(f"{asked} {view} where question_ref in ('npsq1a2b3c4d5e6f7g8h9i0j')") == [
        ("npsq1a2b3c4d5e6f7g8h9i0j", "How likely are you to recommend us?", "nps", 0.0, 10.0)
    ]
    assert staged.rows("select survey_id, language from staging.stg_raw__definitions order by all") == [
        (SV, None),
        ("SV_odd", "pt-BR"),
        (SURVEY, None),
        ("odd", "pt-BR"),
    ]
    for tool, kind in product(("formbricks", "qualtrics"), ("answers", "properties", "questions")):
        model = Path(f"dbt_project/models/staging/typeform/stg_typeform__{kind}.yml")
        described = (Path(__file__).parents[2] / model).read_text(encoding="utf-8")
        names = [line.split()[-1] for line in described.splitlines() if line.startswith("  - name:")]
        assert staged.columns(f"stg_{tool}__{kind}") == names


def test_the_sample_of_qualtrics(staged: Staged) -> None:
    assert answers(staged, SV, "qualtrics") == [
        ("QID1", "4", None, "nps", 0.0, 10.0),
        ("QID1", "9", None, "nps", 0.0, 10.0),
        ("QID2", "Fast answers, friendly people.", None, "comment", None, None),
        ("QID3", "Very satisfied", "5", None, None, None),
        ("QID4_1", "Agree", "6", None, None, None),
        ("QID5", "Email", "1", None, None, None),
        ("QID5", "Other", "3", None, None, None),
        ("QID5", "Status page", "other", None, None, None),
    ]
    assert staged.rows(
        "select name, value, is_contact from staging.stg_qualtrics__properties join "
        f"raw.responses as r using (load_id, sequence) where survey_id = '{SV}' order by all"
    ) == [
        ("account_id", "A-778", False),
        ("email", "alice@example.com", True),
        ("first_name", "Alice", True),
        ("last_name", "Moreau", True),
        ("plan", "pro", False),
    ]


def test_rows_words_beside_choices_loops_and_what_is_technical(staged: Staged) -> None:
    assert answers(staged, "SV_odd", "qualtrics") == [
        ("QID4_1", "Agree", "6", None, None, None),
        ("1_QID5", "2", "2", None, None, None),
        ("QID5", "Email", "1", None, None, None),
        ("QID5", "Other", "3", None, None, None),
        ("QID5", "[Status page", "other", None, None, None),
        ("QID6", "a@b.example", None, "contact_email", None, None),
        ("QID99", "4", None, None, None, None),
    ]
    assert staged.rows(
        "select name, value, is_contact from staging.stg_qualtrics__properties join "
        "raw.responses as r using (load_id, sequence) where survey_id = 'SV_odd' order by all"
    ) == [("Kunden-Nr.", "12", False), ("email", "typed@b.example", True), ("plan", "[pro", False)]


def test_qualtrics_questions(staged: Staged) -> None:
    found = staged.rows(
        "select survey_id, question_ref, question_text, tool_metric, tool_scale_min, tool_scale_max "
        "from staging.stg_qualtrics__questions order by survey_id, question_ref"
    )
    assert found == [
        ("SV_ai71yqu2ZLvpadf", "QID1", "How likely are you to recommend us?", "nps", 0.0, 10.0),
        ("SV_ai71yqu2ZLvpadf", "QID2", "What is the main reason for your score?", "comment", None, None),
        ("SV_ai71yqu2ZLvpadf", "QID3", "How satisfied are you with support?", None, None, None),
        ("SV_odd", "QID4", "Rate", None, None, None),
        ("SV_odd", "QID4_1", "Rate - It was easy", None, 1.0, 7.0),
        ("SV_odd", "QID5", "How?", None, None, None),
        ("SV_odd", "QID6", "Mail", "contact_email", None, None),
    ]
