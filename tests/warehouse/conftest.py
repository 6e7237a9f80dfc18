"""A home built once for all tests of the publication, and a copy of it for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.homes import Home
from tests.warehouse.published import copied, make


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Build the marts once; tests change copies of them."""
    return make(tmp_path_factory.mktemp("built"))


@pytest.fixture
def home(built: Home, tmp_path: Path) -> Path:
    """Give a home of its own."""
    return copied(built, tmp_path / "home")
