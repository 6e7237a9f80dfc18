"""What a digest tells of one team's week, read from the marts: figures, comments, changes, what to do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flows.warehouse.marts import Row, has_marts, read_rows, with_raw

WEEKS = 12
_PLACES = """
with places as (
    select touchpoints.touchpoint_id, touchpoints.name as place, touchpoints.journey_id
    from marts.touchpoints as touchpoints
    left join marts.journeys as journeys on touchpoints.journey_id = journeys.journey_id
    where coalesce(touchpoints.owner_team_id, journeys.owner_team_id) = $team_id
        and coalesce(journeys.audience, 'customer') <> 'employee'
)
"""

_FIGURES = """
select
    count(*) filter (where assigned_at >= $begins and assigned_at < $ends) as new_count,
    count(*) filter (
        where status in ('assigned', 'acknowledged') and first_contact_at is null and due_at < $now
    ) as late_count,
    count(*) filter (where resolved_at >= $begins and resolved_at < $ends) as closed_count,
    count(*) filter (where due_at >= $begins and due_at < $ends and is_on_time) as kept_count,
    count(*) filter (where due_at >= $begins and due_at < $ends and is_on_time is not null) as decided_count
from marts.follow_ups
where team_id = $team_id and status <> 'withdrawn'
"""

_LATE = """
select follow_ups.follow_up_key, follow_ups.customer_id, follow_ups.due_at,
    coalesce(touchpoints.name, nullif(follow_ups.touchpoint_id, 'none'), journeys.name) as place
from marts.follow_ups as follow_ups
left join marts.touchpoints as touchpoints on follow_ups.touchpoint_id = touchpoints.touchpoint_id
left join marts.journeys as journeys on follow_ups.journey_id = journeys.journey_id
where follow_ups.team_id = $team_id and follow_ups.status in ('assigned', 'acknowledged')
    and follow_ups.first_contact_at is null and follow_ups.due_at < $now
order by follow_ups.due_at, follow_ups.follow_up_key
limit 5
"""

# The worst first: what a team should hear is said loudest by those it let down.
_COMMENTS = f"""{_PLACES}
select comments.text, comments.language, places.place,
    case scores.worst when 0 then 'bad' when 1 then 'fair' when 2 then 'good' end as tone
from marts.comments as comments
inner join places on comments.touchpoint_id = places.touchpoint_id
left join (
    select response_key, touchpoint_id, min(
        case when score_class in ('detractor', 'bottom') then 0
            when score_class in ('passive', 'middle') then 1 else 2 end) as worst
    from marts.answers where asks_for = 'perception' group by all
) as scores
    on comments.response_key = scores.response_key and comments.touchpoint_id = scores.touchpoint_id
where comments.text is not null and comments.submitted_at >= $begins and comments.submitted_at < $ends
order by scores.worst nulls last, comments.submitted_at desc, comments.comment_key
limit 5
"""

_LATEST = """
    select max(period_start) from marts.journey_metrics
    where period = 'week' and is_finished and period_start <= cast($ends as date)
"""

_CHANGES = f"""{_PLACES}
select places.place, metrics.metric, metrics.score, metrics.previous_score, metrics.answer_count,
    metrics.verdict, metrics.score_change
from marts.journey_metrics as metrics
inner join places on metrics.touchpoint_id = places.touchpoint_id and metrics.journey_id = places.journey_id
where metrics.period = 'week' and metrics.period_start = ({_LATEST}) and metrics.segment_type = 'all'
    and metrics.verdict <> 'suppress' and metrics.change_q_value < 0.05
order by abs(metrics.score_change) / case when metrics.metric in ('nps', 'enps') then 100 else 1 end desc,
    places.place, metrics.metric
