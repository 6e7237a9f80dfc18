"""What must hold of the mart `responses`."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold
from expectations.phrases import FRESH, language_tags, no_address, own_key


class ResponsesAreThereWhenRawHasSome(MustHold):
    description: str = "There are responses when survey tools have told us of some."
    severity = CRITICAL
    things: ClassVar[str] = "responses in raw missing because the mart is empty"
    # Looked for in raw itself: staging may be what is wrong.
    query: str = """
        with told as (
            select arg_max(is_deleted, (load_id, sequence)) as is_deleted
            from raw.responses where not exists (select 1 from {batch})
            group by source_name, survey_id, response_id)
        select (select count(*) from raw.responses where not coalesce(is_deleted, false)) as judged,
            (select count(*) from told where not coalesce(is_deleted, false)) as broken"""


class NoResponseIsLostOnTheWay(MustHold):
    description: str = "Every response that was understood and not deleted is in the mart, and no other."
    severity = CRITICAL
    things: ClassVar[str] = "responses"
    query: str = """
        with standing as (
            select count(*) as standing from staging.stg_raw__responses
            where quarantine_reason is null and not is_deleted),
        present as (select count(*) as present from {batch})
        select greatest(standing, present) as judged, abs(standing - present) as broken
        from standing, present"""


class EveryResponseHasItsOwnKey(MustHold):
    description: str = "Every response has a key, and no two have the same."
    severity = CRITICAL
    things: ClassVar[str] = "responses"
    query: str = own_key("response_key")


class EveryResponseSaysWhen(MustHold):
    description: str = "Every response says when it was submitted."
    severity = CRITICAL
    things: ClassVar[str] = "responses"
    query: str = f"""
        select count(*) as judged, count(*) filter (submitted_at is null) as broken
        from {{batch}} where {FRESH}"""


class NoResponseComesFromTheFuture(MustHold):
    description: str = "No response is dated more than 24 hours from now."
    severity = WARNING
    things: ClassVar[str] = "responses"
    query: str = """
        select count(*) as judged,
            count(*) filter (submitted_at > (select now from computed.settings) + interval 24 hour) as broken
        from {batch}"""


class NoIdOfAResponseIsAnAddress(MustHold):
    description: str = "No id, segment or channel of a response holds an e-mail address."
    severity = CRITICAL
    things: ClassVar[str] = "responses"
    query: str = no_address("customer_id", "account_id", "response_id", "segment", "persona", "channel")


class EveryLanguageIsATag(MustHold):
    description: str = "Every language of a response is a language tag (BCP 47)."
    severity = WARNING
    things: ClassVar[str] = "responses with a language"
    query: str = language_tags()
