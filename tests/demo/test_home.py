"""The demo empties only what a demo marked as its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.home import fresh
from flows.records import Busy, ConfigurationError


def test_a_missing_folder_is_made_and_emptied_the_next_time(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    with fresh(home):
        (home / "published").mkdir()
        (home / "published" / "marts.duckdb").write_text("old")
        (home / "ledger.sqlite").write_text("old")
    with fresh(home):
        left = {path.name for path in home.iterdir()}

    assert not left & {"published", "ledger.sqlite"}


def test_a_foreign_folder_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("dear diary")

    with pytest.raises(ConfigurationError) as refused, fresh(tmp_path):
        pass
    assert refused.value.exit_status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    with fresh(tmp_path) as home:
        assert home == tmp_path


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")

    with pytest.raises(ConfigurationError), fresh(tmp_path / "home"):
        pass


def test_what_a_link_leads_to_is_not_emptied(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "photo").write_text("smile")
    home = tmp_path / "home"
    with fresh(home):
        (home / "link").symlink_to(precious)
    with fresh(home):
        pass

    assert (precious / "photo").read_text() == "smile"
    assert not (home / "link").exists()


def test_two_demos_in_one_home_do_not_mix(tmp_path: Path) -> None:
    with fresh(tmp_path / "home") as home, pytest.raises(Busy), fresh(home):
        pass
