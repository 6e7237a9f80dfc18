"""The keys that sign links: set by the operator, rotated, or made once and kept for us alone."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import settings
from flows.mail.links import Ticket
from flows.records import ConfigurationError
from flows.signing import keys_of, links, require_signable

TICKET = Ticket("key", "anna", 0, datetime(2026, 5, 4, 9, tzinfo=UTC))


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Make an installation without a key."""
    (tmp_path / "heardback.yml").write_text("sources: []\nletters: {link_days: 3}\n")
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "heardback.yml"))
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "home"))
    for name in ("BASE_URL", "SECRET_KEY", "SMTP_URL"):
        monkeypatch.delenv(f"HEARDBACK_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_a_key_is_made_once_whoever_asks_first(chosen: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.extend(keys_of(settings.load()))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert len(found[0]) >= 43  # 32 bytes
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret_key"]
    assert (tmp_path / "home" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("one", ["one"]),
        ("new,old", ["new", "old"]),
        (" new ,\nold; older ", ["new", "old", "older"]),
        ("correct horse battery staple", ["correct horse battery staple"]),
        ("a" * 20 + " " + "b" * 20, ["a" * 20, "b" * 20]),
    ],
)
def test_several_keys_newest_first(chosen: pytest.MonkeyPatch, text: str, keys: list[str]) -> None:
    chosen.setenv("HEARDBACK_SECRET_KEY", text)
    assert keys_of(settings.load()) == keys


def test_a_changed_key_still_believes_the_old_one(chosen: pytest.MonkeyPatch) -> None:
    chosen.setenv("HEARDBACK_SECRET_KEY", "old")
    before = links(settings.load()).token(TICKET)
    chosen.setenv("HEARDBACK_SECRET_KEY", "new,old")
    between = links(settings.load())
    after = between.token(TICKET)
    chosen.setenv("HEARDBACK_SECRET_KEY", "new")
    last = links(settings.load())
    assert (between.ticket(before), last.ticket(after)) == (TICKET, TICKET)
    assert last.ticket(before) is None
    assert last.days == 3


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("http://127.0.0.1:8484", False),
        ("http://localhost/desk", False),
        ("http://[::1]:8484", False),
        ("https://feedback.acme.example", True),
        ("http://192.168.0.7:8484", True),
        ("https://localhost.evil.example", True),
    ],
)
def test_a_public_address_asks_for_a_key(chosen: pytest.MonkeyPatch, address: str, is_public: bool) -> None:
    chosen.setenv("HEARDBACK_BASE_URL", address)
    if is_public:
        with pytest.raises(ConfigurationError, match="HEARDBACK_SECRET_KEY must be set"):
            require_signable(settings.load())
        chosen.setenv("HEARDBACK_SECRET_KEY", "chosen")
    require_signable(settings.load())


@pytest.mark.parametrize(
    "address", ["feedback.acme.example", "ftp://x", "https://", "http://x:port", "http://x?a"]
)
def test_what_is_no_address_is_refused(chosen: pytest.MonkeyPatch, address: str) -> None:
    chosen.setenv("HEARDBACK_BASE_URL", address)
    chosen.setenv("HEARDBACK_SECRET_KEY", "chosen")
    with pytest.raises(ConfigurationError, match="HEARDBACK_BASE_URL is no address"):
        require_signable(settings.load())
