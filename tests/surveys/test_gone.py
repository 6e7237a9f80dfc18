"""A survey that was there and is not listed any more: said once, whichever the tool."""

from __future__ import annotations

import pytest

from .fault_kinds import vanish
from .fault_table import patience, served
from .fault_tools import TOOLS

LISTED = [name for name in TOOLS if name not in ("zendesk", "hubspot")]


@pytest.mark.parametrize("name", ["zendesk", "hubspot"])
def test_a_list_that_is_empty_where_it_was_not_is_said_once(name: str) -> None:
    with served(name) as (one, tool, store):
        one.items(tool).clear()
        store.run(patience=patience())
        store.run(patience=patience())
        assert store.warnings == [], "nothing was ever there"
    with served(name) as (one, tool, store):
        store.run(patience=patience())
        back = vanish(one, tool)
        for _ in range(2):
            store.run(patience=patience())
        (warning,) = store.warnings
        assert "is not there any more" in warning and "2026-05-04 09:11" in warning
        back()
        store.run(patience=patience())
        assert len(store.warnings) == 1
        assert len(store.newest) == 12


@pytest.mark.parametrize("name", LISTED)
def test_a_survey_that_is_not_listed_any_more_is_said_once(name: str) -> None:
    with served(name) as (one, tool, store):
        assert store.run(patience=patience()) is None
        kept = dict(store.newest)
        assert len(kept) == 12
        back = vanish(one, tool)
        if name == "mopinion":
            tool.reports, reports = [], tool.reports
        for _ in range(2):
            store.run(patience=patience())
        (warning,) = store.warnings
        assert "is not listed any more" in warning
        back()
        if name == "mopinion":
            tool.reports = reports
        assert store.run(patience=patience()) is None
        present = {key: one.content_hash for key, one in store.newest.items() if not one.is_deleted}
        assert present == {key: one.content_hash for key, one in kept.items()}
        vanish(one, tool)
        if name == "mopinion":
            tool.reports = []
        store.run(patience=patience())
        assert len(store.warnings) == 2
