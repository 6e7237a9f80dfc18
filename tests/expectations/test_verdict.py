"""What findings amount to, and what dbt's data tests become."""

from __future__ import annotations

import pytest

from expectations.verdict import NOTHING, of_dbt, sentence_of, stopping
from flows.records import Finding


def finding(severity: str, outcome: str, observed: str = "3 of 9 answers") -> Finding:
    return Finding("answers_hold", "Answers hold.", severity, outcome, observed, "0 answers")


@pytest.mark.parametrize(
    ("one", "stops"),
    [
        (finding("critical", "held"), False),
        (finding("critical", "broken"), True),
        (finding("critical", "could_not_tell", "could not run: Binder Error"), True),
        (finding("critical", "could_not_tell", NOTHING), False),
        (finding("warning", "broken"), False),
        (finding("warning", "could_not_tell", "could not run"), False),
    ],
)
def test_what_withholds_a_build(one: Finding, stops: bool) -> None:
    assert (stopping([one]) == [one]) is stops


def test_the_sentence_names_the_first_three() -> None:
    one = finding("critical", "broken")

    assert sentence_of("b1", []) == ""
    assert sentence_of("b1", [one]) == (
        "Build b1 cannot be trusted, a critical check does not hold: Answers hold (3 of 9 answers)"
    )
    assert sentence_of("b1", [one] * 5).startswith(
        "Build b1 cannot be trusted, 5 critical checks do not hold: "
    )
    assert sentence_of("b1", [one] * 5).endswith("; and 2 more")


def test_tests_of_dbt_become_findings() -> None:
    whole, failed, warned, errored = of_dbt(
        [
            ("unique_answers_answer_key", "answer_key of answers is unique", "pass", 0),
            ("assert_formulas", "Formulas give golden values.", "fail", 1200),
            ("not_null_x", "x is never missing", "warn", 1),
            ("unique_y", "y is unique", "error", None),
        ]
    )

    assert (whole.outcome, whole.observed) == ("held", "1 of 4 data tests passed")
    assert (failed.severity, failed.outcome, failed.observed) == ("critical", "broken", "1,200 rows")
    assert (warned.severity, warned.outcome, warned.sentence) == ("warning", "broken", "X is never missing.")
    assert (errored.severity, errored.outcome) == ("critical", "could_not_tell")
    assert stopping([whole, failed, warned, errored]) == [failed, errored]


def test_tests_of_dbt_that_did_not_run_stop() -> None:
    (whole,) = of_dbt([])

    assert whole.outcome == "could_not_tell"
    assert stopping([whole]) == [whole]
