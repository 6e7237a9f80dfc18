"""What a run tells who started it: sentences, progress, counts; kept in `logs/` as JSON lines too."""

from __future__ import annotations

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

_MARKS = {"info": ("·", "green"), "warning": ("!", "yellow"), "failure": ("✗", "red")}


def counted(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun: 1 letter, 2,000 letters."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


class Advance(Protocol):
    """Count one step of long work; a total or a description may become known on the way."""

    def __call__(
        self, steps: int = 1, *, total: int | None = None, description: str | None = None
    ) -> None: ...


class Report:
    """Collect what happened; say it at once, on a terminal in colour, elsewhere as plain log lines."""

    def __init__(self, log_folder: Path | None = None, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.counts: Counter[str] = Counter()
        self.warnings: list[str] = []
        self.failures: list[str] = []
        self._log = log_folder / "heardback.jsonl" if log_folder else None
        self._progress: Progress | None = None

    def line(self, step: str, sentence: str) -> None:
        """Say what a step did."""
        self._say("info", step, sentence)

    def warn(self, sentence: str, step: str = "") -> None:
        """Say what deserves a look but harms nothing."""
        self.warnings.append(sentence)
        self._say("warning", step, sentence)

    def fail(self, sentence: str, step: str = "") -> None:
        """Say what failed; the run goes on where it can and ends with status 1."""
        self.failures.append(sentence)
        self._say("failure", step, sentence)

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the run's counts, which the ledger keeps."""
        self.counts[name] += number

    @contextlib.contextmanager
    def progress(self, description: str, total: int | None = None) -> Iterator[Advance]:
        """Show a bar while long work goes on; silent where nobody watches a terminal."""
        if not self.console.is_terminal or self._progress is not None:
            yield lambda steps=1, *, total=None, description=None: None
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=self.console, transient=True) as bar:
            self._progress = bar
            task = bar.add_task(description, total=total)

            def advance(steps: int = 1, *, total: int | None = None, description: str | None = None) -> None:
                bar.update(task, advance=steps, total=total, description=description)

            try:
                yield advance
            finally:
                self._progress = None

    def _say(self, level: str, step: str, sentence: str) -> None:
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        mark, colour = _MARKS[level]
        if self.console.is_terminal:
            self.console.print(f"[{colour}]{mark}[/{colour}] [bold]{step:<9}[/bold] ", end="")
            self.console.print(sentence, markup=False)
        else:
            print(f"{moment} {level} {step}: {sentence}", file=sys.stdout, flush=True)
        if self._log is not None:
            with contextlib.suppress(OSError), self._log.open("a", encoding="utf-8") as log:
                line = {"at": moment, "level": level, "step": step, "sentence": sentence}
                log.write(json.dumps(line, ensure_ascii=False) + "\n")
