"""Mopinion's signature: who asks is told by a digest of the path, made with a token only its owner can fetch.

Facts: the official Python client, whose values are in the tests. The path counts without host and query, the
body of a GET is empty and its bar stays, the digest is written in small hexadecimal digits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from flows.records import SourceError
from flows.surveys.body import Unreadable
from flows.surveys.session import Session
from flows.surveys.trouble import Refused

TOKEN_PATH = "/token"  # noqa: S105 (a path)
# Without a version the newest one answers, in another shape; a quiet one leaves out what paging needs.
_ALWAYS = {"version": "2.0.0", "verbosity": "normal"}
Read = TypeVar("Read")


class Signature:
    """Make the headers of each request; the token is asked for with both keys, all else is signed with it."""

    def __init__(self, public_key: str, private_key: str, base: str) -> None:
        """Take the keys, and the base address, whose own path is no part of what is signed."""
        self._public, self._private = public_key, private_key
        self._prefix = urlsplit(base).path.rstrip("/")
        self.token = ""

    def __repr__(self) -> str:
        return "Signature()"

    def __call__(self, path_url: str, body: bytes) -> Mapping[str, str]:
        """Give the headers for a path with its query and a body."""
        path = path_url.partition("?")[0].removeprefix(self._prefix)
        if path == TOKEN_PATH:
            return {**_ALWAYS, "Authorization": f"Basic {_packed(f'{self._public}:{self._private}')}"}
        signed = hmac.new(self.token.encode(), f"{path}|".encode() + body, hashlib.sha256).hexdigest()
        return {**_ALWAYS, "X-Auth-Token": _packed(f"{self._public}:{signed}")}


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class Client:
    """Ask over a session; a token that does not count any more is fetched anew, once a question."""

    def __init__(self, session: Session, signature: Signature) -> None:
        """Take the session and the signature that it signs with."""
        self._session, self._signature = session, signature

    def fetch_token(self) -> None:
        """Fetch the token that signs; raises SourceError."""
        token = self._session.get(TOKEN_PATH, {}, _token)
        if not token:
            raise SourceError(
                self.sentence(TOKEN_PATH, "gives no token. Is base_url that of Mopinion's API?")
            )
        self._session.keep_secret(token)
        self._signature.token = token

    def get(self, path: str, params: Mapping[str, str], parse: Callable[[bytes], Read]) -> Read:
        """Ask as the session does."""
        try:
            return self._session.get(path, params, parse)
        except Refused as refused:
            if refused.status != 401:
                raise
        self.fetch_token()
        return self._session.get(path, params, parse)

    def sentence(self, path: str, words: str) -> str:
        """Say something of a path, as the session does."""
        return self._session.sentence(path, words)


def _token(body: bytes) -> str:
    try:
        told = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Unreadable("its answer is no JSON object; is base_url that of Mopinion's API?")
    token = told.get("token")
    return token if isinstance(token, str) else ""
