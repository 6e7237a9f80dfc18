"""The pages in a real browser: keyboard only, narrow, without JavaScript, light and dark; axe looks too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from flows import ledger
from flows.ledger import open_ledger
from flows.mail.links import Ticket
from tests.desk.browsing import chromium, is_too_wide, keep, serious, window
from tests.desk.serving import MONDAY, Hall

HEBREW = "חיכיתי 40 דקות בקופה, ואף אחד לא התנצל :("
MOST_TABS = 60


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one browser."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Serve one desk with a few follow-ups."""
    path = tmp_path_factory.mktemp("seen") / "ledger.sqlite"
    with open_ledger(f"sqlite:///{path}") as book:
        served = Hall(book)
        comments = [
            {"text": HEBREW, "language": "he"},
            {"text": "x" * 300 + "\nSecond line", "language": "en"},
        ]
        served.promise("seen", comments=comments)
        served.promise("other", touchpoint_name="Delivery")
        served.promise("late", due_at=(MONDAY - timedelta(hours=1)).isoformat(), customer={"id": "C-7"})
        ledger.record_event(book, "seen", "attempted", "anna", MONDAY, "Nobody picked up. " + "y" * 200)
        for key in ("typed", "tapped"):
            served.promise(key, customer_id="C-5", customer={"id": "C-5", "name": "Zoë"})
        for key in ("asked", "asked_too"):
            served.promise(key, customer_key="C-6", language="he" if key == "asked" else "en")
            ledger.record_event(book, key, "resolved", "anna", MONDAY, root_cause_id="staffing")
        yield served
        served.close()


def pages(hall: Hall) -> dict[str, str]:
    """Name each kind of page with its path."""
    lists = hall.path("")
    addresses = {
        "customer": hall.links.to_customer("asked", 0, MONDAY),
        "unsubscribe": hall.links.to_unsubscribe("C-6", "follow_up", "he"),
    }
    return {
        **{name: address.removeprefix(hall.links.base_url) for name, address in addresses.items()},
        "quick-fix": quick_fix(hall, "anna"),
        "follow-up": f"{hall.path('seen')}?do=resolve",
        "mine": lists,
        "late": f"{lists}?show=late",
        "told": f"{lists}/told",
        "expired": hall.path("seen", issued_at=MONDAY - timedelta(days=15)),
        "fault": "/a/nonsense",
    }


def quick_fix(hall: Hall, owner: str) -> str:
    """Give the path of the link in an owner's digest."""
    return f"/a/{hall.links.token(Ticket('quick_fix/p1', owner, 0, MONDAY))}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_readable_for_all(browser: Browser, hall: Hall, scheme: str) -> None:
    for width in (1280, 360):
        with window(browser, width, color_scheme=scheme) as page:
            for name, path in pages(hall).items():
                page.goto(hall.url + path)
                keep(page, f"desk-{name}-{width}-{scheme}")
                assert serious(page) == [], name
                assert not is_too_wide(page), name
                small = page.evaluate(
                    "[...document.querySelectorAll('button, summary, .button, input:not([type=hidden])')]"
                    ".filter(one => one.getBoundingClientRect().height < 28).map(one => one.outerHTML)"
                )
                assert small == []


def test_a_refusal_is_told_where_a_screen_reader_hears_it(browser: Browser, hall: Hall) -> None:
    with window(browser) as page:
        page.goto(hall.url + hall.path("seen"))
        ledger.record_event(hall.book, "seen", "joined", "heardback", MONDAY)
        page.get_by_label("Note, if you like").fill("rang her at nine")
        page.get_by_role("button", name="I reached the customer").click()
        assert "something happened here since" in page.get_by_role("alert").inner_text()
        assert page.get_by_label("Note, if you like").input_value() == "rang her at nine"
        assert serious(page) == []
        keep(page, "desk-stale-1280")


def test_what_customers_write_runs_nothing_and_keeps_its_direction(browser: Browser, hall: Hall) -> None:
    hall.promise(
        "hostile", comments=[{"text": f"<script>document.title='x'</script>{HEBREW}", "language": "he"}]
    )
    with window(browser) as page:
        page.goto(hall.url + hall.path("hostile"))
        assert page.title().startswith("Maria López")
        comment = page.locator("blockquote")
        assert "<script>" in comment.inner_text()
        assert comment.get_attribute("lang") == "he"
        page.goto(hall.url + hall.path("seen"))
        shown = page.locator("blockquote").first
        assert shown.evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert page.locator("blockquote").nth(1).evaluate("one => getComputedStyle(one).direction") == "ltr"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus, as one does who has no mouse."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        words = page.evaluate(
            "(() => { const one = document.activeElement; "
            "return one.labels?.[0]?.innerText || one.innerText || '' })()"
        )
        if words.startswith(name):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", name  # one sees where one is
            return
    raise AssertionError(f"Tab does not lead to {name}")


