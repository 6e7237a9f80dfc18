"""What the report shows, asked of the published file alone: what is not in there cannot be on the page.

Suppressed numbers are left out here, so that whoever lays out the page never holds them.
"""

from __future__ import annotations

from pathlib import Path

from flows.warehouse.connections import attached
from flows.warehouse.marts import Row, read_rows


def _shown(*columns: str, verdict: str = "verdict", of: str = "") -> str:
    """Select columns (of the table `of`) that a suppressed row keeps to itself."""
    return ", ".join(
        f"case when {of}{verdict} <> 'suppress' then {of}{name} end as {name}" for name in columns
    )


_SCORES = f"""
select journey_id, survey_kind, metric, verdict,
    {_shown("answer_count", "score", "score_low", "score_high", "score_change", "change_q_value")}
from journey_metrics
where period = 'rolling_90d' and segment_type = 'all' and touchpoint_id = 'all'
order by journey_id, survey_kind, metric
"""

# A year of months, the running one too; a suppressed month leaves a hole in the line.
_TRENDS = f"""
select journey_id, survey_kind, metric, period_start, is_finished,
    {_shown("answer_count", "score", "score_low", "score_high")}
from journey_metrics
where period = 'month' and segment_type = 'all' and touchpoint_id = 'all'
    and period_start > (
        select max(period_start) from journey_metrics where period = 'month') - interval 12 month
order by period_start
"""

# Of the months that are over only the last, and only what stands the correction for looking at many.
_CHANGES = """
select journeys.name as journey_name, touchpoints.name as touchpoint_name, metrics.metric,
    metrics.period_start, metrics.previous_score, metrics.score, metrics.score_low, metrics.score_high,
    metrics.score_change, metrics.change_q_value, metrics.answer_count
from journey_metrics as metrics
inner join touchpoints using (touchpoint_id)
left join journeys on metrics.journey_id = journeys.journey_id
where period = 'month' and is_finished and segment_type = 'all' and verdict <> 'suppress'
    and change_q_value < 0.05
    and period_start = (select max(period_start) from journey_metrics where period = 'month' and is_finished)
order by abs(score_change) / case when metric in ('nps', 'enps') then 200 else 1 end desc,
    touchpoint_id, metric
limit 6
"""

_MAP = f"""
select coalesce(touchpoints.journey_id, map.journey_id) as journey_id,
    coalesce(touchpoints.stage, map.stage) as stage, touchpoint_id,
    coalesce(touchpoints.name, touchpoint_id) as touchpoint_name, touchpoints.customer_expectation,
    coalesce(touchpoints.is_moment_of_truth, map.is_moment_of_truth, false) as is_moment_of_truth,
    coalesce(coverage.is_asked, false) as is_asked, map.survey_kind, map.metric, map.verdict,
    map.expectation_source, map.gap_verdict,
    {_shown("answer_count", "score", "score_low", "score_high", "expected_score", "quadrant", of="map.")},
    {_shown("gap", "gap_adjusted_low", "gap_adjusted_high", verdict="gap_verdict", of="map.")}
from touchpoint_map as map
full outer join touchpoints using (touchpoint_id)
left join coverage using (touchpoint_id)
order by touchpoints.position nulls last, touchpoint_id, map.survey_kind desc, map.metric
"""

_THEMES = "select theme_id, min(name) as name from themes group by all"

_PRIORITIES = f"""
select priority_rank, kind, strategic_score, problem_score, battle_score, reason, decision, customer_count,
    trend, value_at_risk, unknown_value_count, currency,
    effort_person_months, effort_source, benefit_per_cost, matched_initiative_id, is_already_in_hand,
    quick_fix_team_id,
    journeys.name as journey_name,
    coalesce(touchpoints.name, nullif(priorities.touchpoint_id, 'none')) as touchpoint_name,
    coalesce(themes.name, nullif(priorities.theme_id, 'none')) as theme_name,
    coverers.name as initiative_name
from priorities
left join journeys on priorities.journey_id = journeys.journey_id
left join touchpoints on priorities.touchpoint_id = touchpoints.touchpoint_id
left join ({_THEMES}) as themes on priorities.theme_id = themes.theme_id
left join (select initiative_id, name from initiatives) as coverers
    on priorities.matched_initiative_id = coverers.initiative_id
order by priority_rank limit 10
"""

