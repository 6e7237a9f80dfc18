"""The formulas of the marts against second implementations: scipy where it has them, else numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import jinja2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros"
TEXTS = [(MACROS / name).read_text(encoding="utf-8") for name in ("formulas.sql", "changes.sql")]
FORMULAS: Any = jinja2.Environment().from_string("".join(TEXTS)).module


def computed(expression: str, **columns: Any) -> Any:
    """Let DuckDB compute one expression over one row of columns."""
    names = ", ".join(f"${name} as {name}" for name in columns)
    return duckdb.execute(f"select {expression} from (select {names})", columns).fetchone()[0]


counts = st.tuples(*[st.integers(0, 10_000)] * 3).filter(lambda three: sum(three) > 0)
one_answer = st.tuples(
    st.sampled_from([1, 0, -1]), st.floats(0.01, 100) | st.sampled_from([0.5, 1.0, 3.0]), st.integers(1, 6)
)


@given(st.integers(1, 100_000), st.data())
def test_wilson_is_that_of_scipy(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    wanted = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert computed(FORMULAS.wilson_low("g", "n"), g=k / n, n=float(n)) == pytest.approx(
        wanted.low, abs=1e-13
    )
    assert computed(FORMULAS.wilson_high("g", "n"), g=k / n, n=float(n)) == pytest.approx(
        wanted.high, abs=1e-13
    )


@given(counts)
def test_wald_is_three_answers_added(three: tuple[int, int, int]) -> None:
    p, _, d = three
    n = sum(three)
    added = np.repeat([1.0, 0.0, -1.0], 3), [p + 0.75, n - p - d + 1.5, d + 0.75]
    centre = np.average(added[0][::3], weights=added[1])
    reach = stats.norm.ppf(0.975) * np.sqrt(
        np.average((added[0][::3] - centre) ** 2, weights=added[1]) / (n + 3)
    )
    low = computed(FORMULAS.wald_low("g", "b", "n"), g=p / n, b=d / n, n=float(n))
    high = computed(FORMULAS.wald_high("g", "b", "n"), g=p / n, b=d / n, n=float(n))
    assert (low, high) == pytest.approx(
        (max(-100, 100 * (centre - reach)), min(100, 100 * (centre + reach))), abs=1e-9
    )


def test_normal_distribution_is_double_precision() -> None:
    """Near 0 to 1e-15; far out, where p is tiny, in its digits too."""
    x = np.concatenate([np.linspace(-8, 8, 16_001), np.linspace(-39, 39, 3_901)])
    query = f"select {FORMULAS.normal_cdf('x')}, {FORMULAS.two_sided_p('x')} from (select unnest($x) as x)"
    cdf, p = np.array(duckdb.execute(query, {"x": x.tolist()}).fetchall()).T
    assert cdf == pytest.approx(stats.norm.cdf(x), rel=0, abs=1e-15)
    assert p == pytest.approx(2 * stats.norm.sf(np.abs(x)), rel=1e-12, abs=1e-298)


def design_effect(answers: list[tuple[int, float, int]], *, points: bool) -> tuple[float, float]:
    """Compute n* and the score's mean from single answers (code, weight, cluster), cluster by cluster."""
    code, weight, cluster = (np.array(column, dtype=float) for column in zip(*answers, strict=True))
    code = code if points else (code == 1).astype(float)
    n, names = len(code), np.unique(cluster)
    mean = np.average(code, weights=weight)
    totals = np.array([weight[cluster == name].sum() for name in names])
    if len(names) == 1:
        return 1.0, mean
    if len(np.unique(code)) == 1:
        return totals.sum() ** 2 / (totals**2).sum(), mean
    pulls = np.array([(weight * (code - mean))[cluster == name].sum() for name in names])
    variance = len(names) / (len(names) - 1) * (n - 1) / n * (pulls**2).sum() / weight.sum() ** 2
    simple = np.average((code - mean) ** 2, weights=weight) / n
    return n / max(1.0, variance / simple), mean


