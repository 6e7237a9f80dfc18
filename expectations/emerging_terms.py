"""What must hold of the mart `emerging_terms`: only what is said more often now, and no surer than it is."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, MustHold


class EveryTermStandsOnce(MustHold):
    description: str = "No term stands twice for one language and journey."
    severity = CRITICAL
    things: ClassVar[str] = "terms"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with copies as (
            select count(*) as copies, term is null or language is null or journey_id is null as is_nameless
            from {batch} group by term, language, journey_id)
        select coalesce(sum(copies), 0) as judged,
            coalesce(sum(copies) filter (copies > 1 or is_nameless), 0) as broken
        from copies"""


class EveryTermIsSaidMoreThanBefore(MustHold):
    description: str = (
        "Every term is held by a greater share of comments now than before, and by eight at least."
    )
    severity = CRITICAL
    things: ClassVar[str] = "terms"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (not coalesce(
                count_now between 1 and comments_now and count_before between 0 and comments_before
                and count_now + count_before >= 8
                and count_now * comments_before > count_before * comments_now, false)) as broken
        from {batch}"""


class NoTermIsSurerThanItIs(MustHold):
    description: str = "Every keyness is positive or zero, and no q lies below its p or above 1."
    severity = CRITICAL
    things: ClassVar[str] = "terms"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (not coalesce(
                keyness >= 0 and p_value between 0 and 1 and q_value >= p_value - 1e-12 and q_value <= 1,
                false)) as broken
        from {batch}"""
