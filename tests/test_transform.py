"""What the answer-level marts say of small inputs; expected values were counted by hand."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows import building, transform
from flows.building import without_data
from flows.records import ConfigurationError, HeardbackError
from flows.warehouse import raw
from tests.homes import Home

FIRST = datetime(2026, 5, 4, 9, tzinfo=UTC)
ASKED = {"source_name": "kiosk", "survey_id": "visit"}
FIVE = {"scale_min": "1", "scale_max": "5"}
SEVEN = {"scale_min": "1", "scale_max": "7"}
OF_THE_WHOLE = {"journey_id": "owning", "survey_kind": "relational"}
STARS = {"steps": 7, "start_at_one": True}
WORDED = "Very bad;Bad | Schlecht ; So;Good;Very good"
PROGRAMME: dict[str, list[dict[str, str | None]]] = {
    "journeys": [
        {"journey_id": "buying", "name": "Buying"},
        {"journey_id": "owning", "name": "Owning"},
    ],
    "touchpoints": [
        {"touchpoint_id": "desk", "journey_id": "buying", "name": "Desk"},
        {"touchpoint_id": "gate", "journey_id": "owning", "name": "Gate"},
    ],
    "surveys": [
        {"source_name": "*", "survey_id": "*", "audience": "partner", "channel": "letter"},
        {
            "source_name": "kiosk",
            "survey_id": "staff",
            "audience": "employee",
            "channel": "intranet",
            "survey_kind": "relational",
        },
    ],
    "questions": [
        {**ASKED, "question_ref": "happy", "metric": "csat", **FIVE, "no_answer_values": "0; 6;N/A"},
        {**ASKED, "question_ref": "effort", "metric": "ces", **SEVEN, "is_reversed": "true"},
        {**ASKED, "question_ref": "hoped", "metric": "csat", **FIVE, "asks_for": "expectation"},
        {**ASKED, "question_ref": "desk", "metric": "rating", **FIVE, "touchpoint_id": "desk"},
        {**ASKED, "question_ref": "whole", "metric": "rating", **FIVE, **OF_THE_WHOLE},
        {**ASKED, "question_ref": "why", "metric": "comment", "no_answer_values": "none"},
        {**ASKED, "question_ref": "code", "metric": "theme_code"},
        {**ASKED, "question_ref": "reach", "metric": "contact_email"},
        {**ASKED, "question_ref": "unscaled", "metric": "csat"},
        {**ASKED, "question_ref": "worded", "metric": "csat", "choices": WORDED},
        {"source_name": "*", "survey_id": "*", "question_ref": "nps", "metric": "nps"},
        {"source_name": "forms", "survey_id": "form", "question_ref": "overruled", "metric": "ces", **FIVE},
    ],
}  # fmt: skip
FORM = {
    "settings": {"language": "nl"},
    "fields": [
        {"ref": "joy", "type": "opinion_scale", "title": "Joy", "properties": STARS},
        {"ref": "calm", "type": "opinion_scale", "title": "Calm", "properties": {"steps": 11}},
        {"ref": "overruled", "type": "rating", "title": "Effort", "properties": {"steps": 10}},
        {
            "ref": "person",
            "type": "contact_info",
            "title": "You",
            "properties": {
                "fields": [
                    {"ref": "given_name", "type": "short_text", "title": "First name"},
                    {"ref": "call", "type": "phone_number", "title": "Number"},
                ]
            },
        },
    ],
}  # fmt: skip


def item(ref: str, field_type: str, value_type: str, value: object) -> dict[str, Any]:
    """Write one answer as Typeform does."""
    return {
        "field": {"id": f"id_{ref}", "ref": ref, "type": field_type},
        "type": value_type,
        value_type: value,
    }


ITEMS = [
    item("joy", "opinion_scale", "number", 6),
    item("calm", "opinion_scale", "number", 0),
    item("overruled", "rating", "number", 4),
    item("given_name", "short_text", "text", "Ana Secret"),
    item("call", "phone_number", "phone_number", "+31 20 555 0101"),
    item("story", "long_text", "text", "Fast support."),
    item("area", "multiple_choice", "choice", {"id": "a", "label": "Billing"}),
    item(
        "features",
        "multiple_choice",
        "choices",
        {"ids": ["b", "c"], "labels": ["Reports", "API"], "other": "SSO"},
    ),
    item("agrees", "yes_no", "boolean", True),
    item("where", "short_text", "text", "at home"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Build one home out of all inputs of this module."""
    made = Home(
        tmp_path_factory.mktemp("transform"),
        FIRST,
        sources=[{"name": "kiosk", "tool": "files", "path": "*.csv"}, {"name": "forms", "tool": "typeform"}],
        segments=["segment", "language", "STORE"],
    )
    made.programme(**PROGRAMME)
    told_of_customers(made)
    told_of_values(made)
    told_of_places(made)
    told_of_versions(made)
    told_by_typeform(made)
    made.build(with_tests=True)
    return made


