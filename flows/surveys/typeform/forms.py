"""Which forms there are, and what they ask."""

from __future__ import annotations

from typing import Any

import msgspec

from flows.records import Definition, Page, Reject
from flows.surveys.listings import REFUSALS, json_object
from flows.surveys.session import Session
from flows.surveys.templates import text_of
from flows.surveys.told import hash_of
from flows.surveys.typeform.listings import Listing, listing

_SIZE = 200
_MOST_PAGES = 1000
# Addresses, which differ by region and account, say nothing about what is asked.
_VOLATILE = ("_links", "workspace", "theme")


def form_ids(session: Session) -> list[str]:
    """List the ids of all forms the token may see, each once; raises SourceError."""
    known: dict[str, None] = {}
    for page in range(1, _MOST_PAGES + 1):
        found = session.get("/forms", {"page": str(page), "page_size": str(_SIZE)}, listing)
        ids = _ids(found)
        is_last = len(ids) < _SIZE and (found.pages is None or page >= found.pages)
        if is_last or known.keys() >= set(ids):  # an endless list shows itself by telling nothing new
            return [*known, *(form_id for form_id in ids if form_id not in known)]
        known.update(dict.fromkeys(ids))
    return list(known)


def _ids(found: Listing) -> list[str]:
    ids = [
        text_of(item.get("id")) for item in map(msgspec.json.decode, found.items) if isinstance(item, dict)
    ]
    return [form_id for form_id in ids if form_id]


def definition_page(session: Session, form_id: str, path: str) -> tuple[Page, str | None]:
    """Read a form's definition; give it with the address it names for its responses. Raises SourceError."""
    body = session.get(path, {}, json_object)
    try:
        form: dict[str, Any] = msgspec.json.decode(body)
    except REFUSALS:
        reason = "the form's definition holds signs that are no text, such as half an emoji"
        return Page(rejects=[Reject(form_id, reason, body)]), None
    lasting = {name: value for name, value in form.items() if name not in _VOLATILE}
    content_hash = hash_of(lasting)
    links = form.get("_links")
    address = links.get("responses") if isinstance(links, dict) else None
    page = Page(definitions=[Definition(form_id, body, content_hash)])
    return page, address if isinstance(address, str) else None
