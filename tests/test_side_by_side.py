"""Sources side by side: who waits for whom, what stays in order, and how it ends early."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from demo.tools.typeform import FakeTypeform
from flows import settings
from flows.collect import bring, bring_all
from flows.orchestration import Work
from flows.report import Report
from flows.side_by_side import AT_ONCE, Closed, Door, in_turn, lanes, side_by_side
from flows.warehouse import raw
from tests.installations import clean_environment
from tests.test_collect import FORM, NOW, ROOT, item

COUNT = 1500  # two pages


class Said(Report):
    """Keep every sentence in the order in which it is said."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[str] = []

    def _say(self, level: str, step: str, sentence: str) -> None:
        self.sentences.append(sentence)


@pytest.fixture
def tools() -> Iterator[list[FakeTypeform]]:
    """Serve three accounts of 1,500 answers each."""
    items = {FORM["id"]: [item(number) for number in range(COUNT)]}
    with ExitStack() as stack:
        yield [stack.enter_context(FakeTypeform([FORM], items, "t")) for _ in range(3)]


def installation(folder: Path, urls: list[str]) -> dict[str, str]:
    """Configure a source a to z for every address; gives the environment."""
    sources = [
        {"name": chr(97 + n), "tool": "typeform", "token": "t", "base_url": url} for n, url in enumerate(urls)
    ]
    (folder / "heardback.yml").write_text(json.dumps({"sources": sources}))
    where = {"HEARDBACK_CONFIG": str(folder / "heardback.yml"), "HEARDBACK_HOME": str(folder / "home")}
    return clean_environment(**where, HEARDBACK_NOW=NOW.isoformat(), PYTHONPATH=str(ROOT))


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], Work]:
    def made(urls: list[str]) -> Work:
        for name, value in installation(tmp_path, urls).items():
            if name.startswith("HEARDBACK_"):
                monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        return Work(settings.load(), NOW, tmp_path / "home", "run", "collect", Said())

    return made


def counts(home: Path) -> list[tuple[Any, ...]]:
    """Give source, load and number of responses (each once) of all that was landed."""
    with raw.opened(home, read_only=True) as connection:
        query = "select source_name, min(load_id), count(*), count(distinct response_id) from responses"
        return connection.execute(f"{query} group by all order by all").fetchall()


def test_different_places_are_asked_at_the_same_time(
    tools: list[FakeTypeform], work: Callable[[list[str]], Work]
) -> None:
    met = threading.Barrier(len(tools), timeout=60)  # everyone waits here until all are being asked
    for tool in tools:
        tool.fault = lambda _: bool(met.wait() < 0)
    at_work = work([tool.url for tool in tools])
    bring_all(at_work, ["a", "b", "c"], None, bring.fn)

    assert counts(at_work.home) == [("a", 1, COUNT, COUNT), ("b", 2, COUNT, COUNT), ("c", 3, COUNT, COUNT)]
    assert at_work.report.counts["responses_collected"] == 3 * COUNT


def test_one_place_is_asked_by_one_source_at_a_time(
    tools: list[FakeTypeform], work: Callable[[list[str]], Work]
) -> None:
    inside: list[int] = []
    counting = threading.Lock()

    def counted(handler: Any) -> bool:
        inside.append(1 if counting.acquire(blocking=False) else 2)
        time.sleep(0.02)
        if inside[-1] == 1:
            counting.release()
        return False

    tools[0].fault = counted
    at_work = work([tools[0].url] * 3)
    bring_all(at_work, ["a", "b", "c"], None, bring.fn)
    assert set(inside) == {1}
    assert [row[3] for row in counts(at_work.home)] == [COUNT] * 3


def test_sentences_come_in_the_order_of_the_configuration_and_a_failure_costs_its_own(
    tools: list[FakeTypeform], work: Callable[[list[str]], Work]
) -> None:
    others = threading.Semaphore(0)

    def last(handler: Any) -> bool:
        return not (others.acquire(timeout=60) and others.release() is None)

    tools[0].fault = last  # the first of all is done when nobody else is at work any more
    tools[1].token = "another"
    at_work = work([tool.url for tool in tools])

    def by(*told: Any) -> None:
        try:
            bring.fn(*told)
        finally:
            if told[1] == "c":
                others.release()

    bring_all(at_work, ["a", "b", "c"], None, by)
    report = at_work.report
    assert isinstance(report, Said)
    assert report.sentences[0] == report.sentences[2].replace("c:", "a:")
    assert report.sentences[1] == report.failures[0]
    assert "source 'b'" in report.failures[0] and "401" in report.failures[0]
    assert [row[0] for row in counts(at_work.home)] == ["a", "c"]


INTERRUPTED = """
from flows import settings
from flows.collect import bring, bring_all
from flows.orchestration import Work
from flows.report import Report
chosen = settings.load()
bring_all(Work(chosen, chosen.now(), chosen.home_folder, "r", "c", Report()), ["a", "b", "c"], None, bring.fn)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stopped_while_asking_it_goes_on_from_there(
    tools: list[FakeTypeform], tmp_path: Path, how: signal.Signals
) -> None:
    silent, asked = threading.Event(), threading.Event()

    def hangs(handler: Any) -> bool:
        asked.set()
        silent.wait(60)
        return False

    tools[1].fault = hangs
    environment = installation(tmp_path, [tool.url for tool in tools])
    command = [sys.executable, "-c", INTERRUPTED]
    piped: dict[str, Any] = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, **piped) as process:
        assert asked.wait(60)
        process.send_signal(how)
        process.communicate(timeout=20)
    assert process.returncode != 0
    silent.set()
    tools[1].fault = None
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=120, capture_output=True)
    assert [row[2:] for row in counts(tmp_path / "home")] == [(COUNT, COUNT)] * 3


def test_a_few_lanes_at_once_and_in_a_lane_one_after_another() -> None:
    busy, most, seen = [0], [0], list[int]()
    guard = threading.Lock()

    def do(one: int) -> None:
        with guard:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            seen.append(one)
        time.sleep(0.002)
        with guard:
            busy[0] -= 1

    placed = lanes(range(60), lambda one: one % 20)
    assert placed[3] == [3, 23, 43]
    assert list(in_turn(side_by_side(placed, do), range(60))) == list(range(60))
    assert 2 <= most[0] <= AT_ONCE
    assert all(seen.index(one) < seen.index(one + 20) for one in range(40))


def test_what_one_raises_ends_all_and_nobody_comes_through_the_door() -> None:
    door, release = Door(), threading.Event()
    late: list[str] = []

    def do(one: str) -> None:
        if one == "bad":
            raise ValueError(one)
        release.wait(60)
        try:
            with door.held():
                late.append("inside")
        except Closed:
            late.append("closed")

    with pytest.raises(ValueError, match="bad"):
        list(side_by_side([["slow"], ["bad"]], do))
    door.close()
    release.set()
    deadline = time.monotonic() + 30
    while not late and time.monotonic() < deadline:
        time.sleep(0.01)
    assert late == ["closed"]
