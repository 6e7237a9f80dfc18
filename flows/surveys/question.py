"""One request, as a tool is asked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from flows.surveys.patience import Patience


@dataclass(frozen=True, slots=True)
class Question:
    """Carry one request: its method, the path behind the base address, its query, its body if it has one.

    The answer goes into `file` where there is one, with limits of its own in `patience`.
    """

    method: str
    path: str
    params: Mapping[str, str]
    body: bytes | None = None
    file: BinaryIO | None = None
    patience: Patience | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Say what is sent, and that a file may be of any kind."""
        sent = {"Content-Type": "application/json"} if self.body is not None else {}
        return sent if self.file is None else {**sent, "Accept": "*/*"}
