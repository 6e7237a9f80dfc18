"""HubSpot: feedback submissions (NPS, CSAT, CES, custom surveys) to responses, with the account's properties.

All surveys of an account are one list of one kind of object; `hs_survey_id` tells them apart. It is read by
search, which finds what changed, edits included; deleted ones are listed apart. Left out are contacts: a
submission names its contact and its address. What a submission says depends on which properties are asked
for, so all are.

`submissions`  the walk by time of change, and the deleted ones
`properties`   which properties submissions have, and what these are called
`items`        one submission: its envelope, or why it cannot be understood
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.hubspot.items import DEFAULTS
from flows.surveys.hubspot.properties import properties_page
from flows.surveys.hubspot.submissions import ALL, Submissions
from flows.surveys.pace import Pace
from flows.surveys.patience import Patience
from flows.surveys.said import checked_base, host_of
from flows.surveys.session import Session
from flows.surveys.templates import finder_of_members
from flows.surveys.trouble import Unfinished

BASE_URL = "https://api.hubapi.com"
SPACING = 0.25  # seconds; an account may search four or five times a second
_MENDS = {
    401: "Copy the token of the private app in HubSpot's settings again.",
    403: "Give the private app the scopes crm.objects.feedback_submissions.read and "
    "crm.objects.contacts.read; the account needs Service Hub Professional or higher.",
    404: "Check base_url; the account needs Service Hub Professional or higher.",
}


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Give what may be new of a HubSpot account's submissions, page by page; raises SourceError."""
    source, token = asked.source, (asked.source.token or "").strip()
    if not token:
        raise SourceError(f"source '{source.name}' has no token. Set one, like token: ${{HUBSPOT_TOKEN}}.")
    base = checked_base(source.name, source.base_url or BASE_URL).removesuffix("/crm/v3")
    envelope = Envelope(source, DEFAULTS, finder_of_members)
    opened = Session(
        source.name,
        f"{base}/crm/v3",
        {"Authorization": f"Bearer {token}"},
        secrets=[token],
        mends=_MENDS,
        pace=Pace(SPACING if host_of(base) == host_of(BASE_URL) else 0.0),
        patience=patience,
    )
    with opened as session:
        page, names = properties_page(session)
        yield page
        yield from _read(asked, Submissions(asked, session, envelope, names))


def _read(asked: Asked, submissions: Submissions) -> Iterator[Page]:
    named = None if asked.source.surveys == "all" else list(dict.fromkeys(asked.source.surveys))
    faults = []
    for survey_id in [ALL] if named is None else named:
        try:
            yield from submissions.pages(survey_id)
        except Unfinished as unfinished:  # the other surveys are read all the same
            faults.append(str(unfinished))
    yield from submissions.deleted(named)
    if faults:
        raise SourceError(" ".join(faults))
