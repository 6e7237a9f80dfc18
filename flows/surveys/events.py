"""What the tools delivered, and then what they tell when asked: so that an answer is read once.

Deliveries that carry an answer come first, as they count also when the tool does not answer. Those that only
name one come last: most of these the reading in between has brought, and only the others are asked for by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module

from flows.records import Page, Responses
from flows.surveys import READERS
from flows.surveys.asked import Asked
from flows.surveys.heard import Named

_TOGETHER, _BYTES = 500, 4_000_000

Deliveries = Iterable[tuple[int, bytes]]
Done = Callable[[Iterable[int]], None]


def with_events(asked: Asked, waiting: Deliveries, done: Done, pulled: Iterator[Page]) -> Iterator[Page]:
    """Give what deliveries say, the pages that are pulled, and what deliveries named beyond these.

    `done` is told the numbers of deliveries whose pages were taken. Raises SourceError as `pulled` does, and
    where a named response cannot be asked for; the deliveries that name one then go on waiting.
    """
    events = _Events(asked, done)
    yield from events.carried(waiting)
    for page in pulled:
        yield from events.beside(page)
    yield from events.named()


class _Events:
    def __init__(self, asked: Asked, done: Done) -> None:
        self._asked, self._done = asked, done
        self._tool = import_module(f"{READERS[asked.source.tool]}.hook")
        self._named: dict[str, tuple[Named, list[int]]] = {}
        self._gone: set[str] = set()

    def carried(self, waiting: Deliveries) -> Iterator[Page]:
        """Give what deliveries carry, many on a page; note what they name."""
        hear = self._tool.listener(self._asked)
        page, numbers, size = Page(), list[int](), 0
        for number, body in waiting:
            heard = hear(body)
            if heard.named:
                self._named.setdefault(heard.named.response_id, (heard.named, []))[1].append(number)
                continue
            page.responses += heard.page.responses
            page.rejects += heard.page.rejects
            self._gone.update(one.response_id for one in heard.page.responses if one.is_deleted)
            numbers.append(number)
            size += len(body)
            if len(numbers) >= _TOGETHER or size >= _BYTES:
                yield page
                self._done(numbers)
                page, numbers, size = Page(), [], 0
        if numbers:
            yield page
            self._done(numbers)

    def beside(self, page: Page) -> Iterator[Page]:
        """Give a page that was pulled; what it brings needs not be asked for, what is gone stays gone."""
        if self._gone:  # lists go on for a while to tell of what was deleted
            page.responses = Responses(one for one in page.responses if one.response_id not in self._gone)
        brought = [one.response_id for one in page.responses] if self._named else []
        yield page
        for response_id in brought:
            if response_id in self._named:
                self._done(self._named.pop(response_id)[1])

    def named(self) -> Iterator[Page]:
        """Give what is asked for by id; a response that is not there any more is no fault."""
        for response_id in self._gone & self._named.keys():
            self._done(self._named.pop(response_id)[1])
        wanted: Sequence[Named] = [named for named, _ in self._named.values()]
        if not wanted:
            return
        for one, page in self._tool.fetched(self._asked, wanted):
            yield page
            self._done(self._named[one.response_id][1])
