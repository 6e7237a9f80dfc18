"""The customers of Hazel & Thrush: names in eight languages, accounts, segments, yearly values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

NAMES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "names.yml").read_text(encoding="utf-8")
)
LANGUAGES = tuple(NAMES)
PERSONAS = {"first_flat": 34, "family": 30, "downsizer": 22, "host": 14}


@dataclass(frozen=True, slots=True)
class Person:
    """Hold one customer as the customer list knows them; `annual_value` in euros, None where nobody knows."""

    customer_id: str
    account_id: str
    name: str
    email: str
    phone: str
    segment: str
    persona: str
    annual_value: int | None
    language: str
    may_contact: bool
    owner_id: str
    left_at: str


def make_people(random: Random, count: int) -> list[Person]:
    """Make customers; every seventh belongs to an office that buys for three desks."""
    return [_person(random, number) for number in range(1, count + 1)]


def _person(random: Random, number: int) -> Person:
    language = random.choices(LANGUAGES, [names["share"] for names in NAMES.values()])[0]
    first, last = (_spelled(random.choice(NAMES[language][part].split())) for part in ("given", "family"))
    name = f"{last[0]}{first[0]}" if language == "zh" else f"{first[0]} {last[0]}"
    is_office = random.random() < 0.14
    worth = random.randint(2000, 26000) if is_office else random.randint(80, 1900)
    return Person(
        customer_id=f"C-{10000 + number}",
        account_id=f"A-{500 + number // 21}" if is_office else f"P-{10000 + number}",
        name=name,
        email=f"{first[1]}.{last[1]}{number}@{random.choice(('example.com', 'example.org', 'example.net'))}",
        phone=f"+31 97 0{random.randint(1000000, 9999999)}",
        segment="business" if is_office else random.choices(("private", "regular"), (70, 30))[0],
        persona="office" if is_office else random.choices(list(PERSONAS), list(PERSONAS.values()))[0],
        annual_value=None if random.random() < 0.05 else worth,
        language=language,
        may_contact=random.random() > 0.06,
        owner_id="helena" if is_office else "",
        left_at="",
    )


def _spelled(word: str) -> tuple[str, str]:
    """Give a name as its owner writes it, and in the letters of an e-mail address."""
    native, _, latin = word.partition("/")
    return native, latin or native.lower()
