"""A real browser for pages: headless Chromium, with or without JavaScript, wide or narrow, light or dark."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, Page, sync_playwright

from tests.set_up import browser as find_browser

KEPT = Path(__file__).resolve().parents[2] / "build" / "screenshots"
_AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
_FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser and close it."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_browser(), args=list(_FLAGS))
        yield started
        started.close()


@contextlib.contextmanager
def window(browser: Browser, width: int = 1280, **options: Any) -> Iterator[Page]:
    """Open a window; whatever the page says to the console as an error fails the test."""
    height = 780 if width < 500 else 900
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    # A page that answers 4xx is told to the console too; that is no fault of the page.
    assert [one for one in faults if "the server responded with a status of 4" not in one] == []


def keep(page: Page, name: str) -> Path:
    """Keep a picture of the whole page for people to look at."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def serious(page: Page) -> list[str]:
    """Let axe look at the page; gives what it calls serious or critical."""
    # The page's own policy lets no script in; axe comes in by the browser's side door.
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 10
    return [
        f"{one['id']}: {node['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def is_too_wide(page: Page) -> bool:
    """Tell whether one would have to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
