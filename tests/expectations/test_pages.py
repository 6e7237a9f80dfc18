"""The pages: what they load lies beside them, few are kept, and a browser without a network shows them."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from expectations.audit import audit, classes_of
from expectations.pages import KEPT, VENDOR, pages_folder, prune, results_folder, without_elsewhere

# One worker builds the good home for all.
pytestmark = pytest.mark.xdist_group("expectations")
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Links(HTMLParser):
    """Gather what a page loads or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href") and value]


@pytest.fixture(scope="module")
def site(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Check the good home twice, an hour apart."""
    folder = tmp_path_factory.mktemp("site")
    for hour in range(2):
        audit(good / "warehouse.duckdb", folder, f"build{hour}", AT + timedelta(hours=hour))
    return folder


def test_nothing_is_loaded_from_elsewhere_and_all_of_it_is_there(site: Path) -> None:
    pages = list(pages_folder(site).rglob("*.html"))
    assert len(pages) == 2 * len(classes_of()) + 1
    for page in pages:
        links = Links()
        links.feed(page.read_text(encoding="utf-8"))
        loaded = [link for link in links.found if not link.startswith("#")]
        assert len(loaded) > 8
        assert [link for link in loaded if "://" in link or link.startswith("//")] == []
        beside = [page.parent / link for link in loaded]
        assert [str(path) for path in beside if not path.exists()] == []


def test_styles_load_nothing_from_elsewhere(site: Path) -> None:
    styles = list(pages_folder(site).rglob("*.css"))

    assert styles
    assert [path for path in styles if "url(http" in path.read_text(encoding="utf-8").replace('"', "")] == []


def test_an_unknown_address_is_taken_out(tmp_path: Path) -> None:
    page = (
        '<script src="https://evil.example/new.js"></script>'
        '<script src="https://code.example/jquery-3.7.1.min.js" integrity="x" crossorigin="y"></script>'
        '<a href="https://evil.example/">news</a><img src="http://evil.example/pixel.png">'
        '<footer><a href="https://evil.example">letter</a></footer>'
    )

    assert without_elsewhere(page, "../") == (
        '<script src="../static/vendor/jquery-3.7.1.min.js"></script><a>news</a><img>'
    )


def test_every_script_that_lies_here_has_its_licence_named() -> None:
    told = (VENDOR / "NOTICE.md").read_text(encoding="utf-8")

    for path in VENDOR.iterdir():
        assert path.name == "NOTICE.md" or path.name in told


def test_few_results_are_kept_and_none_that_a_kill_cut_off(site: Path, tmp_path: Path) -> None:
    results = results_folder(tmp_path) / "answers"
    for number in range(KEPT + 20):
        folder = results / f"build{number}" / f"20260504T{number:06}.000000Z"
        folder.mkdir(parents=True)
        (folder / "marts-answers.json").write_text(json.dumps({"number": number}))
    newest = results / f"build{KEPT + 19}" / f"20260504T{KEPT + 19:06}.000000Z" / "marts-answers.json"
    newest.write_text('{"cut')

    prune(tmp_path, 12)

    left = sorted(json.loads(path.read_text())["number"] for path in results.rglob("*.json"))
    assert left == list(range(KEPT + 19 - (KEPT - 12), KEPT + 19))
    assert not newest.parent.exists()


def test_pages_of_old_results_go_with_them(good: Path, tmp_path: Path) -> None:
    one = {"customers": classes_of()["customers"]}
    for number in range(3):
        audit(
            good / "warehouse.duckdb", tmp_path, f"build{number}", AT + timedelta(hours=number), classes=one
        )
    for path in results_folder(tmp_path).rglob("build0/**/*.json"):
        path.unlink()
    audit(good / "warehouse.duckdb", tmp_path, "build3", AT + timedelta(hours=3), classes=one)

    runs = {path.parts[-3] for path in (pages_folder(tmp_path) / "validations").rglob("*.html")}
    assert runs == {"build1", "build2", "build3"}


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_shows_the_pages_without_a_network(site: Path) -> None:
    from playwright.sync_api import sync_playwright

    flags = "--no-sandbox --disable-background-networking --disable-component-update --no-first-run"
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags.split())
        page = browser.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("request", lambda one: faults.append(one.url) if one.url.startswith("http") else None)
        page.goto((pages_folder(site) / "index.html").as_uri())
        page.wait_for_selector("table tbody tr td")
        assert page.locator("table tbody tr").count() == 10
        assert f"of {2 * len(classes_of())} rows" in page.inner_text("body")
        one = next((pages_folder(site) / "validations" / "answers" / "build1").rglob("*.html"))
        page.goto(one.as_uri())
        assert page.locator("i.fa-check-circle").count() >= len(classes_of()["answers"])
        assert "Every answer lies on the scale of its question." in page.inner_text("body")
        browser.close()
    assert faults == []
