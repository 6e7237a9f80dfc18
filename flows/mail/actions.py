"""The three things an owner can say with one press: I take it, I reached the customer, Done.

Where the desk can be reached a button is a link to it; else, where a mail server is set, it opens a mail with
the reply word filled in; where neither is, there are no buttons and the letter names the commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from typing import Any

from flows.mail.cleaning import one_line
from flows.mail.languages import Translate
from flows.mail.links import Links

MOST_CAUSES = 12


@dataclass(frozen=True, slots=True)
class Cause:
    """Name one root cause as people choose it."""

    root_cause_id: str
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Show one button: what it stands for (an action of the desk's forms), its label, where it leads."""

    name: str
    label: str
    address: str


def actions(
    facts: dict[str, Any],
    links: Links | None,
    causes: Sequence[Cause],
    subject: str,
    now: datetime,
    words: NullTranslations,
    language: str = "",
) -> list[Action]:
    """Give the buttons of one follow-up, none where an owner can only use the command line.

    `causes` are the root causes that a mail with the word for done lets its writer choose from.
    """
    if links is None:
        return []
    named = labels(words.gettext)
    if not links.mail_to:
        page = links.to_follow_up(facts, now)
        return [Action(name, label, f"{page}?do={name}") for name, (label, _) in named.items()]
    about = one_line(f"{subject} [{facts['follow_up_key']}]")
    chosen = _causes(causes, language, words.gettext)
    texts = {word: reply_word(words, word) + (chosen if word == "done" else "") for _, word in named.values()}
    return [Action(name, label, links.by_mail(texts[word], about)) for name, (label, word) in named.items()]


def labels(_: Translate) -> dict[str, tuple[str, str]]:
    """Give each action of a letter its label and its reply word."""
    return {
        "acknowledge": (_("I take it"), "taken"),
        "contacted": (_("I reached the customer"), "reached"),
        "resolve": (_("Done"), "done"),
    }


def reply_word(words: NullTranslations, word: str) -> str:
    """Give the word to reply with in a language: the first of those its catalogue lists."""
    return reply_words(words)[word][0]


def reply_words(words: NullTranslations) -> dict[str, list[str]]:
    """List for each thing that can be said by reply the words for it, as the catalogue has them."""
    listed = {
        "taken": words.pgettext("reply", "taken"),
        "reached": words.pgettext("reply", "reached"),
        "waiting": words.pgettext("reply", "waiting"),
        "done": words.pgettext("reply", "done"),
        "declined": words.pgettext("reply", "declined"),
        "unsubscribe": words.pgettext("reply", "unsubscribe"),
    }
    return {word: [one.strip() for one in known.split(",") if one.strip()] for word, known in listed.items()}


def _causes(causes: Sequence[Cause], language: str, _: Translate) -> str:
    """List the root causes of a language, those of none in particular where it has none."""
    tongue = language.replace("_", "-").partition("-")[0]
    own = [cause for cause in causes if tongue and cause.language.partition("-")[0] == tongue]
    chosen = (own or [cause for cause in causes if cause.language in ("", "*")] or list(causes))[:MOST_CAUSES]
    if not chosen:
        return ""
    lines = [one_line(cause.name or cause.root_cause_id, 60) for cause in chosen]
    return "\r\n".join(["", "", _("Why did it happen? Leave only the line that fits:"), *lines, ""])
