"""The one HTTP call: every fault is met, waited for within limits, and told without a secret."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
import time
import traceback
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.records import SourceError
from flows.surveys.body import Unreadable
from flows.surveys.pace import Pace
from flows.surveys.session import Session
from flows.surveys.trouble import Oversized, Refused

from .conftest import Clock, RawServer, drip, http, reset

TOKEN = "tfp_s3cret+/="
GOOD = b'{"said": "yes"}'


def parse(body: bytes) -> str:
    try:
        said: str = json.loads(body)["said"]
    except ValueError:
        raise Unreadable("its answer is no JSON") from None
    return said


def session(base_url: str, clock: Clock, **more: Any) -> Session:
    limits = more.pop("limits", {})
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return Session("web", base_url, headers, secrets=[TOKEN], patience=clock.patience(**limits), **more)


def ask(server: RawServer, clock: Clock, **more: Any) -> str:
    with session(server.url, clock, **more) as asked:
        return asked.get("/forms", {"page": "1"}, parse)


def told(error: BaseException) -> str:
    """Give everything that an exception shows or carries, also what is suppressed."""
    words, waiting, seen = "".join(traceback.format_exception(error)), [error], set()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            words += f" {one} {one!r} {one.args!r} {vars(one)!r}"
            waiting += [other for other in (one.__cause__, one.__context__) if other]
    return words


def first(*answers: bytes | Callable[[socket.socket], None]) -> Callable[[socket.socket, int], None]:
    """Play these one after another, the last one for ever."""

    def play(connection: socket.socket, number: int) -> None:
        answer = answers[min(number, len(answers)) - 1]
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection)

    return play


def test_a_good_answer_is_parsed_and_the_connection_kept(raw: RawServer, clock: Clock) -> None:
    raw.play = first(http(GOOD))
    with session(raw.url + "/", clock) as asked:
        assert [asked.get("/a", {}, parse), asked.get("/b", {"x": "1 2"}, parse)] == ["yes", "yes"]

    assert [request.split(" HTTP")[0] for request in raw.requests] == ["GET /a", "GET /b?x=1+2"]
    assert raw.connections == 1
    assert f"Authorization: Bearer {TOKEN}\r\n" in raw.requests[0]
    assert "Accept-Encoding: gzip\r\n" in raw.requests[0]
    assert clock.slept == []


@pytest.mark.parametrize("status", [408, 425, 429, 499, 500, 502, 503, 504, 599])
def test_what_passes_is_waited_for(raw: RawServer, clock: Clock, status: int) -> None:
    raw.play = first(http(b"", f"{status} Sorry"), http(GOOD))

    assert ask(raw, clock) == "yes"
    assert clock.slept == [0.5]


@pytest.mark.parametrize(
    "status", [400, 401, 402, 403, 404, 405, 410, 418, 300, 301, 302, 303, 307, 308, 304]
)
def test_what_does_not_pass_is_final(raw: RawServer, clock: Clock, status: int) -> None:
    raw.play = first(http(b"", f"{status} No", Location=raw.url))
    with pytest.raises(Refused, match=f"source 'web': 127.0.0.1:{raw.port}/forms .*HTTP {status}") as caught:
        ask(raw, clock)

    assert caught.value.status == status
    assert len(raw.requests) == 1 and clock.slept == []


def test_a_refusal_says_what_the_tool_says_and_how_to_mend_it(raw: RawServer, clock: Clock) -> None:
    body = json.dumps({"code": "X", "description": f"Bad\n\x1b[31m {TOKEN} " + "long " * 100}).encode()
    raw.play = first(http(body, "403 Forbidden"))
    with pytest.raises(Refused) as caught:
        ask(raw, clock, mends={403: "Ask Ann."})

    assert "HTTP 403 (Bad [31m *** long" in str(caught.value)
    assert str(caught.value).endswith("Ask Ann.") and len(str(caught.value)) < 400


@pytest.mark.parametrize("body", [b"<html>no</html>", b"[1]", b'"x"', b"{", b"\xff", b"", b"[" * 60000])
def test_a_refusal_in_other_words_is_still_one(raw: RawServer, clock: Clock, body: bytes) -> None:
    raw.play = first(http(body, "401 Unauthorized"))
    with pytest.raises(Refused, match="HTTP 401"):
        ask(raw, clock)


def test_503_for_ever_ends_after_six_tries(raw: RawServer, clock: Clock) -> None:
    raw.play = first(http(b"", "503 Busy"))
    with pytest.raises(SourceError, match=r"asked 6 times within 16 s .*HTTP 503.*Run again later"):
        ask(raw, clock)

    assert clock.slept == [0.5, 1, 2, 4, 8]
    assert len(raw.requests) == 6


@pytest.mark.parametrize(
    ("header", "waits"),
    [
        ("7", 7.5),
        ("0", 0.5),
        ("Mon, 04 May 2026 09:00:20 GMT", 20.5),
        ("Mon, 04 May 2026 09:00:20 -0000", 20.5),
        ("Mon, 04 May 2026 08:00:00 GMT", 0.5),
        ("soon", 0.5),
        ("-5", 0.5),
        ("1.5", 0.5),
        ("٧", 0.5),
        ("", 0.5),
        ("Mon, 99 Foo 2026 99:99:99 GMT", 0.5),
    ],
)
def test_retry_after_is_believed_where_it_can_be_read(
    raw: RawServer, clock: Clock, header: str, waits: float
) -> None:
    answer = http(b"", "429 Slow", Retry_After=header or " ").replace(header.encode(), header.encode("utf-8"))
    raw.play = first(answer, http(GOOD))

    assert ask(raw, clock) == "yes"
    assert clock.slept == [waits]


@pytest.mark.parametrize("header", ["3600", "Mon, 04 May 2026 10:00:00 GMT"])
def test_a_wait_beyond_the_budget_ends_at_once_and_says_when_to_come_back(
    raw: RawServer, clock: Clock, header: str
) -> None:
    raw.play = first(http(b"", "429 Slow", Retry_After=header))
    with pytest.raises(SourceError, match="asks to wait 3600 s: run again after 2026-05-04 10:00:00 UTC"):
        ask(raw, clock)

    assert len(raw.requests) == 1 and clock.slept == []


def test_an_absurd_wait_is_told_too(raw: RawServer, clock: Clock) -> None:
    raw.play = first(http(b"", "503 Busy", Retry_After="9" * 400))
    with pytest.raises(SourceError, match="run again after 2027-"):
        ask(raw, clock)


def test_waits_are_counted_against_the_budget(raw: RawServer, clock: Clock) -> None:
    raw.play = first(http(b"", "503 Busy", Retry_After="50"))
    with pytest.raises(SourceError, match="asked 3 times within 101 s"):
        ask(raw, clock)

    assert clock.slept == [50.5, 50.5]


PACKED = gzip.compress(GOOD * 1000 + b" ")
DAMAGED = PACKED[:-8] + bytes(8)
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def cut(connection: socket.socket) -> None:
    connection.sendall(http(GOOD)[:-4])
    connection.shutdown(socket.SHUT_RDWR)


def cut_by_reset(connection: socket.socket) -> None:
    connection.sendall(http(GOOD)[:-4])
    reset(connection)


def cut_chunk(connection: socket.socket) -> None:
    connection.sendall(CHUNKS + b"40\r\n" + GOOD)
    connection.shutdown(socket.SHUT_RDWR)


def cut_without_length(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + GOOD[:-4])
    connection.shutdown(socket.SHUT_RDWR)


def cut_packed(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PACKED[:-12])
    connection.shutdown(socket.SHUT_RDWR)


def bad_length(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + GOOD[:-4])
    connection.shutdown(socket.SHUT_RDWR)


FAULTS: dict[str, bytes | Callable[[socket.socket], None]] = {
    "cut body": cut,
    "reset in mid body": cut_by_reset,
    "cut chunk": cut_chunk,
    "bad chunk": CHUNKS + b"zz\r\n" + GOOD + b"\r\n0\r\n\r\n",
    "no length and cut": cut_without_length,
    "truncated gzip": cut_packed,
    "truncated gzip, right length": http(PACKED[:-12], Content_Encoding="gzip"),
    "no gzip at all": http(GOOD, Content_Encoding="gzip"),
    "wrong checksum": http(DAMAGED, Content_Encoding="gzip"),
    "empty gzip": http(b"", Content_Encoding="gzip"),
    "deflate": http(zlib.compress(GOOD), Content_Encoding="deflate"),
    "zstd": http(b"\x28\xb5\x2f\xfd", Content_Encoding="zstd"),
    "web page": http(b"<!doctype html><p>Login"),
    "nothing": http(b""),
    "no http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "hangs up": lambda connection: connection.shutdown(socket.SHUT_RDWR),
    "resets": reset,
    "bad length": bad_length,
    "no content": http(b"", "204 No Content"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_answer_is_asked_for_again(raw: RawServer, clock: Clock, fault: str) -> None:
    raw.play = first(FAULTS[fault], http(GOOD))

    assert ask(raw, clock) == "yes"
    assert len(raw.requests) == 2


@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_broken_for_ever_ends_in_words(raw: RawServer, clock: Clock, fault: str) -> None:
    raw.play = first(FAULTS[fault])
    with pytest.raises(SourceError, match=r"asked 6 times .* gave no answer: .*\.") as caught:
        ask(raw, clock)

    assert len(raw.requests) == 6
    assert TOKEN not in told(caught.value) and "page=1" not in told(caught.value)


def test_gzip_is_unpacked_in_one_part_or_several(raw: RawServer, clock: Clock) -> None:
    packed = gzip.compress(GOOD[:5]) + gzip.compress(GOOD[5:])
    chunked = CHUNKS.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    chunked += b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    raw.play = first(http(packed, Content_Encoding="GZip"), chunked)

    assert ask(raw, clock) == "yes"
    assert ask(raw, clock) == "yes"
    assert len(raw.requests) == 2


def test_ten_megabytes_come_whole(raw: RawServer, clock: Clock) -> None:
    long = "é😀" * 1_750_000
    raw.play = first(http(json.dumps({"said": long}, ensure_ascii=False).encode()))

    assert ask(raw, clock) == long


def test_a_bomb_is_left_packed(raw: RawServer, clock: Clock) -> None:
    bomb = http(gzip.compress(bytes(200_000_000), 1), Content_Encoding="gzip")
    raw.play = first(bomb)
    tracemalloc.start()
    try:
        with pytest.raises(Oversized, match="more than 67,108,864 bytes"):
            ask(raw, clock)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 160_000_000  # the allowed 64 MB while they grow; all of it would be 200 MB and more
    assert len(raw.requests) == 1


def test_what_is_too_long_is_not_read_to_its_end(raw: RawServer, clock: Clock) -> None:
    sent = []

    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
        for _ in range(1000):
            connection.sendall(bytes(1_000_000))
            sent.append(1)

    raw.play = first(pour)
    with pytest.raises(Oversized):
        ask(raw, clock, limits={"largest": 1_000_000})

    assert len(sent) < 100


HEAD = b"HTTP/1.1 200 OK\r\n"
DRIPS: dict[str, tuple[bytes, bytes]] = {
    "body": (HEAD + b"Content-Length: 100000\r\n\r\n", b" " * 100000),
    "body without length": (HEAD + b"Connection: close\r\n\r\n", b" " * 100000),
    "chunks": (CHUNKS, b"1\r\n \r\n" * 20000),
    "packed": (HEAD + b"Content-Encoding: gzip\r\n\r\n" + PACKED[:10], PACKED * 1000),
    "headers": (HEAD + b"X-Long: ", b"a" * 100000),
    "many headers": (HEAD, b"X-A: b\r\n" * 10000),
    "status line": (b"", b"HTTP/1.1 200 " + b"O" * 60000),
    "refusal": (b"HTTP/1.1 503 Busy\r\nContent-Length: 60000\r\n\r\n", b" " * 60000),
    "silence": (b"", b""),
    "silence in the body": (HEAD + b"Content-Length: 5\r\n\r\n", b""),
}


@pytest.mark.parametrize("what", DRIPS)
def test_no_drip_outlasts_its_time(raw: RawServer, clock: Clock, what: str) -> None:
    begin, rest = DRIPS[what]

    def play(connection: socket.socket) -> None:
        connection.sendall(begin)
        drip(connection, rest)
        time.sleep(3)

    raw.play = first(play)
    began = time.monotonic()
    with pytest.raises(SourceError, match="asked 2 times"):
        ask(raw, clock, limits={"attempt": 0.3, "tries": 2})

    assert time.monotonic() - began < 2.5


def test_no_drip_in_the_handshake_outlasts_its_time(raw: RawServer, clock: Clock) -> None:
    def play(connection: socket.socket) -> None:
        drip(connection, b"\x16\x03\x03\x3f\xff" + bytes(16000))

    raw.play = first(play)
    began = time.monotonic()
    with (
        session(raw.url.replace("http", "https"), clock, limits={"attempt": 0.3, "tries": 2}) as asked,
        pytest.raises(SourceError, match="asked 2 times"),
    ):
        asked.get("/forms", {}, parse)

    assert raw.requests == ["hello", "hello"]
    assert time.monotonic() - began < 2.5


def test_after_a_cut_the_next_answer_is_read(raw: RawServer, clock: Clock) -> None:
    raw.play = first(lambda connection: drip(connection, HEAD + b"a" * 1000), http(GOOD))

    assert ask(raw, clock, limits={"attempt": 0.3}) == "yes"


def test_a_refusal_that_drips_is_still_one(raw: RawServer, clock: Clock) -> None:
    def play(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 401 No\r\nContent-Length: 60000\r\n\r\n")
        drip(connection, b" " * 60000)

    raw.play = first(play)
    with pytest.raises(Refused, match="HTTP 401"):
        ask(raw, clock, limits={"attempt": 0.3})


def test_no_socket_is_left_open(raw: RawServer, clock: Clock) -> None:
    raw.play = first(cut, http(b"", "503 Busy"), cut_by_reset, http(GOOD, Connection="close"), http(GOOD))
    with session(raw.url, clock) as asked:
        asked.get("/a", {}, parse)
        asked.get("/b", {}, parse)
        open_now = len(asked._wire._handles)

    assert open_now == 1
    assert asked._wire._handles == {}


def test_a_closed_port_is_named(clock: Clock) -> None:
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    with (
        session(f"http://127.0.0.1:{port}", clock) as asked,
        pytest.raises(SourceError, match=f"127.0.0.1:{port}/forms .* cannot be reached") as caught,
    ):
        asked.get("/forms", {"page": "1"}, parse)

    assert "Max retries" not in told(caught.value)


def test_a_connection_that_the_tool_closed_meanwhile_is_no_fault(raw: RawServer, clock: Clock) -> None:
    def answer_and_close(connection: socket.socket) -> None:
        connection.sendall(http(GOOD))
        connection.shutdown(socket.SHUT_RDWR)

    raw.play = first(answer_and_close)
    with session(raw.url, clock) as asked:
        for _ in range(3):
            assert asked.get("/a", {}, parse) == "yes"
            time.sleep(0.05)

    assert clock.slept == []


def test_nobody_follows_a_redirect_with_the_token(raw: RawServer, clock: Clock) -> None:
    other = RawServer()
    other.play = first(http(GOOD))
    raw.play = first(http(b"", "302 Found", Location=other.url + "/forms"))
    with pytest.raises(Refused, match=r"points elsewhere.*Correct base_url"):
        ask(raw, clock)
    other.close()

    assert other.requests == [] and len(raw.requests) == 1


@pytest.mark.parametrize("bypassed", ["", "tool.example"])
def test_a_proxy_of_the_environment_is_asked_unless_it_is_to_be_bypassed(
    raw: RawServer, clock: Clock, monkeypatch: pytest.MonkeyPatch, bypassed: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", raw.url)
    monkeypatch.setenv("NO_PROXY", bypassed)
    raw.play = first(http(GOOD))
    with session("http://tool.example", clock, limits={"tries": 1, "connect": 0.5}) as asked:
        if bypassed:
            with pytest.raises(SourceError, match=r"tool\.example/forms"):
                asked.get("/forms", {}, parse)
        else:
            assert asked.get("/forms", {}, parse) == "yes"

    assert [request.split(" HTTP")[0] for request in raw.requests] == (
        [] if bypassed else ["GET http://tool.example/forms"]
    )


def test_certificates_named_in_the_environment_are_the_ones_believed(
    raw: RawServer, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    with (
        session(raw.url.replace("http", "https"), clock, limits={"tries": 1}) as asked,
        pytest.raises(SourceError, match="OSError"),
    ):
        asked.get("/forms", {}, parse)
    assert raw.requests == []


@pytest.mark.parametrize("pause", [0.0, 0.4])
def test_the_watchdog_watches_one_call_after_another(raw: RawServer, clock: Clock, pause: float) -> None:
    """Also when its thread went home in between, and when a later call has less time than an earlier one."""
    raw.play = first(http(GOOD), http(GOOD), lambda connection: drip(connection, HEAD + b"a" * 1000))
    before = threading.active_count()
    with session(raw.url, clock, limits={"attempt": 0.3, "tries": 1}) as asked:
        for _ in range(2):
            assert asked.get("/forms", {}, parse) == "yes"
            time.sleep(pause)
        with pytest.raises(SourceError, match="no whole answer within 0 s"):
            asked.get("/forms", {}, parse)

    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before


def test_a_netrc_does_not_overrule_the_token(
    raw: RawServer, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password x\n")
    monkeypatch.setenv("NETRC", str(netrc))
    raw.play = first(http(GOOD))
    ask(raw, clock)

    assert f"Authorization: Bearer {TOKEN}\r\n" in raw.requests[0] and "Basic" not in raw.requests[0]


def test_no_secret_is_said_or_logged(raw: RawServer, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = json.dumps({"description": f"{TOKEN} and Bearer {TOKEN}"}).encode()
    answers = [*FAULTS.values(), http(echo, "500 No"), http(echo, "401 No"), http(TOKEN.encode()), reset]
    for answer in answers:
        raw.requests.clear()
        raw.play = first(answer)
        with pytest.raises(SourceError) as caught:
            ask(raw, clock, limits={"tries": 1})
        assert TOKEN not in told(caught.value)

    assert caplog.records and TOKEN not in caplog.text


@pytest.mark.parametrize(
    "base_url",
    [
        "api.typeform.com",
        "ftp://api.typeform.com",
        "https://",
        "https://:443",
        "https://host:port",
        "https://[::1",
        "https://ann:pa55word@api.typeform.com",
        "https://api.typeform.com/?key=pa55word",
        "https://api.typeform.com/#pa55word",
        "",
    ],
)
def test_a_base_url_that_is_none_is_refused(clock: Clock, base_url: str) -> None:
    with pytest.raises(SourceError, match="source 'web': base_url") as caught:
        session(base_url, clock)

    assert "pa55word" not in told(caught.value)


def test_a_host_that_cannot_be_one_is_refused(clock: Clock) -> None:
    with session(f"http://{'a' * 70}.example", clock) as asked, pytest.raises(SourceError):
        asked.get("/forms", {}, parse)


@pytest.mark.parametrize("token", ["two\nlines", "tab\there", "ümlaut", "nul\0"])
def test_a_token_that_is_none_is_refused_unsaid(clock: Clock, token: str) -> None:
    with pytest.raises(SourceError, match="Copy it again") as caught:
        Session("web", "http://127.0.0.1:9", {"X": token}, secrets=[token], patience=clock.patience())

    assert token not in told(caught.value)


def test_requests_keep_their_distance(raw: RawServer, clock: Clock) -> None:
    raw.play = first(http(GOOD))
    pace = Pace(0.5)
    with session(raw.url, clock, pace=pace) as asked, session(raw.url, clock, pace=pace) as other:
        for one in (asked, other, asked):
            one.get("/a", {}, parse)

    assert clock.slept == [0.5, 0.5], "whichever session asks"
