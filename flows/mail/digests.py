"""The letter that tells a person their team's week: figures, what customers said, what moved, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flows.mail.cleaning import address, body_text, one_line
from flows.mail.languages import locale_of, translations
from flows.mail.message import Sender, build, message_id
from flows.mail.pages import rendered
from flows.mail.trends import charts_of, score_in_words
from flows.mail.views import Reader
from flows.mail.words import day_and_month, in_short, metric_name, number, share
from flows.records import Letter

Row = dict[str, Any]
LONGEST_QUOTE = 400


@dataclass(frozen=True, slots=True)
class Week:
    """Hold one team's week: its name, its days (last included), and what the marts say of it."""

    team_id: str
    team: str
    first: date
    last: date
    told: Row
    weeks: int = 12


def digest_letter(week: Week, person: Row, sender: Sender, now: datetime) -> Letter:
    """Write a team's week to one person (id, name, email, language, timezone).

    The Message-ID is made of person, team and week. Raises ValueError when the address cannot be written to.
    """
    reader = _reader(person, sender, now)
    name = one_line(person.get("name") or "")
    identity = _identity(week, str(person["id"]), sender)
    shown, images = (
        _shown(week, reader, sender),
        list(charts_of(week.told["trends"], week.last, week.weeks, reader)),
    )
    because = reader.words.gettext(
        "You get this letter once a week because you belong to the team %(team)s."
    ) % {"team": one_line(week.team)}
    text, page = rendered(
        "digest", reader.language, {**shown, "name": name, "charts": images, "because": because}
    )
    to = address(person.get("email") or "", name)
    body = build(
        sender=sender,
        to=to,
        subject=shown["subject"],
        kind="digest",
        identity=identity,
        keys=(),
        date=now,
        text=text,
        html=page,
        images=[one.image for one in images],
    )
    return Letter(identity, "digest", (), to.addr_spec, shown["subject"], body)


def channel_post(week: Week, team: Row, sender: Sender, now: datetime) -> Letter:
    """Write the same for a team's channel (Slack, Teams …): the words alone, addressed `notify:<team_id>`."""
    reader = _reader({"id": "", **team}, sender, now)
    shown = _shown(week, reader, sender)
    words, _ = rendered("digest", reader.language, {**shown, "name": "", "charts": [], "because": ""})
    recipient = f"notify:{week.team_id}"
    identity = _identity(week, recipient, sender)
    posted = f"{shown['subject']}\n{words.strip()}".encode()
    return Letter(identity, "digest", (), recipient, shown["subject"], posted)


def _identity(week: Week, whom: str, sender: Sender) -> str:
    about = (week.team_id, week.last.isoformat())
    return message_id("digest", whom, about, sender.parsed().domain)


def _reader(person: Row, sender: Sender, now: datetime) -> Reader:
    language = person.get("language") or sender.language
    zone = person.get("timezone") or sender.timezone
    return Reader(str(person["id"]), zone, language, locale_of(language), translations(language), now)


def _shown(week: Week, reader: Reader, sender: Sender) -> Row:
    _, locale, told = reader.words.gettext, reader.locale, week.told
    days = {"begin": day_and_month(week.first, locale), "end": day_and_month(week.last, locale)}
    headline = _("%(team)s: the week from %(begin)s to %(end)s") % {"team": one_line(week.team), **days}
    return {
        "subject": one_line(headline),
        "figures": _figures(told["figures"], reader),
        "late": [
            {
                "who": one_line(one["customer_id"] or _("A customer")),
                "place": one_line(one["place"] or ""),
                "due": _("was due %(due)s") % {"due": in_short(one["due_at"], reader.zone, locale)},
            }
            for one in told["late"]
        ],
        "comments": [_quote(one) for one in told["comments"]],
        "changes": [_change(one, reader) for one in told["changes"]],
        **_news(told.get("news") or [], reader),
        "quick_fixes": [_quick_fix(one, reader, sender) for one in told["quick_fixes"]],
        "company": one_line(sender.company),
        "help_email": one_line(sender.help_email),
    }


def _figures(told: Row, reader: Reader) -> list[tuple[str, str]]:
    _, locale = reader.words.gettext, reader.locale
    decided = told["decided_count"]
    return [
        (number(told["new_count"], locale), _("New")),
        (number(told["late_count"], locale), _("Late")),
        (number(told["closed_count"], locale), _("Closed")),
        (share(told["kept_count"] / decided, locale) if decided else "–", _("In time")),
    ]


def _quote(one: Row) -> Row:
    text = body_text(one["text"]).strip()
    cut = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    return {"text": cut, "language": one_line(one["language"] or ""), "place": one_line(one["place"] or "")}


def _news(told: list[Row], reader: Reader) -> Row:
    """Give what rules pass on to the team, and how many more there are than are shown."""
    _, locale = reader.words.gettext, reader.locale
    more = (told[0]["news_count"] if told else 0) - len(told)
    shown = reader.words.ngettext("and %(count)s more", "and %(count)s more", more)
    return {
        "news": [
            {**_quote({**one, "text": one["text"] or ""}), "score": _score(one, reader)} for one in told
        ],
        "more_news": shown % {"count": number(more, locale)} if more else "",
    }


def _score(one: Row, reader: Reader) -> str:
    if one["value"] is None:
        return ""
    _, locale = reader.words.gettext, reader.locale
    high = _("of %(high)s") % {"high": number(one["scale_max"], locale)}
    return f"{one_line(metric_name(one['metric'], _))} {number(one['value'], locale)} {high}"


def _change(one: Row, reader: Reader) -> Row:
    """Say what moved, by how much, out of how many answers, and how far it can be trusted."""
    _, locale = reader.words.gettext, reader.locale
    count = one["answer_count"]
    counted = reader.words.ngettext("%(count)s answer", "%(count)s answers", count)
    verdict = _("well founded") if one["verdict"] == "publish" else _("a rough figure: the interval is wide")
    is_better = one["score_change"] > 0
    return {
        "place": one_line(one["place"] or ""),
        "metric": one_line(metric_name(one["metric"], _)),
        "score": score_in_words(one["score"], one["metric"], reader),
        "before": _("%(before)s the week before")
        % {"before": score_in_words(one["previous_score"], one["metric"], reader)},
        "word": _("better") if is_better else _("worse"),
        "tone": "good" if is_better else "bad",
        "count": counted % {"count": number(count, locale)},
        "verdict": verdict,
    }


def _quick_fix(one: Row, reader: Reader, sender: Sender) -> Row:
    _, count = reader.words.gettext, one["customer_count"] or 0
    affected = reader.words.ngettext("%(count)s customer affected", "%(count)s customers affected", count)
    key, page = f"quick_fix/{one['pain_point_id']}", ""
    if sender.links and not sender.links.mail_to and reader.owner_id:
        facts = {"follow_up_key": key, "owner": {"id": reader.owner_id}}
        page = sender.links.to_follow_up(facts, reader.now) + "?do=acknowledge"
    return {
        "place": one_line(one["place"] or ""),
        "theme": one_line(one["theme"] or _("without a theme")),
        "affected": affected % {"count": number(count, reader.locale)},
        "page": page,
    }
