"""How customers of Hazel & Thrush feel about each touchpoint, before and after the new carrier."""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
NEW_CARRIER = date(2026, 1, 26)
MOODS = ("good", "middle", "bad")
# How many of a hundred are happy, so-so, let down.
USUAL: dict[str, tuple[int, int, int]] = {
    "delivery_slot": (62, 23, 15),
    "delivery_day": (78, 13, 9),
    "assembly": (68, 20, 12),
    "website": (70, 22, 8),
    "ordering": (66, 24, 10),
    "phone_support": (58, 24, 18),
    "returns": (52, 24, 24),
    "repair_visit": (64, 20, 16),
    "invoice": (60, 26, 14),
    "shop_visit": (72, 18, 10),
    "company": (50, 28, 22),
}
CARRIED_BADLY = (37, 18, 45)
FIVE = {"good": (4, 5, 5), "middle": (3,), "bad": (1, 2)}
SEVEN = {"good": (6, 7, 7), "middle": (4, 5), "bad": (1, 2)}
ELEVEN = {"good": (9, 9, 10, 10), "middle": (7, 8), "bad": (0, 2, 3, 4, 5, 6)}


def mood(random: Random, touchpoint: str, at: datetime) -> str:
    """Draw good, middle or bad; the day of delivery is another thing since the new carrier."""
    is_carried_badly = touchpoint == "delivery_day" and at.astimezone(ZONE).date() >= NEW_CARRIER
    return random.choices(MOODS, CARRIED_BADLY if is_carried_badly else USUAL[touchpoint])[0]
