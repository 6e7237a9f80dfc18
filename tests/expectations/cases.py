"""What breaks a check, and what it then sees; here for marts that are worked out of answers once a day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """Say what breaks a check, and what it then sees (the beginning of `observed`)."""

    check: str
    sees: str
    sql: str


def some(mart: str, key: str, number: int = 1) -> str:
    """Name the first few rows of a mart."""
    return f"{key} in (select {key} from marts.{mart} order by {key} limit {number})"


TWICE = "insert into marts.{0} from marts.{0} limit {1}"
WORKED_OUT = (
    # drivers: the desk beside the company's nps
    Case("every_driver_stands_once", "2 of 2", TWICE.format("drivers", 1)),
    Case(
        "every_driver_has_its_share_or_the_reason_why_not",
        "1 of 1",
        "update marts.drivers set importance = null",
    ),
    Case(
        "every_driver_has_its_share_or_the_reason_why_not",
        "1 of 1",
        "update marts.drivers set left_out = 'too few answers'",
    ),
    Case(
        "shares_add_up_to_what_is_explained",
        "1 of 1",
        "update marts.drivers set importance = importance + 0.1",
    ),
    Case(
        "shares_add_up_to_what_is_explained",
        "1 of 1",
        "update marts.drivers set importance = 1.5, r_squared = 1.5",
    ),
    Case(
        # Beside a second touchpoint whose interval lies above its own, the first cannot be first.
        "ranks_are_those_that_intervals_allow",
        "1 of 2",
        "insert into marts.drivers from marts.drivers; "
        "update marts.drivers set touchpoint_id = 'gate', importance_low = 0.8, importance_high = 0.9 "
        "where rowid = 1",
    ),
    Case("nothing_is_concluded_from_too_few", "1 of 1", "update marts.drivers set sample_count = 99"),
    Case("nothing_is_concluded_from_too_few", "1 of 1", "update marts.drivers set answer_count = 29"),
    Case("every_driver_is_counted_from_answers", "1 of 1", "update marts.drivers set answer_count = 279"),
    Case(
        "pairs_of_different_people_fit_together",
        "1 of 1 drivers with an importance: all nps",
        "update marts.drivers set is_repaired = true",
    ),
    # touchpoint_map: the desk's csat
    Case("every_touchpoint_is_on_the_map_as_it_scores", "1 of 1", "delete from marts.touchpoint_map"),
    Case(
        "every_touchpoint_is_on_the_map_as_it_scores",
        "1 of 1",
        "update marts.touchpoint_map set score = score + 0.01",
    ),
    Case("every_gap_lies_in_its_interval", "1 of 1", "update marts.touchpoint_map set gap = gap_high + 0.01"),
    Case(
        "every_gap_lies_in_its_interval",
        "1 of 1",
        "update marts.touchpoint_map set expectation_source = null",
    ),
    Case(
        "every_quadrant_follows_from_its_cuts",
        "1 of 1",
        "update marts.touchpoint_map set importance_cut = 0.9, performance_cut = 0.1, quadrant = 'keep_up'",
    ),
    Case("importance_is_comparable", "1 of 1", "update marts.touchpoint_map set importance_cut = 0.5"),
    Case("importance_is_comparable", "1 of 1", "update marts.touchpoint_map set importance = 1.5"),
    Case(
        "moments_of_truth_are_asked",
        "1 of 1 moments of truth: desk",
        "update marts.touchpoint_map set touchpoint_id = 'gate'",
    ),
    # outcomes: three classes at three places of two metrics, for everyone and five types of segments. Of two
    # customers it is known: a passive and a detractor, both at the bottom of the desk.
    Case("every_class_of_a_place_stands_once", "4 of 110", TWICE.format("outcomes", 2)),
    Case(
        "shares_of_those_who_left_follow_from_counts",
        "54 of 108",
        "update marts.outcomes set left_count = known_count + 1 where known_count > 0",
    ),
    Case(
        "shares_of_those_who_left_follow_from_counts",
        "54 of 108",
        "update marts.outcomes set left_share = 0 where known_count = 0",
    ),
    Case(
        "nobody_is_counted_twice_across_segments",
        "18 of 90",
        "update marts.outcomes set customer_count = customer_count + 1 where segment_type = 'language'",
    ),
    Case(
        "unknown_values_are_no_zeros",
        "108 of 108",
        "update marts.outcomes set annual_value = 0",
    ),
    Case(
        "every_customer_who_answered_is_there",
        "1 of 2",
        "delete from marts.outcomes where metric = 'nps' and score_class = 'detractor'",
    ),
    # emerging_terms: four words, of the journey and of all
    Case("every_term_stands_once", "2 of 9", TWICE.format("emerging_terms", 1)),
    Case(
        "every_term_is_said_more_than_before", "8 of 8", "update marts.emerging_terms set count_before = 60"
    ),
    Case(
        "every_term_is_said_more_than_before",
        "8 of 8",
        "update marts.emerging_terms set count_now = comments_now + 1",
    ),
    Case("no_term_is_surer_than_it_is", "8 of 8", "update marts.emerging_terms set q_value = p_value / 2"),
    # goal_progress: two goals
    Case("every_goal_has_its_row", "2 of 2", "delete from marts.goal_progress"),
    Case("every_goal_has_its_row", "2 of 2", TWICE.format("goal_progress", 2)),
    Case(
        "no_goal_is_called_reached_or_missed_too_soon",
        "1 of 2",
        "update marts.goal_progress set verdict = 'met'",
    ),
    Case(
        "no_goal_is_called_reached_or_missed_too_soon",
        "2 of 2",
        "update marts.goal_progress set verdict = 'missed', by_date = '2026-05-04'",
    ),
    Case(
        "every_goal_is_measured_by_its_score", "2 of 2", "update marts.goal_progress set target_score = 0.3"
    ),
    Case(
        "every_goal_is_measured_by_its_score",
        "1 of 2",
        "update marts.goal_progress set score = score + 1, distance = distance + 1 where metric = 'csat'",
    ),
    Case(
        "every_goal_has_answers_to_go_by",
        "1 of 2 goals: friends",
        "update marts.goal_progress set reason = 'no_answers' where goal_id = 'friends'",
    ),
    # comment_themes: 40 of 280 comments tell of it
    Case("every_theme_stands_once_by_its_comment", "4 of 42", TWICE.format("comment_themes", 2)),
    Case(
        "every_theme_is_in_the_programme", "40 of 40", "update marts.comment_themes set theme_id = 'crashes'"
    ),
    Case(
        "every_theme_belongs_to_a_comment",
        "1 of 40",
        f"update marts.comment_themes set comment_key = 'gone' where {some('comment_themes', 'comment_key')}",
    ),
    Case(
        "no_theme_is_found_in_nearly_every_comment",
        "1 of 1 themes in a language of 100 comments or more: crash (pt-BR)",
        "insert into marts.comment_themes select comment_key, 'crash', response_key, load_id "
        "from marts.comments limit 220",
    ),
)
