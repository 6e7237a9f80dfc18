"""Zendesk: customer satisfaction about tickets, in both of its models, to responses and definitions.

An account has satisfaction ratings (good or bad, the older model) or answers to surveys (CSAT with a scale),
or both after it moved from one to the other; so both are asked for, and one that the account does not have
may refuse. Who answered, in which language and over which channel, is looked up for a page of answers at a
time. Left out are surveys that were sent and not answered, and deletions, which the API does not tell of.

`ratings`  the older model: one record each time a customer rates a ticket
`answers`  the newer one: answers to surveys, which may be given and changed for a month
`surveys`  what these surveys ask
`items`    one record: its envelope, or why it cannot be understood
`people`   the users and tickets that records name
`hook`     what a webhook delivers
`walk`     any of Zendesk's lists, page behind page
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

from flows.configuration import Source
from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.pace import Pace
from flows.surveys.patience import Patience
from flows.surveys.said import checked_base, host_of
from flows.surveys.session import Session
from flows.surveys.templates import finder_of_members
from flows.surveys.trouble import Refused, Unfinished
from flows.surveys.zendesk import answers, ratings
from flows.surveys.zendesk.items import DEFAULTS
from flows.surveys.zendesk.people import People

SPACING = 0.3  # seconds; the smallest plan is allowed 200 requests a minute
_MENDS = {
    401: "Check email and token: the token is one of the Zendesk API, the e-mail address that of its owner.",
    403: "Only administrators may read satisfaction: take the token of one, and check that the plan has it.",
    404: "Check subdomain or base_url, and that the account uses customer satisfaction.",
}


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Give what may be new of a Zendesk account, page by page; raises SourceError.

    A model that refuses and was never read is one that the account does not have, if the other answers.
    """
    envelope = envelope_of(asked.source)
    with opened(asked.source, patience) as session:
        yield from _both(asked, session, envelope)


def envelope_of(source: Source) -> Envelope:
    """Give what fills the fields of a response; raises SourceError for templates that cannot be used."""
    # `email` names whose token it is; the address of who answered is looked up.
    return Envelope(source.model_copy(update={"email": None}), DEFAULTS, finder_of_members)


def opened(source: Source, patience: Patience | None = None) -> Session:
    """Open the door to an account; raises SourceError for a source that cannot."""
    token = (source.token or "").strip()
    if not token:
        raise SourceError(f"source '{source.name}' has no token. Set one, like token: ${{ZENDESK_TOKEN}}.")
    base = checked_base(source.name, _address(source)).removesuffix("/api/v2")
    opening = _opening((source.email or "").strip(), token)
    return Session(
        source.name,
        f"{base}/api/v2",
        {"Authorization": opening},
        secrets=[token, opening.partition(" ")[2]],
        mends=_MENDS,
        pace=Pace(SPACING if host_of(base).endswith(".zendesk.com") else 0.0),
        patience=patience,
    )


def _both(asked: Asked, session: Session, envelope: Envelope) -> Iterator[Page]:
    people = People(session)
    named = None if asked.source.surveys == "all" else set(asked.source.surveys)
    readers: list[tuple[str, Callable[..., Iterator[Page]]]] = []
    if named is None or ratings.SURVEY in named:
        readers.append((ratings.KIND, ratings.pages))
    if named is None or named - {ratings.SURVEY}:
        readers.append((answers.KIND, answers.pages))
    absent: list[Refused] = []
    faults: list[str] = []
    for kind, read in readers:
        was_read = any(noted == kind for _, noted in asked.cursors)
        try:
            for page in read(asked, session, envelope, people):
                was_read = True  # what is refused behind a page is no model that the account lacks
                yield page
        except Refused as refused:
            if refused.status == 401:
                raise
            if refused.status in (403, 404) and not was_read:
                absent.append(refused)
            else:
                faults.append(str(refused))
        except Unfinished as unfinished:
            faults.append(str(unfinished))
    if len(absent) == len(readers):
        raise absent[0]
    if faults:
        raise SourceError(" ".join(faults))


def _address(source: Source) -> str:
    if source.base_url:
        return source.base_url
    subdomain = (source.subdomain or "").strip()
    if not subdomain.replace("-", "").isalnum():
        raise SourceError(
            f"source '{source.name}': subdomain is '{subdomain}'. Write what stands before .zendesk.com "
            "in the address of the account, like subdomain: acme."
        )
    return f"https://{subdomain}.zendesk.com"


def _opening(email: str, token: str) -> str:
    """Open the door with a token of the API and its owner's address, or with one of OAuth, which has none."""
    if not email:
        return f"Bearer {token}"
    return "Basic " + base64.b64encode(f"{email}/token:{token}".encode()).decode()
