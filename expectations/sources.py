"""What must hold of the mart `sources`: every source is read, speaks as often as it used to, and as loud."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import WARNING, MustHold

# Answers of the last 7 full days, and of each of the eight weeks before, of every source that is old enough.
_WEEKS = """
    with answered as (
        select source_name,
            (today - cast(submitted_at at time zone 'UTC' at time zone timezone as date) - 1) // 7
                as weeks_ago
        from marts.responses, computed.settings
        where submitted_at >= now - interval 65 day and submitted_at < now
            and cast(submitted_at at time zone 'UTC' at time zone timezone as date) < today),
    sources as (
        select source_name, (today - cast(min(submitted_at) as date) - 1) // 7 as whole_weeks
        from marts.responses, computed.settings group by source_name, today),
    weekly as (
        select sources.source_name, weeks_ago, count(answered.source_name) as answers
        from sources
        cross join range(0, 9) as weeks(weeks_ago)
        left join answered using (source_name, weeks_ago)
        where weeks_ago < sources.whole_weeks
        group by sources.source_name, weeks_ago),
    compared as (
        select source_name,
            max(answers) filter (weeks_ago = 0) as now_answers,
            min(answers) filter (weeks_ago > 0) as fewest,
            max(answers) filter (weeks_ago > 0) as most
        from weekly group by source_name
        having count(*) filter (weeks_ago > 0) >= 4 and median(answers) filter (weeks_ago > 0) >= 20)"""


class EverySourceCouldBeFetched(MustHold):
    description: str = "The newest reading of every source went well."
    severity = WARNING
    things: ClassVar[str] = "sources"
    query: str = """
        with newest as (
            select source_name, arg_max(outcome, load_id) as outcome from raw.fetches group by source_name)
        select count(*) as judged,
            count(*) filter (coalesce(newest.outcome, 'failed') = 'failed') as broken,
            string_agg(sources.source_name, ', ' order by sources.source_name)
                filter (coalesce(newest.outcome, 'failed') = 'failed') as observed
        from {batch} as sources left join newest on sources.source_name = newest.source_name"""


class NoSourceIsLeftOut(MustHold):
    description: str = "No source was left out for a day while others were read."
    severity = WARNING
    things: ClassVar[str] = "sources"
    query: str = """
        with seen as (
            select source_name, newest is not null as is_judged,
                newest > coalesce(last_fetched_at, timestamp '1970-01-01') + interval 24 hour as is_left_out
            from {batch}, (select max(last_fetched_at) as newest from {batch}) as newest)
        select count(*) filter (is_judged) as judged, count(*) filter (is_left_out) as broken,
            string_agg(source_name, ', ' order by source_name) filter (is_left_out) as observed
        from seen"""


class NoSourceFellSilent(MustHold):
    description: str = "No source is silent three times as long as it usually is at most."
    severity = WARNING
    things: ClassVar[str] = "sources with answers on ten days or more"
    # Usual is what 95 of 100 pauses of a year do not exceed; half a year of silence is a survey that ended.
    query: str = """
        with days as (
            select distinct source_name, cast(submitted_at as date) as day
            from marts.responses, computed.settings
            where submitted_at >= now - interval 365 day and submitted_at <= now),
        pauses as (
            select source_name, day, day - lag(day) over (partition by source_name order by day) as pause
            from days),
        silences as (
            select pauses.source_name, cast(any_value(now) as date) - max(day) as silence,
                greatest(3, 3 * quantile_disc(pause, 0.95)) as bearable
            from pauses inner join {batch} as sources using (source_name), computed.settings
            group by pauses.source_name having count(*) >= 10)
        select count(*) filter (silence <= 182) as judged,
            count(*) filter (silence > bearable and silence <= 182) as broken,
            string_agg(source_name || ' (' || silence || ' days)', ', ' order by source_name)
                filter (silence > bearable and silence <= 182) as observed
        from silences"""


class NoSourceDriesUp(MustHold):
    description: str = "No source brought less than half of its quietest week in the last seven days."
    severity = WARNING
    things: ClassVar[str] = "sources with four weeks of twenty answers or more"
    query: str = f"""{_WEEKS}
        select count(*) as judged, count(*) filter (now_answers * 2 < fewest) as broken,
            string_agg(source_name || ' (' || now_answers || ', never below ' || fewest || ')', ', ')
                filter (now_answers * 2 < fewest) as observed
        from compared"""


class NoSourceFloods(MustHold):
    description: str = "No source brought more than twice its busiest week in the last seven days."
    severity = WARNING
    things: ClassVar[str] = "sources with four weeks of twenty answers or more"
    query: str = f"""{_WEEKS}
        select count(*) as judged, count(*) filter (now_answers > most * 2) as broken,
            string_agg(source_name || ' (' || now_answers || ', never above ' || most || ')', ', ')
                filter (now_answers > most * 2) as observed
        from compared"""
