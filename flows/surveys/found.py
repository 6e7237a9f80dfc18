"""Which files a source names, and whether one of them holds anything that was not read before."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.configuration import Source
from flows.records import SourceError


@dataclass(frozen=True, slots=True)
class Mark:
    """Tell what a file was when it was read: bytes, nanoseconds of its last change, what it held."""

    size: int
    changed_ns: int
    digest: str = ""

    @classmethod
    def of(cls, path: Path) -> Mark:
        """Look at a file without opening it; raises OSError."""
        stat = path.stat()
        return cls(stat.st_size, stat.st_mtime_ns)

    @classmethod
    def read(cls, position: str | None) -> Mark | None:
        """Read a cursor's position; None for one that no file left."""
        parts = (position or "").split(" ")
        if len(parts) != 3 or not (parts[0].isdigit() and parts[1].lstrip("-").isdigit()):
            return None
        return cls(int(parts[0]), int(parts[1]), parts[2])

    def __str__(self) -> str:
        """Write it as a cursor's position."""
        return f"{self.size} {self.changed_ns} {self.digest}"

    def looks_like(self, other: Mark | None) -> bool:
        """Tell whether size and time of the last change are those of another."""
        return other is not None and (self.size, self.changed_ns) == (other.size, other.changed_ns)


def digest_of(path: Path) -> str:
    """Give 32 hexadecimal digits that change with a file's content; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def files_of(source: Source, folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the files that a source's `path` matches, in the order of their names, with those names.

    A name is the path as it counts from `folder`. Raises SourceError when there is no `path`.
    """
    if not source.path:
        raise SourceError(
            f"source '{source.name}': a source of files needs a `path`, for example data/answers-*.csv."
        )
    pattern = str(Path(glob.escape(str(folder))) / Path(source.path).expanduser())
    found = glob.iglob(pattern, recursive=True)  # noqa: PTH207 - the pattern may be absolute
    names = {}
    for path in map(Path, found):
        # What Excel puts beside a workbook that is open is none itself.
        if path.is_file() and not path.name.startswith("~$"):
            inside = path.relative_to(folder) if path.is_relative_to(folder) else path
            # Names may be any bytes; cursors and reasons are text.
            names[os.fsencode(inside.as_posix()).decode("utf-8", "backslashreplace")] = path
    yield from sorted(names.items())
