"""Which touchpoints are asked about, how, and how much comes in: counted one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.dbt.at_random import AtRandom, shared

TODAY = date(2026, 5, 3)  # where the company is, it is still Sunday


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> AtRandom:
    """Give the home at random."""
    return shared(tmp_path_factory.getbasetemp())


@pytest.mark.parametrize(
    ("touchpoint", "metrics", "channels", "journey"),
    [
        ("desk", "csat;nps;rating", "kiosk", "visit"),  # two by the touchpoint that came with the response
        ("gate", "csat", "kiosk", "visit"),
        ("phone", "ces;csat;nps", "kiosk", "help"),
        ("post", "nps;rating", "kiosk", "help"),
        ("lift", None, None, "visit"),
    ],
)
def test_every_touchpoint_has_its_row(
    facts: AtRandom, touchpoint: str, metrics: str | None, channels: str | None, journey: str
) -> None:
    given = [one for one in facts.answers if one.touchpoint == touchpoint and one.asks_for == "perception"]
    within = [one for one in given if TODAY - timedelta(days=90) <= one.day < TODAY]
    (row,) = facts.home.rows(f"select * from marts.coverage where touchpoint_id = '{touchpoint}'")
    assert (row["is_asked"], row["metrics"], row["channels"]) == (metrics is not None, metrics, channels)
    assert row["journey_id"] == journey
    assert row["answers_90d"] == len(within)
    assert row["last_answer_at"] == max((one.at for one in given), default=None)
    assert row["is_moment_of_truth"] == (touchpoint == "desk")
    assert len(within) < len(given) or not given


def test_answers_are_those_of_the_rolling_cells(facts: AtRandom) -> None:
    told = facts.home.rows(
        "select touchpoint_id, answers_90d, cast(sum(coalesce(answer_count, 0)) as bigint) as counted "
        "from marts.coverage left join (from marts.journey_metrics "
        "where period = 'rolling_90d' and segment_type = 'all') as metrics using (touchpoint_id) group by all"
    )
    assert len(told) == 5
    assert all(row["answers_90d"] == row["counted"] for row in told)
