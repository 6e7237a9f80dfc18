"""Formbricks: from its Management API to responses and definitions, as they came.

Read are all surveys that a key may see, or those named in `surveys`: their definitions (API v1, as v2 has
none) and their responses (API v2), unfinished ones among them. The API keeps finished and unfinished ones in
one list, ordered by their last change, so one cursor a survey serves both.
Left out are tags, and deletions: a deleted response leaves no
trace in the API. A row that is imported with a last change in the past lies behind the cursor and is found by
`collect --source NAME --since DATE` only.

`surveys`    which surveys there are, and what they ask
`walk`       the responses of one survey, oldest change first, to be resumed anywhere
`items`      one response: its envelope, or why it cannot be understood
`hook`       what a webhook delivers
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.each import each_survey
from flows.surveys.envelope import Envelope
from flows.surveys.formbricks.items import DEFAULTS, finder
from flows.surveys.formbricks.surveys import Listed, definition_page, surveys_listed
from flows.surveys.formbricks.walk import responses_of
from flows.surveys.pace import Pace
from flows.surveys.patience import Patience
from flows.surveys.said import checked_base, host_of
from flows.surveys.session import Session
from flows.surveys.trouble import Refused, Unfinished

BASE_URL = "https://app.formbricks.com"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SPACING = 0.65  # seconds; a hundred requests a minute are allowed a key, also by default on own servers
LIMIT_WAIT = 60.0  # seconds; a 429 of v1 and v2 does not say how long
_MENDS = {
    401: "Make an API key in Formbricks' organisation settings that may read this workspace, and set "
    "it as this source's token. Formbricks says 401 for a wrong key and for a missing right alike.",
    403: "Give the API key the right to read this survey's workspace.",
    404: "Check the survey's id in `surveys`, and base_url.",
}
_API = re.compile(r"/api(/v[0-9]+)?(/management)?/*$")


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Give what may be new in a Formbricks account, page by page.

    A survey that is gone is a warning; one that is refused or cannot be read to its end does not keep the
    others from being read, and is named in the SourceError at the end.
    """
    source, token = asked.source, (asked.source.token or "").strip()
    if not token:
        raise SourceError(f"source '{source.name}' has no token. Set one, like token: ${{FORMBRICKS_TOKEN}}.")
    base = _API.sub("", checked_base(source.name, source.base_url or BASE_URL))
    envelope = Envelope(source, DEFAULTS, finder)
    opened = Session(
        source.name,
        base,
        {"x-api-key": token},
        secrets=[token],
        mends=_MENDS,
        pace=Pace(0.0 if host_of(base).rpartition(":")[0] in LOOPBACK else SPACING),
        limit_wait=LIMIT_WAIT,
        patience=patience,
    )
    with opened as session:
        if source.surveys == "all":
            listed = surveys_listed(session)
        else:
            listed = [Listed(one, None) for one in dict.fromkeys(source.surveys)]
        by_id = {one.survey_id: one for one in listed}

        def read(survey_id: str) -> Iterator[Page]:
            try:
                yield from definition_page(asked, session, by_id[survey_id])
                yield from responses_of(asked, session, envelope, survey_id)
            except Refused as refused:
                if refused.status != 401:
                    raise
                # The list came, or was not asked for: this survey's workspace may be the only one refused.
                raise Unfinished(str(refused)) from None

        yield from each_survey(asked, by_id, read)