def told_of_customers(home: Home) -> None:
    """Let a customer be known twice, and answer before, between and after; another is an address."""
    home.load()
    home.customer(
        "c1", segment="gold", audience="Partner", language="PT_br", email="c1@example.com", annual_value="1,5"
    )
    home.now += timedelta(days=2)
    home.load()
    home.customer("c1", segment="iron", language="en", account_id="acme", annual_value="2")
    for name, days in (("before", -9), ("between", -1), ("after", 1)):
        moment = (home.now + timedelta(days=days)).replace(tzinfo=None)
        home.answers(name, {"happy": "5"}, customer_id="c1", submitted_at=moment)
    home.answers(
        "own",
        {"happy": "5"},
        customer_id="c1",
        language="de",
        audience="customer",
        properties={"segment": "own"},
    )
    home.answers("address", {"happy": "5"}, customer_id=" Ana@Example.com ", email="ana@example.com")
    home.answers("staff", {"nps": "9"}, survey_id="staff")


def told_of_values(home: Home) -> None:
    """Let numbers come in every dress."""
    home.load()
    for name, text in enumerate(("4", "4.0", " 4 ", "4,0")):
        home.answers(f"four{name}", {"happy": text})
    for name, text in enumerate(("0", "0.0", " n/A ", "6", "", "   ")):
        home.answers(f"silent{name}", {"happy": text})
    for name, text in enumerate(("5.5", "-1", "many", "inf")):
        home.answers(f"off{name}", {"happy": text, "nps": "10"})
    home.answers("unscaled", {"unscaled": "3"})
    home.answers("reversed", {"effort": "2", "hoped": "1"})
    home.answers(
        "said",
        {
            "why": "none",
            "code": "C7",
            "reach": "me@example.com",
            "colour": "blue",
            "hobby": "mail me@example.com",
        },
        properties={"STORE": "17", "secret": "x me@example.com"},
        contacts={"Mobile": "0555"},
    )
    home.answers("wrote", {"why": " Queue; too long "})
    for number, text in enumerate((" schlecht ", "VERY GOOD", "good;very good"), 1):
        home.answers(f"words{number}", {"worded": text})


def told_of_places(home: Home) -> None:
    """Let answers arrive at touchpoints, known and unknown."""
    home.load()
    home.answers("at_gate", {"happy": "5", "desk": "5", "whole": "5"}, properties={"touchpoint": "gate"})
    home.answers("at_nowhere", {"happy": "5"}, properties={"touchpoint": "nowhere"})
    yesterday = (home.now - timedelta(days=1)).replace(tzinfo=None)
    home.answers("pained", {"desk": "1"}, submitted_at=yesterday)


def told_of_versions(home: Home) -> None:
    """Let responses be edited, deleted, dated in the future."""
    home.load()
    home.answers("edited", {"happy": "1"})
    home.answers("edited", {"happy": "2"})
    home.answers("deleted", {"happy": "1"})
    soon = (home.now + timedelta(hours=24)).replace(tzinfo=None)
    home.answers("soon", {"happy": "1"}, submitted_at=soon)
    home.answers("future", {"happy": "1"}, submitted_at=soon + timedelta(seconds=1))
    home.load()
    home.answers("deleted", {}, is_deleted=True)
    home.answers("edited", {"happy": "3"})


def told_by_typeform(home: Home) -> None:
    """Let a form say itself what it measures."""
    home.load()
    home.definition("form", FORM)
    payload = {
        "hidden": {
            "STORE": "18",
            "email": "t@example.com",
            "audience": "Employee",
            "language": "please in Dutch",
        },
        "variables": [{"key": "score", "type": "number", "number": 3}],
        "answers": ITEMS,
    }
    home.response("t1", payload, source_name="forms", tool="typeform", survey_id="form")


def answer(home: Home, response_id: str, question_ref: str) -> dict[str, Any]:
    """Give the one answer of a response to a question."""
    (found,) = home.rows(
        f"select a.* from marts.answers a join marts.responses r using (response_key) "
        f"where r.response_id = '{response_id}' and a.question_ref = '{question_ref}'"
    )
    return found


def response(home: Home, response_id: str) -> dict[str, Any]:
    """Give one response."""
    (found,) = home.rows(f"select * from marts.responses where response_id = '{response_id}'")
    return found


