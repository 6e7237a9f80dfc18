"""Landing against a slow model that one can read: a dictionary, one record after the other."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.records import Page, Response, Responses
from flows.warehouse import landing, raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing
from flows.warehouse.memory import Memory
from tests.warehouse.landings import NOW, ORIGIN, response

KEYS = 6
VERSIONS = """
select response_id, content_hash, load_id, sequence
from responses where source_name = ? order by load_id, sequence
"""
told = st.builds(
    lambda number, text, is_late, is_deleted: response(
        number, text, **({"submitted_at": NOW} if is_late else {}), is_deleted=is_deleted
    ),
    st.integers(0, KEYS - 1),
    st.sampled_from("ABC"),
    st.booleans(),
    st.sampled_from((False, False, False, True)),
)
loads = st.lists(st.lists(st.lists(told, max_size=6), max_size=9), min_size=1, max_size=5)


def expected(all_loads: list[list[list[Response]]]) -> list[tuple[str, int, int]]:
    """List the versions that these loads must leave: id, content, load."""
    newest: dict[str, int] = {}
    versions = []
    for load_id, pages in enumerate(all_loads, 1):
        for one in (one for page in pages for one in page):
            if newest.get(one.response_id) != one.content_hash:
                versions.append((one.response_id, one.content_hash, load_id))
            newest[one.response_id] = one.content_hash
    return versions


def compare(home: Path, examples: int, rows_together: int) -> None:
    """Land random loads, every example as a source of its own, and compare with the model."""
    numbers = itertools.count()
    with raw.opened(home) as connection:

        @settings(max_examples=examples, deadline=None)
        @given(loads)
        def leave_what_the_model_says(all_loads: list[list[list[Response]]]) -> None:
            origin = replace(ORIGIN, source_name=f"source {next(numbers)}")
            for pages in all_loads:
                landed = Landing(connection, origin)
                for page in pages:
                    landed.take(laid_out(Page(responses=Responses(list(page)))))
                landed.end("ok", "")
            found = connection.execute(VERSIONS, [origin.source_name]).fetchall()
            first = min((load_id for _, _, load_id, _ in found), default=1)
            told = expected(all_loads)
            before = min((load_id for _, _, load_id in told), default=1)
            assert [(key, content, load_id - first + before) for key, content, load_id, _ in found] == told
            assert [sequence for _, _, _, sequence in found] == [
                sequence for load in _by_load(told) for sequence in range(1, len(load) + 1)
            ]

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(landing, "ROWS", rows_together)
            leave_what_the_model_says()


def _by_load(versions: list[tuple[str, int, int]]) -> list[list[tuple[str, int, int]]]:
    return [list(load) for _, load in itertools.groupby(versions, key=lambda version: version[2])]


@pytest.mark.parametrize("rows_together", [1, 7])
def test_loads_leave_what_the_model_says(tmp_path: Path, rows_together: int) -> None:
    compare(tmp_path, 40, rows_together)


@pytest.mark.prove
@pytest.mark.parametrize("rows_together", [1, 2, 7, 20])
def test_a_thousand_random_loads_leave_what_the_model_says(tmp_path: Path, rows_together: int) -> None:
    compare(tmp_path, 1000, rows_together)


@given(st.lists(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), max_size=30), max_size=20))
def test_the_memory_knows_the_last_content_of_each_key(batches: list[list[tuple[int, int]]]) -> None:
    memory, known = Memory(), {}
    for batch in batches:
        keys, contents = (np.array([pair[part] for pair in batch], np.uint64) for part in (0, 1))
        memory.add(keys, contents)
        known |= dict(batch)
    is_known, newest = memory.newest(np.arange(50, dtype=np.uint64))
    assert is_known.tolist() == [key in known for key in range(50)]
    assert newest.tolist() == [known.get(key, 0) for key in range(50)]
