"""The data dictionary: dbt's own pages about every model and column, as one file that needs no network.

Only `transform` uses it. The warehouse is asked for the types of columns, never for what stands in them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from flows.building import TAMED, invoke, target
from flows.records import HeardbackError

PAGE = Path("site", "dbt-docs", "index.html")
# The page may run what is in it and load nothing: not its statistics, not a picture that lies nowhere.
_LOADS_NOTHING = (
    '<head><meta http-equiv="Content-Security-Policy" content="'
    "default-src 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'none'; base-uri 'none'"
    '">'
)
_MENDS = {
    "<head>": _LOADS_NOTHING,
    "${require('./assets/favicons/favicon.ico')}": "data:,",
    "//d1fc8wv8zag5ca.cloudfront.net/2.9.0/sp.js": "data:,",
    # A template that the browser reads before Angular does asks for a file of this name.
    ' xlink:href="{{': ' ng-attr-xlink:href="{{',
}


def document(home: Path, project: Any) -> None:
    """Write the pages of a project, as `building.build` read it, into the site of a home.

    A failure leaves no page, so that the first build of another day tries again; raises HeardbackError.
    """
    page = home / PAGE
    words = ["docs", "generate", "--static", "--no-compile", *TAMED, "--target-path", str(target(home))]
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.unlink(missing_ok=True)
        invoke(dbtRunner(project), words)
        draft = page.with_name(f".{page.name}.next")
        draft.write_text(mended((target(home) / "static_index.html").read_text("utf-8")), encoding="utf-8")
        draft.replace(page)
    except OSError as error:
        raise HeardbackError(f"{page} cannot be written: {error.strerror}.") from None
    finally:
        DuckDBConnectionManager.close_all_connections()


def mended(text: str) -> str:
    """Rewrite dbt's page so that it loads nothing from anywhere and asks for no file that is not there."""
    for found, better in _MENDS.items():
        text = text.replace(found, better, 1 if found == "<head>" else -1)
    return text
