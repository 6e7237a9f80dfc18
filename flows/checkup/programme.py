"""Whether the programme is sound in itself and fits the configured sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from flows import programme
from flows.configuration import Source
from flows.programme.cells import nearest
from flows.records import Advice, Fault, ProgrammeTable

Tables = dict[str, ProgrammeTable]


def programme_faults(folder: Path, sources: Sequence[Source] | None) -> Iterator[Fault | str]:
    """Name every fault of the programme tables; `sources` is None where the configuration is unreadable."""
    tables, faults = programme.read(folder)
    yield from faults
    yield from programme.unkept_examples(tables["themes"])
    yield from programme.stray_files(folder)
    if sources is not None:
        yield from _unknown_sources(tables, sources)
        yield from _unspoken_sources(tables, sources)
    yield from _employees(tables)


def _unknown_sources(tables: Tables, sources: Sequence[Source]) -> Iterator[Fault]:
    names = [*(source.name for source in sources), "desk"]  # what customers tell at the desk
    for name in ("surveys", "questions", "themes"):
        table = tables[name]
        for row, line in zip(table.rows, table.lines, strict=True):
            if row["source_name"] and row["source_name"] not in names:
                message = f"no source of heardback.yml is called '{row['source_name']}'."
                mend = nearest(row["source_name"], names) or "Add it there, or change it here."
                yield Fault(table.file, message, line, "source_name", mend)


def _unspoken_sources(tables: Tables, sources: Sequence[Source]) -> Iterator[str]:
    """Remind of files whose questions nobody has described: a file has no scales of its own."""
    described = {
        row["source_name"] for row in tables["questions"].rows if row["metric"] not in (None, "none")
    }
    for source in sources:
        if source.tool == "files" and source.holds == "responses" and source.name not in described:
            yield Advice(
                f"No question of source '{source.name}' has a metric in questions.csv: its answers make "
                "no score and no follow-up: `heardback init DIR --from FILE` drafts the questions of a file."
            )


def _employees(tables: Tables) -> Iterator[str]:
    journeys = {row["journey_id"] for row in tables["journeys"].rows if row["audience"] == "employee"}
    asked = any(row["metric"] == "enps" or row["journey_id"] in journeys for row in tables["questions"].rows)
    if journeys or asked:
        yield Advice(
            "Employees are asked here. Fewer than 5 respondents are never published, which protects cells, "
            "not single answers: run employee surveys in a home of their own, with their own HEARDBACK_HOME."
        )
