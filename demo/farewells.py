"""Who left Hazel & Thrush: some of those whose last word was an unhappy one, and a few of all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from demo.people import Person
from demo.sittings import Item, Line

# Of those who said something and then nothing for a week or more.
UNHAPPY_LEAVE, OTHERS_LEAVE = 0.3, 0.06


def farewells(
    people: Iterable[Person],
    items: Mapping[str, list[Item]],
    till: Iterable[tuple[datetime, Line]],
    until: datetime,
) -> list[Person]:
    """Give the people anew, some with the day on which they left: after their last answer, before `until`."""
    last: dict[str, tuple[datetime, bool]] = {}
    said = [_said(item) for of_form in items.values() for item in of_form]
    said += [(line["card"], at, int(line["smile"]) <= 2) for at, line in till if line["card"]]
    for customer_id, at, is_unhappy in said:
        last[customer_id] = max(last.get(customer_id, (at, is_unhappy)), (at, is_unhappy))
    return [_perhaps(one, last[one.customer_id], until) if one.customer_id in last else one for one in people]


def _perhaps(one: Person, last: tuple[datetime, bool], until: datetime) -> Person:
    at, is_unhappy = last
    random = Random(one.customer_id)
    day = (at + timedelta(days=random.randint(7, 28))).date()
    leaves = random.random() < (UNHAPPY_LEAVE if is_unhappy else OTHERS_LEAVE)
    return replace(one, left_at=day.isoformat()) if leaves and day < until.date() else one


def _said(item: Item) -> tuple[str, datetime, bool]:
    """Tell who said something, when, and whether the worst was bad (six on eleven points, two on others)."""
    submitted = str(item.get("staged_at") or item["submitted_at"])
    at = datetime.strptime(submitted, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    numbers = [(answer["field"]["ref"], answer["number"]) for answer in item["answers"] if "number" in answer]
    bad = any(number <= (6 if ref == "recommend" else 2) for ref, number in numbers)
    return item["hidden"]["customer_id"], at, bad