def test_numbers_are_read_in_every_dress(home: Home) -> None:
    assert [answer(home, f"four{name}", "happy")["value"] for name in range(4)] == [4, 4, 4, 4]


def test_no_answer_is_none_and_no_fault(home: Home) -> None:
    silent = (
        "select count(*) n from marts.responses join {} using ({}) where responses.response_id like 'silent%'"
    )

    assert home.rows(silent.format("marts.answers", "response_key")) == [{"n": 0}]
    assert home.rows(silent.format("marts.quarantine", "response_id")) == [{"n": 0}]
    assert len(home.rows("from marts.responses where response_id like 'silent%'")) == 6


def test_an_answer_off_its_scale_is_set_aside_alone(home: Home) -> None:
    found = home.rows(
        "select response_id, question_ref, level, reason from marts.quarantine "
        "where response_id like 'off%' or response_id = 'unscaled' order by response_id"
    )

    assert [(row["response_id"], row["question_ref"], row["level"]) for row in found] == [
        *[(f"off{name}", "happy", "answer") for name in range(4)],
        ("unscaled", "unscaled", "answer"),
    ]
    assert [row["reason"] for row in found] == [
        "it is not on the scale of its question",
        "it is not on the scale of its question",
        *["it is not a number; name worded choices, lowest first, in `choices` of questions.csv"] * 2,
        "its question has no scale",
    ]
    assert answer(home, "off2", "nps")["score_class"] == "promoter"


def test_worded_choices_count_by_their_place(home: Home) -> None:
    for response_id, value, score_class in (("words1", 2, "bottom"), ("words2", 5, "top")):
        found = answer(home, response_id, "worded")
        assert (found["value"], found["scale_min"], found["scale_max"]) == (value, 1, 5)
        assert found["score_class"] == score_class
    (row,) = home.rows("select reason from marts.quarantine where response_id = 'words3'")
    assert row["reason"] == "it is none of the `choices` that questions.csv names for its question"


def test_a_reversed_scale_is_turned_round(home: Home) -> None:
    turned = answer(home, "reversed", "effort")

    assert (turned["value"], turned["raw_value"], turned["score_class"]) == (6, 2, "top")
    assert answer(home, "reversed", "hoped")["asks_for"] == "expectation"


@pytest.mark.parametrize(
    ("response_id", "question_ref", "place"),
    [
        ("at_gate", "happy", ("owning", "gate", "transactional")),
        ("at_gate", "desk", ("buying", "desk", "transactional")),
        ("at_gate", "whole", ("owning", "gate", "relational")),
        ("at_nowhere", "happy", ("none", "none", "relational")),
        ("four0", "happy", ("none", "none", "relational")),
        ("staff", "nps", ("none", "none", "relational")),
    ],
)
def test_an_answer_belongs_where_question_or_response_say(
    home: Home, response_id: str, question_ref: str, place: tuple[str, str, str]
) -> None:
    found = answer(home, response_id, question_ref)

    assert (found["journey_id"], found["touchpoint_id"], found["survey_kind"]) == place


@pytest.mark.parametrize(
    ("response_id", "known"),
    [
        ("before", ("gold", "partner", "pt-BR", None)),
        ("between", ("gold", "partner", "pt-BR", None)),
        ("after", ("iron", "partner", "en", "acme")),
        ("own", ("own", "customer", "de", "acme")),
    ],
)
def test_a_customer_is_as_known_when_the_answer_was_given(
    home: Home, response_id: str, known: tuple[str | None, ...]
) -> None:
    found = response(home, response_id)

    assert (found["segment"], found["audience"], found["language"], found["account_id"]) == known


def test_a_survey_says_what_its_responses_do_not(home: Home) -> None:
    found = response(home, "staff")

    assert (found["audience"], found["channel"]) == ("employee", "intranet")
    any_other = response(home, "four0")
    assert (any_other["audience"], any_other["channel"]) == ("partner", "letter")


def test_the_newest_version_counts_and_what_is_deleted_is_gone(home: Home) -> None:
    assert answer(home, "edited", "happy")["value"] == 3
    assert home.rows("from marts.responses where response_id = 'deleted'") == []
    assert home.rows("from marts.quarantine where response_id = 'deleted'") == []


def test_a_day_ahead_is_still_believed_and_a_second_more_is_not(home: Home) -> None:
    assert answer(home, "soon", "happy")["value"] == 1
    assert home.rows("from marts.responses where response_id = 'future'") == []
    (kept,) = home.rows("from marts.quarantine where response_id = 'future'")
    assert (kept["level"], kept["question_ref"]) == ("response", None)


