"""Delighted, which closed on 30 June 2026: from files that its users kept to responses; no tool is asked.

`path` names files, by glob, or a folder of them: pages of `survey_responses.json` and `people.json` as the
API gave them (an array, an object, or an object a line), logs of webhooks, tables that a loader made of the
API, and the CSV of the web application. A source is a project, a survey is one of its kinds of survey (`nps`,
`csat` …). Left out are unsubscribes, bounces and metrics.

The same response may stand in many files, in many states: the one changed last counts, whichever file was
read last. So all files are read again when one of them is new or changed; what is known already makes nothing
new. Scales are not in the data: nps has 0 to 10, others want `scale_min` and `scale_max` in `questions.csv`.

`saved`    the objects of a file, whatever kind of file it is
`columns`  rows of a table in the API's own shape
`items`    one response: its answers and envelope, or why it cannot be understood
`answers`  what it answers, and what its survey was sent with
`summary`  what was found, for who compares it with the last report
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from flows.configuration import Source
from flows.records import Cursor, Page, Reject, SourceError
from flows.surveys.asked import Asked
from flows.surveys.delighted.items import Maker
from flows.surveys.delighted.saved import is_person, objects_of
from flows.surveys.delighted.summary import Summary
from flows.surveys.found import Mark, files_of
from flows.surveys.patience import Patience
from flows.surveys.tables import Empty, Unreadable

_KIND = "files"
_ROWS = 2_000


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Read a project's files where any is new; those that cannot be read are a SourceError at the end."""
    source, refused = asked.source, []
    files = dict(files_of(_within(source, asked.folder), asked.folder))
    position = _position(files)
    if not files:
        yield Page(warnings=[f"source '{source.name}': no file in {asked.folder} matches '{source.path}'."])
    if not files or (position == asked.cursors.get(("", _KIND)) and not asked.since):
        return
    maker, summary = Maker(source), Summary(source)
    for name, path in list(files.items()):
        try:
            for saved in objects_of(path, source):
                maker.note(saved, (name, saved.place))
        except (Unreadable, OSError) as error:
            if not isinstance(error, Empty):
                said = (
                    str(error) if isinstance(error, Unreadable) else f"it cannot be opened ({error.strerror})"
                )
                refused.append(f"source '{source.name}': {name} was not read: {said}.")
            del files[name]
    for name, path in files.items():
        yield from _file(name, path, maker, summary)
    page = Page(definitions=maker.definitions(), warnings=summary.sentences(len(files)))
    if (
        not refused
        and not asked.since
        and position == _position(dict(files_of(_within(source, asked.folder), asked.folder)))
    ):
        page.cursors.append(Cursor("", _KIND, position))
    yield page
    if refused:
        raise SourceError(" ".join(refused))


def _file(name: str, path: Path, maker: Maker, summary: Summary) -> Iterator[Page]:
    """Give the responses of a file that stand in no other in a newer state."""
    page = Page(scope=name)
    for saved in objects_of(path, maker.source):
        if is_person(saved.item) or not maker.counts(saved, (name, saved.place)):
            continue
        made = maker.made(saved, f"{name}, {saved.place}")
        if isinstance(made, Reject):
            page.rejects.append(made)
        else:
            page.responses.append(made)
            summary.count(made, saved)
        if len(page.responses) + len(page.rejects) >= _ROWS:
            yield page
            page = Page(scope=name)
    yield page


def _within(source: Source, folder: Path) -> Source:
    """Let a folder stand for all files in it; raises SourceError when there is no `path`."""
    if not source.path:
        raise SourceError(
            f"source '{source.name}' has no path. Name the files kept of Delighted, like path: delighted/."
        )
    if (folder / Path(source.path).expanduser()).is_dir():
        return source.model_copy(update={"path": f"{source.path.rstrip('/')}/**/*"})
    return source


def _position(files: dict[str, Path]) -> str:
    """Say in 32 digits which files there are and when each was last changed."""
    marks = []
    for name, path in files.items():
        try:
            marks.append(f"{name}\0{Mark.of(path)}")
        except OSError:
            marks.append(name)
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:32]
