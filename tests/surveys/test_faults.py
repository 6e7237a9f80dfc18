"""Every fault, every tool: what was read stays, the sentence holds no secret, and the next run has it all."""

from __future__ import annotations

from pathlib import Path

import pytest

from .fault_table import FAULTS, met, table
from .fault_tools import TOOLS

DOCUMENT = Path(__file__).parents[2] / "docs" / "faults.md"


@pytest.mark.parametrize("name", TOOLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_behind_a_fault_every_response_is_there_once(fault: str, name: str) -> None:
    row = met(fault, name)

    assert row.is_whole, row.after
    assert not row.leaks
    assert row.told != "nothing" or row.did.startswith(("kept 12 of 12", "kept 6 of 6")) or row.may_be_silent


def test_the_document_says_what_came_of_it() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == table(), "run python -m tests.surveys.fault_table"