SUMS = """
with answers as (select unnest($code) as code, unnest($weight) as weight, unnest($cluster) as cluster),
coded as (
    select *, {code} as x, cast(code = 1 as double) as g,
        cast({points} and code = -1 as double) as b from answers),
clusters as (select cluster, sum(weight) as w, sum(weight * x) as a from coded group by cluster),
cell as (
    select count(*) as answer_count, sum(g) as good, sum(b) as bad, sum(g * weight) as good_weight,
        sum(b * weight) as bad_weight, min(weight) as weight_min, max(weight) as weight_max from coded),
squares as (
    select count(*) as clusters, sum(w) as weight_sum, sum(a * a) as aa, sum(a * w) as aw, sum(w * w) as ww
    from clusters),
shares as (
    select *, {good_share} as g, {bad_share} as b,
        weight_min = weight_max and clusters = answer_count as is_simple,
        good = answer_count or bad = answer_count or good + bad = 0 as is_one_code from cell, squares),
parts as (select *, {variance} as v0, {deviation} as deviation from shares),
variances as (select *, {clustered} as v from parts)
select {effective}, g - b from variances
"""


def by_macros(answers: list[tuple[int, float, int]], *, points: bool) -> tuple[float, float]:
    """Compute the same in SQL, out of sums over clusters."""
    code, weight, cluster = (list(column) for column in zip(*answers, strict=True))
    query = SUMS.format(
        code="cast(code as double)" if points else "cast(code = 1 as double)",
        points="true" if points else "false",
        good_share=FORMULAS.weighted_share("good"),
        bad_share=FORMULAS.weighted_share("bad"),
        variance=FORMULAS.answer_variance("g", "b"),
        deviation=FORMULAS.cluster_deviation("g - b", "aa", "aw", "ww"),
        clustered=FORMULAS.clustered_variance("deviation", "clusters", "answer_count", "weight_sum"),
        effective=FORMULAS.effective_count(
            "answer_count", "clusters", "is_simple", "is_one_code", "v", "v0", "weight_sum", "ww"
        ),
    )
    return duckdb.execute(query, {"code": code, "weight": weight, "cluster": cluster}).fetchone()


@settings(deadline=None)
@given(st.lists(one_answer, min_size=1, max_size=60), st.booleans())
def test_effective_count_of_any_weights_and_clusters(
    answers: list[tuple[int, float, int]], points: bool
) -> None:
    assert by_macros(answers, points=points) == pytest.approx(
        design_effect(answers, points=points), rel=1e-9, abs=1e-12
    )


@settings(deadline=None)
@given(st.lists(st.sampled_from([1, 0, -1]), min_size=1, max_size=80), st.floats(1e-3, 1e3), st.booleans())
def test_equal_weights_and_one_answer_per_cluster_count_in_full(
    codes: list[int], weight: float, points: bool
) -> None:
    answers = [(code, weight, number) for number, code in enumerate(codes)]
    assert by_macros(answers, points=points)[0] == len(codes)


@pytest.mark.parametrize(
    ("metric", "low", "high", "classes"),
    [
        ("nps", 0, 10, ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2),
        ("csat", 1, 5, ["bottom", "bottom", "middle", "top", "top"]),
        ("ces", 1, 7, ["bottom", "bottom", "middle", "middle", "middle", "top", "top"]),
        ("rating", 0, 1, ["bottom", "top"]),
    ],
)
def test_classes_of_every_value_of_a_scale(metric: str, low: int, high: int, classes: list[str]) -> None:
    expression = FORMULAS.score_class("metric", "v", "low", "high")
    assert [
        computed(expression, metric=metric, v=v, low=low, high=high) for v in range(low, high + 1)
    ] == classes


@pytest.mark.parametrize(
    ("effective", "width", "wanted"),
    [
        (29.9999, 1, "suppress"),
        (29.9999999, 1, "publish"),
        (30, 40, "publish"),
        (30, 40.0000001, "publish"),
        (30, 40.001, "flag"),
    ],
)
def test_verdict_rounds_to_six_decimals(effective: float, width: float, wanted: str) -> None:
    expression = FORMULAS.verdict("n", "low", "high", "30", "40")
    assert computed(expression, n=float(effective), low=0.0, high=float(width)) == wanted
