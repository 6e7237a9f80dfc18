"""The demo's pages in Chromium without a network: nothing fails, nothing leaves, everybody can read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import set_up

FLAGS = "--no-sandbox --disable-background-networking --disable-component-update --no-first-run"
CONTRASTS = (Path(__file__).parent / "contrasts.js").read_text(encoding="utf-8")


@dataclass
class Watched:
    """Hold a page and what went wrong on it: errors, and requests for anything but the file itself."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def open(self, path: Path) -> Page:
        address = path.as_uri()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        self.page.on("request", lambda one: self._asked(one.url, address))
        self.page.goto(address)
        return self.page

    def _asked(self, url: str, address: str) -> None:
        if url.split("#")[0] != address and not url.startswith(("data:", "blob:")):
            self.faults.append(url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=set_up.browser(), args=FLAGS.split())
        yield started
        started.close()


@pytest.fixture(params=[(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")], ids=str)
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """Open an empty page of a width and scheme, in a context that has no network."""
    width, scheme = request.param
    size: Any = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, offline=True, java_script_enabled=True)
    yield Watched(context.new_page())
    context.close()


@pytest.fixture
def site(shown: tuple[Path, str]) -> Path:
    return shown[0] / "site"


def test_nothing_fails_nothing_leaves_nothing_sticks_out(watched: Watched, site: Path) -> None:
    page = watched.open(site / "index.html")

    assert watched.faults == []
    assert page.evaluate("document.scripts.length") == 0
    wide = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    needed, there = page.evaluate(wide)
    assert needed <= there
    cut = page.evaluate(
        "[...document.querySelectorAll('main *')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => `${e.tagName} ${e.className.baseVal ?? e.className}`)"
    )
    assert cut == []


def test_every_text_stands_out_from_what_it_stands_on(watched: Watched, site: Path) -> None:
    page = watched.open(site / "index.html")
    contrasts = page.evaluate(CONTRASTS)

    assert len(contrasts) > 200
    assert [one for one in contrasts if one[0] < 4.5] == []


def test_every_plot_has_a_name_and_a_text(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    plots = page.locator("svg[role=img]")

    assert plots.count() > 30
    named = page.evaluate(
        "[...document.querySelectorAll('svg[role=img]')]"
        ".map(svg => svg.getAttribute('aria-labelledby').split(' ')"
        ".map(id => document.getElementById(id).textContent.trim()))"
    )
    assert all(len(texts) == 2 and all(texts) for texts in named)
    assert page.get_by_role("img", name="Satisfied (CSAT), Day of delivery").count() >= 1
    assert page.evaluate(
        "[...document.querySelectorAll('svg:not([role=img])')].every(svg => "
        "svg.closest('[aria-hidden=true]') || svg.parentElement.closest('svg'))"
    )
    page.close()


def test_headings_landmarks_and_jumps(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")

    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for role in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].every(a => "
        "document.getElementById(a.getAttribute('href').slice(1)))"
    )
    assert page.evaluate("document.documentElement.lang") == "en"
    page.close()


def test_what_the_page_says_is_what_customers_answered(browser: Browser, shown: tuple[Path, str]) -> None:
    """Count the answers themselves, and the follow-ups, without the marts the page is made of."""
    home, _ = shown
    with duckdb.connect(str(home / "published" / "marts.duckdb"), read_only=True) as marts:
        asked = "metric = 'nps' and survey_kind = 'relational'"
        scores = marts.execute(f"select submitted_at, value from answers where {asked}").fetchall()
        kept = marts.execute("select is_on_time from follow_ups").fetchall()
    days = date(2025, 12, 12), date(2026, 3, 11)
    local = [(at.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Amsterdam")), value) for at, value in scores]
    points = [(value >= 9) - (value <= 6) for at, value in local if days[0] <= at.date() <= days[1]]
    page = browser.new_page()
    page.goto((home / "site" / "index.html").as_uri())
    glance = page.locator(".glance").inner_text().replace("\n", " ")
    page.close()

    assert f"{100 * sum(points) / len(points):.0f} NPS" in " ".join(glance.split())
    assert f"{sum(one is True for (one,) in kept)} of {sum(one is not None for (one,) in kept)}" in glance


def test_nothing_on_the_page_names_a_person(shown: tuple[Path, str]) -> None:
    home, _ = shown
    text = (home / "site" / "index.html").read_text(encoding="utf-8")
    body = text.split("</style>", 1)[1]

    assert "@" not in body
    assert "evil.example" not in body and "<script" not in body


def test_the_data_dictionary_opens_without_a_network(watched: Watched, site: Path) -> None:
    page = watched.open(site / "dbt-docs" / "index.html")
    page.wait_for_selector("text=journey_metrics", state="attached")
    page.goto(
        (site / "dbt-docs" / "index.html").as_uri() + "#!/model/model.heardback.touchpoint_map",
        timeout=120_000,
    )
    page.wait_for_selector("text=performance_cut")

    assert "mean of perceived minus expected" in page.content()
    assert watched.faults == []
