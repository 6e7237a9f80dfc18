"""Two hundred pages need no more memory than twenty."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import RawServer, http

PAGES = 200
READ = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from flows.configuration import Source
from flows.surveys.asked import Asked
from flows.surveys.typeform import pages

source = Source(name="web", tool="typeform", token="t", base_url=sys.argv[1], surveys=["f"])
asked = Asked(source, datetime(2026, 5, 5, tzinfo=UTC), Path())
responses = 0
for number, page in enumerate(pages(asked)):
    responses += len(page.responses)
    if number == 20:
        early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(responses, early, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are counted in kilobytes on Linux only")
def test_memory_does_not_grow_with_the_pages() -> None:
    text = "x" * 500

    def page(number: int) -> bytes:
        items = ",".join(
            f'{{"token":"t{number}-{place}","submitted_at":"2026-05-04T00:00:00Z","text":"{text}"}}'
            for place in range(1000 if number < PAGES else 10)
        )
        return http(f'{{"total_items":1,"items":[{items}]}}'.encode())

    server, told = RawServer(), iter(range(10**6))

    def play(connection: object, number: int) -> None:
        path = server.requests[-1].split(" ")[1]
        if "response_type=completed" in path:
            answer = page(next(told))
        else:
            answer = http(b'{"items":[]}' if "partial" in path else b'{"id":"f"}')
        connection.sendall(answer)  # type: ignore[attr-defined]

    server.play = play
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", READ, server.url],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    server.close()
    responses, early, peak = map(int, ended.stdout.split())

    assert responses == PAGES * 1000 + 10
    assert peak - early < 10_000, "kilobytes"
