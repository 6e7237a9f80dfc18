"""The sentences that differ between letters about follow-ups: subjects, first lines, why one gets it."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import NullTranslations
from typing import Literal

from flows.mail.cleaning import one_line
from flows.mail.views import FollowUp, Reader
from flows.mail.words import number

Occasion = Literal["new", "again", "wrote", "soon", "due", "late", "away", "undeliverable"]


def subject(follow_ups: Sequence[FollowUp], reader: Reader, occasion: Occasion = "new") -> str:
    """Say in one line how bad, who and what: `NPS 2 of 10: Maria Lopez, Checkout`."""
    _ = reader.words.gettext
    first = min(follow_ups, key=lambda one: one.worst.position if one.worst else 1.0)
    about = ", ".join(part for part in (first.who or _("A customer"), first.place or first.journey) if part)
    if first.worst is not None:
        score = f"{first.worst.metric} {first.worst.value} " + _("of %(high)s") % {"high": first.worst.high}
        about = f"{score}: {about}"
    elif first.comments:
        about = _("Comment") + f": {about}"
    if (count := len(follow_ups)) > 1:
        several = reader.words.ngettext(
            "%(count)s follow-up: %(about)s", "%(count)s follow-ups, first %(about)s", count
        )
        about = several % {"count": number(count, reader.locale), "about": about}
    return one_line(_headline(occasion, reader.words) % {"about": about})


def _headline(occasion: Occasion, words: NullTranslations) -> str:
    _ = words.gettext
    return {
        "new": "%(about)s",
        "again": _("Not solved yet: %(about)s"),
        "wrote": _("The customer wrote: %(about)s"),
        "soon": _("Reminder: %(about)s"),
        "due": _("Due now: %(about)s"),
        "late": _("Late: %(about)s"),
        "away": _("Away: %(about)s"),
        "undeliverable": _("Not delivered: %(about)s"),
    }[occasion]


def first_line(occasion: Occasion, count: int, reader: Reader) -> str:
    """Say what a letter is about before it shows its follow-ups."""
    _n = reader.words.ngettext
    match occasion:
        case "new":
            line = _n("one customer should hear from you.", "%(num)s customers should hear from you.", count)
        case "again":
            line = _n(
                "one customer says that it is not solved yet.",
                "%(num)s customers say that it is not solved yet.",
                count,
            )
        case "wrote":
            line = _n("one customer wrote to you.", "%(num)s customers wrote to you.", count)
        case "soon" | "due":
            line = _n(
                "one customer is still waiting to hear from you.",
                "%(num)s customers are still waiting to hear from you.",
                count,
            )
        case "late":
            line = _n(
                "one customer has not heard from us in time. Please see that somebody gets in touch.",
                "%(num)s customers have not heard from us in time. Please see that somebody gets in touch.",
                count,
            )
        case "away":
            line = _n(
                "one customer is waiting for somebody who answers that they are away. "
                "Please see that somebody else gets in touch.",
                "%(num)s customers are waiting for somebody who answers that they are away. "
                "Please see that somebody else gets in touch.",
                count,
            )
        case "undeliverable":
            line = _n(
                "one customer is waiting, and our letter to the owner came back. "
                "Please see that somebody gets in touch.",
                "%(num)s customers are waiting, and our letter to the owner came back. "
                "Please see that somebody gets in touch.",
                count,
            )
    return line % {"num": number(count, reader.locale)}


def why_you(team: str, is_manager: bool, words: NullTranslations) -> str:
    """Say why somebody gets letters at all; nothing where no team is known."""
    if not team:
        return ""
    _ = words.gettext
    if is_manager:
        return _("You get this letter because you lead the team %(team)s.") % {"team": team}
    return _("You get this letter because you look after customers for %(team)s.") % {"team": team}
