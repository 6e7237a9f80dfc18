"""Mopinion: from its Data API to responses (it says feedback) and definitions, as they came.

A survey here is a dataset, one form within a report. Read is the feedback of all datasets that the keys may
see, or of those named in `surveys`; a report's id there stands for its datasets. Every row counts as
complete, as the API tells of no other. Left out are deployments, and deletions, which it does not tell of.

Requests are signed with a token that a first request, made with both keys, brings. Times come without a zone,
often as a day alone: set the source's `timezone` to that of the account.

`signed`    the signature, and the token behind it
`datasets`  which datasets there are, and what they ask
`feedback`  what is read of one dataset, and how far it was read
`walk`      one list of feedback, page by page
`items`     one row: its answers and envelope, or why it cannot be understood
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.each import each_survey
from flows.surveys.envelope import Envelope
from flows.surveys.mopinion.datasets import Dataset, datasets_of, named
from flows.surveys.mopinion.feedback import Feedback
from flows.surveys.mopinion.items import DEFAULTS, finder
from flows.surveys.mopinion.signed import Client, Signature
from flows.surveys.pace import Pace
from flows.surveys.patience import Patience
from flows.surveys.said import checked_base, host_of
from flows.surveys.session import Session

BASE_URL = "https://api.mopinion.com"
HOSTS = ("api.mopinion.com",)
SPACING = 0.25  # seconds; no limit is documented, so this is politeness
_MENDS = {
    401: "Copy public and private key again from Mopinion (Integrations, Feedback API) and set them as this "
    "source's public_key and private_key.",
    403: "Give the keys an access group that holds this report, or none, which means all reports.",
    404: "Check the dataset's id in `surveys`, and base_url; keys with an access group see no other reports.",
}


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Give what may be new of a Mopinion account, page by page.

    A dataset that is gone is a warning; one that is refused or has no end does not keep the others from being
    read, and is named in the SourceError at the end.
    """
    source = asked.source
    public, private = (source.public_key or "").strip(), (source.private_key or "").strip()
    if not public or not private:
        missing = "private_key" if public else "public_key"
        raise SourceError(
            f"source '{source.name}' has no {missing}. Set both, like "
            f"{missing}: ${{MOPINION_{missing.upper()}}}."
        )
    base = checked_base(source.name, source.base_url or BASE_URL)
    signature = Signature(public, private, base)
    envelope = Envelope(source, DEFAULTS, finder)
    opened = Session(
        source.name,
        base,
        signature,
        secrets=[private, f"{public}:{private}"],
        mends=_MENDS,
        pace=Pace(SPACING if host_of(base) in HOSTS else 0.0),
        patience=patience,
    )
    with opened as session:
        client = Client(session, signature)
        client.fetch_token()
        known = datasets_of(client)
        chosen = list(known) if source.surveys == "all" else named(source.surveys, known)

        def read(dataset_id: str) -> Iterator[Page]:
            dataset = known.get(dataset_id) or Dataset(dataset_id)
            return Feedback(asked, client, envelope, dataset).pages()

        yield from each_survey(asked, chosen, read)
