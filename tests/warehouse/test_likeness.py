"""Tools whose hashes stand for bytes: a version is what says something else, not what is spelt otherwise."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.records import Page, Response, Responses
from flows.warehouse import landing, raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing
from tests.warehouse.landings import NOW, ORIGIN, digest, land, response, rows

SPELLINGS = ('{{"t": "{0}", "u": 1}}', '{{ "u":1, "t":"{0}" }}', '{{"u": 1.0, "t": "{0}"}}')
TEXTS = """
select payload::json ->> 't', customer_id from responses where source_name = ? order by load_id, sequence
"""


def spelt(number: int, text: str, spelling: int = 0, **more: Any) -> Response:
    """Make a response; its hash stands for its bytes and for what stands beside them."""
    payload = SPELLINGS[spelling].format(text).encode()
    made = response(number, **more)._replace(payload=payload)
    beside = made._replace(content_hash=0)
    return made._replace(content_hash=digest(repr(beside).encode()))


def page(*told: Response) -> Page:
    return Page(responses=Responses(told))


def test_what_is_spelt_otherwise_is_no_version(tmp_path: Path) -> None:
    assert land(tmp_path, [page(spelt(1, "A"), spelt(2, "A"))], says=json.loads) == {"responses_new": 2}

    again = [page(spelt(1, "A", 1), spelt(1, "A", 2), spelt(2, "A")), page(spelt(2, "A", 1))]
    assert land(tmp_path, again, says=json.loads) == {}
    assert land(tmp_path, again) == {"responses_changed": 3}, "without it hashes alone count"


@pytest.mark.parametrize("at", [NOW, None])
def test_what_says_something_else_is_one(tmp_path: Path, at: Any) -> None:
    told = [
        spelt(1, "A", submitted_at=at),
        spelt(1, "B", 1, submitted_at=at),
        spelt(1, "A", 1, submitted_at=at),
        spelt(1, "A", 2, submitted_at=at),
        spelt(1, "A", 2, submitted_at=at, customer_id="c1"),
        spelt(1, "A", 0, submitted_at=at, customer_id="c1"),
        spelt(1, "A", 0, customer_id="c1"),
    ]
    for one in told:
        land(tmp_path, [page(one)], says=json.loads)

    versions = [("A", None), ("B", None), ("A", None), ("A", "c1"), ("A", "c1")]
    assert rows(tmp_path, TEXTS.replace("?", "'forms'")) == versions


said = st.builds(
    spelt,
    st.integers(0, 4),
    st.sampled_from("AB"),
    st.integers(0, 2),
    customer_id=st.sampled_from((None, "c1")),
)
loads = st.lists(st.lists(st.lists(said, max_size=5), max_size=6), min_size=1, max_size=4)


def expected(all_loads: list[list[list[Response]]]) -> list[tuple[str, str | None]]:
    """List what the versions say that these loads must leave, one after the other."""
    newest: dict[str, tuple[str, str | None]] = {}
    versions = []
    for one in (one for pages in all_loads for told in pages for one in told):
        says = (json.loads(one.payload)["t"], one.customer_id)
        if newest.get(one.response_id) != says:
            versions.append(says)
        newest[one.response_id] = says
    return versions


@pytest.mark.parametrize("together", [2, 50])
def test_loads_leave_what_was_said(tmp_path: Path, together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "ROWS", together)
    numbers = itertools.count()
    with raw.opened(tmp_path) as connection:

        @settings(max_examples=40, deadline=None)
        @given(loads)
        def leave(all_loads: list[list[list[Response]]]) -> None:
            origin = replace(ORIGIN, source_name=f"source {next(numbers)}")
            for pages in all_loads:
                landed = Landing(connection, origin, says=json.loads)
                for told in pages:
                    landed.take(laid_out(page(*told)))
                landed.end("ok", "")
            assert connection.execute(TEXTS, [origin.source_name]).fetchall() == expected(all_loads)

        leave()
