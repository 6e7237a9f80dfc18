"""Each check held by good marts, and broken by bad ones: as many as were made wrong, counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations.audit import audit, classes_of, name_of
from flows.records import Finding
from tests.expectations.cases import WORKED_OUT, Case, some
from tests.expectations.conftest import Broken

# One worker builds the good home for all.
pytestmark = pytest.mark.xdist_group("expectations")
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


CASES = (
    *WORKED_OUT,
    # responses: 280
    Case("responses_are_there_when_raw_has_some", "280 of 280", "delete from marts.responses"),
    Case(
        "no_response_is_lost_on_the_way",
        "3 of 280",
        f"delete from marts.responses where {some('responses', 'response_key', 3)}",
    ),
    Case(
        "every_response_has_its_own_key",
        "2 of 281",
        f"insert into marts.responses from marts.responses where {some('responses', 'response_key')}",
    ),
    Case(
        "every_response_has_its_own_key",
        "4 of 280",
        f"update marts.responses set response_key = null where {some('responses', 'response_id', 4)}",
    ),
    Case(
        "every_response_says_when",
        "2 of 280",
        f"update marts.responses set submitted_at = null where {some('responses', 'response_key', 2)}",
    ),
    Case(
        "no_response_comes_from_the_future",
        "1 of 280",
        "update marts.responses set submitted_at = '2026-05-05 09:00:01' "
        f"where {some('responses', 'response_key')}",
    ),
    Case(
        "no_id_of_a_response_is_an_address",
        "1 of 280",
        "update marts.responses set customer_id = 'Ana@Acme.example' "
        f"where {some('responses', 'response_key')}",
    ),
    Case(
        "no_id_of_a_response_is_an_address",
        "1 of 280",
        "update marts.responses set segment = 'see mü@bücher.example' "
        f"where {some('responses', 'response_key')}",
    ),
    Case(
        "every_language_is_a_tag",
        "2 of 280",
        f"update marts.responses set language = 'Portuguese' where {some('responses', 'response_key', 2)}",
    ),
    # answers: 560
    Case(
        "every_answer_has_its_own_key",
        "4 of 562",
        f"insert into marts.answers from marts.answers where {some('answers', 'answer_key', 2)}",
    ),
    Case(
        "every_answer_belongs_to_a_response",
        "2 of 560",
        f"delete from marts.responses where {some('responses', 'response_key')}",
    ),
    Case(
        "every_answer_lies_on_its_scale",
        "280 of 560",
        "update marts.answers set value = 11, raw_value = 11 where metric = 'nps'",
    ),
    Case(
        "every_answer_lies_on_its_scale",
        "1 of 560",
        f"update marts.answers set value = null where {some('answers', 'answer_key')}",
    ),
    Case(
        "every_score_is_classed_as_it_should_be",
        # 26 or 25 of each value in 280 answers of i * 7 % 11; sixes: i = 4, 15, ... 279.
        "26 of 560",
        "update marts.answers set score_class = 'passive' where metric = 'nps' and value = 6",
    ),
    Case(
        "every_score_is_classed_as_it_should_be",
        "56 of 560",
        "update marts.answers set score_class = 'middle' where metric = 'csat' and value = 4",
    ),
    Case("every_place_is_known", "280 of 560", "delete from marts.touchpoints"),
    # comments: 280
    Case(
        "every_comment_has_its_own_key",
        "2 of 281",
        f"insert into marts.comments from marts.comments where {some('comments', 'comment_key')}",
    ),
    Case(
        "every_comment_belongs_to_a_response",
        "5 of 280",
        f"delete from marts.responses where {some('responses', 'response_key', 5)}",
    ),
    Case(
        "every_comment_names_its_language_by_tag",
        "280 of 280",
        "update marts.comments set language = 'pt_br'",
    ),
    # other answers, properties, customers
    Case(
        "no_other_answer_holds_an_address",
        "1 of 560",
        "update marts.other_answers set value_text = 'write to ana@acme.example, please' "
        f"where {some('other_answers', 'answer_key')}",
    ),
    Case(
        "every_other_answer_belongs_to_a_response",
        "2 of 560",
        f"delete from marts.responses where {some('responses', 'response_key')}",
    ),
    Case(
        "no_property_holds_an_address",
        "280 of 280",
        "update marts.response_properties set value = 'ana@acme.example'",
    ),
    Case(
        "every_customer_has_an_id_of_their_own",
        "1 of 281",
        f"insert into marts.customers from marts.customers where {some('customers', 'customer_id')}",
    ),
    Case(
        "no_customer_is_called_by_an_address",
        "1 of 280",
        f"update marts.customers set account_id = 'x@y.example' where {some('customers', 'customer_id')}",
    ),
    # questions and what is set aside
    Case(
        "no_question_changed_its_scale",
        "1 of 1 questions with a scale: forms",
        "update raw.definitions set payload = replace(payload, '\"steps\": 5', '\"steps\": 10') "
        "where sequence = (select max(sequence) from raw.definitions)",
    ),
    Case(
        "no_question_that_looks_like_a_score_is_left_out",
        "1 of 2",
        "update marts.unmapped_questions set suggestion = 'csat, scale 1 to 5' where question_ref = 'sum'",
    ),
    Case(
        # 560 kept, 30 set aside: 30 of 590 is just above one in twenty.
        "few_answers_are_set_aside",
        "30 of 590 answers: it is not on the scale",
        "insert into marts.quarantine (level, reason) "
        "select 'answer', 'it is not on the scale' from range(30)",
    ),
    Case(
        # 143 of 285 (with five that were not read) are more than half.
        "the_newest_of_a_source_are_understood",
        "1 of 1 sources with ten or more responses: kiosk (143 of 285)",
        "update staging.stg_raw__responses set quarantine_reason = 'no' "
        "where cast(response_id as integer) < 138",
    ),
    Case(
        "the_newest_of_a_source_are_understood",
        "1 of 1 sources with ten or more responses: kiosk (100 of 150)",
        "insert into raw.rejects select 'kiosk', 'visit', null, null, 'record', 'odd', "
        "timestamp '2026-05-04', 'new' || i, 2, null, '{}' from range(100) as numbers(i); "
        "update staging.stg_raw__responses set load_id = 2 where cast(response_id as integer) < 50",
    ),
    Case(
        # Responses were read, but none of their scores can be used.
        "the_newest_of_a_source_are_understood",
        "1 of 1 sources with ten or more responses: kiosk (285 of 285)",
        "update intermediate.int_answers_judged set quarantine_reason = 'off' "
        "where metric in ('nps', 'csat')",
    ),
    Case("everything_set_aside_has_a_reason", "5 of 5", "update marts.quarantine set reason = ' '"),
    Case(
        "nothing_set_aside_shows_an_address",
        "5 of 5",
        "update marts.quarantine set reason = 'ana@acme.example is no date'",
    ),
    # response rates: two surveys, sent three times each
    Case(
        "every_sending_counts_once",
        "1 of 2",
        "update marts.response_rates set started_count = started_count + 1 "
        "where period = 'all' and survey_id = 'S0'",
    ),
    Case(
        "every_sending_counts_once",
        "2 of 3",
        "update marts.response_rates set survey_id = 'S9' where period = 'all' and survey_id = 'S0'",
    ),
    Case(
        "response_rates_follow_from_their_counts",
        "2 of",
        "update marts.response_rates set response_rate = 0.41 where period = 'all'",
    ),
    Case(
        "response_rates_follow_from_their_counts",
        "2 of",
        "update marts.response_rates set response_rate_high = 0.39 where period = 'all'",
    ),
    Case(
        "nobody_finishes_who_did_not_begin",
        "1 of 2 surveys that were sent: mail S1",
        "update marts.response_rates set started_count = 119 where period = 'all' and survey_id = 'S1'",
    ),
    # sources
    Case(
        "every_source_could_be_fetched",
        "1 of 3 sources: forms",
        "insert into raw.fetches "
        "values (2, 'forms', 'typeform', '2026-05-04 10:00', 'failed', 'HTTP 401', 0)",
    ),
    Case(
        "every_source_could_be_fetched",
        "1 of 3 sources: crm",
        "delete from raw.fetches where source_name = 'crm'",
    ),
    Case(
        "no_source_is_left_out",
        "1 of 3 sources: crm",
        "update marts.sources set last_fetched_at = '2026-05-03 08:59' where source_name = 'crm'",
    ),
    Case(
        "no_source_fell_silent",
        "1 of 1 sources with answers on ten days or more: kiosk (4 days)",
        "delete from marts.responses where submitted_at >= '2026-05-01'",
    ),
    Case(
        "no_source_dries_up",
        "1 of 1 sources with four weeks of twenty answers or more: kiosk (12, never below 28)",
        # 28 less 12 of three days less four of one day.
        "delete from marts.responses where submitted_at >= '2026-05-01' "
        "or (submitted_at >= '2026-04-27' and submitted_at < '2026-04-28')",
    ),
    Case(
        "no_source_floods",
        "1 of 1 sources with four weeks of twenty answers or more: kiosk (84, never above 28)",
        "insert into marts.responses select responses.* from marts.responses, range(2) "
        "where submitted_at >= '2026-04-27'",
    ),
    # journey_metrics
    Case("scores_are_there_when_answers_are", "560 of 560", "delete from marts.journey_metrics"),
    Case(
        "every_cell_stands_once",
        "2 of",
        "insert into marts.journey_metrics from marts.journey_metrics where period = 'all' "
        "and journey_id = 'all' and segment_type = 'all' and metric = 'nps'",
    ),
    Case(
        "every_score_lies_in_its_range",
        "1 of",
        "update marts.journey_metrics set score = 1.01 where period = 'all' and journey_id = 'all' "
        "and segment_type = 'all' and metric = 'csat'",
    ),
    Case(
        "every_interval_holds_its_score",
        "1 of",
        "update marts.journey_metrics set score_low = score + 0.001 where period = 'all' "
        "and journey_id = 'all' and segment_type = 'all' and metric = 'csat'",
    ),
    Case(
        "every_interval_holds_its_score",
        "1 of",
        "update marts.journey_metrics set score_low = score_high, score_high = score_low "
        "where period = 'all' and journey_id = 'all' and segment_type = 'all' and metric = 'csat'",
    ),
    Case(
        "counts_add_up",
        "1 of",
        "update marts.journey_metrics set promoter_count = promoter_count + 1 where period = 'all' "
        "and journey_id = 'all' and segment_type = 'all' and metric = 'nps'",
    ),
    Case(
        "nobody_counts_more_than_once",
        "1 of",
        "update marts.journey_metrics set effective_count = answer_count + 0.1 where period = 'all' "
        "and journey_id = 'all' and segment_type = 'all' and metric = 'nps'",
    ),
    Case(
        # One answer of 6 April counts in a day, a month and all time, there, in its journey and altogether.
        "every_score_is_what_its_answers_say",
        "9 of",
        "delete from marts.answers where metric = 'csat' and submitted_at = '2026-04-06 08:00'",
    ),
    Case(
        "every_score_is_what_its_answers_say",
        "1 of",
        "delete from marts.journey_metrics where period = 'day' and period_start = '2026-04-06' "
        "and journey_id = 'all' and segment_type = 'all' and metric = 'csat'",
    ),
    # pain points: crashes at the desk; bad answers without a theme, at the desk and of the whole
    Case(
        "every_pain_point_stands_once",
        "4 of 5",
        "insert into marts.pain_points from marts.pain_points where touchpoint_id = 'desk'",
    ),
    Case(
        "every_pain_point_stands_once",
        "2 of 3",
        "update marts.pain_points set theme_id = null where touchpoint_id = 'desk'",
    ),
    Case(
        "customers_behind_a_pain_point_are_those_counted",
        "1 of 3",
        f"delete from marts.pain_point_answers where {some('pain_point_answers', 'answer_key')}",
    ),
    Case(
        "customers_behind_a_pain_point_are_those_counted",
        "3 of 3",
        "update marts.pain_point_answers set customer_id = 'c0'",
    ),
    Case(
        "no_praise_makes_a_pain_point",
        "2 of 3",
        "create table marts.kept as from marts.themes; drop view marts.themes; "
        "alter table marts.kept rename to themes; "
        "insert into marts.themes (theme_id, kind) values ('joy', 'praise'); "
        "update marts.pain_points set theme_id = 'joy' where touchpoint_id = 'desk'",
    ),
    Case(
        "every_bad_answer_raises_a_pain_point",
        "3 of",
        "delete from marts.pain_point_answers where response_key in (select response_key "
        "from marts.pain_point_answers group by response_key having count(*) = 1 order by 1 limit 3)",
    ),
    Case("unknown_values_are_not_zero", "3 of 3", "update marts.pain_points set value_at_risk = 0"),
    # priorities
    Case(
        "every_pain_point_has_a_priority",
        "2 of 4",
        "insert into marts.pain_points (pain_point_id) values ('new'); "
        "update marts.priorities set priority_rank = 3 where priority_rank = 2",
    ),
    # Who tells of crashes scores no worse than others, so that its scores are nothing whatever the factors.
    Case("scores_follow_from_their_inputs", "4 of 9", "update marts.priorities set reach = reach * 1.000001"),
    Case("scores_follow_from_their_inputs", "2 of 9", "update marts.priorities set in_hand_factor = 0.25"),
    Case(
        "what_is_in_hand_names_its_initiative",
        "3 of 3",
        "update marts.priorities set is_already_in_hand = true",
    ),
    Case("every_priority_gives_its_reason", "3 of 3", "update marts.priorities set reason = ' '"),
    Case(
        "no_priority_shows_an_address",
        "1 of 3",
        "update marts.priorities set decision_reason = 'ask ann@acme.example' where priority_rank = 1",
    ),
    # follow-ups: 14 days of four answers, of which every fifth is a 1 and every fifth a 2; five go out.
    Case(
        "every_due_follow_up_has_its_own_key",
        "1 of",
        "insert into marts.follow_ups_due from marts.follow_ups_due "
        f"where {some('follow_ups_due', 'follow_up_key')}",
    ),
    Case(
        "every_follow_up_that_goes_out_has_an_owner",
        "5 of 5",
        "update marts.follow_ups_due set owner_id = 'nobody'",
    ),
    Case(
        "every_follow_up_that_goes_out_has_an_owner",
        "5 of 5",
        "update marts.follow_ups_due set team_id = null",
    ),
    Case(
        "no_follow_up_is_both_due_and_held",
        "1 of",
        "insert into raw.ledger_events (event_id, assignment_key, event) "
        "select 99, min(follow_up_key), 'assigned' from marts.follow_ups_due",
    ),
    Case(
        "nothing_goes_out_against_a_customers_wish",
        "1 of 5",
        "insert into raw.customers (source_name, customer_id, load_id, sequence, fetched_at, may_contact) "
        "select 'crm', min(customer_id), 9, 1, timestamp '2026-05-04 09:00', 'no' "
        "from marts.follow_ups_due where withheld_because is null",
    ),
    Case(
        "nothing_too_old_goes_out",
        "5 of 5",
        "update marts.follow_ups_due set submitted_at = '2026-04-20 08:59:59' where withheld_because is null",
    ),
    Case(
        "no_owner_is_handed_more_than_the_cap",
        "1 of 1",
        "update marts.follow_ups_due set withheld_because = null where withheld_because = 'capped'",
    ),
    Case(
        # All were collected an hour after they came. Numbers 56 to 83 became too old in the last seven days:
        # 56, 60, 61, 65, 66, 70, 71, 75, 76, 80, 81 gave a 1 or a 2. It is time that breaks this check.
        "no_follow_up_grew_too_old_while_it_waited",
        "11 of",
        "select 1",
    ),
)


def test_there_is_a_case_for_every_check() -> None:
    every = {name_of(check) for checks in classes_of().values() for check in checks}

    assert {case.check for case in CASES} == every


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check)
def test_a_bad_mart_breaks_its_check(case: Case, broken: Broken) -> None:
    (mart, check), *_ = [
        (mart, check)
        for mart, checks in classes_of().items()
        for check in checks
        if name_of(check) == case.check
    ]
    changed = tuple(mart for mart in classes_of() if f"marts.{mart}" in case.sql)
    home = broken(*case.sql.split("; "), tables=(*changed, "touchpoints"))

    (finding,) = audit(home / "warehouse.duckdb", home / "site", "bad", AT, classes={mart: [check]})

    assert finding.outcome == "broken", finding
    assert finding.observed.startswith(case.sees), finding.observed


@pytest.fixture(scope="module")
def findings(good: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finding]:
    """Check the good home whole."""
    site = tmp_path_factory.mktemp("site")
    return {one.check_name: one for one in audit(good / "warehouse.duckdb", site, "good", AT)}


def test_good_marts_hold_every_check(findings: dict[str, Finding]) -> None:
    held = {name for name, one in findings.items() if one.outcome == "held"}

    assert set(findings) - held == {"no_follow_up_grew_too_old_while_it_waited"}, findings


def test_a_check_is_called_by_a_sentence(findings: dict[str, Finding]) -> None:
    for one in findings.values():
        assert len(one.check_name.split("_")) >= 3
        assert one.sentence.endswith(".") and one.sentence[0].isupper()
        assert one.severity in ("critical", "warning")
