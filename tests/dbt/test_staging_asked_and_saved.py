"""What LimeSurvey, Mopinion and the files of Delighted tell arrives in the one shape of all tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from re import fullmatch

import pytest

from demo.tools.limesurvey import FakeLimeSurvey
from demo.tools.mopinion import FakeMopinion
from flows.configuration import Source
from flows.records import Page
from flows.surveys import delighted, limesurvey, mopinion
from flows.surveys.asked import Asked
from tests.surveys import test_mopinion as asked_of_mopinion
from tests.surveys.test_delighted import SAMPLES
from tests.surveys.test_limesurvey import DOCUMENTED, PASSWORD, survey

from .chain import Chain
from .landed import KINDS, NOW, columns_of, make_with_parents, staged, texts

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


def mopinion_pages() -> Iterator[Page]:
    told, keys = asked_of_mopinion.DOCUMENTED, asked_of_mopinion.KEYS
    stars = {"key": "10492.RATING.z", "label": "Stars", "type": "rating"}
    stars["answer_options"] = {"type": "rating", "scale": "5", "start_at_zero": False}
    hidden = {"key": "k", "type": "hidden", "label": "phone"}
    given = [{"key": stars["key"], "value": 4}, {"key": "k", "value": "+31 20 555 0101"}]
    given += [{"key": "liked", "label": "Liked", "value": ["Speed", "[Tone]"]}]
    rows = [*told["feedback"]["data"], {"id": 3, "created": "2026-05-04", "fields": given}]
    fields = [*told["fields"]["data"], stars, hidden]
    with FakeMopinion(told["account"]["reports"], {10492: fields}, {10492: rows}, keys=keys) as tool:
        keyed = {"public_key": keys[0], "private_key": keys[1], "base_url": tool.url}
        yield from mopinion.pages(Asked(Source(name="mopinion", tool="mopinion", **keyed), NOW, Path()))


@pytest.fixture(scope="module")
def chain(for_duckdb: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Chain:
    told = {"limesurvey": limesurvey_pages(), "mopinion": mopinion_pages()}
    source = Source(name="delighted", tool="delighted", path=str(SAMPLES))
    told["delighted"] = delighted.pages(Asked(source, NOW, Path()))
    return staged(for_duckdb, tmp_path_factory.mktemp("landed"), told)


@pytest.mark.parametrize("kind", KINDS)
def test_all_tools_have_the_columns_of_the_first(chain: Chain, kind: str) -> None:
    """Every tool, also one that is added later: its views are united with the others by place."""
    for name in list(chain.sql):
        if fullmatch(f"stg_(?!raw|programme)[a-z]+__{kind}", name):
            make_with_parents(chain, name)
    found = columns_of(chain, kind)

    assert len(found) > 3
    assert {
        name: columns for name, columns in found.items() if columns != found[f"stg_typeform__{kind}"]
    } == {}


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
    assert texts(chain, "select survey_id, language from stg_raw__definitions order by all") == [
        ("10492", "nl-NL"),
        ("284911", "pt-BR"),
        ("csat", None),
        ("nps", None),
    ]


def test_mopinion(chain: Chain) -> None:
    answers = texts(
        chain,
        "select response_id, question_ref, position, value_text, choice_id, tool_metric, tool_scale_max "
        f"from stg_mopinion__answers {OF} order by response_id, position",
    )
    assert answers == [
        ("3", "10492.RATING.z", 1000, "4", None, "rating", None),
        ("3", "liked", 2000, "Speed", "Speed", None, None),
        ("3", "liked", 3000, "[Tone]", "[Tone]", None, None),
        ("900001", "10492.NPS.x1k29fa", 1000, "9", None, "nps", None),
        ("900001", "10492.TEXTAREA.x3588gw1", 2000, "Delivery slots", None, "comment", None),
        ("900001", "10492.INPUT.x77ab2", 3000, "ann@example.com", None, None, None),
        ("900002", "10492.NPS.x1k29fa", 1000, "4", None, "nps", None),
    ]
    assert texts(chain, "select name, value, is_contact from stg_mopinion__properties order by all") == [
        ("phone", "+31 20 555 0101", True),
        ("tags", "delivery", False),
    ]
    questions = texts(
        chain,
        "select question_ref, question_text, tool_metric, tool_scale_min, tool_scale_max "
        "from stg_mopinion__questions order by all",
    )
    assert questions == [
        ("10492.NPS.x1k29fa", "How likely are you to recommend us?", "nps", 0, 10),
        ("10492.RATING.z", "Stars", "rating", 1, 5),
        ("10492.TEXTAREA.x3588gw1", "What could we improve?", "comment", None, None),
    ]


def test_delighted(chain: Chain) -> None:
    answers = texts(
        chain,
        "select question_ref, question_text, value_text, choice_id, tool_metric, tool_scale_max "
        f"from stg_delighted__answers {OF} order by survey_id desc, position",
    )
    assert answers == [
        ("score", None, "9", None, "nps", None),
        ("comment", None, "Fast answers, friendly people.", None, "comment", None),
        ("q_7tR2", "What should we add?", "A status page.", None, "comment", None),
        ("q_9bK1", "How easy was it to reach us?", "4", None, None, None),
        ("q_3mZ8", "Which channel did you use?", "Chat", "c_1", None, None),
        ("q_4nQ0", "What went well?", "Speed", "c_4", None, None),
        ("q_4nQ0", "What went well?", "Tone", "c_6", None, None),
        ("score", None, "2", None, "csat", None),
    ]
    properties = texts(
        chain,
        "select name, value, is_contact from stg_delighted__properties "
        f"{OF} where survey_id = 'nps' order by name",
    )
    assert properties == [
        ("Delighted Browser", "Chrome", False),
        ("Delighted Device Type", "desktop", False),
        ("Delighted Operating System", "OS X", False),
        ("Delighted Source", "Email", False),
        ("customer_id", "1042", False),
        ("email", "alice@example.com", True),
        ("name", "Alice Moreau", True),
        ("plan", "pro", False),
        ("tags", "support", False),
    ]
    questions = texts(
        chain,
        "select survey_id, question_ref, question_text, tool_metric, tool_scale_min, tool_scale_max "
        "from stg_delighted__questions order by all",
    )
    assert [questions[place] for place in (0, 1, 2, -1)] == [
        ("csat", "score", None, "csat", None, None),
        ("nps", "comment", None, "comment", None, None),
        ("nps", "q_3mZ8", "Which channel did you use?", None, None, None),
        ("nps", "score", None, "nps", 0, 10),
    ]