def test_with_the_keyboard_alone(browser: Browser, hall: Hall) -> None:
    with window(browser, java_script_enabled=True) as page:
        page.goto(hall.url + hall.path("typed"))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == "Skip to the content"
        page.keyboard.press("Enter")
        tab_to(page, "I take it")
        page.keyboard.press("Enter")
        page.wait_for_url("**noted=acknowledge*")
        tab_to(page, "Note, if you like")
        page.keyboard.type("She was glad.")
        tab_to(page, "I reached the customer")
        page.keyboard.press("Space")
        page.wait_for_url("**noted=contacted*")
        tab_to(page, "Done: it is resolved")
        page.keyboard.press("Enter")
        tab_to(page, "What was the root cause?")
        page.keyboard.type("Too")
        tab_to(page, "What was the customer told?")
        page.keyboard.type("A second till opens.")
        tab_to(page, "Done")
        page.keyboard.press("Enter")
        page.wait_for_url("**noted=resolve*")
    assert hall.events("typed") == ["assigned", "acknowledged", "contacted", "resolved", "told", "closed"]
    rows = ledger.history_of(hall.book, ["typed"])["typed"]
    assert [row["note"] for row in rows][2:5] == ["She was glad.", None, "A second till opens."]
    assert rows[3]["root_cause_id"] == "staffing"


def test_on_a_phone_without_javascript(browser: Browser, hall: Hall) -> None:
    with window(browser, 360, java_script_enabled=False, has_touch=True, is_mobile=True) as page:
        page.goto(f"{hall.url}{hall.path('tapped')}?do=contacted")
        page.get_by_role("button", name="I wait for the customer").tap()
        page.wait_for_url("**noted=waiting")
        page.get_by_text("Hand it over to a colleague").tap()
        page.get_by_label("Who takes over?").select_option("bert")
        page.get_by_role("button", name="Hand over").tap()
        page.wait_for_url("**noted=hand_over")
        assert "Your colleague gets a letter" in page.get_by_role("status").inner_text()
        keep(page, "desk-handed-over-360")
        page.get_by_role("link", name="My team").tap()
        assert "Bert" in page.inner_text("main")
        page.goto(hall.url + hall.path("tapped"))
        assert "handed over" in page.inner_text("h1")
    assert hall.events("tapped") == ["assigned", "waiting", "reassigned"]


def test_an_expired_link_is_one_press_from_a_fresh_one(browser: Browser, hall: Hall) -> None:
    with window(browser, 360) as page:
        page.goto(hall.url + hall.path("seen", issued_at=MONDAY - timedelta(days=15)))
        page.get_by_role("button", name="Send me a fresh link").click()
        assert "on its way" in page.inner_text("h1")
        keep(page, "desk-fresh-360")


def test_a_customer_answers_and_ends_letters_by_keyboard_and_without_javascript(
    browser: Browser, hall: Hall
) -> None:
    ways = pages(hall)
    with window(browser, 360, java_script_enabled=False) as page:
        page.goto(hall.links.to_customer("asked_too", 0, MONDAY).replace(hall.links.base_url, hall.url))
        tab_to(page, "What is still missing?")
        page.keyboard.type("The table still wobbles.")
        tab_to(page, "Not yet")
        page.keyboard.press("Enter")
        page.wait_for_url("**noted=not_yet")
        assert "We go on" in page.get_by_role("status").inner_text()
        page.goto(hall.url + ways["unsubscribe"])
        assert page.locator("html").get_attribute("dir") == "rtl"
        tab_to(page, page.get_by_role("button").inner_text())
        page.keyboard.press("Space")
        page.get_by_role("status").wait_for()
        assert not is_too_wide(page)
    assert hall.events("asked_too") == ["assigned", "resolved", "reopened"]
    assert ledger.history_of(hall.book, ["asked_too"])["asked_too"][-1]["note"] == "The table still wobbles."
    assert ledger.refusing(hall.book, ["C-6"], "follow_up") == {"C-6"}


def test_a_quick_fix_is_taken_and_done_on_a_phone_without_javascript(browser: Browser, hall: Hall) -> None:
    with window(browser, 360, java_script_enabled=False, has_touch=True, is_mobile=True) as page:
        page.goto(hall.url + quick_fix(hall, "anna"))
        assert page.inner_text("h1") == "Long queue"
        page.get_by_role("button", name="I take it").tap()
        page.wait_for_url("**noted=acknowledge")
        keep(page, "desk-quick-fix-taken-360")
        assert not is_too_wide(page)
        page.goto(hall.url + quick_fix(hall, "bert"))  # a colleague sees who has it, and cannot take it too
        assert "Anna Schmidt" in page.inner_text("main")
        assert page.get_by_role("button").count() == 0
        with window(browser) as seen:  # axe needs scripts
            seen.goto(hall.url + quick_fix(hall, "anna"))
            assert serious(seen) == []
        page.goto(hall.url + quick_fix(hall, "anna"))
        page.get_by_label("What was the root cause?").select_option("staffing")
        page.get_by_role("button", name="Done").tap()
        page.wait_for_url("**noted=resolve")
    assert hall.events("quick_fix/p1") == ["assigned", "acknowledged", "resolved", "closed"]