def test_an_address_as_customer_is_published_as_a_keyed_hash(home: Home) -> None:
    with raw.opened(home.folder, read_only=True) as connection:
        salt = (connection.execute("select salt from meta").fetchone() or ("",))[0]
    expected = hashlib.md5(f"{salt}|ana@example.com".encode()).hexdigest()

    assert response(home, "address")["customer_id"] == expected
    contacts = home.rows(f"select kind, value from private.contacts where customer_id = '{expected}'")
    assert contacts == [{"kind": "email", "value": "ana@example.com"}]


def test_contact_details_are_kept_apart(home: Home) -> None:
    key = response(home, "said")["response_key"]

    kept = home.rows(f"select kind, value from private.contacts where response_key = '{key}' order by all")
    assert kept == [
        {"kind": "email", "value": "mail me@example.com"},
        {"kind": "email", "value": "me@example.com"},
        {"kind": "email", "value": "x me@example.com"},
        {"kind": "phone", "value": "0555"},
    ]
    published = home.rows("select table_name from information_schema.tables where table_schema = 'marts'")
    for mart in published:
        assert "@" not in str(home.rows(f"from marts.{mart['table_name']}")), mart


def test_comments_and_codes(home: Home) -> None:
    found = home.rows(
        "select r.response_id, c.question_ref, c.text from marts.comments c join marts.responses r "
        "using (response_key) where r.source_name = 'kiosk' order by all"
    )

    assert found == [
        {"response_id": "said", "question_ref": "code", "text": None},
        {"response_id": "wrote", "question_ref": "why", "text": "Queue; too long"},
    ]


def test_other_answers_keep_what_no_table_speaks_of(home: Home) -> None:
    found = home.rows("select question_ref, value_text, choice_id from marts.other_answers order by all")

    assert [tuple(row.values()) for row in found] == [
        ("agrees", "true", None),
        ("area", "Billing", "a"),
        ("colour", "blue", None),
        ("features", "API", "c"),
        ("features", "Reports", "b"),
        ("features", "SSO", "other"),
    ]


def test_typeform_says_what_its_questions_measure(home: Home) -> None:
    found = home.rows(
        "select question_ref, metric, value, scale_min, scale_max, score_class from marts.answers a "
        "join marts.responses r using (response_key) where r.source_name = 'forms' order by all"
    )

    assert [tuple(row.values()) for row in found] == [
        ("calm", "rating", 0, 0, 10, "bottom"),
        ("joy", "rating", 6, 1, 7, "top"),
        ("overruled", "ces", 4, 1, 5, "top"),
    ]
    stories = home.rows("select text from marts.comments c join marts.responses r using (response_key) "
                        "where r.source_name = 'forms' order by all")  # fmt: skip
    assert [row["text"] for row in stories] == ["Fast support.", "at home"]


def test_typeform_contact_details_and_hidden_fields(home: Home) -> None:
    key = response(home, "t1")["response_key"]

    contacts = home.rows(
        f"select kind, value from private.contacts where response_key = '{key}' order by all"
    )
    assert [tuple(row.values()) for row in contacts] == [
        ("email", "t@example.com"),
        ("name", "Ana Secret"),
        ("phone", "+31 20 555 0101"),
    ]
    kept = home.rows(
        f"select name, value from marts.response_properties where response_key = '{key}' order by all"
    )
    assert [tuple(row.values()) for row in kept] == [
        ("STORE", "18"),
        ("audience", "Employee"),
        ("language", "please in Dutch"),
        ("score", "3"),
    ]
    assert (response(home, "t1")["language"], response(home, "t1")["audience"]) == ("nl", "employee")


def test_segments_are_those_configured(home: Home) -> None:
    key = response(home, "t1")["response_key"]

    found = home.rows(
        f"from intermediate.int_response_segments where response_key = '{key}' order by segment_type"
    )
    assert [(row["segment_type"], row["segment"]) for row in found] == [("STORE", "18"), ("language", "nl")]


def test_unmapped_questions_are_named_and_never_guessed(home: Home) -> None:
    found = home.rows(
        "select question_ref, answer_count, suggestion from marts.unmapped_questions order by all"
    )

    assert [tuple(row.values()) for row in found] == [
        ("agrees", 1, "none"),
        ("area", 1, "none"),
        ("colour", 1, "none"),
        ("features", 3, "none"),
        ("hobby", 1, "contact_email"),
    ]


