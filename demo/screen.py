"""The last screen of the demo: every number is read from the published marts, the ledger and the letters."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from demo import queries
from flows.warehouse.marts import published_rows

Rows = list[dict[str, Any]]


def show(console: Console, home: Path) -> None:
    """Say what was collected, set aside, found, written to whom, answered, what is next, where to look."""
    marts = home / "published" / "marts.duckdb"
    console.print("\n[bold]What happened[/bold]")
    for sentence in (*_collected(marts), *_worst(marts), *_withheld(marts)):
        console.print(sentence if sentence.startswith(" ") else f"· {sentence}", markup=False)
    letters = read_letters(home / "letters")
    console.print(f"· {len(letters)} letters were sent:", markup=False)
    _table(console, [{"to": to, "letters": number} for to, number in _addressees(letters)])
    console.print("· What came back, by team:")
    _table(console, published_rows(marts, queries.LOOP))
    causes = published_rows(marts, queries.CAUSES)
    console.print("· Why customers were let down, as the owners say: " + _listed(causes) + ".", markup=False)
    for row in published_rows(marts, queries.NEXT):
        console.print(f"· What to start next: {row['reason']}", markup=False)
    _where(console, home, unfold(letters, home / "letters-to-read"))


def read_letters(folder: Path) -> list[EmailMessage]:
    """Read the Maildir, oldest first."""
    found = [path for part in ("new", "cur") for path in (folder / part).glob("*")]
    parsed = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]
    return sorted(parsed, key=lambda letter: (letter["Date"].datetime, letter["To"]))


def unfold(letters: list[EmailMessage], folder: Path) -> list[Path]:
    """Write the page of each letter as a file that a browser opens."""
    folder.mkdir(exist_ok=True)
    written = []
    for number, letter in enumerate(letters, 1):
        page = letter.get_body(("html", "plain"))
        to = letter["To"].addresses[0].username
        path = folder / f"{number:02}-{letter['Date'].datetime:%m-%d}-{to}.html"
        path.write_text(page.get_content() if page else "", encoding="utf-8")
        written.append(path)
    return written


def _collected(marts: Path) -> list[str]:
    sources = published_rows(marts, queries.SOURCES)
    languages = published_rows(marts, queries.LANGUAGES)[0]
    quarantine = published_rows(marts, queries.QUARANTINE)
    return [
        f"Collected {sum(row['count'] for row in sources):,} responses ({_listed(sources)}) "
        f"in {languages['count']} languages.",
        f"Set aside in the quarantine, nothing lost: {len(quarantine) or 'no'} kinds of fault.",
        *(f"  {row['count']} × {row['what']}" for row in quarantine),
    ]


def _worst(marts: Path) -> list[str]:
    return [
        f"Worst news: “{row['name']}” fell from {row['before']:.0%} to {row['score']:.0%} satisfied "
        f"in {row['month']:%B %Y} (95 % interval {row['low']:.0%} to {row['high']:.0%}, "
        f"{row['answers']} answers, p {_small(row['p'])})."
        for row in published_rows(marts, queries.WORST)
    ]


def _withheld(marts: Path) -> list[str]:
    rows = published_rows(marts, queries.WITHHELD)
    return [f"No letter, and why: {_listed(rows)}."] if rows else []


def _small(p: float | None) -> str:
    return "unknown" if p is None else "below 0.0001" if p < 0.0001 else f"{p:.4f}"


def _listed(rows: Rows) -> str:
    return "; ".join(f"{row['count']:,} {str(row['what']).replace('_', ' ')}" for row in rows)


def _addressees(letters: list[EmailMessage]) -> list[tuple[str, int]]:
    """Count letters by colleague; customers are one line."""
    customers = "customers: who answers by when, and what became of it"
    return Counter(
        customers if letter["X-Heardback-Kind"] == "customer" else letter["To"].addresses[0].addr_spec
        for letter in letters
    ).most_common()


def _table(console: Console, rows: Rows) -> None:
    if not rows:
        return
    shown = Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    for column in rows[0]:
        shown.add_column(
            column.replace("_", " "), justify="right" if column != next(iter(rows[0])) else "left"
        )
    for row in rows:
        shown.add_row(*(str(value) for value in row.values()))
    console.print(shown)


def _where(console: Console, home: Path, pages: list[Path]) -> None:
    console.print("\n[bold]Where to look[/bold]")
    sql = "select * from journey_scores where period = 'month' order by score limit 10"
    marts = home / "published" / "marts.duckdb"
    setting = f"HEARDBACK_HOME={home} HEARDBACK_CONFIG={home / 'company' / 'heardback.yml'}"
    for what, command in (
        ("the report, in a browser", f"{home / 'site' / 'index.html'}"),
        ("the letters, in a browser", f"{pages[0].parent if pages else home / 'letters'}"),
        (
            "the numbers",
            f'python -c "import duckdb; print(duckdb.connect(\'{marts}\', read_only=True).sql(\\"{sql}\\"))"',
        ),
        ("how it stands", f"{setting} heardback status"),
        ("the programme to change", f"{home / 'company' / 'programme'}"),
    ):
        console.print(f"· {what}:\n    {command}", markup=False)
