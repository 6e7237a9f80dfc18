"""One desk for a test, over an empty ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.ledger import Ledger, open_ledger
from tests.desk.serving import Hall


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open an empty ledger."""
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened:
        yield opened


@pytest.fixture
def hall(book: Ledger) -> Iterator[Hall]:
    """Serve a desk."""
    served = Hall(book)
    yield served
    served.close()
