"""Files of answers or customers: from a folder to records; only files that are new or have changed.

One cursor per file: its size, the time of its last change, and what it held. A file that looks the same is
not opened; one that was only touched is read once and nothing comes of it; a changed one is read as a whole.
Left out: nothing. A row that cannot be used is a reject with its file and line, a file that cannot be read
fails the source after all others were read, and stays unread.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path

from flows.configuration import Source
from flows.records import Cursor, Page, Reject, Response, SourceError
from flows.surveys.asked import Asked
from flows.surveys.file_columns import odd_columns
from flows.surveys.found import Mark, digest_of, files_of
from flows.surveys.rows_told import Answers, People
from flows.surveys.tables import Empty, Row, Unreadable, opened
from flows.surveys.tables.lines import as_bytes
from flows.surveys.templates import Unfit

_KIND = "file"
_ROWS, _BYTES = 5_000, 8_000_000


def pages(asked: Asked) -> Iterator[Page]:
    """Read what is new in a source's files; raises SourceError for files that cannot be read, at the end."""
    refused = []
    found = list(files_of(asked.source, asked.folder))
    if not found and not asked.cursors:
        said = f"source '{asked.source.name}': no file in {asked.folder} matches '{asked.source.path}'."
        yield Page(warnings=[said])
    for name, path in found:
        try:
            yield from _file(asked, name, path)
        except FileNotFoundError:
            continue  # it was taken away since the folder was listed
        except (Unreadable, OSError) as error:
            said = str(error) if isinstance(error, Unreadable) else f"it cannot be opened ({error.strerror})"
            refused.append(f"source '{asked.source.name}': {name} was not read: {said}.")
    if refused:
        raise SourceError(" ".join(refused))


def _file(asked: Asked, name: str, path: Path) -> Iterator[Page]:
    """Read one file if there is anything new in it; its cursor comes with its last page."""
    known = Mark.read(asked.cursors.get((name, _KIND)))
    before = Mark.of(path)
    if before.looks_like(known) and not asked.since:
        return
    mark = Mark(before.size, before.changed_ns, digest_of(path))
    last = Page()
    if known is None or mark.digest != known.digest or asked.since:
        last = yield from _read(asked.source, name, path)
    if _is_still(path, mark):
        last.cursors.append(Cursor(name, _KIND, str(mark)))
    else:
        said = f"source '{asked.source.name}': {name} changed while it was read; it is read again next time."
        last.warnings.append(said)
    yield last


def _is_still(path: Path, mark: Mark) -> bool:
    try:
        return Mark.of(path).looks_like(mark)
    except FileNotFoundError:
        return False


def _read(source: Source, name: str, path: Path) -> Generator[Page, None, Page]:
    """Give a file's pages but the last, which is returned."""
    page = Page(scope=name)
    try:
        table = opened(path)
    except Empty:
        page.warnings.append(f"source '{source.name}': {name} is empty.")
        return page
    columns = table.header if table.has_header else None
    if columns is not None:
        page.warnings.extend(
            f"source '{source.name}': {name} {said}" for said in odd_columns(source, columns)
        )
    maker = (People if source.holds == "customers" else Answers)(source, columns)
    size = 0
    for row in table.rows:
        size += _take(page, row, maker, f"{name}, {table.unit} {row.place}")
        if size >= _BYTES or len(page.responses) + len(page.customers) + len(page.rejects) >= _ROWS:
            yield page
            page, size = Page(scope=name), 0
    return page


def _take(page: Page, row: Row, maker: Answers | People, place: str) -> int:
    """Put what a row tells on the page; gives about how many bytes that are."""
    if row.cells is None:
        page.rejects.append(Reject(maker.survey_id, f"{place}: {row.reason}.", as_bytes(row.text)))
        return len(row.text)
    if not row.cells:
        return 0
    try:
        record = maker.record(row.cells)
    except Unfit as error:
        payload = as_bytes(row.text or json.dumps(row.cells, ensure_ascii=False))
        survey_id, response_id = maker.names_of(row.cells)
        page.rejects.append(Reject(survey_id, f"{place}: {error}.", payload, response_id))
        return len(payload)
    if isinstance(record, Response):
        page.responses.append(record)
        return len(record.payload)
    page.customers.append(record)
    return 200
