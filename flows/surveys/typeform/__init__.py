"""Typeform: from its Responses API to responses and definitions, as they came.

Read are completed and partial responses of all forms of a token, or of those named in `surveys`. Left out are
those only started, and deletions, which the API does not tell of.

`forms`      which forms there are, and what they ask
`survey`     what is read of one form, in which order, and how far it was read
`walk`       one list of responses, newest first, page by page, to be resumed anywhere
`listings`   a page of responses and the counts told with it
`items`      one response: its envelope, or why it cannot be understood
`saying`     what a response says, in whatever order it was told
`hook`       what a webhook delivers
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.each import each_survey
from flows.surveys.pace import Pace
from flows.surveys.patience import Patience
from flows.surveys.said import checked_base, host_of
from flows.surveys.session import Session
from flows.surveys.typeform.forms import form_ids
from flows.surveys.typeform.items import Reader
from flows.surveys.typeform.saying import says
from flows.surveys.typeform.survey import Survey

BASE_URL = "https://api.typeform.com"
HOSTS = ("api.typeform.com", "api.eu.typeform.com", "api.typeform.eu")
__all__ = ["pages", "says"]

SPACING = 0.5  # seconds; two requests a second are allowed an account
_MENDS = {
    401: "Make a personal token in Typeform's account settings and set it as this source's token.",
    402: "Typeform's plan does not include this.",
    403: "Give the token the scopes forms:read and responses:read and access to this form's workspace, "
    "or name under `surveys` only forms it may read.",
    404: "Check the form's id in `surveys`, and base_url.",
}


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Give what may be new of a Typeform account, page by page.

    A form that is gone is a warning; one that is refused or cannot be read to its end does not keep the
    others from being read, and is named in the SourceError at the end.
    """
    source, token = asked.source, (asked.source.token or "").strip()
    if not token:
        raise SourceError(f"source '{source.name}' has no token. Set one, like token: ${{TYPEFORM_TOKEN}}.")
    base = checked_base(source.name, source.base_url or BASE_URL)
    reader = Reader(source)
    spacing = SPACING if host_of(base) in HOSTS else 0.0
    opened = Session(
        source.name,
        base,
        {"Authorization": f"Bearer {token}"},
        secrets=[token],
        mends=_MENDS,
        pace=Pace(spacing),
        patience=patience,
    )
    with opened as session:
        yield from _surveys(asked, session, reader, host_of(base))


def _surveys(asked: Asked, session: Session, reader: Reader, host: str) -> Iterator[Page]:
    ids = form_ids(session) if asked.source.surveys == "all" else list(dict.fromkeys(asked.source.surveys))
    yield from each_survey(asked, ids, lambda one: Survey(asked, session, reader, one).pages(host))
