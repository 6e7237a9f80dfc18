"""What must hold of the mart `quarantine`: little is set aside, and never the newest of a source."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold
from expectations.phrases import no_address


class FewAnswersAreSetAside(MustHold):
    description: str = "Of all answers that measure something, at most one in twenty is set aside."
    severity = WARNING
    things: ClassVar[str] = "answers"
    at_most: ClassVar[float] = 0.05
    query: str = """
        with aside as (
            select count(*) filter (level = 'answer') as broken,
                min(reason) filter (level = 'answer') as observed
            from {batch}),
        kept as (select count(*) as kept from marts.answers)
        select kept + broken as judged, broken, observed from aside, kept"""


class TheNewestOfASourceAreUnderstood(MustHold):
    description: str = "Of the newest responses of a source (100 or more), at most half are set aside."
    severity = CRITICAL
    things: ClassVar[str] = "sources with ten or more responses"
    # Set aside is a response that was refused, one that was not read, and one none of whose scores
    # is of use. Whole loads are taken, newest first: within one, what was not read has no place in the order.
    # A file that is read again tells its old faults again: they count where they were first seen.
    query: str = """
        with readings as (
            select source_name, scope, max(load_id) as load_id from raw.scopes group by source_name, scope),
        unread as (
            select rejects.source_name, rejects.record_key, min(first_seen.load_id) as load_id
            from raw.rejects as rejects
            inner join computed.sources as sources
                on rejects.source_name = sources.source_name and sources.holds <> 'customers'
            inner join raw.rejects as first_seen on rejects.record_key = first_seen.record_key
            left join readings
                on rejects.source_name = readings.source_name and rejects.scope = readings.scope
            where rejects.level <> 'answer' and (rejects.scope is null or rejects.load_id = readings.load_id)
            group by rejects.source_name, rejects.record_key),
        loads as (
            select source_name, load_id, count(*) as seen from (
                select source_name, load_id from unread
                union all
                select source_name, load_id from staging.stg_raw__responses where not is_deleted) as told
            group by source_name, load_id),
        newest as (
            select source_name, load_id from loads
            qualify coalesce(sum(seen) over (
                partition by source_name order by load_id desc
                rows between unbounded preceding and 1 preceding
            ), 0) < 100),
        read as (
            select responses.source_name, responses.response_key, responses.quarantine_reason
            from staging.stg_raw__responses as responses
            inner join newest using (source_name, load_id)
            where not responses.is_deleted),
        useless as (
            select response_key from intermediate.int_answers_judged
            where metric in ('nps', 'enps', 'csat', 'ces', 'rating')
                and response_key in (select response_key from read)
            group by response_key having count(*) = count(quarantine_reason)),
        sources as (
            select source_name, count(*) as seen, count(*) filter (is_aside) as aside from (
                select source_name, true as is_aside
                from unread inner join newest using (source_name, load_id)
                union all
                select read.source_name,
                    read.quarantine_reason is not null or useless.response_key is not null
                from read left join useless using (response_key)) as told
            group by source_name having count(*) >= 10)
        select count(*) as judged, count(*) filter (aside * 2 > seen) as broken,
            string_agg(source_name || ' (' || aside || ' of ' || seen || ')', ', ' order by source_name)
                filter (aside * 2 > seen) as observed
        from sources"""


class EverythingSetAsideHasAReason(MustHold):
    description: str = "Whatever is set aside has a reason beside it."
    severity = WARNING
    things: ClassVar[str] = "things set aside"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged, count(*) filter (coalesce(trim(reason), '') = '') as broken from {batch}"""


class NothingSetAsideShowsAnAddress(MustHold):
    description: str = "Nothing that is told of what was set aside holds an e-mail address."
    severity = CRITICAL
    things: ClassVar[str] = "things set aside"
    may_be_empty: ClassVar[bool] = True
    query: str = no_address("response_id", "reason", "survey_id", where="true")
