"""Digests: their pictures, and letters that stay together with them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from PIL import Image

from flows.mail.channels import Channels
from flows.mail.charts import HEIGHT, WIDTH, Point, trend
from flows.mail.doors import Outcome
from flows.mail.links import Links
from tests.mail.greek import digest, sender_in

Read = Callable[[bytes], EmailMessage]
BLUE = (47, 125, 225)


def drawn(points: list[Point], weeks: int = 12) -> Image.Image:
    return Image.open(io.BytesIO(trend(points, weeks, 0.0, 1.0))).convert("RGBA")


def colour(picture: Image.Image, place: float, score: float) -> Any:
    """Give the pixel of a week and score, the margins of 24 reckoned by hand."""
    across = 24 + (WIDTH - 48) * place / 11
    return picture.getpixel((round(across), round(HEIGHT - 24 - (HEIGHT - 48) * score)))


def test_a_trend_shows_each_week_at_its_height_and_leaves_gaps() -> None:
    points = [Point(place, place / 11, place / 11, place / 11) for place in (0, 1, 2, 9, 10, 11)]
    picture = drawn(points)
    assert picture.size == (WIDTH, HEIGHT)
    for one in points:
        assert colour(picture, one.place, one.score)[:3] == BLUE
        assert colour(picture, one.place, one.score)[3] > 200
    assert colour(picture, 5, 0.4)[3] == 0  # no line where no week is, and the ground is transparent
    assert colour(picture, 1.5, 1.5 / 11)[3] > 200  # but one between neighbours


def test_an_interval_is_a_band() -> None:
    picture = drawn([Point(0, 0.5, 0.1, 0.9), Point(11, 0.5, 0.1, 0.9)], 12)
    assert colour(picture, 0, 0.5)[:3] == BLUE
    joined = drawn([Point(place, 0.25, 0.1, 0.4) for place in range(12)])
    assert 50 < colour(joined, 5.5, 0.15)[3] < 120
    assert colour(joined, 5.5, 0.7)[3] == 0


def test_without_points_or_scale_there_is_no_picture() -> None:
    for points, low, high in (([], 0.0, 1.0), ([Point(0, 1, 1, 1)], 1.0, 1.0)):
        with pytest.raises(ValueError):
            trend(points, 12, low, high)


def test_a_digest_keeps_its_pictures_with_its_page(read_letter: Read, monday: datetime) -> None:
    letter = digest("en", sender_in("en", Links(["key"], "https://x")), monday)
    message = read_letter(letter.body)
    assert message["X-Heardback-Kind"] == "digest"
    assert message["Subject"] == "Ομάδα: the week from Apr 27 to May 3"
    assert message.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "multipart/related"]
    page = message.get_body(("html",))
    assert page is not None
    pictures = [one for one in message.walk() if one.get_content_type() == "image/png"]
    assert len(pictures) == 1
    for one in pictures:
        assert f'src="cid:{one["Content-ID"].strip("<>")}"' in str(page.get_content())
        Image.open(io.BytesIO(one.get_payload(decode=True))).verify()  # type: ignore[arg-type]
    assert "In time: 75%" in str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "/a/" in str(page.get_content())  # the quick fix can be taken


def test_a_week_is_written_once_to_each(monday: datetime) -> None:
    sender = sender_in("en", Links(["key"], "https://x"))
    first, again = digest("en", sender, monday), digest("en", sender, monday + timedelta(hours=5))
    assert first.message_id == again.message_id


class Kept:
    """Take what is not for a channel."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, message_id: str, recipient: str, body: bytes) -> Outcome:
        self.sent.append(recipient)
        return Outcome("sent")

    def close(self) -> None: ...


def test_channels_take_their_own_and_secrets_stay_out() -> None:
    others = Kept()
    door = Channels({"shop": "nonsense://token@nowhere", "web": "json://127.0.0.1:1/secret"}, others)
    assert door.send("<1@x>", "anna@acme.example", b"").result == "sent"
    assert others.sent == ["anna@acme.example"]
    for recipient, result in (
        ("notify:shop", "refused"),
        ("notify:web", "later"),
        ("notify:gone", "refused"),
    ):
        outcome = door.send("<2@x>", recipient, "Woche\nWörter".encode())
        assert outcome.result == result
        assert "secret" not in outcome.reason and "token" not in outcome.reason
