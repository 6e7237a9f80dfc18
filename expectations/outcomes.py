"""What must hold of the mart `outcomes`: customers count once per place, the unknown never as zero."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, MustHold

CLOSE = "1e-6"
PLACE = "journey_id, touchpoint_id, segment_type, segment, metric"


class EveryClassOfAPlaceStandsOnce(MustHold):
    description: str = "No class of answers stands twice at one place, segment and metric."
    severity = CRITICAL
    things: ClassVar[str] = "outcomes"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        with copies as (select count(*) as copies from {{batch}} group by {PLACE}, score_class)
        select coalesce(sum(copies), 0) as judged,
            coalesce(sum(copies) filter (copies > 1), 0) as broken
        from copies"""


class SharesOfThoseWhoLeftFollowFromCounts(MustHold):
    description: str = (
        "Who left is counted among those of whom it can be known, and lies in the interval of its share."
    )
    severity = CRITICAL
    things: ClassVar[str] = "outcomes"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        select count(*) as judged,
            count(*) filter (not coalesce(
                case when known_count = 0 then left_count is null and left_share is null and left_low is null
                    else left_count between 0 and known_count and known_count <= customer_count
                        and abs(left_share - left_count / cast(known_count as double)) < {CLOSE}
                        and 0 <= left_low and left_low <= left_share + {CLOSE}
                        and left_share - {CLOSE} <= left_high and left_high <= 1
                end, false)) as broken
        from {{batch}}"""


class NobodyIsCountedTwiceAcrossSegments(MustHold):
    description: str = "The segments of every type add up to everyone: customers, known ones and leavers."
    severity = CRITICAL
    things: ClassVar[str] = "sums over segments"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with sums as (
            select journey_id, touchpoint_id, metric, score_class, segment_type,
                sum(customer_count) as customers, sum(known_count) as known,
                coalesce(sum(left_count), 0) as gone, sum(unknown_value_count) as unknown
            from {batch} group by all),
        compared as (
            select (parts.customers, parts.known, parts.gone, parts.unknown)
                is distinct from (whole.customers, whole.known, whole.gone, whole.unknown) as is_wrong
            from sums as parts
            left join sums as whole
                on parts.journey_id = whole.journey_id and parts.touchpoint_id = whole.touchpoint_id
                and parts.metric = whole.metric and parts.score_class = whole.score_class
                and whole.segment_type = 'all'
            where parts.segment_type <> 'all')
        select count(*) as judged, count(*) filter (is_wrong) as broken from compared"""


class UnknownValuesAreNoZeros(MustHold):
    description: str = "Values that nobody knows are counted apart: no sum stands where all are unknown."
    severity = CRITICAL
    things: ClassVar[str] = "outcomes"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (not coalesce(
                unknown_value_count between 0 and customer_count
                and (annual_value is null) = (unknown_value_count = customer_count)
                and length(currency) = 3, false)) as broken
        from {batch}"""


class EveryCustomerWhoAnsweredIsThere(MustHold):
    description: str = "Counted again, the customers of every metric are those who answered before they left."
    severity = CRITICAL
    things: ClassVar[str] = "metrics"
    may_be_empty: ClassVar[bool] = True
    # Outcomes are made by the first build of a day; later answers of that day are in the answers already.
    query: str = """
        with counted as (
            select answers.metric, count(distinct responses.customer_id) as customers
            from marts.answers as answers
            inner join marts.responses as responses using (response_key)
            left join marts.customers as customers using (customer_id)
            where answers.asks_for = 'perception' and answers.score_class is not null
                and responses.customer_id is not null
                and (customers.left_at is null or answers.submitted_at < customers.left_at)
            group by answers.metric),
        told as (
            select metric, sum(customer_count) as customers from {batch}
            where journey_id = 'all' and segment_type = 'all' group by metric)
        select count(*) as judged,
            count(*) filter (told.customers is distinct from counted.customers) as broken
        from counted full outer join told using (metric), computed.settings where is_daily"""
