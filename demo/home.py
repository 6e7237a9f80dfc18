"""The demo's own home: a folder that an earlier demo marked is emptied, any other is left alone."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from flows.records import Busy, ConfigurationError

MARKER = ".heardback-demo-home"
_OWN = (MARKER, f"{MARKER}.lock")


@contextlib.contextmanager
def fresh(home: Path) -> Iterator[Path]:
    """Give the home, empty but for its marker, and hold it; raises ConfigurationError or Busy."""
    refuse_foreign(home)
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / MARKER).write_text("The next demo empties this folder.\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{home} cannot be used for the demo: {error.strerror}.") from None
    lock = FileLock(home / f"{MARKER}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"Another demo is at work in {home}. Wait for it, or set HEARDBACK_HOME.") from None
    try:
        _empty(home)
        yield home
    finally:
        lock.release()


def refuse_foreign(home: Path) -> None:
    """Refuse what is no folder, and a folder with content that no demo marked as its own."""
    if home.exists() and not home.is_dir():
        raise ConfigurationError(f"{home} is not a folder. Set HEARDBACK_HOME to one that the demo may fill.")
    if home.is_dir() and any(home.iterdir()) and not (home / MARKER).is_file():
        raise ConfigurationError(
            f"{home} is not empty and not made by a demo, so it is left alone. "
            "Set HEARDBACK_HOME to an empty or missing folder."
        )


def _empty(home: Path) -> None:
    for path in home.iterdir():
        if path.name in _OWN:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
