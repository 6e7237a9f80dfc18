"""What may be said of an exchange: words of our own, and the tool's only without secrets and cut short."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, urlsplit

from flows.records import SourceError

_LONGEST = 200
_WORDED = ("description", "message", "errorMessage", "title", "code")
_WITHIN = ("error", "meta")


class Secrets:
    """Keep secret values out of sentences, also where a tool repeats them in its answer."""

    def __init__(self, values: Iterable[str]) -> None:
        """Take the values; blanks around them do not count."""
        self._forms: list[str] = []
        self.keep(*values)

    def __repr__(self) -> str:
        return f"Secrets({len(self._forms)})"

    def keep(self, *values: str) -> None:
        """Keep more values out: a tool may hand out secrets of its own, such as the key of a session."""
        known = {form for value in values if value.strip() for form in _forms(value.strip())}
        self._forms = sorted({*self._forms, *known}, key=len, reverse=True)

    def hide(self, text: str) -> str:
        """Put `***` in the place of each secret."""
        for form in self._forms:
            text = text.replace(form, "***")
        return text


def _forms(value: str) -> set[str]:
    packed = base64.b64encode(value.encode()).decode()
    return {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], packed}


def description(body: bytes) -> str:
    """Give what an error body says in words, in one short line; empty where it says nothing readable."""
    try:
        words = _worded(json.loads(body))
    except (ValueError, RecursionError):
        return ""
    return one_line(str(words))


def one_line(words: str) -> str:
    """Put words of a tool on one short line, without signs that print nothing, and without a full stop."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in words).split()).rstrip(".")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _worded(told: object) -> object:
    """Find the words of an error body: its own, else those of the error within it; empty without any."""
    if not isinstance(told, dict):
        return told if isinstance(told, str) else ""
    own = next((told[name] for name in _WORDED if told.get(name) and not isinstance(told[name], dict)), None)
    return own or next((found for name in _WITHIN if (found := _worded(told.get(name)))), "")


def checked_base(source_name: str, base_url: str) -> str:
    """Give a base URL without the slash at its end; raises SourceError for what is none, or holds secrets."""
    place = f"source '{source_name}': base_url"
    try:
        parts = urlsplit(base_url.strip())
        port_is_known, host = parts.port is None or parts.port > 0, parts.hostname
    except ValueError:
        port_is_known, host = False, None
    if not (port_is_known and host) or parts.scheme not in ("http", "https"):
        raise SourceError(f"{place} is no web address. Write it like https://api.example.com.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise SourceError(
            f"{place} holds more than an address. Leave out user, password and everything from ? or # on."
        )
    return base_url.strip().rstrip("/")


def host_of(url: str) -> str:
    """Name the host, with its port where one is written, in small letters."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
