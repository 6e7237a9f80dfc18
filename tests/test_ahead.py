"""Reading ahead: the same pages in the same order, a bounded number of them, errors in their turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.ahead import AHEAD, abreast, ahead


@given(st.lists(st.integers() | st.none() | st.lists(st.integers())), st.booleans())
def test_it_gives_what_it_was_given_and_then_what_was_raised(pages: list[object], fails: bool) -> None:
    def told() -> Iterator[object]:
        yield from pages
        if fails:
            raise ValueError("broken off")

    found: list[object] = []
    try:
        found.extend(ahead(told()))
    except ValueError as error:
        assert fails and str(error) == "broken off"
    else:
        assert not fails
    assert found == pages


def test_it_reads_on_while_a_page_is_in_hand_and_not_further_than_agreed() -> None:
    asked: list[int] = []
    is_asked = [threading.Event() for _ in range(100)]

    def told() -> Iterator[int]:
        for number in range(100):
            asked.append(number)
            is_asked[number].set()
            yield number

    pages = ahead(told())
    assert next(pages) == 0
    # One in hand, some waiting, and one that finds no room: nobody asked for these.
    assert is_asked[AHEAD + 1].wait(10)
    assert not is_asked[AHEAD + 2].wait(0.2)
    assert list(pages) == list(range(1, 100)) and asked == list(range(100))


def test_it_reads_on_for_as_much_as_there_is_room() -> None:
    asked: list[str] = []
    is_asked = threading.Event()

    def told() -> Iterator[str]:
        for word in (
            "in hand",
            "12345",
            "12345",
            "1",
            "far more than there is room for",
            "behind it",
            "last",
        ):
            asked.append(word)
            if word == "last":
                is_asked.set()
            yield word

    pages = ahead(told(), len, 10)
    assert next(pages) == "in hand"
    time.sleep(0.2)
    assert asked[-1] == "1", "ten wait, and this one finds no room"
    assert [next(pages), next(pages)] == ["12345", "12345"]
    time.sleep(0.2)
    assert asked[-1].startswith("far more"), "it is too heavy for the shelf as long as anything lies there"
    assert next(pages) == "1"
    time.sleep(0.2)
    assert asked[-1] == "behind it", "alone it has room, whatever it weighs"
    assert list(pages) == ["far more than there is room for", "behind it", "last"] and is_asked.is_set()


def test_whoever_stops_asking_ends_it() -> None:
    is_closed = threading.Event()

    def told() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            is_closed.set()

    pages = ahead(told())
    next(pages)
    pages.close()  # type: ignore[attr-defined]
    assert is_closed.wait(10)


def test_what_ends_a_thread_is_no_end_of_the_pages() -> None:
    def told() -> Iterator[int]:
        yield 1
        raise SystemExit(3)

    pages = ahead(told())
    assert next(pages) == 1
    with pytest.raises(SystemExit):
        next(pages)


def test_several_are_read_at_once_each_in_its_order() -> None:
    at_once = threading.Barrier(3)

    def told(name: int) -> Iterator[tuple[int, int]]:
        if name < 3:
            at_once.wait(10)  # none of the three goes on alone
        for number in range(20):
            yield name, number

    found = list(abreast([told(name) for name in range(7)], 3))

    assert sorted(found) == [(name, number) for name in range(7) for number in range(20)]
    for name in range(7):
        assert [number for one, number in found if one == name] == list(range(20))


def test_what_one_of_several_raises_ends_them_all() -> None:
    def told(name: int) -> Iterator[int]:
        yield name
        if name == 1:
            raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        list(abreast([told(name) for name in range(3)], 2))
