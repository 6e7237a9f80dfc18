"""What dbt read of the project, handed on from one installation of the tests to the next.

Reading it takes dbt six seconds of processor time in every fresh home. What it keeps of that holds for any
home, so the first installation that ran lends it to the others.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

FOLDER = "SHARED_PROJECT_READ"
_FILE = Path("dbt", "target", "partial_parse.msgpack")


def lend(home: Path) -> None:
    """Give a home without it what another one left, if one did."""
    kept, wanted = _kept(), home / _FILE
    if kept and kept.exists() and not wanted.exists():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept, wanted)


def keep(home: Path) -> None:
    """Take it from a home that has it, if none did before."""
    kept, found = _kept(), home / _FILE
    if kept and found.exists() and not kept.exists():
        draft = kept.with_suffix(f".{os.getpid()}")
        shutil.copy(found, draft)
        draft.replace(kept)


def _kept() -> Path | None:
    folder = os.environ.get(FOLDER)
    return Path(folder, _FILE.name) if folder else None
