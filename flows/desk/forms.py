"""What was filled in, and the hidden token: bound to one link and one state, so that a form counts once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flows.desk.guard import BODY, FAULT
from flows.mail.cleaning import body_text, one_line
from flows.mail.links import Links

LONGEST_NOTE = 4000
_FIELDS = 40


class Refused(Exception):
    """Refuse a request: the status, a word for what is wrong (`pages` says it in the reader's language)."""

    def __init__(self, status: int, word: str, field: str = "", shown: str = "") -> None:
        super().__init__(word)
        self.status, self.word, self.field, self.shown = status, word, field, shown


@dataclass(frozen=True, slots=True)
class Form:
    """Hold what was filled in; every field is text, empty where it was left out."""

    values: Mapping[str, str]

    def line(self, name: str, longest: int = 500) -> str:
        """Give a field as one clean line."""
        return one_line(self.values.get(name, ""), longest)

    def text(self, name: str, longest: int = LONGEST_NOTE) -> str | None:
        """Give a field as clean text, None where it is empty; raises Refused when it is too long."""
        text = body_text(self.values.get(name, "")).strip()
        if len(text) > longest:
            raise Refused(422, "too_long", name)
        return text or None


def read_form(scope: Mapping[str, object], content_type: str) -> Form:
    """Read the form of a post that the guard let through; raises Refused for anything else."""
    fault = scope.get(FAULT)
    if isinstance(fault, tuple):
        raise Refused(*fault)
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused(415, "no_form")
    body = scope.get(BODY)
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else ""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_FIELDS)
    except ValueError:
        raise Refused(400, "no_form") from None
    return Form(dict(reversed(pairs)))  # of a field given twice the first counts


def form_token(links: Links, link: str, state: int | str) -> str:
    """Make the token that lets a form of the page behind a link count while the state is this one."""
    return links.sign("form", [_digest(link), state])


def form_state(links: Links, link: str, token: str) -> int | str:
    """Give the state a form was made in; raises Refused when it was not made for this link."""
    said = links.read("form", token)
    if not isinstance(said, list) or len(said) != 2 or said[0] != _digest(link):
        raise Refused(403, "no_token")
    state = said[1]
    return state if isinstance(state, int) else str(state)


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode("ascii", "replace")).hexdigest()[:32]
