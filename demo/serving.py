"""What `heardback demo --keep-serving` leaves up: the desk, at the time of day two, until Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PORT = 8484


def free_port() -> int:
    """Give the desk's usual port, or another one where that is taken."""
    for port in (PORT, 0):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return int(tried.getsockname()[1])
    raise OSError("no port of this machine is free")


def serve_desk(folder: Path, port: int) -> int:
    """Serve the desk in a process of its own until somebody interrupts; 0, or its status if it died."""
    words = [sys.executable, "-m", "flows.cli", "desk", "--port", str(port)]
    desk = subprocess.Popen(words, cwd=folder / "company")
    try:
        with _ended_like_by_ctrl_c():
            return desk.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(desk)


def _end(desk: subprocess.Popen[bytes]) -> None:
    desk.terminate()
    try:
        desk.wait(10)
    except subprocess.TimeoutExpired:
        desk.kill()
        desk.wait()


@contextlib.contextmanager
def _ended_like_by_ctrl_c() -> Iterator[None]:
    """Let a plain `kill` end us as Ctrl-C does, so that the desk does not outlive us."""

    def interrupt(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
