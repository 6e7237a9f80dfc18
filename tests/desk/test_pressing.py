"""What a press at the desk does: one event each, with who and when; what is wrong writes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows import ledger
from tests.desk.serving import MONDAY, Hall, link_in

KEY = "3f2a9c0d4b5e6f708192a3b4c5d6e7f8"


def test_a_letter_leads_to_its_follow_up_and_opening_it_changes_nothing(hall: Hall) -> None:
    hall.promise(KEY)
    path = link_in(hall.letters()[0].body)
    before = ledger.last_event_id(hall.book)
    for query in ("", "?do=acknowledge", "?do=resolve", "?do=nonsense", "?noted=resolve"):
        page = hall.page(path + query)
        assert "I waited 40 minutes.\nNobody said sorry." in page.text
        assert "Maria López" in page.text
    assert "Call within the day" in page.text
    assert hall.get(path, headers={"User-Agent": "scanner"}).status_code == 200
    assert ledger.last_event_id(hall.book) == before
    assert page.html.index("Nobody said sorry") < page.html.index("I reached the customer")


@pytest.mark.parametrize(
    ("action", "fields", "events", "status"),
    [
        ("acknowledge", {}, ["acknowledged"], "acknowledged"),
        ("attempted", {"note": "no answer"}, ["attempted"], "acknowledged"),
        ("contacted", {"note": "she was glad"}, ["contacted"], "contacted"),
        ("waiting", {}, ["waiting"], "waiting"),
        ("resolve", {"root_cause_id": "staffing"}, ["resolved"], "resolved"),
        (
            "resolve",
            {"root_cause_id": "staffing", "told_customer": "We have two more people now."},
            ["resolved", "told"],
            "closed",
        ),
        ("decline", {"note": "not ours"}, ["declined"], "declined"),
        ("hand_over", {"to_owner_id": "bert", "note": "your shop"}, ["reassigned"], "assigned"),
        ("raise", {"raise_to": "fast-lane"}, ["raised"], "assigned"),
        ("raise", {"raise_to": "p1"}, ["raised"], "assigned"),
        ("raise", {}, ["raised"], "assigned"),
    ],
)
def test_a_press_is_one_event(
    hall: Hall, action: str, fields: dict[str, str], events: list[str], status: str
) -> None:
    hall.promise(KEY)
    hall.now = MONDAY + timedelta(hours=1)
    answer = hall.press(hall.path(KEY), action, **fields)
    assert answer.status_code == 303, answer.text
    assert hall.get(answer.headers["location"]).status_code == 200
    rows = ledger.history_of(hall.book, [KEY])[KEY][1:]
    own = [row for row in rows if row["event"] != "closed"]
    assert [row["event"] for row in own] == events
    assert {(row["actor"], row["at"]) for row in own} == {("anna", hall.now)}
    assert own[0]["note"] == fields.get("note")
    assert own[0]["root_cause_id"] == fields.get("root_cause_id")
    assert own[0]["details"].get("raised_to") == fields.get("raise_to")
    assert (ledger.find_assignment(hall.book, KEY) or {})["status"] == status
    if "told" in events:
        assert own[1]["note"] == fields["told_customer"]


def test_waiting_and_going_on_move_the_deadline(hall: Hall) -> None:
    hall.promise(KEY)  # due on Wednesday 04:00 UTC, 06:00 in Berlin
    path = hall.path(KEY)
    assert "May 6, 2026, 6:00" in hall.page(path).text
    assert hall.press(path, "waiting").status_code == 303
    assert "the clock stands" in hall.page(path).text
    hall.now = MONDAY + timedelta(hours=30)
    assert hall.press(path, "resumed").status_code == 303
    assert "May 7, 2026, 12:00" in hall.page(path).text  # thirty hours later
    assert hall.events(KEY)[1:] == ["waiting", "resumed"]


@pytest.mark.parametrize(
    ("action", "fields", "status", "said"),
    [
        ("resolve", {}, 422, "choose the root cause"),
        ("resolve", {"root_cause_id": "weather"}, 422, "root cause is not known"),
        ("hand_over", {}, 422, "choose who takes over"),
        ("hand_over", {"to_owner_id": "anna"}, 422, "choose who takes over"),
        ("hand_over", {"to_owner_id": "nobody"}, 422, "choose who takes over"),
        ("hand_over", {"to_owner_id": "mute"}, 422, "no e-mail address"),
        ("raise", {"raise_to": "moon"}, 422, "is not known"),
        ("contacted", {"note": "x" * 4001}, 422, "longer than 4,000"),
        ("contacted", {"action": "explode"}, 422, "no button was pressed"),
        ("contacted", {"action": "resumed"}, 409, "does not fit"),
    ],
)
def test_what_is_wrong_is_said_and_kept_and_nothing_is_written(
    hall: Hall, action: str, fields: dict[str, str], status: int, said: str
) -> None:
    hall.promise(KEY)
    hall.letters()
    answer = hall.press(hall.path(KEY), action, **{"note": "my words", **fields})
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert (fields.get("note") or "my words") in answer.text or fields.get("action")
    assert hall.events(KEY) == ["assigned"]
    assert hall.letters() == []


def test_a_form_counts_once_and_only_while_nothing_else_happened(hall: Hall) -> None:
    hall.promise(KEY)
    path = hall.path(KEY)
    form = hall.page(path).form("attempted")
    assert [hall.post(path, form).status_code for _ in range(5)] == [303, 409, 409, 409, 409]
    old = hall.page(path).form("contacted")
    ledger.record_event(hall.book, KEY, "joined", "heardback", MONDAY)
    stale = hall.post(path, {**old, "note": "rang her at nine"})
    assert stale.status_code == 409
    assert "something happened here since" in stale.text
    assert "rang her at nine" in stale.text  # what was written is not lost
    assert hall.events(KEY) == ["assigned", "attempted", "joined"]


def test_handing_over_kills_the_link_for_ever(hall: Hall) -> None:
    hall.promise(KEY)
    hall.letters()
    path = hall.path(KEY)
    form = hall.page(path).form("contacted")
    assert hall.press(path, "hand_over", to_owner_id="bert").status_code == 303
    of_bert = link_in(hall.letters()[0].body)
    assert "Übernehme" in hall.page(of_bert).text or "übernehme" in hall.page(of_bert).text
    assert hall.press(of_bert, "hand_over", to_owner_id="anna").status_code == 303
    for dead in (path, of_bert):
        answer = hall.get(dead)
        assert answer.status_code == 410
        assert "López" not in answer.text
        assert "sorry" not in answer.text
        assert hall.post(dead, form).status_code == 410
    assert hall.page(link_in(hall.letters()[0].body))  # hers again, by a new letter
    assert hall.events(KEY) == ["assigned", "reassigned", "reassigned"]


def test_an_expired_link_gets_a_fresh_one_once_an_hour(hall: Hall) -> None:
    hall.promise(KEY)
    hall.letters()
    path = hall.path(KEY)
    form = hall.page(path).form("contacted")
    hall.now = MONDAY + timedelta(days=14, seconds=1)
    dead = hall.get(path)
    assert dead.status_code == 410
    assert "López" not in dead.text
    assert hall.post(path, form).status_code == 410
    fresh_form = {"token": dead.text.split('name="token" value="')[1].split('"')[0], "action": "fresh"}
    assert hall.post(f"{path}/fresh", {"action": "fresh"}).status_code == 403
    assert [hall.post(f"{path}/fresh", fresh_form).status_code for _ in range(3)] == [200, 429, 429]
    letters = hall.letters()
    assert [(letter.recipient, letter.kind) for letter in letters] == [("anna@acme.example", "reminder")]
    assert hall.page(link_in(letters[0].body))
    hall.now += timedelta(hours=1)
    assert hall.post(f"{path}/fresh", fresh_form).status_code == 200
    assert hall.events(KEY) == ["assigned"]


def test_lists_show_mine_my_teams_and_the_late_ones(hall: Hall) -> None:
    hall.promise("mine")
    bert = {"id": "bert", "name": "Bert", "email": "bert@acme.example"}
    hall.promise(
        "his", owner_id="bert", owner=bert, customer={"id": "C-2", "name": "Omar"}, customer_id="C-2"
    )
    hall.promise("done", customer={"id": "C-3", "name": "Zoë"}, customer_id="C-3")
    ledger.record_event(hall.book, "done", "declined", "anna", MONDAY)
    lists = hall.path("")
    mine, team = hall.page(lists), hall.page(f"{lists}?show=team")
    assert ("Maria" in mine.text, "Omar" in mine.text, "Zoë" in mine.text) == (True, False, False)
    assert ("Maria" in team.text, "Omar" in team.text, "Zoë" in team.text) == (True, True, False)
    opened = [link for link in team.links if "/a/" in link]
    assert len(opened) == 1  # a link belongs to its owner
    assert "Maria" in hall.page(opened[0]).text
    assert "Nothing is open here" in hall.page(f"{lists}?show=late").text
    hall.now = MONDAY + timedelta(hours=44)
    late = hall.page(f"{lists}?show=late")
    assert ("Maria" in late.text, "Omar" in late.text) == (True, True)
    hall.now = MONDAY + timedelta(days=15)
    assert hall.get(lists).status_code == 410


def test_other_follow_ups_of_the_customer_are_named(hall: Hall) -> None:
    hall.promise("one")
    hall.promise("two", touchpoint_name="Delivery")
    page = hall.page(hall.path("one"))
    assert "Other follow-ups of this customer" in page.text
    assert "Delivery" in page.text


def test_what_a_customer_told_waits_in_the_inbox_once(hall: Hall) -> None:
    path = f"{hall.path('')}/told"
    form = {
        **hall.page(path).form("told"),
        "comment": "The fitting room was <b>dirty</b>",
        "touchpoint_id": "checkout",
        "customer_id": "C-9",
        "channel": "phone",
        "email": "zoe@example.com",
    }
    assert hall.post(path, {**form, "comment": " "}).status_code == 422
    assert hall.post(path, {**form, "touchpoint_id": "moon"}).status_code == 422
    wrong = hall.post(path, {**form, "email": "zoe@@"})
    assert wrong.status_code == 422
    assert "&lt;b&gt;dirty" in wrong.text
    assert [hall.post(path, form).status_code for _ in range(3)] == [303, 409, 409]
    waiting = ledger.inbox_waiting(hall.book, "desk")
    assert [(row["headers"], row["received_at"]) for row in waiting] == [
        ({"by": "anna", "form": "told"}, MONDAY)
    ]


def test_health_and_numbers(hall: Hall) -> None:
    hall.promise(KEY)
    assert (hall.get("/healthz").status_code, hall.get("/healthz").text) == (200, "ok\n")
    hall.now = MONDAY + timedelta(hours=44)
    told = hall.get("/metrics").text
    for line in (
        "heardback_follow_ups_open 1",
        "heardback_follow_ups_late 1",
        'heardback_letters{status="queued"} 1',
        "heardback_inbox_waiting 0",
    ):
        assert line in told.splitlines()
    assert "anna" not in told
