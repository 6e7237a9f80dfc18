"""Any of Zendesk's lists: page behind page by cursor, never by number, which is refused far down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.surveys.listings import Listed, listed
from flows.surveys.session import Session
from flows.surveys.trouble import Oversized, Unfinished

_MOST_PAGES = 1_000_000


def walk(
    session: Session, path: str, params: Mapping[str, str], name: str, size: int
) -> Iterator[tuple[Listed, bool]]:
    """Give each page of the list `name` and whether it is the last; raises Unfinished when there is none.

    A page that is too large is asked for in halves.
    """
    after: str | None = None
    behind: set[str] = set()
    for _ in range(_MOST_PAGES):
        turned = {"page[after]": after} if after else {}
        try:
            found = session.get(
                path, {"page[size]": str(size), **params, **turned}, lambda body: listed(body, name)
            )
        except Oversized:
            if size == 1:
                raise
            size //= 2
            continue
        meta = found.beside.get("meta")
        meta = meta if isinstance(meta, dict) else {}
        following = str(meta.get("after_cursor") or "")
        is_last = not meta.get("has_more") or not found.items
        yield found, is_last
        if is_last:
            return
        if not following or following in behind:
            raise Unfinished(
                session.sentence(path, "does not lead on: its pages repeat, or name no next one.")
            )
        after = following
        behind.add(after)
    raise Unfinished(session.sentence(path, f"has no end after {_MOST_PAGES:,} pages."))
