"""What customers do at the desk: say whether it is solved, end letters; and what they cannot do."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from flows import ledger
from flows.mail.customers import customer_letter
from tests.desk.serving import MONDAY, Hall, Page
from tests.mail.conftest import parse

KEY = "f" * 32


@pytest.fixture
def page(hall: Hall) -> str:
    """Resolve a follow-up and give the path of its customer's question."""
    hall.promise(KEY, customer_key="C-1", language="de")
    ledger.record_event(hall.book, KEY, "resolved", "anna", MONDAY, root_cause_id="staffing")
    hall.letters()
    return hall.links.to_customer(KEY, 0, MONDAY).removeprefix(hall.links.base_url)


def preferences(hall: Hall) -> list[tuple[Any, ...]]:
    rows = ledger.all_preferences(hall.book)
    return [(row["customer_key"], row["purpose"], row["allowed"], row["source"]) for row in rows]


def test_not_yet_reopens_tells_the_owner_and_becomes_a_response(hall: Hall, page: str) -> None:
    shown = hall.get(page)
    assert '<html lang="de" dir="ltr">' in shown.text
    assert "Maria" not in shown.text and "40 minutes" not in shown.text
    before = hall.events(KEY)
    done = hall.press(page, "not_yet", note="Der Tisch wackelt noch. <script>")
    assert (done.status_code, before) == (303, ["assigned", "resolved"])
    assert hall.events(KEY) == [*before, "reopened"]
    event = ledger.history_of(hall.book, [KEY])[KEY][-1]
    assert (event["actor"], event["note"]) == ("customer", "Der Tisch wackelt noch. <script>")
    assert "Wir bleiben dran" in hall.page(done.headers["location"]).text

    [letter] = hall.letters()
    assert (letter.kind, letter.recipient) == ("reminder", "anna@acme.example")
    message = parse(letter.body)
    assert message["Subject"] == "Not solved yet: NPS 2 of 10: Maria López, Checkout"
    words = str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert words.index("Der Tisch wackelt noch.") < words.index("I waited 40 minutes.")

    [told] = ledger.inbox_waiting(hall.book, "desk")
    said = json.loads(told["body"])
    assert said["comment"] == "Der Tisch wackelt noch. <script>"
    assert (said["customer_id"], said["touchpoint"]) == ("C-1", "checkout")
    assert "maria@example.com" not in told["body"].decode()

    again = hall.get(page)  # the same letter asks no more, it is another life
    assert not Page(again.text).forms


def test_yes_is_noted_and_not_yet_may_still_follow(hall: Hall, page: str) -> None:
    stale = hall.page(page).form("not_yet")
    assert hall.press(page, "yes").status_code == 303
    assert hall.post(page, stale).status_code == 409
    assert hall.events(KEY) == ["assigned", "resolved", "satisfied"]
    assert hall.press(page, "not_yet").status_code == 303
    assert ledger.find_assignment(hall.book, KEY)["status"] == "assigned"  # type: ignore[index]
    assert ledger.inbox_waiting(hall.book, "desk") == []  # nothing was said


def test_what_customers_cannot_do(hall: Hall, page: str) -> None:
    form = hall.page(page).form("yes")
    old = hall.links.to_customer(KEY, 0, MONDAY - timedelta(days=15)).removeprefix(hall.links.base_url)
    owners = hall.path(KEY).replace("/a/", "/c/")
    for path in (f"{page}x", page[:-1], old, owners, "/c/", page.replace("/c/", "/u/")):
        assert 400 <= hall.get(path).status_code < 500, path
        assert 400 <= hall.post(path, form).status_code < 500, path
    assert hall.post(page, {"action": "yes"}).status_code == 403
    assert hall.post(page, {**form, "action": "resolve"}).status_code == 422
    assert hall.post(page, form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert hall.post(page, {**form, "note": "x" * 4001}).status_code == 422
    requests.head(hall.url + page, timeout=30)
    assert hall.events(KEY) == ["assigned", "resolved"]
    assert preferences(hall) == []


def test_one_press_ends_letters_however_often_it_is_pressed(hall: Hall, page: str) -> None:
    facts = (ledger.find_assignment(hall.book, KEY) or {})["facts"]
    letter = parse(customer_letter("resolved", facts, hall.office.sender, MONDAY).body)
    address = str(letter["List-Unsubscribe"]).strip("<>").removeprefix(hall.links.base_url)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert hall.page(address).actions() == ["unsubscribe"]
    assert preferences(hall) == []
    hall.now = MONDAY + timedelta(days=400)  # such a link works for ever
    for headers in ({}, {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}, {}):
        done = hall.post(address, {"List-Unsubscribe": "One-Click"}, headers=headers)
        assert done.status_code == 200
        assert "keine Briefe mehr" in done.text
    assert preferences(hall) == [("C-1", "follow_up", False, "unsubscribe")]
    assert hall.post(address[:-2] + "AA", {}).status_code == 404
    assert len(preferences(hall)) == 1
