"""The report as one file: laid out from published rows, written beside the old one and moved over it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.pages import loop, priorities, words
from flows.pages.goals import goals
from flows.pages.journeys import changes, journeys, whole
from flows.pages.route import route
from flows.pages.trust import stand

FILE = "index.html"
TEMPLATES = Path(__file__).parent / "templates"
# Pages that lie beside the report where another step wrote them: folder, what a reader finds there.
BESIDE = {
    "data-docs": "what was checked, and what was found",
    "dbt-docs": "what every table and column means",
}
Facts = Mapping[str, Sequence[Mapping[str, Any]]]


def write_report(site: Path, facts: Facts, company: str, zone: str) -> Path:
    """Write the report into the folder of pages; returns its path.

    `facts` are the rows of published marts by name, times aware UTC, suppressed numbers left out. Whoever
    reads the old page goes on reading it. Raises OSError where the folder cannot be written.
    """
    site.mkdir(parents=True, exist_ok=True)
    links = {folder: said for folder, said in BESIDE.items() if (site / folder / FILE).is_file()}
    draft = site / f".{FILE}.next"
    draft.write_text(page(facts, company, zone, links), encoding="utf-8")
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(site / FILE)
    return site / FILE


def page(facts: Facts, company: str, zone: str, links: Mapping[str, str]) -> str:
    """Lay the page out as HTML; `links` lead to folders of pages beside it."""
    listed = loop.teams(facts)
    shown = {
        "company": words.harmless(company, 80),
        "stand": stand(facts, zone),
        "responses": facts["responses"][0],
        "whole": whole(facts),
        "journeys": journeys(facts),
        "changes": changes(facts),
        "goals": goals(facts["goals"]),
        "parts": route(facts),
        "priorities": priorities.priorities(facts["priorities"]),
        "battles": priorities.battles(facts["battles"]),
        "teams": listed,
        "total": loop.total(listed),
        "withheld": loop.withheld(facts["withheld"]),
        "causes": facts["causes"],
        "terms": facts["terms"],
        "links": links,
    }
    return _environment().get_template("report.html.j2").render(shown)


@cache
def _environment() -> Environment:
    """Escape everything, in every template: what is shown was typed by strangers."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["words"] = words
    environment.filters["harmless"] = words.harmless
    environment.filters["number"] = words.number
    return environment
