"""Counts for monitoring, in the text format that Prometheus reads; they name nobody."""

from __future__ import annotations

from flows import ledger
from flows.desk.office import Office


def metrics(office: Office) -> str:
    """Write the counts as of now."""
    counts = ledger.follow_up_counts(office.book, office.clock())
    lines: list[str] = []
    _gauge(lines, "heardback_follow_ups_open", "Follow-ups that are open.", {"": counts["open"]})
    _gauge(lines, "heardback_follow_ups_late", "Open follow-ups past their deadline.", {"": counts["late"]})
    by_status = {f'{{status="{name}"}}': n for name, n in ledger.letters_by_status(office.book).items()}
    _gauge(lines, "heardback_letters", "Letters by their state.", by_status)
    waiting = {"": ledger.inbox_count(office.book)}
    _gauge(lines, "heardback_inbox_waiting", "Deliveries that the next collect takes.", waiting)
    return "\n".join(lines) + "\n"


def _gauge(lines: list[str], name: str, meaning: str, values: dict[str, int]) -> None:
    lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
    lines += [f"{name}{labels} {value}" for labels, value in sorted(values.items())]
