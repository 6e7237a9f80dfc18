"""The calls of RemoteControl 2: one address, one key for the session, refusals that come with HTTP 200.

Facts: LimeSurvey's `remotecontrol_handle.php` and `LSjsonRPCServer.php`, and answers recorded from 6.1.8.
What fails is told as `{"status": "words"}` in the place of a result; a body without a byte says that the
interface is off. Parameters go by position.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec

from flows.records import SourceError
from flows.surveys.body import Unreadable
from flows.surveys.said import one_line
from flows.surveys.session import Session

_OFF = (
    "answers nothing. Switch JSON-RPC on in LimeSurvey (Configuration, Global settings, Interfaces), and set "
    "base_url to the server's address."
)
_LOGIN = (
    "does not take this user: {words}. Correct username and password; do it before six runs failed, as "
    "LimeSurvey then locks the address out for a while."
)


class Said(SourceError):
    """Carry what LimeSurvey said in the place of a result, as one short line without secrets."""

    def __init__(self, sentence: str, words: str) -> None:
        super().__init__(sentence)
        self.words = words

    def says(self, *beginnings: str) -> bool:
        """Tell whether it begins with one of these, whatever the case (versions differ in that)."""
        return self.words.casefold().removeprefix("error: ").startswith(beginnings)


class Remote:
    """Call RemoteControl; as a context it takes a key and gives it back."""

    def __init__(self, session: Session, username: str, password: str) -> None:
        """Take the session under it, and who asks."""
        self._session, self._username, self._password = session, username, password
        self._key = ""

    def __enter__(self) -> Remote:
        self._log_in()
        return self

    def __exit__(self, *_: object) -> None:
        # The key is a row in a table there; one that stays behind dies after hours.
        with contextlib.suppress(SourceError):
            self._ask("release_session_key", [self._key])

    def call(self, method: str, *params: Any) -> Any:
        """Give the result of a method; raises Said for what it refuses, SourceError where it cannot answer.

        A key that died meanwhile is replaced once.
        """
        try:
            return self._ask(method, [self._key, *params])
        except Said as said:
            if not said.says("invalid session key", "invalid s ession key"):
                raise
        self._log_in()
        return self._ask(method, [self._key, *params])

    def sentence(self, words: str) -> str:
        """Say something of this server."""
        return self._session.sentence("", words)

    def _log_in(self) -> None:
        try:
            key = self._ask("get_session_key", [self._username, self._password])
        except Said as said:
            refused = self.sentence(_LOGIN.format(words=said.words))
        else:
            if isinstance(key, str) and key:
                self._key = key
                self._session.keep_secret(key)
                return
            refused = self.sentence("gives no session key. Is base_url that of LimeSurvey's RemoteControl?")
        raise SourceError(refused)

    def _ask(self, method: str, params: list[Any]) -> Any:
        body = json.dumps({"method": method, "params": params, "id": 1}, ensure_ascii=False).encode()
        told = self._session.post("", body, _envelope)
        if told is None:
            raise SourceError(self.sentence(_OFF))
        result, error = told.get("result"), told.get("error")
        words = _refusal(result) if error is None else json.dumps(error, ensure_ascii=False)
        if words is None:
            return result
        words = one_line(self._session.hide(words))  # first hidden, lest half a secret stays
        raise Said(self.sentence(f"does not answer {method}: {words}."), words)


def _envelope(body: bytes) -> dict[str, Any] | None:
    """Read the envelope of an answer; None for an empty body. Raises Unreadable."""
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        return None
    if body[:1] == b"<":
        raise Unreadable("a web page came instead of JSON; is base_url that of the server?")
    told = decoded(body)
    if not isinstance(told, dict) or not {"result", "error"} & told.keys():
        raise Unreadable("its answer is JSON, but no answer of RemoteControl")
    return told


def decoded(body: bytes) -> Any:
    """Read JSON, half emojis included, which msgspec refuses; raises Unreadable."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    raise Unreadable("its answer is broken or cut JSON")


def _refusal(result: Any) -> str | None:
    """Give the words of a result that is none; None for a true one."""
    if isinstance(result, dict) and "status" in result and result.keys() <= {"status", "error_code"}:
        return str(result["status"])
    return None
