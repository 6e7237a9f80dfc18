"""What the command line shows: tables and sentences made of plain data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from flows.records import Advice, ConfigurationError

_console = Console(highlight=False, soft_wrap=True)
_UNITS = {"m": 60, "h": 3600, "d": 86400}


def table(title: str, rows: Iterable[Mapping[str, Any]], columns: list[str]) -> None:
    """Print rows as a table; nothing at all when there are none."""
    listed = list(rows)
    if not listed:
        return
    shown = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim"
    )
    for column in columns:
        shown.add_column(column.replace("_", " "))
    for row in listed:
        shown.add_row(*("" if row.get(column) is None else escaped(row[column]) for column in columns))
    _console.print(shown)
    _console.print()


def escaped(value: Any) -> str:
    """Write a value as text that rich leaves alone (comments may hold square brackets); times in UTC."""
    text = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
    return text.replace("[", r"\[")


def show_draft(folder: Path, written: list[Path]) -> None:
    """Say which files `init` wrote and what to do next."""
    for path in written:
        _console.print(f"wrote {path}", markup=False)
    _console.print(
        "\nNext: read programme/questions.csv and correct what was guessed, then `heardback doctor`, "
        "`heardback run`, `heardback rehearse`."
    )


def show_diagnosis(faults: list[Any], *, as_json: bool) -> int:
    """List every fault with its mend, then advice; status 1 when there is any fault."""
    wrong = [fault for fault in faults if not isinstance(fault, Advice)]
    if as_json:
        print(json.dumps([str(fault) for fault in faults], ensure_ascii=False, indent=2))
        return int(bool(wrong))
    for fault in faults:
        _console.print(f"{'!' if isinstance(fault, Advice) else '✗'} {fault}", markup=False)
    if not wrong:
        _console.print("Configuration, programme, connections and secrets: no fault found.")
    return int(bool(wrong))


def age_in_seconds(text: str) -> int:
    """Read an age such as 26h, 90m or 2d; raises ConfigurationError for anything else."""
    match = re.fullmatch(r"([0-9]+)([mhd])", text.strip())
    if not match:
        raise ConfigurationError(f"--max-age is '{text}'; write a number and m, h or d, for example 26h.")
    return int(match[1]) * _UNITS[match[2]]


def show_standing(standing: dict[str, Any], *, as_json: bool, max_age: str | None) -> int:
    """Show how the installation stands; status 1 when the last good run is older than `max_age`."""
    limit = age_in_seconds(max_age) if max_age else None
    age = standing["last_good_run_age_seconds"]
    too_old = limit is not None and (age is None or age > limit)
    if as_json:
        print(json.dumps(standing, ensure_ascii=False, indent=2, default=str))
        return int(too_old)
    table(
        "Last runs (times in UTC)",
        standing["runs"],
        ["started_at", "ended_at", "exit_status", "build_id", "version"],
    )
    table(
        "Sources",
        standing["sources"],
        ["source_name", "tool", "last_fetched_at", "last_submitted_at", "response_count"],
    )
    table("Quarantine", standing["quarantine"], ["source_name", "level", "reason", "count"])
    table("Findings", standing["findings"], ["severity", "outcome", "sentence", "since"])
    follow_ups = standing["follow_ups"]
    _console.print(
        f"Follow-ups: {follow_ups['open']} open, {follow_ups['late']} late; "
        f"deadlines kept: {follow_ups['kept']} of {follow_ups['decided']}. "
        f"Letters waiting: {standing['letters_waiting']}."
    )
    if too_old:
        ended = (
            "There was no good run yet"
            if age is None
            else f"The last good run was {timedelta(seconds=age)} ago"
        )
        _console.print(f"{ended}; --max-age asks for one within {max_age}.")
    return int(too_old)


def show_rehearsal(rehearsal: Any, *, as_json: bool) -> None:
    """Show who would get which letter and why, and what is withheld."""
    plain = rehearsal.to_json()
    if as_json:
        print(json.dumps(plain, ensure_ascii=False, indent=2, default=str))
        return
    for letter in plain["letters"]:
        _show_letter(letter, "")
    for letter in plain["promised"]:
        _show_letter(letter, "already assigned: ")
    if not plain["letters"]:
        _console.print("No new letter would go out.")
    if plain["held_back"]:
        _console.print(f"! {plain['held_back']}", markup=False)
    for fault in plain["faults"]:
        _console.print(f"! {fault}", markup=False)
    for reason, number in plain["withheld"].items():
        _console.print(f"withheld: {number} {reason.replace('_', ' ')}", markup=False)


def _show_letter(letter: Mapping[str, Any], before: str) -> None:
    follow_ups = letter["follow_ups"]
    whom = f"{letter['recipient']} ({letter['owner_id'] or letter['kind']})"
    kind = "" if letter["kind"] == "assignment" else f"{letter['kind']}, "
    _console.print(f"{before}To {whom}: {kind}{len(follow_ups)} follow-up(s)", markup=False)
    for one in follow_ups:
        _console.print(f"  {one['due_at']}  {one['reason']}", markup=False)
