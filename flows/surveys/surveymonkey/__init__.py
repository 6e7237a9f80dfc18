"""SurveyMonkey: from its API (version 3) to responses and definitions, as they came.

Read are the responses of all surveys of a token, or of those named in `surveys`, whatever their status, and
how many of those asked by e-mail or text message answered. Deletions come by webhook only: of these the API
tells only who lists all ids, which costs more the more is stored. Previews come as deleted ones: kept in raw,
counted nowhere. A channel is made of the collector by `channel: "{collector_id}"` with `maps`.

A run costs one request for the list of surveys, one for each survey, one for each hundred responses that are
new. Private apps are allowed 120 a minute and 500 a day; at its limit the tool says how long to wait, and a
wait for the next day ends the source for now.

`surveys`  which surveys there are, and what they ask
`survey`   what is read of one survey, and how far it was read
`walk`     how a page of its responses is asked for
`items`    one response: its envelope, or why it cannot be understood
`hook`     what a webhook delivers
`invitations`  whom a collector asked, and what became of it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.configuration import Source
from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.each import each_survey
from flows.surveys.envelope import Envelope
from flows.surveys.pace import Pace
from flows.surveys.patience import Patience
from flows.surveys.said import checked_base, host_of
from flows.surveys.session import Session
from flows.surveys.surveymonkey.items import DEFAULTS
from flows.surveys.surveymonkey.survey import WIDELY, Survey
from flows.surveys.surveymonkey.surveys import surveys_listed
from flows.surveys.templates import finder_of_members

BASE_URL = "https://api.surveymonkey.com"
HOSTS = (
    "api.surveymonkey.com",
    "api.surveymonkey.net",
    "api.eu.surveymonkey.com",
    "api.surveymonkey.ca",
)
SPACING = 0.5  # seconds; 120 requests a minute are allowed an app
_LIMITS = "x-ratelimit-app-global"
_MENDS = {
    401: "Copy the access token from SurveyMonkey's developer pages again; it may have been revoked.",
    403: "Give the app the scopes surveys_read and responses_read_detail, which take a paid plan. Where the "
    "account lives in another region, set base_url to https://api.eu.surveymonkey.com or "
    "https://api.surveymonkey.ca.",
    404: "Check the survey's id in `surveys`, and base_url.",
}


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Give what may be new of a SurveyMonkey account, page by page.

    A survey that is gone is a warning; one that is refused or cannot be read to its end does not keep the
    others from being read, and is named in the SourceError at the end.
    """
    source = asked.source
    envelope = Envelope(source, DEFAULTS, finder_of_members)
    with opened(source, patience) as session:
        listed = surveys_listed(session)
        ids = list(listed) if source.surveys == "all" else list(dict.fromkeys(source.surveys))
        # Where the day's requests do not do for all, those that were not reached come first the next time.
        ids.sort(key=lambda survey_id: asked.cursors.get((survey_id, WIDELY), ""))
        yield from each_survey(
            asked,
            ids,
            lambda survey_id: Survey(asked, session, envelope, survey_id).pages(listed.get(survey_id)),
        )


def opened(source: Source, patience: Patience | None = None) -> Session:
    """Open the door to an account; raises SourceError for a source that cannot."""
    token = (source.token or "").strip()
    if not token:
        raise SourceError(
            f"source '{source.name}' has no token. Set one, like token: ${{SURVEYMONKEY_TOKEN}}."
        )
    base = checked_base(source.name, source.base_url or BASE_URL).removesuffix("/v3")
    return Session(
        source.name,
        f"{base}/v3",
        {"Authorization": f"bearer {token}"},
        secrets=[token],
        mends=_MENDS,
        pace=Pace(SPACING if host_of(base) in HOSTS else 0.0),
        asks_to_wait=_asks_to_wait,
        patience=patience,
    )


def _asks_to_wait(headers: Mapping[str, str]) -> str | None:
    """Find how many seconds a refusal asks to wait: to the next day where the day's requests are used up."""
    told = {name.lower(): text.strip() for name, text in headers.items()}
    if "retry-after" in told:
        return told["retry-after"]
    span = "day" if told.get(f"{_LIMITS}-day-remaining") == "0" else "minute"
    return told.get(f"{_LIMITS}-{span}-reset")
