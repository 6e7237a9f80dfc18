"""What LimeSurvey tells arrives in the one shape of all tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from demo.tools.limesurvey import FakeLimeSurvey
from flows.configuration import Source
from flows.records import Page
from flows.surveys import limesurvey
from flows.surveys.asked import Asked
from tests.surveys.test_limesurvey import DOCUMENTED, PASSWORD, survey

from .chain import Chain
from .landed import KINDS, NOW, columns_of, staged, texts

OF = "join stg_raw__response_versions using (response_key, load_id, sequence)"


def limesurvey_pages() -> Iterator[Page]:
    question = {"qid": "80", "parent_qid": "0", "type": "5", "title": "EASY", "question": "Easy?"}
    hidden = [
        {"qid": "81", "parent_qid": "0", "type": "S", "title": code, "question": code} for code in ("email",)
    ]
    rows = [
        {**one, "EASY": "4" if one["submitdate"] else None, "email": "me@example.com"}
        for one in DOCUMENTED["file_6"]["responses"]
    ]
    told = survey(
        rows,
        properties={
            "attributedescriptions": {"attribute_1": {"description": "segment"}},
            "language": "pt-BR",
        },
        participants=[{**one, **one["participant_info"]} for one in DOCUMENTED["participants"]],
    )
    told["questions"] = [*told["questions"], question, *hidden]
    told["details"] |= {"81": {"attributes": {"hidden": "1"}}}
    with FakeLimeSurvey([told], PASSWORD) as tool:
        source = Source(
            name="limesurvey", tool="limesurvey", base_url=tool.url, username="admin", password=PASSWORD
        )
        yield from limesurvey.pages(Asked(source, NOW, Path()))


@pytest.fixture(scope="module")
def chain(for_duckdb: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return staged(for_duckdb, tmp_path_factory.mktemp("landed"), {"limesurvey": limesurvey_pages()})


@pytest.mark.parametrize("kind", KINDS)
def test_all_tools_have_the_columns_of_the_first(chain: Chain, kind: str) -> None:
    chain.make(f"stg_typeform__{kind}")
    first, *others = columns_of(chain, kind).values()

    assert others and all(other == first for other in others)


def test_limesurvey_answers(chain: Chain) -> None:
    assert texts(
        chain,
        "select response_id, question_ref, value_text, choice_id, tool_metric, tool_scale_min, "
        f"tool_scale_max from stg_limesurvey__answers {OF} order by response_id, position",
    ) == [
        ("41", "NPS", "9", "A9", None, None, None),
        ("41", "SAT/SQ001", "4", None, None, None, None),
        ("41", "SAT/SQ002", "5", None, None, None, None),
        ("41", "WHY", "Fast delivery", None, "comment", None, None),
        ("41", "EASY", "4", None, "rating", 1, 5),
        ("42", "NPS", "A3", None, None, None, None),
    ]


def test_limesurvey_properties(chain: Chain) -> None:
    assert texts(
        chain,
        "select name, value, is_contact from stg_limesurvey__properties "
        f"{OF} where response_id = '41' order by name",
    ) == [
        ("email", "me@example.com", True),
        ("first_name", "Ann", True),
        ("language", "en", False),
        ("last_name", "Lee", True),
        ("segment", "GOLD", False),
    ]


def test_limesurvey_questions(chain: Chain) -> None:
    found = texts(
        chain,
        "select question_ref, question_text, tool_metric, tool_scale_min, tool_scale_max "
        "from stg_limesurvey__questions order by question_ref",
    )
    assert found == [
        ("EASY", "Easy?", "rating", 1, 5),
        ("NPS", "How likely are you to recommend us?", None, 0, 9),
        ("SAT/SQ001", "How satisfied are you with… – …our support", None, None, None),
        ("WHY", "Tell us why", "comment", None, None),
    ]
    assert texts(chain, "select survey_id, language from stg_raw__definitions") == [("284911", "pt-BR")]
