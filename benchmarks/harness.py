"""Whole processes, timed from start to end, with their greatest memory; servers in processes of their own."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
PEER = BUILD / "bench-venv"
QUIET = {
    "DO_NOT_TRACK": "1",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "NO_PROXY": "127.0.0.1",
    "PYTHONPATH": str(ROOT),
}


class DidNotEnd(Exception):
    """Say that a process took too long, too much memory, or failed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold wall seconds and the peak of resident memory in MB (10⁶ bytes) of one process."""

    seconds: float
    peak_mb: float


def process(
    words: Sequence[str | Path],
    environment: Mapping[str, str] | None = None,
    *,
    seconds: float = 600,
    memory_share: float = 0.75,
    statuses: tuple[int, ...] = (0,),
) -> Measured:
    """Run one process to its end; raises DidNotEnd beyond the limits or with another exit status."""
    log = BUILD / "bench.log"
    with log.open("ab") as output:
        began = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in words],
            env={**os.environ, **QUIET, **(environment or {})},
            stdout=output,
            stderr=output,
            cwd=BUILD,
        )
        # Waiting by hand: the kernel tells the peak of this very child only to who reaps it.
        pages, why = os.sysconf("SC_PHYS_PAGES") * memory_share, ""
        while True:
            reaped, status, usage = os.wait4(child.pid, os.WNOHANG)
            if reaped:
                break
            if not why and time.perf_counter() - began > seconds:
                why = f"did not end within {seconds:.0f} s"
            elif not why and _pages(child.pid) > pages:
                why = f"took more than {memory_share:.0%} of the memory"
            if why:
                child.kill()
            time.sleep(0.005)
        took = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if why or child.returncode not in statuses:
        raise DidNotEnd(f"{words[-1]}: {why or f'ended with status {child.returncode}; see {log}'}")
    scale = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes here
    return Measured(took, usage.ru_maxrss * scale / 1e6)


def _pages(pid: int) -> int:
    """Give the resident pages of a process; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0


def python(module: str, *words: object, **limits: object) -> Measured:
    """Run one of our modules in a fresh interpreter of this environment."""
    return process([sys.executable, "-m", module, *map(str, words)], **limits)  # type: ignore[arg-type]


def peer(script: str, *words: object, **limits: object) -> Measured:
    """Run a peer's script in the environment made for it."""
    installed_peer()
    script_path = ROOT / "benchmarks" / script
    return process([PEER / "bin" / "python", script_path, *map(str, words)], **limits)  # type: ignore[arg-type]


def installed_peer() -> None:
    """Install the peers, pinned, into an environment of their own; once per list of them."""
    wanted = (ROOT / "benchmarks" / "requirements.txt").read_text(encoding="utf-8")
    done = PEER / ".installed"
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return
    print("installing what is measured beside us into build/bench-venv ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
    pip = [PEER / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(ROOT / "benchmarks" / "requirements.txt")], check=True)
    done.write_text(wanted, encoding="utf-8")


@contextlib.contextmanager
def server(module: str, *words: object) -> Iterator[str]:
    """Run a server of ours in a process of its own; gives the address it prints, ends it afterwards."""
    command = [sys.executable, "-m", module, *map(str, words)]
    environment = {**os.environ, **QUIET}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        try:
            yield child.stdout.readline().strip()
        finally:
            child.stdin.close()  # the server ends with it, also when we are killed


def middle(measured: Sequence[Measured]) -> float:
    """Give the median of the seconds."""
    return statistics.median(one.seconds for one in measured)
