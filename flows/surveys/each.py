"""The surveys of one account: what keeps one of them from being read does not keep the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import chain

from flows.ahead import abreast
from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.gone import gone_from
from flows.surveys.trouble import Refused, Unfinished

Read = Callable[[str], Iterator[Page]]


def each_survey(asked: Asked, ids: Collection[str], read: Read, *, at_once: int = 1) -> Iterator[Page]:
    """Give the pages that `read` makes of each survey; one that is gone (404, 410, unlisted) is a warning.

    One that is refused or has no end is named in the SourceError at the end; a secret that does not open the
    door (401) ends it all at once, as does a tool that does not answer. Surveys are read one after another,
    as most tools allow an account fewer requests than one reader makes; or so many `at_once`, in threads.
    """
    yield from gone_from(asked, ids)
    careful = [_careful(read, survey_id) for survey_id in ids]
    faults: list[str] = []
    is_abreast = min(at_once, len(ids)) > 1
    for told in abreast(careful, at_once) if is_abreast else chain.from_iterable(careful):
        if isinstance(told, Page):
            yield told
        else:
            faults.append(told)
    if faults:
        more = f" And {len(faults) - 3} more like these." if len(faults) > 3 else ""
        raise SourceError(" ".join(faults[:3]) + more)


def _careful(read: Read, survey_id: str) -> Iterator[Page | str]:
    """Give a survey's pages and, where it could not be read to its end, why."""
    try:
        yield from read(survey_id)
    except Refused as refused:
        if refused.status == 401:
            raise
        yield Page(warnings=[str(refused)]) if refused.status in (404, 410) else str(refused)
    except Unfinished as unfinished:
        yield str(unfinished)
