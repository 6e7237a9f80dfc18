"""Let Great Expectations' pages be read without a network: what they load from elsewhere lies beside them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

VENDOR = Path(__file__).parent / "vendor"
# Results (one per mart and check) that pages are kept of.
KEPT = 50
_LOGO = "static/images/logo-long.png"
# Vega, a datepicker and a dark theme are loaded by every page and used by none of ours.
_LOADED = re.compile(
    r"<script\s[^>]*src=\"https?://[^\"]*\"[^>]*></script>|<link\s[^>]*href=\"https?://[^\"]*\"[^>]*>", re.I
)
_FILE = re.compile(r"([\w.-]+\.(?:js|css))\"")
_ASSETS = re.compile(r"https://great-expectations-web-assets[^\"')\s]*")
_FOOTER = re.compile(r"<footer.*?</footer>", re.S)
_LINK = re.compile(r"\s(?:href|src)=\"https?://[^\"]*\"")
# Pages of suites are not made: they would say the same sentences without an outcome.
_SUITE = re.compile(r"\shref=\"[./]*expectations/\w+\.html\"")
_ICON = re.compile(r"[./]*static/images/favicon\.ico")
_DATE = re.compile(r"('filterControl': )'datepicker'")


def results_folder(site: Path) -> Path:
    """Name the folder that results are kept in; pages are made of them."""
    return site / "check-results"


def pages_folder(site: Path) -> Path:
    """Name the folder of the pages."""
    return site / "data-docs"


def prune(site: Path, room_for: int) -> None:
    """Remove old results, and those a kill cut off, so that `room_for` more make KEPT."""
    results = sorted(results_folder(site).rglob("*.json"), key=lambda path: path.parent.name)
    whole = [path for path in results if _is_whole(path)]
    stay = whole[-(KEPT - room_for) :] if room_for < KEPT else []
    for path in set(results) - set(stay):
        path.unlink()
    folders = [*results_folder(site).rglob("*"), *pages_folder(site).rglob("*")]
    for folder in sorted(folders, reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def free(site: Path) -> None:
    """Let every page load what it needs from beside it, and nothing from anywhere else."""
    pages = pages_folder(site)
    static = pages / "static"
    shutil.copytree(VENDOR, static / "vendor", dirs_exist_ok=True)
    for style in static.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        if _ASSETS.search(text):
            style.write_text(_ASSETS.sub("../images/logo-long.png", text), encoding="utf-8")
    for page in pages.rglob("*.html"):
        up = "../" * len(page.relative_to(pages).parent.parts)
        text = page.read_text(encoding="utf-8")
        freed = without_elsewhere(text, up)
        if freed != text:
            page.write_text(freed, encoding="utf-8")


def without_elsewhere(text: str, up: str) -> str:
    """Rewrite a page: addresses of other hosts become files under `up`, or go where nothing is missed."""
    text = _LOADED.sub(lambda match: _beside(match[0], up), text)
    text = _ASSETS.sub(up + _LOGO, text)
    text = _ICON.sub(f"{up}static/images/favicon.ico", _DATE.sub(r"\1'input'", text))
    return _SUITE.sub("", _LINK.sub("", _FOOTER.sub("", text)))


def _beside(tag: str, up: str) -> str:
    found = _FILE.search(tag)
    name = found[1] if found else ""
    name = "icons.css" if name == "all.min.css" else name
    if not (VENDOR / name).is_file():
        return ""
    # A page opened as a file has no origin to be checked against.
    tag = re.sub(r"\s(?:integrity|crossorigin)=\"[^\"]*\"", "", tag)
    return re.sub(r"https?://[^\"]*", f"{up}static/vendor/{name}", tag)


def _is_whole(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return False
    return True