_LOOP = """
with promised as (
    select coalesce(team_id, 'none') as team_id, count(*) as promised_count,
        count(*) filter (is_on_time) as kept_count, count(*) filter (not is_on_time) as missed_count,
        count(*) filter (not is_on_time and first_contact_at is null
            and status not in ('resolved', 'closed', 'declined', 'withdrawn')) as late_count,
        count(*) filter (first_contact_at is not null) as contacted_count,
        count(*) filter (closed_at is not null) as closed_count
    from follow_ups
    where received_at >= (select published_at from about) - interval 90 day
    group by all
),
latest as (select * from loop_performance where month = (select max(month) from loop_performance))
select coalesce(promised.team_id, latest.team_id) as team_id,
    coalesce(teams.name, team_id) as team_name, latest.month, latest.feedback_count,
    latest.contacted_24h_share, latest.contacted_48h_share, latest.median_hours_to_contact,
    coalesce(promised_count, 0) as promised_count, coalesce(kept_count, 0) as kept_count,
    coalesce(missed_count, 0) as missed_count, coalesce(late_count, 0) as late_count,
    coalesce(contacted_count, 0) as contacted_count, coalesce(closed_count, 0) as closed_count
from promised full outer join latest using (team_id) left join teams using (team_id)
order by promised_count desc, team_name
"""

_CAUSES = """
select coalesce(causes.name, follow_ups.root_cause_id) as name,
    coalesce(is_structural, false) as is_structural, count(*) as count
from follow_ups
left join (select root_cause_id, arg_min(name, (language <> 'en', language)) as name,
    bool_or(is_structural) as is_structural from root_causes group by all) as causes using (root_cause_id)
where follow_ups.root_cause_id is not null
group by all order by count desc, name limit 6
"""

_GOALS = f"""
select goal_id, journeys.name as journey_name, touchpoints.name as touchpoint_name, metric, survey_kind,
    {_shown("score", "score_low", "score_high", "distance", verdict="coalesce(score_verdict, 'suppress')")},
    target_score, by_date, verdict, reason
from goal_progress as progress
left join journeys on progress.journey_id = journeys.journey_id
left join touchpoints on progress.touchpoint_id = touchpoints.touchpoint_id
order by by_date nulls last, goal_id
"""

QUERIES = {
    "about": "from about",
    "sources": "select * from sources order by source_name",
    "responses": "select count(*) as all_time, count(*) filter (submitted_at >= about.published_at "
    "- interval 90 day) as of_90_days from responses cross join about",
    "journeys": "select * from journeys order by position nulls last, journey_id",
    "scores": _SCORES,
    "trends": _TRENDS,
    "changes": _CHANGES,
    "map": _MAP,
    "goals": _GOALS,
    "priorities": _PRIORITIES,
    "battles": "select name, reason, pain_point_count, in_hand_count, customer_count "
    "from key_battles order by battle_rank limit 3",
    "loop": _LOOP,
    "withheld": "select withheld_because as reason, count(*) as count from follow_ups_due "
    "where withheld_because is not null group by all order by count desc, reason",
    "causes": _CAUSES,
    "findings": "select * from findings order by severity, outcome, check_name",
    "quarantine": "select source_name, level, count(*) as count from quarantine group by all "
    "order by count desc, source_name, level",
    "terms": "select term, language, count_now, comments_now, count_before, comments_before "
    "from emerging_terms where journey_id = 'all' and q_value < 0.05 order by keyness desc, term limit 8",
}


def report_rows(marts: Path) -> dict[str, list[Row]]:
    """Read all that the report shows, by the name of its query; times are aware UTC.

    Raises HeardbackError where the published file cannot be read.
    """
    with attached(marts, "published", read_only=True) as connection:
        return {name: read_rows(connection, query) for name, query in QUERIES.items()}
