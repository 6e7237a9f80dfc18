"""Half a year at Hazel & Thrush, made from one seed: who answered what, when, and in which mood.

The story: on 26 January a new carrier takes over the deliveries. From then on the day of delivery is where
customers are let down; everything else stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from demo import forms
from demo.comments import HOSTILE
from demo.farewells import farewells
from demo.moods import ZONE
from demo.people import Person, make_people
from demo.sittings import FORMS, Item, Line, at_the_till

DAY_ONE = datetime(2026, 3, 11, 6, tzinfo=UTC)
DAY_TWO = DAY_ONE + timedelta(days=1)
FIRST_DAY = date(2025, 9, 11)
A_DAY = {forms.DELIVERY: 8, forms.WEB: 6, forms.HELP: 9, forms.FRIENDS: 6, "till": 5}


@dataclass(slots=True)
class Story:
    """Hold what happened: people, Typeform items by form, and lines of the shop floor; oldest first."""

    people: list[Person]
    items: dict[str, list[Item]] = field(default_factory=lambda: {form: [] for form in forms.FIELDS})
    till: list[tuple[datetime, Line]] = field(default_factory=list)

    @property
    def response_count(self) -> int:
        """Count the sittings of both sources."""
        return sum(map(len, self.items.values())) + len(self.till)


def tell(seed: int = 20) -> Story:
    """Make the whole story; the same seed makes the same story to the letter."""
    random = Random(seed)
    story = Story(make_people(random, 1500))
    days = (DAY_TWO.astimezone(ZONE).date() - FIRST_DAY).days
    for day in (FIRST_DAY + timedelta(days=number) for number in range(days + 1)):
        busy = 0.6 if day.weekday() > 4 else 1.1
        for what, often in A_DAY.items():
            moments = [_moment(random, day) for _ in range(round(random.gauss(often * busy, 1.2)))]
            for at in sorted(at for at in moments if at < DAY_TWO):
                _answer(random, story, what, at)
    _mischief(story)
    story.people = farewells(story.people, story.items, story.till, DAY_ONE)
    return story


def last_activity(item: Item) -> str:
    """Tell when a sitting was sent off, or left."""
    return str(item.get("staged_at") or item["submitted_at"])


def _answer(random: Random, story: Story, what: str, at: datetime) -> None:
    who = random.choice(story.people)
    if what == "till":
        story.till.append((at, at_the_till(random, who, at, len(story.till))))
    else:
        story.items[what].append(FORMS[what](random, who, at))


def _moment(random: Random, day: date) -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    minutes = min(max(random.gauss(15.5, 3.4), 6.2), 23.6) * 60
    at = (local + timedelta(minutes=minutes)).astimezone(UTC)
    return at.replace(second=random.randrange(60), microsecond=0)


def _mischief(story: Story) -> None:
    """Let the last people who were let down before day one try something in their comments."""
    let_down = [
        item
        for item in story.items[forms.DELIVERY]
        if last_activity(item) < f"{DAY_ONE:%Y-%m-%dT%H:%M:%SZ}"
        and item["answers"][-1]["field"]["ref"] == "delivery_words"
        and item["answers"][1]["number"] <= 2
    ]
    for item, words in zip(reversed(let_down), HOSTILE, strict=False):
        item["answers"][-1]["text"] = words
