"""What staging makes of Formbricks: rows written by hand beside the payloads of its documentation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.tools.formbricks import FakeFormbricks
from flows.configuration import Source
from flows.records import Page
from flows.surveys.asked import Asked
from flows.surveys.formbricks import pages
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
        yield from pages(Asked(source, NOW, Path()))


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    made = Staged(tmp_path_factory.mktemp("staged"))
    made.land("formbricks", collected())
    made.build(["formbricks"])
    return made


def answers(staged: Staged, survey_id: str) -> list[tuple[Any, ...]]:
    return staged.rows(
        "select question_ref, value_text, choice_id, tool_metric, tool_scale_min, tool_scale_max "
        "from staging.stg_formbricks__answers join raw.responses as r using (load_id, sequence) "
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


def test_questions_languages_and_the_columns_that_all_tools_share(staged: Staged) -> None:
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
        (SURVEY, None),
        ("odd", "pt-BR"),
    ]
    for kind in ("answers", "properties", "questions"):
        model = Path(f"dbt_project/models/staging/typeform/stg_typeform__{kind}.yml")
        described = (Path(__file__).parents[2] / model).read_text(encoding="utf-8")
        names = [line.split()[-1] for line in described.splitlines() if line.startswith("  - name:")]
        assert staged.columns(f"stg_formbricks__{kind}") == names
