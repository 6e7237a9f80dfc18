"""What an answer means: one of the reply words, a note, somebody who is away, or a letter that came back."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from imap_tools import MailMessage

from flows.mail.actions import Cause, reply_words
from flows.mail.cleaning import one_line
from flows.mail.languages import languages, translations
from flows.mail.own_words import own_words

LONGEST_NOTE = 4000
Meaning = Literal[
    "taken", "reached", "waiting", "done", "declined", "unsubscribe", "note", "away", "bounced", "delayed"
]

_ID = re.compile(r"<[^<>\s]{3,400}>")
_KEY = re.compile(r"\[([^\[\]\s]{3,2000})\]")
_ENDS = re.compile(r"[.,;:!…–—)\n。،؛]|$")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True)
class Reply:
    """Carry what a message says; `threads` are Message-IDs it answers, `keys` what its subject names.

    `words` are all that its writer wrote, `note` what is left of them beside the reply word.
    """

    identity: str
    sender: str
    meaning: Meaning
    note: str
    threads: tuple[str, ...]
    keys: tuple[str, ...]
    sent_at: datetime | None
    causes: tuple[str, ...] = ()
    reason: str = ""
    words: str = ""


def read_reply(message: MailMessage, causes: Sequence[Cause] = (), ours: tuple[str, ...] = ()) -> Reply:
    """Understand one message; `causes` are the root causes it may name, `ours` our own addresses."""
    text = own_words(message.text, message.html, ours)[:LONGEST_NOTE]
    meaning, note, reason = _meaning(message, text)
    return Reply(
        identity=_identity(message),
        sender=message.from_.lower(),
        meaning=meaning,
        note=note,
        threads=tuple(_threads(message)),
        keys=tuple(_KEY.findall(one_line(message.subject, 2000))),
        sent_at=message.date if message.date.tzinfo is not None and message.date.year > 1970 else None,
        causes=tuple(named_causes(note, causes)) if meaning == "done" else (),
        reason=reason,
        words=text,
    )


def word_in(text: str) -> tuple[Meaning | None, str]:
    """Find the reply word that the first line begins with, alone or before a mark; the rest is a note.

    `done?` and `not done yet` are no reply words; `Done. She is happy.` is. Who wants no more letters says
    so on a line of its own: `Stop. It still leaks.` is about something else.
    """
    first, _, rest = text.partition("\n")
    end = _ENDS.search(first)
    said = first[: end.start()] if end else first
    meaning = known_words().get(plain(said))
    if meaning is None or (meaning == "unsubscribe" and first[len(said) + 1 :].strip()):
        return None, text
    return meaning, f"{first[len(said) + 1 :].strip()}\n{rest}".strip()


def named_causes(note: str, causes: Iterable[Cause]) -> list[str]:
    """List the root causes that a line of the note names, by name or by id."""
    lines = {plain(line) for line in note.split("\n")}
    found = (one.root_cause_id for one in causes if {plain(one.name), plain(one.root_cause_id)} & lines)
    return list(dict.fromkeys(found))


@cache
def known_words() -> dict[str, Meaning]:
    """Give the meaning of each reply word of each language: owners may write in any of them."""
    return {
        plain(word): meaning  # type: ignore[misc]
        for language in languages()
        for meaning, words in reply_words(translations(language)).items()
        for word in words
    }


def plain(text: str) -> str:
    """Make two spellings of the same words equal: case, width, invisible characters, blanks."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_UNSEEN)
    return " ".join(folded.split()).strip(" *_\"'«»„“”!")


def _meaning(message: MailMessage, text: str) -> tuple[Meaning, str, str]:
    if message.obj.get_content_type() == "multipart/report":
        return _report(message)
    if _is_automatic(message):
        return "away", "", one_line(message.subject, 200)
    meaning, note = word_in(text)
    return meaning or "note", note, ""


def _is_automatic(message: MailMessage) -> bool:
    """Tell an answer that no person wrote (RFC 3834, and what older programs send)."""
    header = {name: " ".join(message.headers.get(name, ())).strip().lower() for name in _AUTOMATIC}
    submitted = header["auto-submitted"].partition(";")[0].strip()
    return (
        submitted not in ("", "no")
        or bool(
            header["x-autoreply"] or header["x-autorespond"] or header["x-auto-response-suppress"] == "all"
        )
        or header["precedence"] in ("auto_reply", "auto-reply")
    )


_AUTOMATIC = ("auto-submitted", "x-autoreply", "x-autorespond", "x-auto-response-suppress", "precedence")


def _report(message: MailMessage) -> tuple[Meaning, str, str]:
    """Read a delivery report (RFC 3464); one of another sort is an automatic answer."""
    for part in message.obj.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, str):
                continue
            action = str(block.get("Action") or "").strip().lower()
            reason = one_line(block.get("Diagnostic-Code") or block.get("Status") or "", 300)
            if action == "failed":
                return "bounced", "", reason
            if action:
                return "delayed", "", reason
    return "away", "", one_line(message.subject, 200)


def _threads(message: MailMessage) -> Iterable[str]:
    """Give the Message-IDs a message answers, the nearest first; a report names them in what it returns."""
    headers = [*message.headers.get("in-reply-to", ()), *reversed(message.headers.get("references", ()))]
    found = [one for value in headers for one in reversed(_ID.findall(str(value)))]
    if message.obj.get_content_type() == "multipart/report":
        for part in message.obj.walk():
            if part is message.obj:
                continue
            found += _ID.findall(str(part.get("Message-ID") or ""))
            if part.get_content_type() == "text/rfc822-headers":
                found += re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", str(part.get_payload()))
    return dict.fromkeys(found)


def _identity(message: MailMessage) -> str:
    given = _ID.search(str(message.obj.get("Message-ID") or ""))
    return (
        given.group() if given else f"<{hashlib.sha256(bytes(message.obj)).hexdigest()[:32]}@no-message-id>"
    )
