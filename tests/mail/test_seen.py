"""Letters as people see them, in a real browser: narrow and wide, light and dark, with images off, by axe."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Browser

from flows.records import Letter
from tests.desk.browsing import chromium, is_too_wide, keep, serious, window
from tests.mail.greek import every_letter

Make = Callable[..., dict[str, Any]]
Read = Callable[[bytes], EmailMessage]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    with chromium() as started:
        yield started


def page_of(letter: Letter, read_letter: Read, *, images: bool) -> str:
    """Give a letter's page as a mail program shows it: with its pictures, or without any."""
    message = read_letter(letter.body)
    part = message.get_body(("html",))
    assert part is not None
    page = str(part.get_content())
    for one in message.walk():
        if one.get_content_type() == "image/png":
            data = base64.b64encode(one.get_payload(decode=True)).decode()  # type: ignore[arg-type]
            shown = f"data:image/png;base64,{data}" if images else "data:,"
            page = page.replace(f"cid:{one['Content-ID'].strip('<>')}", shown)
    assert "cid:" not in page
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de", "he", "fa"])
def test_every_letter_is_fit_for_a_telephone(
    browser: Browser, a_follow_up: Make, read_letter: Read, monday: datetime, language: str, scheme: str
) -> None:
    letters = every_letter(a_follow_up, language, monday)
    kinds = {letter.kind: letter for letter in letters if len(letter.assignment_keys) < 2}
    assert set(kinds) == {"assignment", "reminder", "escalation", "digest", "customer"}
    with window(browser, 360, color_scheme=scheme) as page:
        for kind, letter in kinds.items():
            page.set_content(page_of(letter, read_letter, images=True))
            assert not is_too_wide(page), kind
            for button in page.locator(".buttons a").all():
                box = button.bounding_box()
                assert box is not None
                assert box["height"] >= 44, kind  # a thumb's width
            assert serious(page) == [], kind
            keep(page, f"letter-{kind}-{language}-{scheme}")


def test_on_a_wide_screen_the_buttons_stand_side_by_side(
    browser: Browser, a_follow_up: Make, read_letter: Read, monday: datetime
) -> None:
    letter = next(one for one in every_letter(a_follow_up, "en", monday) if len(one.assignment_keys) == 1)
    with window(browser, 700) as page:
        page.set_content(page_of(letter, read_letter, images=True))
        tops = {round(one.bounding_box()["y"]) for one in page.locator(".buttons a").all()}  # type: ignore[index]
        assert len(tops) == 1
        keep(page, "letter-assignment-wide")


def test_with_images_off_the_digest_still_says_it(
    browser: Browser, a_follow_up: Make, read_letter: Read, monday: datetime
) -> None:
    letter = next(one for one in every_letter(a_follow_up, "en", monday) if one.kind == "digest")
    page_text = page_of(letter, read_letter, images=False)
    with window(browser, 360) as page:
        page.set_content(page_text)
        assert not is_too_wide(page)
        keep(page, "letter-digest-without-images")
    alts = re.findall(r'<img[^>]* alt="([^"]+)"', page_text)
    assert alts == ["Ταμείο, Satisfaction: 70%, after 0% 7 weeks earlier"]
    plain = read_letter(letter.body).get_body(("plain",))
    assert plain is not None
    assert alts[0] in str(plain.get_content())


def test_right_to_left_letters_run_right_to_left(
    browser: Browser, a_follow_up: Make, read_letter: Read, monday: datetime
) -> None:
    letter = next(one for one in every_letter(a_follow_up, "he", monday) if len(one.assignment_keys) == 1)
    with window(browser, 700) as page:
        page.set_content(page_of(letter, read_letter, images=True))
        chip, who = page.locator(".score").first.bounding_box(), page.locator(".who").first.bounding_box()
        assert chip is not None and who is not None
        assert chip["x"] > who["x"]
        comment = page.locator(".comment").first  # Greek, so it runs its own way
        assert comment.evaluate("one => getComputedStyle(one).direction") == "ltr"
