"""How one customer answers one questionnaire: an item as Typeform tells it, or a line of the shop floor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from demo import forms
from demo.comments import comment
from demo.moods import ELEVEN, FIVE, SEVEN, ZONE, mood
from demo.people import LANGUAGES, Person

Item = dict[str, Any]
Line = dict[str, str]
NEVER = "0001-01-01T00:00:00Z"  # what Typeform says of a response that was not submitted
STORES = ("harbour", "station", "mill", "market", "canal")
# Twice a year people are asked what they came across; some of it is felt more in what they say of us.
FELT = {"delivery_day": 0.75, "phone_support": 0.5, "shop_visit": 0.35, "website": 0.15, "assembly": 0.1}
PAINTED = date(2026, 2, 9)
NAMED = {"en": " It was Northline again.", "de": " Wieder Northline."}
HELP_POINTS = ("phone_support", "returns", "repair_visit", "invoice")


def _words(random: Random, who: Person, topic: str, feeling: str) -> Iterator[str]:
    """Say something, or nothing: the unhappy say more."""
    if random.random() < {"good": 0.35, "middle": 0.3, "bad": 0.75}[feeling]:
        yield comment(random, who.language, topic, feeling)


def _item(random: Random, form: str, who: Person, at: datetime, answers: list[Item], **hidden: str) -> Item:
    token = f"{random.getrandbits(128):032x}"
    began = at - timedelta(seconds=random.randint(35, 400))
    mobile = random.random() < 0.6
    item: Item = {
        "landing_id": token,
        "token": token,
        "response_id": token,
        "response_type": "completed",
        "landed_at": f"{began:%Y-%m-%dT%H:%M:%SZ}",
        "submitted_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "metadata": {
            "user_agent": "Mozilla/5.0",
            "platform": "mobile" if mobile else "other",
            "referer": f"https://hazelthrush.typeform.example/to/{form}",
            "network_id": token[:10],
            "browser": "touch" if mobile else "default",
        },
        "hidden": {"customer_id": who.customer_id, "language": who.language, **hidden},
        "calculated": {"score": 0},
        "tags": [],
        "answers": answers,
    }
    return item


def _partly(random: Random, item: Item) -> Item:
    """Let one in twenty-five leave after the first question: Typeform then calls the response partial."""
    if random.random() > 0.04:
        return item
    left = {"response_type": "partial", "staged_at": item["submitted_at"], "submitted_at": NEVER}
    return {**item, **left, "answers": item["answers"][:1]}


def _delivery(random: Random, who: Person, at: datetime) -> Item:
    moods = {point: mood(random, point, at) for point in ("delivery_slot", "delivery_day", "assembly")}
    say = [
        forms.answer(forms.DELIVERY, "slot_ease", random.choice(SEVEN[moods["delivery_slot"]])),
        forms.answer(forms.DELIVERY, "delivery_day", random.choice(FIVE[moods["delivery_day"]])),
    ]
    if random.random() < 0.7:
        say.append(forms.answer(forms.DELIVERY, "assembly", random.choice(FIVE[moods["assembly"]])))
    own = _of_its_own(who, at)
    if own.random() < 0.5:
        say.append(forms.answer(forms.DELIVERY, "delivery_hoped", own.choice((3, 4, 4, 5, 5))))
    for words in _words(random, who, "delivery", moods["delivery_day"]):
        named = _naming_the_carrier(own, who, at) if moods["delivery_day"] == "bad" else ""
        say.append(forms.answer(forms.DELIVERY, "delivery_words", words + named))
    item = _item(
        random, forms.DELIVERY, who, at, say, channel="email", order_no=f"H{random.randint(10000, 99999)}"
    )
    return _partly(random, item)


def _web(random: Random, who: Person, at: datetime) -> Item:
    looking, ordering = mood(random, "website", at), mood(random, "ordering", at)
    say = [
        forms.answer(forms.WEB, "website", random.choice(FIVE[looking])),
        forms.answer(forms.WEB, "order_ease", random.choice(SEVEN[ordering])),
    ]
    for words in _words(random, who, "web", ordering):
        say.append(forms.answer(forms.WEB, "web_words", words))
    return _item(random, forms.WEB, who, at, say, channel="web")


def _help(random: Random, who: Person, at: datetime) -> Item:
    point = random.choice(HELP_POINTS)
    mood_now = mood(random, point, at)
    say = [forms.answer(forms.HELP, "help_ease", random.choice(SEVEN[mood_now]))]
    if random.random() < 0.85:
        say.append(forms.answer(forms.HELP, "help_solved", random.choice(FIVE[mood_now])))
    for words in _words(random, who, "help", mood_now):
        say.append(forms.answer(forms.HELP, "help_words", words))
    if mood_now == "bad" and random.random() < 0.3:
        say.append(forms.answer(forms.HELP, "callback_number", who.phone))
    return _item(random, forms.HELP, who, at, say, channel="email", touchpoint=point, email=who.email)


def _friends(random: Random, who: Person, at: datetime) -> Item:
    mood_now = mood(random, "company", at)
    say = [forms.answer(forms.FRIENDS, "recommend", random.choice(ELEVEN[mood_now]))]
    for words in _words(random, who, random.choice(("web", "shop", "delivery", "help")), mood_now):
        say.append(forms.answer(forms.FRIENDS, "recommend_why", words))
    say += _looking_back(_of_its_own(who, at), at, mood_now)
    say.append(forms.answer(forms.FRIENDS, "delivery_matters", random.choice((3, 4, 5, 5, 5))))
    if random.random() < 0.5:
        wishes = random.sample(forms.WISHES, random.randint(1, 2))
        say.append(forms.answer(forms.FRIENDS, "want_more", wishes))
    return _partly(random, _item(random, forms.FRIENDS, who, at, say, channel="email"))


def _looking_back(random: Random, at: datetime, mood_now: str) -> Iterator[Item]:
    """Rate what one came across, three touchpoints in five: as it was, or as one feels about the company."""
    for point, share in FELT.items():
        if random.random() < 0.6:
            felt = mood_now if random.random() < share else mood(random, point, at)
            yield forms.answer(forms.FRIENDS, f"by_{point}", random.choice(FIVE[felt]))


def _naming_the_carrier(random: Random, who: Person, at: datetime) -> str:
    """Name the new carrier, which has its name on the lorries since some weeks: a word nobody used before."""
    is_painted = at.astimezone(ZONE).date() >= PAINTED
    return NAMED.get(who.language, "") if is_painted and random.random() < 0.6 else ""


def _of_its_own(who: Person, at: datetime) -> Random:
    """Give chance of its own to a sitting, so that a question more changes no other answer."""
    return Random(f"{who.customer_id} {at.isoformat()}")


def at_the_till(random: Random, who: Person, at: datetime, number: int) -> Line:
    """Let a customer tap on the screen at the till: one line of the shop floor's file."""
    mood_now = mood(random, "shop_visit", at)
    queue = {"good": (1, 1, 2), "middle": (2, 3), "bad": (3, 4, 5)}[mood_now]
    return {
        "receipt": f"R{100000 + number}",
        "answered_at": f"{at.astimezone(ZONE):%d.%m.%Y %H:%M}",
        "store": random.choice(STORES),
        "card": who.customer_id if random.random() < 0.6 else "",
        "lang": str(LANGUAGES.index(who.language) + 1),
        "smile": str(random.choice(FIVE[mood_now])) if random.random() > 0.02 else "9",
        "queue": str(random.choice(queue)),
        "recommend": str(random.choice(ELEVEN[mood_now])) if random.random() > 0.05 else "99",
        "remark": next(_words(random, who, "shop", mood_now), "-"),
    }


FORMS: dict[str, Callable[[Random, Person, datetime], Item]] = {
    forms.DELIVERY: _delivery,
    forms.WEB: _web,
    forms.HELP: _help,
    forms.FRIENDS: _friends,
}
