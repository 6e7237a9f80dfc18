"""What landing costs: memory that stays flat, and work that follows what is new."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Prints seconds of CPU and the peak of memory in MB; pages are made before the clock starts where few.
PROGRAM = """
import re, sys, time
from pathlib import Path
from flows.records import Page, Responses
from tests.warehouse.landings import filler, land, response

begin, end = int(sys.argv[2]), int(sys.argv[3])
spent = 0.0

def page(start):
    numbers = range(start, min(start + 500, end))
    return Page(responses=Responses([response(n, filler(n) * 12) for n in numbers]))

def pages():
    global spent
    for start in range(begin, end, 500):
        before = time.process_time()
        made = page(start)
        spent += time.process_time() - before
        yield made

before = time.process_time()
counted = land(Path(sys.argv[1]), pages())
seconds = time.process_time() - before - spent
# Not ru_maxrss: that begins with what the parent (pytest, large) had when it started us.
peak = int(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1]) / 1024
print(counted.get("responses_new", 0), seconds, peak)
"""


def landed(home: Path, begin: int, end: int) -> tuple[int, float, float]:
    """Land responses with these numbers in a process of its own: new ones, CPU seconds, peak MB."""
    words = [sys.executable, "-c", PROGRAM, str(home), str(begin), str(end)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    new, seconds, peak = done.stdout.split()
    return int(new), float(seconds), float(peak)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_memory_is_flat_and_time_follows_what_is_new(tmp_path: Path) -> None:
    _, least_seconds, _ = landed(tmp_path / "warm", 0, 500)
    few, few_seconds, few_peak = landed(tmp_path / "few", 0, 10_000)
    many, many_seconds, many_peak = landed(tmp_path / "many", 0, 100_000)
    assert (few, many) == (10_000, 100_000)
    assert many_peak - few_peak < 60, "ten times the pages"
    assert many_seconds < 20 * few_seconds, "no worse than linear, with room for a busy machine"

    new, new_seconds, _ = landed(tmp_path / "many", 99_000, 100_500)
    assert new == 500
    assert new_seconds < 2 * least_seconds, "a little news costs what it does where nothing is stored"
    again, again_seconds, again_peak = landed(tmp_path / "many", 0, 100_000)
    assert again == 0
    assert again_peak < many_peak + 20 and again_seconds < many_seconds * 1.5
