"""Pieces of SQL that several expectations share."""

from __future__ import annotations

# What came since everything was last judged; a row that does not say when it came is always looked at.
FRESH = "(load_id > $since or load_id is null)"
# What an e-mail address looks like, anywhere in a text; domains may be written in any alphabet.
ADDRESS = """[^@<>(),;:" ]+@[^@<>(),;:" ]+[.][^@<>(),;:" .]+"""
# A language tag as BCP 47 writes it: language, perhaps a script, perhaps a region.
TAG = "[a-z][a-z][a-z]?(-[A-Z][a-z][a-z][a-z])?(-([A-Z][A-Z]|[0-9][0-9][0-9]))?"


def own_key(key: str) -> str:
    """Count rows without a key and rows whose key another row has, too."""
    return f"""
        with copies as (
            select {key}, count(*) as copies from {{batch}}
            where $since < 0
                or coalesce({key}, '') in (select coalesce({key}, '') from {{batch}} where {FRESH})
            group by {key})
        select coalesce(sum(copies), 0) as judged,
            coalesce(sum(copies) filter ({key} is null or copies > 1), 0) as broken
        from copies"""


def no_address(*columns: str, where: str = FRESH) -> str:
    """Count rows in which one of the columns holds an e-mail address."""
    found = " or ".join(
        f"coalesce(contains({column}, '@') and regexp_matches({column}, '{ADDRESS}'), false)"
        for column in columns
    )
    return f"select count(*) as judged, count(*) filter ({found}) as broken from {{batch}} where {where}"


def language_tags() -> str:
    """Count languages that are no BCP 47 tags."""
    return f"""
        select count(*) as judged,
            count(*) filter (not regexp_full_match(language, '{TAG}')) as broken
        from {{batch}} where language is not null and {FRESH}"""


def with_response() -> str:
    """Count rows whose response is not there."""
    return f"""
        with fresh as (select response_key from {{batch}} where {FRESH})
        select count(*) as judged,
            count(*) filter (not exists (
                select 1 from marts.responses as responses where responses.response_key = fresh.response_key
            )) as broken
        from fresh"""
