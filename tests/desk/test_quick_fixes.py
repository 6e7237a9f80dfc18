"""A quick fix is taken once, from the link in a digest; whoever has it says what came of it."""

from __future__ import annotations

from datetime import timedelta

from flows import ledger
from flows.mail.links import Ticket
from tests.desk.serving import MONDAY, Hall

KEY = "quick_fix/p1"


def link(hall: Hall, owner: str, key: str = KEY) -> str:
    return f"/a/{hall.links.token(Ticket(key, owner, 0, MONDAY))}"


def test_who_presses_first_has_it_and_it_stands_in_the_ledger_once(hall: Hall) -> None:
    annas, berts = link(hall, "anna"), link(hall, "bert")
    late = hall.page(berts).form("acknowledge")
    assert hall.page(annas).text.count("Long queue") == 2
    assert hall.events(KEY) == []  # looking writes nothing
    assert hall.press(f"{annas}?do=acknowledge", "acknowledge").status_code == 303
    assert hall.post(berts, late).status_code == 409
    assert "Anna Schmidt" in hall.page(berts).text
    assert hall.page(berts).actions() == []
    row = ledger.find_assignment(hall.book, KEY)
    assert row is not None
    assert (row["kind"], row["owner_id"], row["team_id"], row["status"], row["subject_key"]) == (
        "quick_fix", "anna", "shop", "acknowledged", "p1"
    )  # fmt: skip
    assert hall.events(KEY) == ["assigned", "acknowledged"]
    assert ledger.follow_up_counts(hall.book, MONDAY)["open"] == 0
    assert "Long queue" in hall.page(hall.path("")).text  # it stands in Anna's list


def test_done_needs_a_cause_and_what_is_given_back_may_be_taken_again(hall: Hall) -> None:
    annas, berts = link(hall, "anna"), link(hall, "bert")
    hall.press(annas, "acknowledge")
    assert hall.post(annas, {**hall.page(annas).form("resolve"), "root_cause_id": ""}).status_code == 422
    assert hall.press(annas, "decline").status_code == 303
    hall.now = MONDAY + timedelta(minutes=5)
    assert hall.press(berts, "acknowledge").status_code == 303
    row = ledger.find_assignment(hall.book, KEY)
    assert row is not None
    assert (row["owner_id"], row["status"]) == ("bert", "acknowledged")
    assert hall.page(annas).actions() == []
    hall.now = MONDAY + timedelta(minutes=9)
    assert hall.press(berts, "resolve", root_cause_id="staffing").status_code == 303
    assert hall.events(KEY)[-2:] == ["resolved", "closed"]
    assert hall.page(annas).actions() == ["acknowledge"]  # it may come back


def test_what_is_no_quick_fix_opens_nothing(hall: Hall) -> None:
    form = hall.page(link(hall, "anna")).form("acknowledge")
    assert hall.get(link(hall, "anna", "quick_fix/unheard of")).status_code == 410
    assert hall.post(link(hall, "anna", "quick_fix/unheard of"), form).status_code in (403, 410)
    assert hall.post(link(hall, "anna"), {**form, "action": "hand_over"}).status_code == 422
    assert hall.post(link(hall, "anna"), {"action": "acknowledge"}).status_code == 403
    hall.now = MONDAY + timedelta(days=15)
    assert hall.get(link(hall, "anna")).status_code == 410
    assert hall.post(link(hall, "anna"), form).status_code == 410
    assert hall.events(KEY) == []
