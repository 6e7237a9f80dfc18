"""Meet every fault with every tool and say what came of it; writes docs/faults.md when it is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from importlib import import_module

import pytest

from demo.tools.local import LocalTool
from flows.configuration import Source
from flows.surveys.patience import Patience

from .collecting import NOW, Store
from .conftest import Clock
from .fault_arrivals import ARRIVALS, arriving
from .fault_kinds import ODD_NAMES, WIRE, in_the_way, lead_back, make_odd, once, repeat, vanish
from .fault_tools import KEY, TOOLS, Tool

REPEATS, TWICE, EDITED = "a page that repeats", "the same response twice", "an answer edited while paging"
DELETED, SLOW, FAST = "survey deleted meanwhile", "our clock fifteen hours slow", "our clock an hour fast"
BACK = "a page that leads back"
FAULTS = (*WIRE, REPEATS, BACK, TWICE, EDITED, DELETED, *ODD_NAMES, SLOW, FAST, *ARRIVALS)
DRIP = "a byte now and then (slow drip)"
DRIP_CUT = [("qualtrics.export.FETCHED_WITHIN", 1.0)]  # a file is waited for in earnest, by another clock
HEAD = """# What happens when a tool misbehaves

Made by a test that meets every fault with every tool: a local server holds twelve responses, and the fault
begins after the first of them were read (Qualtrics: while the exported file is fetched) and lasts to the end
of that run. Then it is gone, and the next run is asked for. Written by `python -m tests.surveys.fault_table`.

What was read before a fault is kept, with its cursors. "Told" is what the run says: an error fails that
source, exit status 1, and the others go on; a warning does not. Behind the next run every response is there
exactly once, in its newest version.

Of answers that come while a clock is wrong, or in the hour that a zone has twice, six are there at the first
run and six at the second. "A page that repeats" means, with Qualtrics, that a cache hands out the file of
another export. "It asks to wait" is our own patience where a tool names no time (Formbricks, Qualtrics).
"""


@dataclass(frozen=True, slots=True)
class Row:
    """Carry what came of one fault with one tool; `is_whole` is what must hold, `leaks` what must not."""

    fault: str
    tool: str
    did: str
    told: str
    after: str
    is_whole: bool
    leaks: bool

    @property
    def may_be_silent(self) -> bool:
        """Tell whether what was not kept was gone: responses deleted one by one are no fault to speak of."""
        return self.fault == DELETED and self.tool in ("formbricks", "zendesk", "hubspot")

    def line(self) -> str:
        """Write it as a row of the table."""
        cells = (self.tool, self.did, self.told, self.after)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


@contextmanager
def served(name: str, more: Sequence[tuple[str, float]] = ()) -> Iterator[tuple[Tool, LocalTool, Store]]:
    """Serve a tool in small pages, with an empty store beside it."""
    one = TOOLS[name]
    with pytest.MonkeyPatch.context() as patch, one.serve() as tool:
        for target, value in (*one.small, *more):
            module, _, attribute = target.rpartition(".")
            patch.setattr(import_module(f"flows.surveys.{module}"), attribute, value)
        told = {"name": "web", "tool": name, "base_url": tool.url, **one.source}
        yield one, tool, Store(Source(**told))


def put(fault: str, one: Tool, tool: LocalTool) -> Callable[[], None]:
    """Put a fault in the way; gives what takes it away again."""
    items, healthy = one.items(tool), tool.answer
    back: list[Callable[[], None]] = []
    if fault in WIRE:
        in_the_way(fault, one, tool)
    elif fault == REPEATS:
        repeat(one, tool)
    elif fault == BACK:
        lead_back(one, tool)
    elif fault == TWICE:
        items[3:3] = [items[1], items[2]]
    elif fault == EDITED:
        once(one, tool, lambda: items.__setitem__(1, one.edit(items[1])))
    elif fault == DELETED:
        once(one, tool, lambda: back.append(vanish(one, tool)))
    elif fault in ODD_NAMES:
        make_odd(one, items, fault)

    def away() -> None:
        tool.fault, tool.answer = None, healthy  # type: ignore[method-assign]
        for bring in back:
            bring()

    return away


def patience() -> Patience:
    """Give a clock that nobody waits for; what must really pass to time out is short."""
    return replace(Clock().patience(), tries=2, read=0.4, attempt=1.0)


@cache
def met(fault: str, name: str) -> Row:
    """Run once with the fault and once without; gives what came of it."""
    with served(name, DRIP_CUT if fault == DRIP else ()) as (one, tool, store):
        ids, now, later = one.ids(tool), NOW, NOW + timedelta(hours=1)
        if way := ARRIVALS.get(fault):
            store, others = arriving(way, one, tool, store)
            now = way.begin + timedelta(minutes=29) + way.ours
        away = put(fault, one, tool)
        now += {SLOW: -timedelta(hours=15), FAST: timedelta(hours=1)}.get(fault, timedelta())
        error = store.run(now=now, patience=patience())
        did = _did(len(store.newest), 6 if way else len(ids), error is not None, len(store.rejects))
        told = _said(error, store.warnings, tool)
        away()
        later = others() if way else later
        late = store.run(now=later, patience=patience())
        fresh = Store(store.source)
        fresh.run(now=later, patience=patience())
        present = {key: one.content_hash for key, one in store.newest.items() if not one.is_deleted}
        wanted = {key: one.content_hash for key, one in fresh.newest.items()}
        times = 2 if fault == EDITED else 3 if fault == DELETED else 1  # a tombstone is a version, too
        counts = [len(versions) for versions in store.versions.values()]
        is_whole = not late and present == wanted and wanted.keys() == ids and max(counts) <= times
        is_whole = is_whole and not (store.rejects or fresh.rejects)
        words = (
            "each once" if is_whole else f"in up to {max(counts, default=0)} versions, {late or 'no error'}"
        )
        after = f"{len(present)} of {len(ids)}, {words}"
        leaks = KEY in told
    return Row(fault, name, did, told, after, is_whole, leaks)


def _did(kept: int, of: int, is_failed: bool, rejects: int) -> str:
    words = f"kept {kept} of {of}" + (", then ended" if is_failed else ", to its end")
    return words + (f", set {rejects} aside" if rejects else "")


def _said(error: Exception | None, warnings: list[str], tool: LocalTool) -> str:
    parts = [f"Error: {error}"] if error else []
    parts += [f"Warning: {one}" for one in dict.fromkeys(warnings)]
    text = " ".join(parts).replace(tool.url.removeprefix("http://"), "tool.example")
    return re.sub(r"\s+", " ", text) or "nothing"


def table() -> str:
    """Write the whole document."""
    parts = [HEAD]
    for fault in FAULTS:
        rows = [met(fault, name).line() for name in TOOLS]
        parts += [f"\n## {fault[0].upper()}{fault[1:]}\n\n| tool | the run | told | the next run |"]
        parts += ["|---|---|---|---|", *rows]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(table(), end="")
