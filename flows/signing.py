"""The keys that sign this installation's links: set by the operator, or made once and kept in the home."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from flows.mail.links import DEFAULT_BASE, Links
from flows.mail.message import Sender
from flows.records import ConfigurationError, HeardbackError
from flows.settings import Settings

FILE = "secret_key"
_LONG_ENOUGH = 16


def links(settings: Settings) -> Links:
    """Give what makes and reads links; raises ConfigurationError as `require_signable` does."""
    require_signable(settings)
    mail_to = ""
    if settings.smtp_url and not settings.base_url:
        sender = Sender(settings.mail_from, settings.mail_reply_to)
        mail_to = (sender.replies() or sender.parsed()).addr_spec
    days = settings.configuration.letters.link_days
    return Links(keys_of(settings), settings.base_url or DEFAULT_BASE, days, mail_to)


def require_signable(settings: Settings) -> None:
    """Refuse a desk's address that is none, and a public one without a key that was chosen for it.

    A key made in one home would open nothing on a second machine, and would be lost with the home.
    """
    if not settings.base_url:
        return
    try:
        parts = urlsplit(settings.base_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise ConfigurationError(
            "HEARDBACK_BASE_URL is no address of a desk: write one like https://feedback.example.com."
        )
    if not settings.secret_key.strip() and not _is_this_machine(host):
        raise ConfigurationError(
            "HEARDBACK_BASE_URL is public, so HEARDBACK_SECRET_KEY must be set: it signs the links. "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(32))'` makes one."
        )


def keys_of(settings: Settings) -> list[str]:
    """Give the signing keys, newest first: those set, else the one in the home, made when missing."""
    chosen = [key for part in re.split(r"[,;\n]", settings.secret_key) for key in _apart(part)]
    return chosen or [_kept(settings.home_folder / FILE)]


def _apart(part: str) -> list[str]:
    """Take words apart that are long enough to be keys each; others are one key, a phrase."""
    words = part.split()
    return words if all(len(word) >= _LONG_ENOUGH for word in words) else [part.strip()]


def _kept(path: Path) -> str:
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HeardbackError(f"The key that signs links cannot be kept in {path}: {error}.") from None
    if not key:
        raise HeardbackError(f"{path} is empty. Remove it: the next start makes a new key, old links die.")
    return key


def _make(path: Path) -> None:
    """Make a key that only we can read; of two processes that begin at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
