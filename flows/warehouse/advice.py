"""What the playbooks advise for one follow-up: the row that speaks of it most closely.

A row fits where each of its columns is empty, `*`, or the follow-up's own. Of several the one wins that names
more: a theme counts most, then the touchpoint, the kind, the language; then the earlier line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]

THEMES = """
select comments.response_key, comments.touchpoint_id, comment_themes.theme_id
from marts.comment_themes as comment_themes
inner join marts.comments as comments using (comment_key)
where comments.response_key in (
    select response_key from intermediate.int_follow_ups_capped where withheld_because is null)
group by all order by all
"""
PLAYBOOKS = "select * from staging.stg_programme__playbooks order by line_no"


def next_step(
    playbooks: Iterable[Row], due: Row, themes: Collection[str], owner_language: str, customer_language: str
) -> dict[str, str | None]:
    """Give `text` and `url` in the owner's language and `customer_text` in the customer's, None without."""
    rows = [row for row in playbooks if _speaks_of(row, due, themes)]
    step = _closest([row for row in rows if row["next_step"] or row["content_url"]], owner_language)
    words = _closest([row for row in rows if row["customer_text"]], customer_language)
    return {
        "text": step.get("next_step"),
        "url": step.get("content_url"),
        "customer_text": words.get("customer_text"),
    }


def _speaks_of(row: Row, due: Row, themes: Collection[str]) -> bool:
    return (
        (_is_any(row["theme_id"]) or row["theme_id"] in themes)
        and (_is_any(row["touchpoint_id"]) or row["touchpoint_id"] == due["touchpoint_id"])
        and (_is_any(row["follow_up_kind"]) or row["follow_up_kind"] == due["kind"])
    )


def _closest(rows: Iterable[Row], language: str) -> Row:
    named = ("theme_id", "touchpoint_id", "follow_up_kind", "language")
    fitting = [row for row in rows if _is_any(row["language"]) or _speaks(row["language"], language)]
    closeness = [tuple(_is_any(row[column]) for column in named) for row in fitting]
    return min(zip(closeness, fitting, strict=True), key=lambda one: one[0], default=((), {}))[1]


def _is_any(value: Any) -> bool:
    return value in (None, "", "*")


def _speaks(written: str, language: str) -> bool:
    return language.lower() == written.lower() or language.lower().startswith(f"{written.lower()}-")