def test_customers_as_last_known(home: Home) -> None:
    (found,) = home.rows("from marts.customers where customer_id = 'c1'")

    assert (found["segment"], found["annual_value"], found["open_follow_ups"]) == ("iron", 2, 0)
    assert found["last_answer_at"] == datetime(2026, 5, 7, 9)


def test_the_first_build_of_a_day_tests_the_marts(home: Home) -> None:
    found = home.rows("select distinct status from computed.test_results")

    assert found == [{"status": "pass"}]
    sentences = {row["sentence"] for row in home.rows("from computed.test_results")}
    assert "no row of answers lacks answer_key, and no two share it" in sentences


def test_nothing_new_is_no_work(home: Home) -> None:
    home.build()

    assert home.build().words == ()


def test_open_follow_ups_are_counted_from_the_ledger_and_go_when_closed(home: Home) -> None:
    home.event("f1", "assigned", status="assigned", customer_id="c1")
    home.event("f2", "assigned", status="assigned", customer_id="c1")
    home.event("f2", "closed", status="closed")
    assert {"tag:daily", "tag:in_hand"} <= set(home.build().words)  # which no follow-up changes

    assert home.rows("select open_follow_ups from marts.customers where customer_id = 'c1'") == [
        {"open_follow_ups": 1}
    ]


def test_a_quick_fix_is_in_hand_from_the_next_build_on_and_nothing_else_is_made_again(home: Home) -> None:
    shown = "select is_already_in_hand, quick_fix_team_id, battle_score from marts.priorities where "
    [pain, *_] = home.rows("from marts.priorities where battle_score > 0 and not is_already_in_hand")
    mine, events = f"pain_point_id = '{pain['pain_point_id']}'", f"quick_fix/{pain['pain_point_id']}"
    home.event(events, "assigned", status="assigned", owner_id="ada", team_id="shop")
    home.event(events, "acknowledged", status="acknowledged")
    plan = home.build()
    assert "tag:daily" in plan.words and "tag:in_hand" not in plan.words and not plan.is_daily
    [taken] = home.rows(shown + mine)
    assert (taken["is_already_in_hand"], taken["quick_fix_team_id"]) == (True, "shop")
    assert taken["battle_score"] == pytest.approx(pain["battle_score"] / 4)

    home.event(events, "resolved", status="resolved")
    home.build()
    [done] = home.rows(shown + mine)
    assert (done["is_already_in_hand"], done["battle_score"]) == (False, pain["battle_score"])


def test_a_wrong_programme_stops_before_anything(tmp_path: Path) -> None:
    (tmp_path / "journeys.csv").write_text("journey_id,name,owner_team_id\nbuying,Buying,nobody\n")

    with pytest.raises(ConfigurationError, match=r"journeys.csv, line 2, column owner_team_id"):
        transform.read_programme(tmp_path)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "Runtime Error in model answers (models/marts/answers.sql)\n"
            "  Conversion Error: Could not convert string 'ana@example.com' to INT32\n  LINE 3: select",
            "Conversion Error: Could not convert string '…' to INT32",
        ),
        ("Binder Error: Referenced column \"x\" not found", "Binder Error: Referenced column '…' not found"),
    ],
)  # fmt: skip
def test_a_failure_is_told_without_data(message: str, told: str) -> None:
    assert without_data(message) == told


def test_a_failed_model_is_named_and_leaves_no_stamp(tmp_path: Path) -> None:
    home = Home(tmp_path, FIRST)
    home.load()
    home.answers("fine", {"happy": "4"})
    home.build()
    home.load()
    home.answers("broken", {"happy": "4"})
    with raw.opened(tmp_path) as connection:
        connection.execute("update responses set payload = '{ana@example.com' where response_id = 'broken'")

    with pytest.raises(HeardbackError, match=r"the model '[a-z_]+' could not be built") as failure:
        home.build()

    assert "ana@example.com" not in str(failure.value)
    assert home.rows("from computed.stamp") == []


def test_a_warehouse_that_cannot_be_read_is_made_again(tmp_path: Path) -> None:
    home = Home(tmp_path, FIRST)
    (tmp_path / "warehouse.duckdb").write_bytes(b"no database at all" * 1000)

    assert home.build().is_full
    assert len(home.rows("from computed.stamp")) == 1


def test_the_folder_for_temporary_files_is_named_once() -> None:
    """DuckDB refuses to be told another time once a build needed it, which only large stores do."""
    profile = yaml.safe_load((building.PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    told = profile["heardback"]["outputs"]["duckdb"]

    assert "temp_directory" in told["config_options"] and "memory_limit" in told["config_options"]
    assert set(told["settings"]) == {"timezone"}
