"""What must hold of the mart `comment_themes`: themes of the programme in comments that are there."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold
from expectations.phrases import FRESH


class EveryThemeStandsOnceByItsComment(MustHold):
    description: str = "No theme stands twice by one comment."
    severity = CRITICAL
    things: ClassVar[str] = "themes of comments"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        with copies as (
            select count(*) as copies from {{batch}}
            where $since < 0 or comment_key in (select comment_key from {{batch}} where {FRESH})
            group by comment_key, theme_id)
        select coalesce(sum(copies), 0) as judged,
            coalesce(sum(copies) filter (copies > 1), 0) as broken
        from copies"""


class EveryThemeIsInTheProgramme(MustHold):
    description: str = "Every theme of a comment is in the themes table."
    severity = CRITICAL
    things: ClassVar[str] = "themes of comments"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        select count(*) as judged,
            count(*) filter (not coalesce(theme_id in (select theme_id from marts.themes), false)) as broken
        from {{batch}} where {FRESH}"""


class EveryThemeBelongsToAComment(MustHold):
    description: str = "Every theme belongs to a comment that is there, and to its response."
    severity = CRITICAL
    things: ClassVar[str] = "themes of comments"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        with fresh as (select comment_key, response_key from {{batch}} where {FRESH})
        select count(*) as judged, count(*) filter (comments.comment_key is null) as broken
        from fresh
        left join marts.comments as comments using (comment_key, response_key)"""


class NoThemeIsFoundInNearlyEveryComment(MustHold):
    description: str = "No pattern of a theme is so wide that it finds something in nine of ten comments."
    severity = WARNING
    things: ClassVar[str] = "themes in a language of 100 comments or more"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with spoken as (
            select coalesce(language, 'unknown') as language, count(*) as comments
            from marts.comments where text is not null group by all having count(*) >= 100),
        found as (
            select coalesce(comments.language, 'unknown') as language, told.theme_id, count(*) as found
            from {batch} as told
            inner join marts.comments as comments on told.comment_key = comments.comment_key
            where comments.text is not null group by all)
        select count(*) as judged, count(*) filter (found > 0.9 * comments) as broken,
            string_agg(theme_id || ' (' || language || ')', ', ' order by theme_id, language)
                filter (found > 0.9 * comments) as observed
        from found inner join spoken using (language)"""