limit 5
"""

_TRENDS = f"""{_PLACES},
recent as (
    select places.place, metrics.touchpoint_id, metrics.metric, metrics.survey_kind, metrics.period_start,
        metrics.score, metrics.score_low, metrics.score_high, metrics.answer_count,
        sum(metrics.answer_count) over (
            partition by metrics.touchpoint_id, metrics.metric, metrics.survey_kind
        ) as answers_of_all
    from marts.journey_metrics as metrics
    inner join places
        on metrics.touchpoint_id = places.touchpoint_id and metrics.journey_id = places.journey_id
    where metrics.period = 'week' and metrics.is_finished and metrics.segment_type = 'all'
        and metrics.verdict <> 'suppress' and metrics.score is not null
        and metrics.period_start > ({_LATEST}) - interval ({WEEKS}) week
),
chosen as (
    select touchpoint_id, metric, survey_kind, max(answers_of_all) as answers_of_all
    from recent group by all having count(*) >= 3
    order by answers_of_all desc, touchpoint_id, metric, survey_kind limit 3
)
select recent.* from recent
inner join chosen
    on recent.touchpoint_id = chosen.touchpoint_id and recent.metric = chosen.metric
    and recent.survey_kind = chosen.survey_kind
order by chosen.answers_of_all desc, recent.touchpoint_id, recent.metric, recent.survey_kind,
    recent.period_start
"""

_QUICK_FIXES = f"""{_PLACES}
select priorities.pain_point_id, places.place, themes.name as theme, pain_points.customer_count
from marts.priorities as priorities
inner join marts.pain_points as pain_points on priorities.pain_point_id = pain_points.pain_point_id
inner join places on pain_points.touchpoint_id = places.touchpoint_id
left join marts.themes as themes on pain_points.theme_id = themes.theme_id
where priorities.kind = 'quick_fix' and not coalesce(priorities.is_already_in_hand, false)
    and coalesce(priorities.decision, 'do') = 'do'
order by priorities.priority_rank, priorities.pain_point_id
limit 3
"""


# What a rule passes on to a team that somebody else may answer; new is what was collected in the week.
_NEWS = """
with news as (
    select news_key, response_key, touchpoint_id, metric, value, scale_max, score_class, journey_id,
        submitted_at, row_number() over (
            partition by response_key, touchpoint_id
            order by case when score_class in ('detractor', 'bottom') then 0 else 1 end, rule_id) as place_no
    from marts.team_news
    where team_id = $team_id and first_collected_at >= $begins and first_collected_at < $ends
        and submitted_at >= first_collected_at - (select within_days from computed.settings) * interval 1 day
),
said as (
    select response_key, touchpoint_id,
        min_by(text, comment_key) as text, min_by(language, comment_key) as language
    from marts.comments where text is not null group by all
)
select news.metric, news.value, news.scale_max, said.text, said.language,
    coalesce(touchpoints.name, nullif(news.touchpoint_id, 'none'), journeys.name) as place,
    count(*) over () as news_count
from news
left join said on news.response_key = said.response_key and news.touchpoint_id = said.touchpoint_id
left join marts.touchpoints as touchpoints on news.touchpoint_id = touchpoints.touchpoint_id
left join marts.journeys as journeys on news.journey_id = journeys.journey_id
where news.place_no = 1
order by case when news.score_class in ('detractor', 'bottom') then 0 else 1 end,
    news.submitted_at desc, news.news_key
limit 10
"""


def team_week(home: Path, team_id: str, begins: datetime, ends: datetime, now: datetime) -> dict[str, Any]:
    """Give what a team's week brought: `figures`, `late`, `comments`, `changes`, `trends`, `news`,
    `quick_fixes`.

    The week is [begins, ends), aware. Metrics are those of the last finished calendar week of the marts. What
    employees said is left out. Quick fixes are empty where no mart of priorities exists.
    """
    given = {"team_id": team_id, "begins": _utc(begins), "ends": _utc(ends), "now": _utc(now)}
    with with_raw(home) as connection:

        def rows(query: str) -> list[Row]:
            return read_rows(connection, query, {k: v for k, v in given.items() if f"${k}" in query})

        return {
            "figures": rows(_FIGURES)[0],
            "late": rows(_LATE),
            "comments": rows(_COMMENTS),
            "changes": rows(_CHANGES),
            "trends": rows(_TRENDS),
            "news": rows(_NEWS) if has_marts(connection, "team_news") else [],
            "quick_fixes": rows(_QUICK_FIXES) if has_marts(connection, "priorities", "pain_points") else [],
        }


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=None) - (at.utcoffset() or at - at)
