"""The way out when no mail server is set: a Maildir on disk, where twice is once."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from flows.mail.doors import Outcome


class Maildir:
    """Put letters into a Maildir under a name made of their Message-ID: delivering again changes nothing."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when the first letter comes."""
        self.folder = folder

    def send(self, message_id: str, recipient: str, body: bytes) -> Outcome:
        """Write the letter durably into `new/`, unless it is there, or in `cur/`, already."""
        name = hashlib.sha256(message_id.encode()).hexdigest()[:32]
        try:
            for part in ("tmp", "new", "cur"):
                (self.folder / part).mkdir(parents=True, exist_ok=True)
            if not (self.folder / "new" / name).exists() and not any((self.folder / "cur").glob(f"{name}*")):
                self._deliver(name, body.replace(b"\r\n", b"\n"))
        except OSError as error:
            return Outcome("down", f"the folder {self.folder} cannot be written ({error.strerror})")
        return Outcome("sent")

    def close(self) -> None:
        """Do nothing: no connection is held."""

    def _deliver(self, name: str, body: bytes) -> None:
        draft = self.folder / "tmp" / name
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o600)
        draft.replace(self.folder / "new" / name)
        descriptor = os.open(self.folder / "new", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
