"""The users and tickets that records name: who answered, in which language, over which channel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flows.surveys.listings import listed
from flows.surveys.session import Session
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import object_of
from flows.surveys.trouble import Refused

_AT_ONCE = 100


class People:
    """Look users and tickets up, a hundred at a time; `warnings` says what may not be looked up."""

    def __init__(self, session: Session) -> None:
        """Take the session; a kind of records that is refused once is not asked for again."""
        self._session = session
        self._refused: set[str] = set()
        self.warnings: list[str] = []

    def users(self, ids: Iterable[object]) -> dict[str, dict[str, Any]]:
        """Give the users with these ids, as far as they are told of; raises SourceError."""
        return self._shown("users", ids)

    def tickets(self, ids: Iterable[object]) -> dict[str, dict[str, Any]]:
        """Give the tickets with these ids, as far as they are told of; raises SourceError."""
        return self._shown("tickets", ids)

    def _shown(self, name: str, ids: Iterable[object]) -> dict[str, dict[str, Any]]:
        wanted = sorted({text for one in ids if (text := text_of(one))})
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            if name in self._refused:
                break
            params = {"ids": ",".join(wanted[start : start + _AT_ONCE])}
            try:
                page = self._session.get(f"/{name}/show_many", params, lambda body: listed(body, name))
            except Refused as refused:
                if refused.status not in (403, 404):
                    raise
                self._refused.add(name)
                self.warnings.append(str(refused))
                break
            found.update((text_of(item.get("id")) or "", item) for raw in page.items for item in _read(raw))
        return found


def _read(raw: bytes) -> list[dict[str, Any]]:
    try:
        return [object_of(raw)]
    except Unfit:  # a name with half an emoji; the answer counts all the same
        return []
