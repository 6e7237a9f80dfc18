"""The tools we ask: records out of HTTP or files; one module per tool, nothing is written here.

`session`       the one HTTP call under all tools: patience, limits, no secrets in what is said
`templates`     what the configuration's templates (`{hidden.customer}`) make of a record
`by_time`       a list by time of change, page by page, whatever is edited meanwhile
`listings`      a page of records, taken apart; `told` one record; `each` survey after survey
`gone`          surveys that are not listed any more
`signatures`    whether a webhook's delivery comes from its tool: handed to the desk
`events`        what was delivered, before and after what is pulled; `heard` what one delivery says
`delighted`     what its users kept when it closed: saved JSON, CSV
`formbricks`    surveys and their responses
`hubspot`       feedback submissions
`limesurvey`    surveys and their responses, by RemoteControl
`mopinion`      datasets and their feedback, by signed requests
`qualtrics`     surveys, and the exports of their responses
`surveymonkey`  surveys and their responses
`typeform`      forms and their responses
`zendesk`       satisfaction ratings, and answers to satisfaction surveys
`files`         CSV, JSON lines, Parquet, Excel; answers or customers

A tool is one function, `pages(asked)`: it yields `Page`s of records. The rows of a page and its cursors are
written together, so a cursor may be yielded only with or after the rows it stands for. Where the hashes of
its responses stand for bytes, a second one, `says(payload)`, gives what these say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from flows.records import Page
from flows.surveys.asked import Asked

# One line a tool.
READERS = {
    "files": "flows.surveys.files",
    "delighted": "flows.surveys.delighted",
    "formbricks": "flows.surveys.formbricks",
    "hubspot": "flows.surveys.hubspot",
    "limesurvey": "flows.surveys.limesurvey",
    "mopinion": "flows.surveys.mopinion",
    "qualtrics": "flows.surveys.qualtrics",
    "surveymonkey": "flows.surveys.surveymonkey",
    "typeform": "flows.surveys.typeform",
    "zendesk": "flows.surveys.zendesk",
}

__all__ = ["READERS", "Asked", "pages", "says_of"]


def pages(asked: Asked) -> Iterator[Page]:
    """Ask a source for what may be new; raises SourceError when it cannot be read (any further)."""
    reader = import_module(READERS[asked.source.tool])
    found: Iterator[Page] = reader.pages(asked)
    return found


def says_of(tool: str) -> Callable[[bytes], object] | None:
    """Give what tells whether two payloads of a tool say the same; None where equal hashes say so already."""
    says: Callable[[bytes], object] | None = getattr(import_module(READERS[tool]), "says", None)
    return says
