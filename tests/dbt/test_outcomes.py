"""Who left after which answer: customers followed one by one; intervals by solving for their limits."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from tests.dbt.at_random import Answer, AtRandom, effective, shared

Z = stats.norm.ppf(0.975)
Key = tuple[str, str, str, str, str, str]
Cells = dict[Key, list[Answer]]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> AtRandom:
    """Give the home at random."""
    return shared(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def rows(facts: AtRandom) -> dict[Key, dict[str, Any]]:
    """Read the mart by its key."""
    found = facts.home.rows("select * from marts.outcomes")
    names = ("journey_id", "touchpoint_id", "segment_type", "segment", "metric", "score_class")
    keyed = {tuple(row[name] for name in names): row for row in found}
    assert len(keyed) == len(found)
    return keyed


@pytest.fixture(scope="module")
def cells(facts: AtRandom) -> Cells:
    """Follow each customer to the newest answer before leaving, place by place."""
    newest: dict[tuple[str, str, str, str], Answer] = {}
    for one in facts.answers:
        known = facts.customers.get(one.customer or "")
        if one.customer is None or one.asks_for != "perception":
            continue
        if known and known.left_at and known.left_at <= one.at:
            continue
        for place in ((one.journey, one.touchpoint), (one.journey, "all"), ("all", "all")):
            key = (one.customer, *place, one.metric)
            if key not in newest or (newest[key].at, -newest[key].position) < (one.at, -one.position):
                newest[key] = one
    found: Cells = defaultdict(list)
    for (_, journey, touchpoint, metric), one in newest.items():
        for kind, segment in (("all", "all"), *one.segments.items()):
            found[journey, touchpoint, kind, segment, metric, one.score_class].append(one)
    return found


def wilson(share: float, count: float) -> tuple[float, float]:
    """Find where the score test of a share just fails, to either side."""

    def excess(true: float) -> float:
        return (share - true) ** 2 - Z**2 * true * (1 - true) / count

    # A share of 0 or 1 is a root itself; the limit on the other side is the one beyond it.
    low = 0.0 if share == 0 else optimize.brentq(excess, 0.0, min(share, 1 - 1e-9), xtol=1e-14)
    high = 1.0 if share == 1 else optimize.brentq(excess, max(share, 1e-9), 1.0, xtol=1e-14)
    return low, high


def left(facts: AtRandom, members: list[Answer]) -> tuple[list[float], list[str]]:
    """Tell of each member whose leaving is knowable whether it left, and the cluster."""
    known = [one for one in members if facts.customers.get(str(one.customer)) is not None]
    known = [one for one in known if facts.customers[str(one.customer)].source == "crm"]
    gone = [float(facts.customers[str(one.customer)].left_at is not None) for one in known]
    return gone, [one.cluster for one in known]


def test_customers_and_who_of_them_left(facts: AtRandom, rows: Any, cells: Cells) -> None:
    assert rows.keys() == cells.keys()
    counts = []
    for key, members in cells.items():
        gone, clusters = left(facts, members)
        row = rows[key]
        assert (row["customer_count"], row["known_count"]) == (len(members), len(gone))
        if not gone:
            told = [row[name] for name in ("left_count", "left_share", "left_low", "left_high")]
            assert (told, row["verdict"]) == ([None] * 4, "suppress")
            continue
        count = effective(gone, [1.0] * len(gone), clusters)
        low, high = wilson(float(np.mean(gone)), count)
        assert row["left_count"] == sum(gone)
        assert [row["effective_count"], row["left_share"]] == pytest.approx([count, np.mean(gone)])
        assert [row["left_low"], row["left_high"]] == pytest.approx([low, high], abs=1e-9)
        assert row["verdict"] == (
            "suppress" if round(count, 6) < 20 else "flag" if high - low > 0.2 else "publish"
        )
        counts.append((len(gone), sum(gone), count))
    assert any(count < known for known, _, count in counts), "accounts cost something here"
    assert max(known for known, _, _ in counts) > 60
    assert sum(gone for _, gone, _ in counts) > 0


def test_differences_to_the_best_class(facts: AtRandom, rows: Any, cells: Cells) -> None:
    compared = 0
    for key, members in cells.items():
        row, best = rows[key], (*key[:5], "promoter" if key[4] == "nps" else "top")
        told = [row["difference_to_top"], row["difference_low"], row["difference_high"]]
        ours, theirs = left(facts, members), left(facts, cells.get(best, []))
        if key == best or not ours[0] or not theirs[0]:
            assert told == [None] * 3
            continue
        p, q = float(np.mean(ours[0])), float(np.mean(theirs[0]))
        low, high = wilson(p, effective(ours[0], [1.0] * len(ours[0]), ours[1]))
        best_low, best_high = wilson(q, effective(theirs[0], [1.0] * len(theirs[0]), theirs[1]))
        wanted = [
            p - q,
            p - q - np.hypot(p - low, best_high - q),
            p - q + np.hypot(high - p, q - best_low),
        ]
        assert told == pytest.approx(wanted, abs=1e-9)
        compared += 1
    assert compared > 20


def test_values_that_are_known_in_the_companys_currency(facts: AtRandom, rows: Any, cells: Cells) -> None:
    for key, members in cells.items():
        values = []
        for one in members:
            known = facts.customers.get(str(one.customer))
            if known and known.value is not None and (known.currency or "EUR").upper() == "EUR":
                values.append(known.value)
        row = rows[key]
        assert row["annual_value"] == (pytest.approx(sum(values)) if values else None)
        assert row["unknown_value_count"] == len(members) - len(values)
        assert row["currency"] == "EUR"
