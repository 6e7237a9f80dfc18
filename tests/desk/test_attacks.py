"""Attacks that must fail, counted: nothing is shown, nothing is written, and no answer is a fault of ours."""

from __future__ import annotations

import random
import string
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from itsdangerous import URLSafeSerializer

from flows import ledger
from flows.ledger import open_ledger
from flows.mail.links import Links
from tests.desk.serving import DIRECTORY, KEYS, MONDAY, Hall, Page
from tests.mail.conftest import parse

KEY, OTHER = "3f2a9c0d4b5e6f708192a3b4c5d6e7f8", "another"
ALPHABET = string.ascii_letters + string.digits + "-_."
SECRETS = ("López", "sorry", "maria@", "C-1")
HOSTILE = (
    "<script>alert(1)</script>",
    "</textarea><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "<style>body{display:none}</style>",
    "<svg/onload=alert(4)>",
    "javascript:alert(5)",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "\u202eevil\u202c \u2066x",
    "]]><!--",
    "\x00\x1b[31m\r\nBcc: all@example.com",
)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Serve one desk with follow-ups of two owners; nothing here may change it."""
    path = tmp_path_factory.mktemp("attacked") / "ledger.sqlite"
    with open_ledger(f"sqlite:///{path}") as book:
        served = Hall(book)
        served.promise(KEY)
        served.promise(OTHER, owner_id="bert", owner={"id": "bert", "email": "b@acme.example"})
        yield served
        served.close()


@pytest.fixture
def unchanged(hall: Hall) -> Iterator[None]:
    """Hold that assignments, events and letters are after a test what they were before."""
    before = written(hall)
    yield
    assert written(hall) == before


def written(hall: Hall) -> object:
    """Read all that the ledger holds about follow-ups."""
    return (
        list(ledger.events_after(hall.book, 0)),
        [ledger.find_assignment(hall.book, key) for key in (KEY, OTHER)],
        ledger.letters_by_status(hall.book),
        ledger.inbox_count(hall.book),
    )


def forged(token: str, chance: random.Random) -> str:
    """Alter a token somewhere, or make one up."""
    kind = chance.randrange(6)
    place = chance.randrange(len(token))
    if kind == 0:  # one character
        return token[:place] + chance.choice(ALPHABET.replace(token[place], "")) + token[place + 1 :]
    if kind == 1:  # the signature's last character, whose low bits say nothing
        return token[:-1] + chance.choice(ALPHABET.replace(token[-1], ""))
    if kind == 2:  # cut, or longer
        return token[:place] if chance.random() < 0.5 else token + chance.choice(ALPHABET)
    if kind == 3:  # something slipped in
        return token[:place] + chance.choice("!~*=+") + token[place:]
    if kind == 4:  # another key
        claims = [KEY, "anna", 0, chance.randrange(2**31)]
        return str(URLSafeSerializer(f"guess {chance.random()}", salt="heardback.link").dumps(claims))
    return "".join(chance.choice(ALPHABET) for _ in range(chance.randrange(1, 200)))


def knock(hall: Hall, count: int, seed: int) -> Counter[int]:
    """Try that many forged tokens by GET and POST; nothing may be shown."""
    chance, session = random.Random(seed), requests.Session()
    token = hall.path(KEY).removeprefix("/a/")
    answers: Counter[int] = Counter()
    for number in range(count):
        tried = forged(token, chance)
        door = ("/a/", "/l/")[number % 5 == 4]
        if number % 2:
            answer = session.get(f"{hall.url}{door}{tried}", timeout=30)
        else:
            form = {"action": "contacted", "token": forged(token, chance)}
            told = "/told" if door == "/l/" else ""
            answer = session.post(f"{hall.url}{door}{tried}{told}", data=form, timeout=30)
        answers[answer.status_code] += 1
        assert 400 <= answer.status_code < 500, (answer.status_code, tried)
        assert not any(secret in answer.text for secret in SECRETS), tried
    return answers


def test_forged_and_altered_tokens_open_nothing(hall: Hall, unchanged: None) -> None:
    assert knock(hall, 300, seed=1).total() == 300


@pytest.mark.prove
def test_ten_thousand_forged_and_altered_tokens_open_nothing(hall: Hall, unchanged: None) -> None:
    answers = knock(hall, 10_000, seed=2)
    print(dict(answers))
    assert answers.total() == 10_000


def test_every_single_character_of_a_token_counts(hall: Hall) -> None:
    token = hall.path(KEY).removeprefix("/a/")
    changed = [
        token[:place] + other + token[place + 1 :]
        for place in range(len(token))
        for other in ALPHABET
        if other != token[place]
    ]
    assert len(changed) > 7000
    assert [one for one in changed if hall.links.ticket(one) is not None] == []


def test_links_of_another_purpose_or_time_or_key_are_not_believed(hall: Hall) -> None:
    link = hall.path(KEY).removeprefix("/a/")
    form = hall.page(f"/a/{link}").form("contacted")["token"]
    lists = hall.path("").removeprefix("/l/")
    rotated = Links(["a newer key", *KEYS])
    assert rotated.ticket(link) == hall.links.ticket(link)
    assert Links(["a newer key"]).ticket(link) is None
    newest = rotated.token(rotated.ticket(link))  # type: ignore[arg-type]
    assert (hall.links.ticket(newest), rotated.ticket(newest) is None) == (None, False)
    for path in (f"/a/{form}", f"/l/{form}", f"/a/{lists}", f"/l/{link}", f"/l/{link}/told"):
        assert hall.get(path).status_code == 404
    assert hall.get(hall.path(KEY, owner="bert")).status_code == 410
    assert hall.get(hall.path(KEY, handovers=1)).status_code == 410
    assert hall.get(hall.path("no such follow-up")).status_code == 404


def test_forms_of_others_from_elsewhere_or_without_token_are_refused(hall: Hall, unchanged: None) -> None:
    path, theirs = hall.path(KEY), hall.path(OTHER, owner="bert")
    form, foreign = hall.page(path).form("contacted"), hall.page(theirs).form("contacted")
    older = hall.page(hall.path(KEY, issued_at=MONDAY - timedelta(days=1))).form("contacted")
    assert hall.post(path, {"action": "contacted"}).status_code == 403
    assert hall.post(path, {**form, "token": ""}).status_code == 403
    assert hall.post(path, foreign).status_code == 403
    assert hall.post(path, older).status_code == 403  # another link of the same owner
    assert hall.post(path, {**form, "token": form["token"][:-1]}).status_code == 403
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://evil.example/page"},
        {"Origin": f"{hall.url}.evil.example"},
        {"Origin": "http://[bad"},
    ):
        assert hall.post(path, form, headers=headers).status_code == 403, headers
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/json", ""):
        answer = requests.post(hall.url + path, data=b"action=contacted", headers={"Content-Type": kind})
        assert answer.status_code == 415
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert requests.request(method, hall.url + path, timeout=30).status_code == 405
    assert hall.get(f"{path}/fresh").status_code == 405


def test_bodies_that_are_too_large_or_odd_are_refused(hall: Hall, unchanged: None) -> None:
    path = hall.path(KEY)
    form = hall.page(path).form("contacted")
    assert hall.post(path, {**form, "note": "x" * 200_000}).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"note=" + b"x" * 8192

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert requests.post(hall.url + path, data=endless(), headers=kind, timeout=30).status_code == 413
    assert requests.post(hall.url + path, data=b"a=1&" * 500, headers=kind).status_code == 400
    for odd in (b"\xff\xfe\x00", b"%00%ff=%zz", b"=&=&=", b"token=%F0%9F%92%A9&action=%00"):
        assert requests.post(hall.url + path, data=odd, headers=kind).status_code in (400, 403)


def test_strange_paths_lead_nowhere(hall: Hall, unchanged: None) -> None:
    for path in (
        "/",
        "/a/",
        "/a/..%2f..%2fetc%2fpasswd",
        "/a/%00",
        "/a/%ff%fe",
        "/a/💩",
        "//evil.example/a/x",
        "/desk.css",
        "/.env",
        "/docs",
        "/openapi.json",
        "/a/" + "x" * 5000,
        "/l/x/told/../../../etc/passwd",
        "/a/x%0d%0aSet-Cookie:%20a=b",
    ):
        answer = hall.get(path)
        assert 400 <= answer.status_code < 500, path
        assert "set-cookie" not in answer.headers
    assert hall.get(f"{hall.path(KEY)}?do=%0d%0aX-Evil:1").status_code == 200


@pytest.mark.parametrize("path", ["page", "list", "told", "expired", "missing", "css", "healthz", "refused"])
def test_every_answer_is_strict(hall: Hall, path: str) -> None:
    page = hall.path(KEY)
    answer = {
        "page": lambda: hall.get(page),
        "list": lambda: hall.get(hall.path("")),
        "told": lambda: hall.get(f"{hall.path('')}/told"),
        "expired": lambda: hall.get(hall.path(KEY, issued_at=MONDAY - timedelta(days=15))),
        "missing": lambda: hall.get("/nothing/here"),
        "css": lambda: hall.get(hall.get(page).text.split('stylesheet" href="')[1].split('"')[0]),
        "healthz": lambda: hall.get("/healthz"),
        "refused": lambda: hall.post(page, {}, headers={"Origin": "https://evil.example"}),
    }[path]()
    policy = answer.headers["content-security-policy"]
    for rule in ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert path == "css" or answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "set-cookie" not in answer.headers


def test_looking_writes_nothing(hall: Hall, unchanged: None) -> None:
    for path in (hall.path(KEY), f"{hall.path('')}?show=late", f"{hall.path('')}/told", "/metrics"):
        assert hall.get(path).status_code == 200
        assert requests.head(hall.url + path, timeout=30).status_code == 200
    assert requests.head(hall.url + "/a/nonsense", timeout=30).status_code == 404


@pytest.fixture
def fresh_hall(tmp_path: Path) -> Iterator[Hall]:
    """Serve a desk that may be changed."""
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as book:
        served = Hall(book)
        yield served
        served.close()


def test_what_people_write_stays_text_in_pages_and_letters(fresh_hall: Hall) -> None:
    evil = " ".join(HOSTILE)
    customer = {"id": evil, "name": evil, "email": "x@example.com", "phone": evil}
    fresh_hall.promise(
        KEY,
        comments=[{"text": one, "language": '"><script>'} for one in HOSTILE],
        customer=customer,
        touchpoint_name=evil,
        journey_name=evil,
        reason=evil,
        next_step={"text": evil, "url": "javascript:alert(6)", "customer_text": evil},
    )
    fresh_hall.letters()
    path = fresh_hall.path(KEY)
    assert fresh_hall.press(path, "attempted", note=evil).status_code == 303
    assert fresh_hall.press(path, "contacted", action="nonsense", note=evil).status_code == 422
    page = fresh_hall.page(path)
    assert not {"script", "img", "style", "svg", "iframe", "object"} & set(page.tags)
    assert not [link for link in page.links if link.lower().startswith(("javascript", "data"))]
    assert "<script>alert(1)</script>" in page.text
    assert "49" not in page.text
    assert fresh_hall.press(path, "hand_over", to_owner_id="bert", note=evil).status_code == 303
    [letter] = fresh_hall.letters()
    assert b"\r\nBcc" not in letter.body.partition(b"\r\n\r\n")[0]
    assert letter.recipient == "bert@acme.example"
    html = Page(str(parse(letter.body).get_body(("html",)).get_content()))
    assert not {"script", "img", "svg", "iframe", "object"} & set(html.tags)
    assert "<script>alert(1)</script>" in html.text


def test_names_cannot_add_headers(fresh_hall: Hall) -> None:
    bert = {**DIRECTORY["owners"][1], "name": "Bert\r\nBcc: all@example.com\r\n\r\n<script>"}
    ledger.keep_directory(fresh_hall.book, {"owners": [DIRECTORY["owners"][0], bert]}, MONDAY)
    fresh_hall.promise(KEY, customer={"id": "C-1", "name": "Ann\r\nX-Evil: 1"}, touchpoint_name="a\nb: c")
    fresh_hall.letters()
    assert fresh_hall.press(fresh_hall.path(KEY), "hand_over", to_owner_id="bert").status_code == 303
    [letter] = fresh_hall.letters()
    head = letter.body.partition(b"\r\n\r\n")[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert not {b"Bcc", b"X-Evil", b"b"} & set(names)
    assert len(names) == len(set(names))


def at_once(hall: Hall, count: int) -> Counter[int]:
    """Let many press the same button of the same page at the same moment, and as many look."""
    path = hall.path(KEY)
    form = hall.page(path).form("attempted")
    answers: Counter[int] = Counter()
    gate, lock = threading.Barrier(count), threading.Lock()

    def go(number: int) -> None:
        gate.wait()
        answer = hall.get(path) if number % 2 else hall.post(path, form)
        with lock:
            answers[answer.status_code] += 1

    threads = [threading.Thread(target=go, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_hundred_presses_at_once_are_one_event(fresh_hall: Hall) -> None:
    fresh_hall.promise(KEY)
    assert at_once(fresh_hall, 100) == Counter({200: 50, 409: 49, 303: 1})
    assert fresh_hall.events(KEY) == ["assigned", "attempted"]


@pytest.mark.prove
def test_a_thousand_requests_at_once_are_answered(fresh_hall: Hall) -> None:
    fresh_hall.promise(KEY)
    assert at_once(fresh_hall, 1000) == Counter({200: 500, 409: 499, 303: 1})
    assert fresh_hall.events(KEY) == ["assigned", "attempted"]
