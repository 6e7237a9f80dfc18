"""Whom we may contact for what, why not, and from when on again; small cases counted by hand."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from tests.inner_loop import NOW, InnerLoop

Compiled = dict[str, str]
Told = dict[str, tuple[str | None, datetime | None]]


def ago(**units: float) -> datetime:
    return NOW - timedelta(**units)


class Customers:
    """Hold customers and ask about one of them at a time."""

    def __init__(self, loop: InnerLoop) -> None:
        self.loop = loop

    def add(
        self, name: str, answered: datetime | None = None, open_follow_ups: int = 0, **known: Any
    ) -> None:
        """Add one who is in a customers file."""
        row = {"customer_id": name, "last_answer_at": answered, "open_follow_ups": open_follow_ups}
        self.loop.fill("marts.customers", [row])
        self.loop.fill(
            "intermediate.int_customer_versions", [{"customer_id": name, "is_current": True, **known}]
        )

    def prefers(self, name: str, purpose: str, allowed: bool, at: datetime) -> None:
        """Let one tell a preference."""
        row = {"customer_key": name, "purpose": purpose, "is_allowed": allowed, "told_at": at}
        self.loop.fill("staging.stg_ledger__preferences", [row])

    def consents(self, name: str, given: bool | None, at: datetime, key: str = "r") -> None:
        """Let one answer a question for consent."""
        row = {"answer_key": f"{name} {key} {given}", "response_key": f"{name} {key}", "customer_id": name}
        self.loop.fill("intermediate.int_consents_told", [{**row, "submitted_at": at, "is_given": given}])

    def told(self, name: str) -> Told:
        """Give reason and next time by purpose, checked to agree with `may_contact`."""
        query = f"select * from marts.contact_eligibility where customer_id = '{name}'"
        rows = self.loop.rows(query)
        assert len(rows) == 3
        assert all(row["may_contact"] == (row["reason"] is None) for row in rows)
        return {row["purpose"]: (row["reason"], row["next_allowed_at"]) for row in rows}


@pytest.fixture
def customers(for_duckdb: Compiled) -> Customers:
    """Give a loop of 30 days between contacts."""
    return Customers(InnerLoop(for_duckdb))


def everywhere(reason: str | None) -> Told:
    return dict.fromkeys(("follow_up", "announcement", "survey"), (reason, None))


def test_lasting_reasons_come_first_and_name_no_time(customers: Customers) -> None:
    customers.add("free")
    customers.add("barred", ago(days=1), 1, may_contact=False)
    customers.add("left out", ago(days=1), 1)
    customers.prefers("left out", "all", False, ago(days=400))
    customers.add("one purpose")
    customers.prefers("one purpose", "survey", False, ago(days=1))
    customers.add("no letters")
    customers.prefers("no letters", "follow_up", False, ago(days=1))
    customers.loop.build()
    assert customers.told("free") == everywhere(None)
    assert customers.told("barred") == everywhere("do_not_contact")
    assert customers.told("left out") == everywhere("unsubscribed")
    assert customers.told("one purpose") == {**everywhere(None), "survey": ("unsubscribed", None)}
    # Who wants no letter about an own answer wants none about what others said either.
    assert customers.told("no letters") == {**everywhere("unsubscribed"), "survey": (None, None)}


def test_the_newest_word_on_consent_counts_and_a_preference_after_it(customers: Customers) -> None:
    for name, words in {
        "yes": [(False, 9), (True, 3)],
        "no": [(True, 9), (False, 3)],
        "neither": [(True, 9), (None, 3)],
        "both at once": [(True, 3), (False, 3)],
        "allowed before": [(False, 3)],
        "allowed after": [(False, 3)],
    }.items():
        customers.add(name)
        for place, (given, days) in enumerate(words):
            customers.consents(name, given, ago(days=days), str(place))
    customers.prefers("allowed before", "all", True, ago(days=4))
    customers.prefers("allowed after", "follow_up", True, ago(days=2))
    customers.loop.build()
    assert customers.told("yes") == everywhere(None)
    assert customers.told("no") == everywhere("no_consent")
    assert customers.told("neither") == everywhere("consent_unclear")
    assert customers.told("both at once") == everywhere("no_consent")
    assert customers.told("allowed before") == everywhere("no_consent")
    assert customers.told("allowed after") == {**everywhere("no_consent"), "follow_up": (None, None)}


def follow_up(customers: Customers, name: str, event: str, at: datetime) -> None:
    loop, key = customers.loop, f"of {name}"
    loop.event(key, "assigned", ago(days=90), customer_id=name, kind="recover", received_at=ago(days=91))
    loop.event(key, event, at, "closed")


def test_a_follow_up_waits_for_follow_ups_only_the_others_for_letters_and_surveys(
    customers: Customers,
) -> None:
    again = ago(days=10) + timedelta(days=30)
    customers.add("answered", ago(days=10))
    for name, event in {"called": "contacted", "told": "told", "confirmed": "confirmed"}.items():
        customers.add(name)
        follow_up(customers, name, event, ago(days=10))
    customers.add("told, then asked", ago(days=4))
    follow_up(customers, "told, then asked", "told", ago(days=10))
    customers.add("a month ago", ago(days=30))
    follow_up(customers, "a month ago", "told", ago(days=30))
    customers.add("waiting", ago(days=1), 1)
    customers.loop.build()
    contacted, asked = ("recently_contacted", again), ("recently_asked", again)
    assert customers.told("answered") == {**everywhere(None), "survey": asked, "announcement": asked}
    assert customers.told("called") == {**everywhere(None), "follow_up": contacted}
    assert set(customers.told("told").values()) == {contacted}
    assert customers.told("confirmed") == {
        "follow_up": (None, None), "survey": contacted, "announcement": contacted
    }  # fmt: skip
    late = ("recently_asked", ago(days=4) + timedelta(days=30))
    assert customers.told("told, then asked") == {
        "follow_up": contacted, "survey": late, "announcement": late
    }  # fmt: skip
    assert customers.told("a month ago") == everywhere(None)
    assert customers.told("waiting") == {**everywhere("open_follow_up"), "follow_up": (None, None)}


def test_who_refused_consent_is_asked_of_nobody(customers: Customers) -> None:
    loop = customers.loop
    loop.owners("ann")
    customers.consents("c", True, ago(days=9), "before")
    customers.consents("c", False, ago(days=1))
    customers.consents("d", None, ago(days=1))
    row = {"answer_key": "x", "response_key": "response of nameless", "submitted_at": ago(days=1)}
    loop.fill("intermediate.int_consents_told", [{**row, "is_given": False}])
    for who in ("c", "d", "e"):
        loop.ask(f"of {who}", ago(days=2), customer_id=who)
    loop.ask("nameless", ago(days=1))
    assert loop.build().withheld() == {
        "of c": "not_allowed", "of d": None, "of e": None, "nameless": "not_allowed"
    }  # fmt: skip


def test_the_first_words_of_an_answer_tell_whether_it_agrees(for_duckdb: Compiled) -> None:
    found = re.search(r"case\s+when.+?\bend\b", for_duckdb["models/intermediate/int_consents_told.sql"], re.S)
    assert found
    said = {
        True: ["Yes, please", "JA", "true", "1", "Sí, claro", "да", "כן", "بله", "I agree to be contacted"],
        False: ["No", "no thanks", "Nein, danke", "Please don't", "Don’t call me", "нет", "0", "לא", "nie"],
        None: ["Nobody knows", "Yesterday", "maybe", "siege", "noon", "10"],
    }
    query = f"select ({found[0]}) from (select ? as value_text) as asked"
    for expected, texts in said.items():
        for text in texts:
            assert duckdb.execute(query, [text]).fetchall() == [(expected,)], text
