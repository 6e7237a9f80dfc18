"""Whether each source can be read: its secrets, its files and their columns, its access."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.configuration import Source
from flows.drafts.samples import first_rows
from flows.programme.cells import nearest
from flows.records import Advice, ConfigurationError, SourceError
from flows.settings import with_secrets
from flows.surveys.signatures import CHECKS

_TEMPLATES = (
    *(
        "survey_id",
        "response_id",
        "submitted_at",
        "customer_id",
        "account_id",
        "email",
        "language",
        "channel",
    ),
    *("audience", "weight", "phone", "segment", "persona", "annual_value", "currency", "may_contact"),
    *("owner_id", "left_at", "customer_name"),
)


def source_faults(sources: Sequence[Source], folder: Path) -> Iterator[str]:
    """Name what keeps a source from being read; relative paths count from `folder`."""
    if not sources:
        yield Advice(
            "heardback.yml names no source yet, so there is nothing to collect. Add one under `sources:`."
        )
    for source in sources:
        try:
            known = with_secrets(source)
        except SourceError as error:
            yield f"{error} Set it in the environment or in .env."
            continue
        if known.webhook_secret and known.tool not in CHECKS:
            tools = ", ".join(CHECKS)
            mend = f"Remove webhook_secret; it is for {tools}."
            yield f"source '{known.name}': {known.tool} delivers nothing by webhook. {mend}"
        if known.tool == "files":
            yield from _files(known, folder)


def _files(source: Source, folder: Path) -> Iterator[str]:
    place = f"source '{source.name}'"
    if not source.path:
        yield f"{place}: a source of files needs a `path`, for example data/answers-*.csv."
        return
    pattern = str(Path(glob.escape(str(folder))) / source.path)
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207 - the pattern may be absolute
    files = [Path(path) for path in found if Path(path).is_file()]
    if not files:
        yield f"{place}: no file in {folder} matches '{source.path}'. Correct `path`, or put the file there."
        return
    newest = max(files, key=lambda file: file.stat().st_mtime)
    try:
        rows = first_rows(newest, 100)
    except ConfigurationError as error:
        yield f"{place}: {error}"
        return
    if not rows:
        yield f"{place}: {newest} has no rows under its header."
        return
    yield from _columns(source, newest, list(dict.fromkeys(name.strip() for row in rows for name in row)))


def _columns(source: Source, file: Path, header: list[str]) -> Iterator[str]:
    """Name each column that the configuration speaks of and the file lacks."""
    if source.holds == "responses" and not source.submitted_at and "submitted_at" not in header:
        yield (
            f"source '{source.name}': `submitted_at` is not set, so nobody knows when an answer was given. "
            'Name the column of the time, like "{answered_at}".'
        )
    if source.holds == "customers" and not source.customer_id and "customer_id" not in header:
        mend = nearest("customer_id", header) or 'Map it, like customer_id: "{Number}".'
        yield f"source '{source.name}': {file} has no column customer_id. {mend}"
    named = {field: re.findall(r"\{([^{}]+)\}", getattr(source, field) or "") for field in _TEMPLATES}
    named["properties"] = list(source.properties)
    for field, columns in named.items():
        for column in columns:
            if column.strip() not in header:
                mend = nearest(column.strip(), header) or f"Its columns are {', '.join(header[:12])}."
                said = f"{field} names the column '{column}', which {file} lacks."
                yield f"source '{source.name}': {said} {mend}"
