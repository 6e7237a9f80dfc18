"""Qualtrics: from its API v3 to responses and definitions, as they came.

Read are all surveys that a token may see, or those named in `surveys`: what they ask, the responses that are
still open, the recorded ones (closed unfinished ones among them), and whom they were sent to. Reading
responses is an export: a job is started, asked for until it is done, and its packed file fetched and unpacked
line by line.
Previews, tests and spam are set aside, as no customer gave them. Left out are deletions, of which the tool
leaves no trace in its exports, and contact lists.

`surveys`      which surveys there are, and what they ask
`survey`       what is read of one survey, in which order, and how far it was read
`export`       one export job: start, wait, fetch
`unpacked`     the file of an export, line by line, within limits
`items`        one response: its envelope, or why it cannot be understood
`hook`         what a webhook delivers
`invitations`  whom a survey was sent to, and what became of it
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flows.configuration import Source
from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.each import each_survey
from flows.surveys.envelope import Envelope
from flows.surveys.pace import Pace
from flows.surveys.patience import Patience
from flows.surveys.qualtrics.export import POLL, POLL_ELSEWHERE, Export
from flows.surveys.qualtrics.invitations import DISTRIBUTIONS, invitations_page
from flows.surveys.qualtrics.items import DEFAULTS, finder
from flows.surveys.qualtrics.survey import Survey
from flows.surveys.qualtrics.surveys import Listed, definition_page, elements_of, surveys_listed
from flows.surveys.said import checked_base, host_of
from flows.surveys.session import Session
from flows.surveys.trouble import Oversized, Refused, Unfinished

OWN = ".qualtrics.com"
SPACING = 0.1  # seconds; the tool publishes no limit
LIMIT_WAIT = 5.0  # seconds
AT_ONCE = (
    3  # surveys: nearly all of the time goes by in waiting for the tool's jobs, and it bears few at a time
)
_MENDS = {
    400: "This is not what the tool's documentation tells.",
    401: "Make an API token in Qualtrics' account settings, under Qualtrics IDs, and set it as this source's "
    "token. Check there that data_center is the account's own.",
    403: "Give the token's user the right to access the API, and access to this survey.",
    404: "Check the survey's id in `surveys`, and data_center.",
}
_CENTER = re.compile(r"[A-Za-z0-9-]+([.][A-Za-z0-9-]+)?")
_API = re.compile(r"(/API(/v[0-9]+)?)?/*$", re.IGNORECASE)


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Give what may be new in a Qualtrics account, page by page.

    A survey that is gone is a warning; one that is refused or cannot be read to its end does not keep the
    others from being read, and is named in the SourceError at the end.
    """
    source, patience = asked.source, patience or Patience()
    host = host_of(_base(source))
    pace = Pace(SPACING if host.endswith(OWN) else 0.0)
    if source.surveys == "all":
        with opened(source, patience, pace) as session:
            listed = surveys_listed(session, host)
    else:
        listed = [Listed(one, None) for one in dict.fromkeys(source.surveys)]
    yield from _surveys(_Account(asked, host, patience, pace), listed)


def opened(source: Source, patience: Patience, pace: Pace | None = None) -> Session:
    """Open the door to an account; raises SourceError for a source that cannot."""
    token = (source.token or "").strip()
    if not token:
        raise SourceError(f"source '{source.name}' has no token. Set one, like token: ${{QUALTRICS_TOKEN}}.")
    base = _base(source)
    return Session(
        source.name,
        base,
        {"X-API-TOKEN": token},
        secrets=[token],
        mends=_MENDS,
        pace=pace,
        limit_wait=LIMIT_WAIT,
        patience=patience,
    )


def _base(source: Source) -> str:
    """Give the address before all paths: base_url, else that of the data centre; raises SourceError."""
    if source.base_url:
        return _API.sub("", checked_base(source.name, source.base_url))
    center = (source.data_center or "").strip().removesuffix(OWN)
    if not _CENTER.fullmatch(center):
        raise SourceError(
            f"source '{source.name}' has no data_center, or one that can be none. Qualtrics shows it under "
            "Account Settings, Qualtrics IDs; set it like data_center: fra1."
        )
    return f"https://{center}{OWN}"


@dataclass(frozen=True, slots=True)
class _Account:
    """Carry what all surveys of an account are read with."""

    asked: Asked
    host: str
    patience: Patience
    pace: Pace


def _surveys(account: _Account, listed: list[Listed]) -> Iterator[Page]:
    envelope = Envelope(account.asked.source, DEFAULTS, finder)
    by_id = {one.survey_id: one for one in listed}

    def read(survey_id: str) -> Iterator[Page]:
        # A session of its own: whoever falls silent is cut off, and nobody else.
        with opened(account.asked.source, account.patience, account.pace) as session:
            yield from _survey(account, session, envelope, by_id[survey_id])

    yield from each_survey(account.asked, by_id, read, at_once=AT_ONCE)


def _survey(account: _Account, session: Session, envelope: Envelope, listed: Listed) -> Iterator[Page]:
    asked, survey_id = account.asked, listed.survey_id
    yield from definition_page(asked, session, listed)
    poll = POLL if account.host.endswith(OWN) else POLL_ELSEWHERE
    export = Export(session, survey_id, account.patience, poll)
    try:
        yield from Survey(asked, export, envelope, survey_id).pages()
    except Oversized as fault:  # of this survey's file
        raise Unfinished(str(fault)) from None
    if not asked.since:
        yield from _invitations(account, session, survey_id)


def _invitations(account: _Account, session: Session, survey_id: str) -> Iterator[Page]:
    params = {"surveyId": survey_id}
    try:
        found = elements_of(session, account.host, DISTRIBUTIONS, params)
    except Refused as refused:
        if refused.status == 401:
            raise
        # Not every account may read them; what people answered is read all the same.
        yield Page(warnings=[str(refused)])
        return
    page = invitations_page(survey_id, list(found.values()))
    if page.invitations or page.rejects:
        yield page
