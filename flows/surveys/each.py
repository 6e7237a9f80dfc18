"""Survey after survey of one account: what keeps one of them from being read does not keep the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.gone import gone_from
from flows.surveys.trouble import Refused, Unfinished


def each_survey(asked: Asked, ids: Collection[str], read: Callable[[str], Iterator[Page]]) -> Iterator[Page]:
    """Give the pages that `read` makes of each survey; one that is gone (404, 410, unlisted) is a warning.

    One that is refused or has no end is named in the SourceError at the end; a secret that does not open the
    door (401) ends it all at once, as does a tool that does not answer.
    """
    yield from gone_from(asked, ids)
    faults: list[str] = []
    for survey_id in ids:
        try:
            yield from read(survey_id)
        except Refused as refused:
            if refused.status in (404, 410):
                yield Page(warnings=[str(refused)])
                continue
            if refused.status == 401:
                raise
            faults.append(str(refused))
        except Unfinished as unfinished:
            faults.append(str(unfinished))
    if faults:
        more = f" And {len(faults) - 3} more like these." if len(faults) > 3 else ""
        raise SourceError(" ".join(faults[:3]) + more)
