"""The faults of the table: what stands in a tool's way for one run, and is gone at the next."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import time
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any

from demo.tools.local import Answer, LocalTool, Refusal, Request

from .collecting import Item
from .conftest import BEGAN
from .fault_tools import Tool

Handler = BaseHTTPRequestHandler
PAGE = b"<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>"


def _told(handler: Handler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    given = {"Content-Length": str(len(body)), "Connection": "close"}
    for name, value in {**given, **{key.replace("_", "-"): text for key, text in headers.items()}}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


def _status(status: int, **headers: str) -> Callable[[Handler, LocalTool], None]:
    return lambda handler, tool: _told(handler, status, b'{"error": "no"}', **headers)


def _silent(handler: Handler, tool: LocalTool) -> None:
    time.sleep(1)


def _dripping(handler: Handler, tool: LocalTool) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.flush()
    with contextlib.suppress(OSError):
        for _ in range(100):
            handler.connection.sendall(b" ")
            time.sleep(0.03)


def _reset(handler: Handler, tool: LocalTool) -> None:
    handler.connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"half": [')
    time.sleep(0.1)  # so that the half has been read
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.shutdown(socket.SHUT_RD)
    handler.connection.close()


def _cut_gzip(handler: Handler, tool: LocalTool) -> None:
    packed = gzip.compress(b'{"items": [' + b"1, " * 1000)
    _told(handler, 200, packed[: len(packed) // 2], Content_Encoding="gzip")


def _html(handler: Handler, tool: LocalTool) -> None:
    _told(handler, 200, PAGE, Content_Type="text/html")


def _quota(handler: Handler, tool: LocalTool) -> None:
    """Refuse in the tool's own words, where it has a limit a day; else as it refuses too many requests."""
    if hasattr(tool, "requests_left_today"):
        headers = {"X_Ratelimit_App_Global_Day_Remaining": "0", "X_Ratelimit_App_Global_Day_Reset": "40000"}
        _told(handler, 429, b'{"error": {"message": "The requests of the day are used up."}}', **headers)
        return
    refusal: Refusal = tool.too_many(39_999)
    names = {name.replace("-", "_"): value for name, value in refusal.headers.items()}
    _told(handler, 429, b'{"error": "The requests of the day are used up."}', **names)


_IN_AN_HOUR = format_datetime(BEGAN.replace(hour=BEGAN.hour + 1), usegmt=True)
WIRE: Mapping[str, Callable[[Handler, LocalTool], None]] = {
    "401": _status(401),
    "403": _status(403),
    "404": _status(404),
    "429, wait told in seconds": _status(429, Retry_After="3600"),
    "429, wait told as a date": _status(429, Retry_After=_IN_AN_HOUR),
    "500": _status(500),
    "503": _status(503),
    "no answer (time-out)": _silent,
    "a byte now and then (slow drip)": _dripping,
    "reset in mid-body": _reset,
    "gzip cut short": _cut_gzip,
    "HTML instead of data": _html,
    "quota of the day used up": _quota,
}


def in_the_way(kind: str, one: Tool, tool: LocalTool) -> None:
    """Put a fault of the wire in the way of all requests for responses, from the one where it begins."""

    def fault(handler: Handler) -> bool:
        is_meant = "limesurvey" in type(tool).__name__.lower() or one.path in handler.path
        if not is_meant or one.asked(tool) < one.begins:
            return False
        handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        handler.close_connection = True
        WIRE[kind](handler, tool)
        return True

    tool.fault = fault


def once(one: Tool, tool: LocalTool, change: Callable[[], None]) -> None:
    """Change what a tool holds while its pages are read: just before it answers where faults begin."""
    done: list[bool] = []

    def fault(handler: Handler) -> bool:
        if not done and one.asked(tool) >= one.begins:
            done.append(True)
            change()
        return False

    tool.fault = fault


def repeat(one: Tool, tool: LocalTool) -> None:
    """Let a tool give its first page of responses (Qualtrics: its first file) again whatever is asked."""
    _give_first(one, tool, lambda number: number > 0)


def lead_back(one: Tool, tool: LocalTool) -> None:
    """Let a tool give its first page, and with it where to go on, once more in place of the third.

    Qualtrics gives two files; there it is the second.
    """
    _give_first(one, tool, lambda number: number == one.begins)


def _give_first(one: Tool, tool: LocalTool, instead: Callable[[int], bool]) -> None:
    answer, kept, asked = tool.answer, [], count()

    def again(request: Request) -> Any:
        if one.path.encode() not in request.target.encode() + request.body:
            return answer(request)
        if instead(next(asked)):
            return kept[0]
        told = answer(request)
        kept.append(told if isinstance(told, Answer) else dict(told))
        return told

    tool.answer = again  # type: ignore[method-assign]


def vanish(one: Tool, tool: LocalTool) -> Callable[[], None]:
    """Delete the survey, or where there is none all responses; gives what brings it back."""
    surveys, items = one.surveys(tool), one.items(tool)
    kept_surveys, kept_items = dict(surveys), list(items)

    def back() -> None:
        surveys.update(kept_surveys)
        items[:] = kept_items

    surveys.clear()
    items.clear()
    return back


ODD_NAMES: Mapping[str, str] = {
    "a new kind of question": "new",
    "numbers as strings": "text",
    "nulls": "null",
    "emoji and right-to-left": "emoji",
    "an answer of 10 MB": "large",
}


def make_odd(one: Tool, items: list[Item], name: str) -> None:
    """Let every third response hold what is odd; of the large one there is one."""
    kind = ODD_NAMES[name]
    for place in range(1, len(items), 12 if kind == "large" else 3):
        items[place] = one.filled(items[place], kind)
