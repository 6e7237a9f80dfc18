"""What must hold between cells and rows: limits in order, places that agree, owners to be found, patterns."""

from __future__ import annotations

from collections.abc import Iterator

from flows.programme.patterns import fault_in, finds
from flows.records import Fault, ProgrammeTable

Tables = dict[str, ProgrammeTable]
# Table, lower column, upper column, whether both may be equal.
LIMITS = (
    ("questions", "scale_min", "scale_max", False),
    ("routing", "score_min", "score_max", True),
)
PERIODS = (("owners", "away_from", "away_until"), ("initiatives", "started_on", "due_on"))


def contradictions(tables: Tables) -> Iterator[Fault]:
    """Name every contradiction inside a row or between rows of different tables."""
    yield from _limits(tables)
    yield from _choices(tables["questions"])
    yield from _periods(tables)
    yield from _foreign_touchpoints(tables, "questions")
    yield from _foreign_touchpoints(tables, "routing")
    yield from _nobody_to_ask(tables)
    yield from _without_address(tables)
    yield from _own_deputies(tables["owners"])
    yield from _themes(tables["themes"])


def _limits(tables: Tables) -> Iterator[Fault]:
    for name, low, high, may_be_equal in LIMITS:
        for row, line in _lines(tables[name]):
            bottom, top = _number(row[low]), _number(row[high])
            if bottom is None or top is None or bottom < top or (may_be_equal and bottom == top):
                continue
            message = f"{low} {row[low]} is not below {high} {row[high]}."
            yield Fault(tables[name].file, message, line, low, f"Give the lower end in {low}.")


def _choices(questions: ProgrammeTable) -> Iterator[Fault]:
    """Find worded choices that are no scale, or another one than the row says."""
    mend = "Write them lowest first with semicolons between them, like Poor;Fair;Good."
    for row, line in _lines(questions):
        if not row["choices"]:
            continue
        count = row["choices"].count(";") + 1
        bottom, top = _number(row["scale_min"]), _number(row["scale_max"])
        steps = top - (1 if bottom is None else bottom) + 1 if top is not None else None
        if count < 2:
            yield Fault(questions.file, "one choice makes no scale.", line, "choices", mend)
        elif steps is not None and steps != count:
            message = f"there are {count} choices on a scale of {steps:g}."
            yield Fault(questions.file, message, line, "choices", f"{mend} Or leave scale_max empty.")


def _periods(tables: Tables) -> Iterator[Fault]:
    for name, begins, ends in PERIODS:
        for row, line in _lines(tables[name]):
            if row[begins] and row[ends] and str(row[begins]) > str(row[ends]):
                message = f"{ends} {row[ends]} lies before {begins} {row[begins]}."
                yield Fault(tables[name].file, message, line, ends, "Change one of the two dates.")


def _foreign_touchpoints(tables: Tables, name: str) -> Iterator[Fault]:
    home = {row["touchpoint_id"]: row["journey_id"] for row, _ in _lines(tables["touchpoints"])}
    journeys = {row["journey_id"] for row, _ in _lines(tables["journeys"])}
    for row, line in _lines(tables[name]):
        journey, touchpoint = row["journey_id"], row["touchpoint_id"]
        if journey in journeys and touchpoint in home and home[touchpoint] != journey:
            message = f"the touchpoint '{touchpoint}' belongs to '{home[touchpoint]}', not to '{journey}'."
            mend = f"Write '{home[touchpoint]}', or leave journey_id empty."
            yield Fault(tables[name].file, message, line, "journey_id", mend)


def _nobody_to_ask(tables: Tables) -> Iterator[Fault]:
    """Find rules whose assignments would have no addressee."""
    staffed = {row["team_id"] for row, _ in _lines(tables["owners"])}
    teams = {row["team_id"] for row, _ in _lines(tables["teams"])}
    table = tables["routing"]
    for row, line in _lines(table):
        team, owner = row["team_id"], row["owner_id"]
        if not team and (not owner or owner == "account"):
            yield Fault(table.file, "the rule names no team.", line, "team_id", "Name the team that answers.")
        elif (
            row["action"] == "assign" and owner in (None, "account") and team in teams and team not in staffed
        ):
            mend = f"Add an owner of '{team}' to owners.csv, or name an owner_id here."
            yield Fault(table.file, f"the team '{team}' has no owner to assign to.", line, "team_id", mend)


def _without_address(tables: Tables) -> Iterator[Fault]:
    """Find owners whom no letter reaches: neither they nor their team have an address."""
    reached = {row["team_id"] for row, _ in _lines(tables["teams"]) if row["email"]}
    table = tables["owners"]
    for row, line in _lines(table):
        if row["owner_id"] and not row["email"] and row["team_id"] not in reached:
            message = "neither the owner nor the team has an e-mail address."
            yield Fault(
                table.file, message, line, "email", "Fill in one of the two, or nobody is written to."
            )


def _own_deputies(owners: ProgrammeTable) -> Iterator[Fault]:
    for row, line in _lines(owners):
        if row["deputy_owner_id"] and row["deputy_owner_id"] == row["owner_id"]:
            message = "nobody can be their own deputy."
            yield Fault(
                owners.file, message, line, "deputy_owner_id", "Name somebody else, or leave it empty."
            )


def _themes(themes: ProgrammeTable) -> Iterator[Fault]:
    for row, line in _lines(themes):
        pattern = row["pattern"]
        if not pattern and not row["theme_code"]:
            message = "the theme has neither a pattern nor a theme_code."
            yield Fault(themes.file, message, line, "pattern", "Say how it is recognised.")
        elif pattern and (fault := fault_in(pattern)):
            yield Fault(themes.file, fault[0], line, "pattern", fault[1])


def unkept_examples(themes: ProgrammeTable) -> Iterator[Fault]:
    """Name examples that their pattern does not find, and counter-examples that it does."""
    for row, line in _lines(themes):
        pattern = row["pattern"]
        if not pattern or fault_in(pattern):
            continue
        if row["example"] and not finds(pattern, row["example"]):
            message = f"the pattern does not find '{row['example']}'."
            yield Fault(themes.file, message, line, "example", "Widen the pattern, or change the example.")
        if row["counter_example"] and finds(pattern, row["counter_example"]):
            message = f"the pattern finds '{row['counter_example']}', which it should not."
            yield Fault(
                themes.file, message, line, "counter_example", "Narrow the pattern, or change the text."
            )


def _lines(table: ProgrammeTable) -> Iterator[tuple[dict[str, str | None], int]]:
    return zip(table.rows, table.lines, strict=True)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
