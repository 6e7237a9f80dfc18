"""Letters to customers: that we received what they told us, and what became of it.

Written in the customer's language; answers go to the owner; one press ends such letters.
"""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from typing import Any, Literal
from urllib.parse import quote

from flows.mail.cleaning import address, body_text, one_line
from flows.mail.languages import has_catalogue, locale_of, translations
from flows.mail.message import FOLD, Sender, build, message_id
from flows.mail.pages import rendered
from flows.mail.views import FollowUp, Reader, follow_up
from flows.records import Letter

Facts = dict[str, Any]
Stage = Literal["received", "resolved"]
PURPOSE = "follow_up"
UNSUBSCRIBE = "unsubscribe"  # in the subject of a mail that ends letters, and as the source of what it says
# The event that the sending of a letter writes.
TELLS = {"received": "confirmed", "resolved": "told"}


def can_be_told(sender: Sender) -> bool:
    """Tell whether customers can reach the desk, where they answer and end such letters."""
    return sender.links is not None and not sender.links.mail_to


def customer_letter(stage: Stage, facts: Facts, sender: Sender, now: datetime, life: int = 0) -> Letter:
    """Write to the customer of one follow-up; `life` counts how often it was reopened.

    The facts are those of the promise, with the address in `customer` and, for what is resolved, the
    playbook's words in `next_step`. Raises ValueError when the customer cannot be written to.
    """
    if sender.links is None or not can_be_told(sender):
        raise ValueError("customers cannot reach the desk")
    customer, key = facts.get("customer") or {}, facts["follow_up_key"]
    name = one_line(customer.get("name") or "")
    to = address(customer.get("email") or "", name)
    reader = _reader(facts, sender, now)
    page = sender.links.to_customer(key, life, now) if stage == "resolved" else ""
    whose = str(facts.get("customer_key") or facts["customer_id"])
    ending = sender.links.to_unsubscribe(whose, PURPOSE, reader.language)
    shown = _shown(stage, facts, sender, reader) | {"name": name, "page": page, "ending": ending}
    text, html = rendered("customer", reader.language, shown)
    identity = message_id("customer", "", [key], sender.parsed().domain, f"{stage} {life}")
    body = build(
        sender=sender,
        to=to,
        subject=shown["subject"],
        kind="customer",
        identity=identity,
        keys=(),
        date=now,
        text=text,
        html=html,
        reply_to=_owner(facts),
        more=_ways_out(ending, sender),
    )
    return Letter(identity, "customer", (key,), to.addr_spec, shown["subject"], body, tells=TELLS[stage])


def _shown(stage: Stage, facts: Facts, sender: Sender, reader: Reader) -> dict[str, Any]:
    """Give what the letter says, but for whom it names and where its links lead."""
    seen = follow_up(facts, reader)
    return {
        "subject": _headline(stage, seen, reader),
        "lead": _lead(stage, seen, reader),
        "words": _words(stage, facts, reader),
        "one": seen,
        "because": reader.words.gettext("You get this letter because you answered us."),
        "company": one_line(sender.company),
        "help_email": one_line(sender.help_email),
    }


def _ways_out(ending: str, sender: Sender) -> list[tuple[str, str]]:
    """Give the headers by which mail programs end letters: by one press (RFC 8058), by mail (RFC 2369).

    By mail only where somebody reads the mailbox; the signed token stands in the subject.
    """
    ways = [f"<{ending}>"]
    if sender.takes_answers:
        to = (sender.replies() or sender.parsed()).addr_spec
        subject = f"{UNSUBSCRIBE} [{ending.rpartition('/')[2]}]"
        ways.append(f"<mailto:{quote(to, safe='@')}?subject={quote(subject)}>")
    return [
        ("List-Unsubscribe", f",{FOLD}".join(ways)),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


def _reader(facts: Facts, sender: Sender, now: datetime) -> Reader:
    language = str(facts.get("language") or "")
    language = language if has_catalogue(language) else sender.language
    zone = facts.get("timezone") or sender.timezone
    return Reader("", zone, language, locale_of(language), translations(language), now)


def _headline(stage: Stage, seen: FollowUp, reader: Reader) -> str:
    _ = reader.words.gettext
    said = _("We received what you told us") if stage == "received" else _("What became of what you told us")
    place = seen.place or seen.journey
    return one_line(f"{said}: {place}" if place else said)


def _lead(stage: Stage, seen: FollowUp, reader: Reader) -> str:
    """Say who answers by when, or what this letter is about."""
    _ = reader.words.gettext
    if stage == "resolved":
        return _("you told us something. This is what became of it.")
    if seen.due_at is None or seen.is_overdue:
        return _("thank you for telling us. %(owner)s will answer you.") % {"owner": seen.owner}
    said = _("thank you for telling us. %(owner)s will answer you by %(due)s.")
    return said % {"owner": seen.owner, "due": seen.due}


def _words(stage: Stage, facts: Facts, reader: Reader) -> str:
    if stage == "received":
        return ""
    step = facts.get("next_step")
    own = body_text((step.get("customer_text") if isinstance(step, dict) else "") or "").strip()
    return own or reader.words.gettext("We looked into it and believe that it is solved.")


def _owner(facts: Facts) -> Address | None:
    """Give where answers go: to the owner, else the team, else where all answers go."""
    for one in (facts.get("owner") or {}, facts.get("team") or {}):
        try:
            return address(one.get("email") or "", one.get("name") or "")
        except ValueError:
            continue
    return None
