"""`heardback init`: a first configuration and programme, drafted from a person's own file of answers.

Guesses are written where a person corrects them; nothing that is there already is ever overwritten.
"""

from __future__ import annotations

import glob
import re
from datetime import datetime
from pathlib import Path

from flows.drafts import texts
from flows.drafts.columns import columns_of
from flows.drafts.roles import Roles, guess
from flows.drafts.samples import first_rows
from flows.drafts.tables import as_csv, starting_rows, survey_rows
from flows.programme import COLUMNS
from flows.records import ConfigurationError

# Enough rows to see what a column holds, few enough for the largest file.
_ROWS_LOOKED_AT = 20_000


def draft(folder: Path, answers: Path | None, now: datetime) -> list[Path]:
    """Write a first installation into a folder and give the paths written.

    Raises ConfigurationError when one of the files exists already or the answers cannot be read.
    """
    folder = folder.expanduser().resolve()
    contents = _contents(folder, answers, now)
    there = [path for path in contents if path.exists()]
    if there:
        rest = f", and {len(there) - 1} more" if len(there) > 1 else ""
        raise ConfigurationError(
            f"{there[0]} exists already{rest}; nothing was written. Name an empty one: `heardback init DIR`."
        )
    for path, text in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    return list(contents)


def _contents(folder: Path, answers: Path | None, now: datetime) -> dict[Path, str]:
    """Give every file of a first installation with its text."""
    rows = starting_rows()
    configuration = texts.configuration()
    if answers is not None:
        answers = answers.expanduser().resolve()
        source_name, survey_id = _names(answers)
        roles = _roles(answers, now)
        rows |= survey_rows(source_name, survey_id, roles.questions)
        configuration = texts.configuration(source_name, _path(answers, folder), survey_id, roles)
    contents = {folder / "heardback.yml": configuration, folder / ".env.example": texts.ENVIRONMENT}
    for name, columns in COLUMNS.items():
        contents[folder / "programme" / f"{name}.csv"] = as_csv(columns, rows.get(name, []))
    return contents


def _roles(answers: Path, now: datetime) -> Roles:
    if not answers.is_file():
        raise ConfigurationError(f"There is no file {answers}; `--from` names a file of answers.")
    columns = columns_of(first_rows(answers, _ROWS_LOOKED_AT))
    if not columns:
        raise ConfigurationError(f"{answers} holds no answers: a header and at least one row are expected.")
    return guess(columns, now)


def _names(answers: Path) -> tuple[str, str]:
    """Make the source's name and the survey's id out of the file's name."""
    slug = re.sub(r"[^A-Za-z0-9]+", "_", answers.stem).strip("_").lower()
    return slug or "answers", answers.stem.replace("{", "").replace("}", "") or "answers"


def _path(answers: Path, folder: Path) -> str:
    """Write the path as the configuration reads it: relative to its folder where the file lies below it."""
    shown = answers.relative_to(folder) if answers.is_relative_to(folder) else answers
    return glob.escape(shown.as_posix())
