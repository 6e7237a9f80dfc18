"""The one HTTP call under all survey tools: patient within limits, and silent about secrets.

Refused: urllib3's `Retry`, which covers no bodies; redirects, which would carry the token elsewhere; words of
exceptions, which hold addresses. What is said is made here, of what is known not to be secret.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, BinaryIO, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, LocationValueError, ReadTimeoutError

from flows.records import SourceError
from flows.surveys.body import TooLarge, Unreadable, read_body, save_body
from flows.surveys.pace import Pace
from flows.surveys.patience import Patience
from flows.surveys.question import Question
from flows.surveys.said import Secrets, checked_base, description, host_of
from flows.surveys.trouble import Oversized, Refused, Trouble, Unanswered
from flows.surveys.wire import Wire

Read = TypeVar("Read")
Sign = Callable[[str, bytes], Mapping[str, str]]
Asks = Callable[[Mapping[str, str]], str | None]

_FAULTS = (requests.RequestException, HTTPError, OSError, EOFError, zlib.error, Unreadable)
_SMALL = 65536  # what is read of an answer that says no
_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (requests.exceptions.SSLError, "its certificate or encryption is not accepted"),
    (requests.exceptions.ProxyError, "the proxy does not lead there"),
    (requests.exceptions.ConnectTimeout, "no connection came about in time"),
    (requests.exceptions.Timeout, "it fell silent"),
    (ReadTimeoutError, "it fell silent"),
    (requests.exceptions.ConnectionError, "it cannot be reached, or hung up"),
    (zlib.error, "its packed answer is damaged"),
)
_MENDS = {
    401: "Set a token that is valid.",
    403: "Give the token the right to read this.",
    404: "Check base_url and the survey's id.",
}
_FINAL = (requests.exceptions.InvalidURL, LocationValueError)


class _Cuttable(HTTPAdapter):
    """Make connections whose sockets the session can cut."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **keywords: Any) -> None:
        super().init_poolmanager(*args, **keywords)
        self.poolmanager.pool_classes_by_scheme = self._wire.pools

    def proxy_manager_for(self, *args: Any, **keywords: Any) -> Any:
        manager = super().proxy_manager_for(*args, **keywords)
        manager.pool_classes_by_scheme = self._wire.pools
        return manager


class Session:
    """Ask one tool, one call after another, over a connection that is kept."""

    def __init__(
        self,
        source_name: str,
        base_url: str,
        headers: Mapping[str, str] | Sign,
        *,
        secrets: Iterable[str],
        mends: Mapping[int, str] | None = None,
        pace: Pace | None = None,
        asks_to_wait: Asks | None = None,
        limit_wait: float | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Take the source's name, the address before all paths, and the headers that open the door.

        Where a tool wants each request signed, `headers` makes them of the path with its query and the body.
        `secrets` are never said; `mends` says for a status how to mend it; `pace` keeps requests apart, also
        those of other sessions that share it; `asks_to_wait` finds in the headers of a refusal what stands in
        Retry-After elsewhere; `limit_wait` is the wait where a tool that was asked too often (429) names
        none. Raises SourceError for an address or a secret that can be none.
        """
        self._name, self._base = source_name, checked_base(source_name, base_url)
        self._secrets, self._mends = Secrets(secrets), mends or {}
        self._asks_to_wait = asks_to_wait or (lambda headers: headers.get("Retry-After"))
        self._pace, self._patience = pace or Pace(), patience or Patience()
        self._limit_wait = limit_wait
        self._wire = Wire()
        self._requests = requests.Session()
        self._requests.auth = _opening(source_name, headers)
        self._requests.headers.update({"Accept": "application/json", "Accept-Encoding": "gzip"})
        for scheme in ("http://", "https://"):
            self._requests.mount(scheme, _Cuttable(self._wire))
        _settle(self._requests, self._base)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.close()
        self._wire.close()

    def get(self, path: str, params: Mapping[str, str], parse: Callable[[bytes], Read]) -> Read:
        """Ask until `parse` takes the answer; it raises Unreadable for one to be asked for again.

        Raises Refused for a status that is final, Oversized, and SourceError when patience ends.
        """
        return self._ask(Question("GET", path, params), parse)

    def post(self, path: str, body: bytes, parse: Callable[[bytes], Read]) -> Read:
        """Ask with a body in JSON, as `get` does; only for what may be asked twice without harm."""
        return self._ask(Question("POST", path, {}, body), parse)

    def download(
        self, path: str, file: BinaryIO, check: Callable[[bytes], None], *, largest: int, seconds: float
    ) -> None:
        """Put an answer of at most so many bytes into a file, from its beginning, whatever it held before.

        `check` looks at the file (it is handed no bytes) and raises Unreadable for one to be asked for again;
        all tries together take at most so many seconds. Raises as `get` does.
        """
        patience = replace(self._patience, largest=largest, attempt=seconds, budget=seconds)
        self._ask(Question("GET", path, {}, file=file, patience=patience), check)

    def _ask(self, question: Question, parse: Callable[[bytes], Read]) -> Read:
        patience, path = question.patience or self._patience, question.path
        began, tried = patience.clock(), 0
        while True:
            tried += 1
            self._pace.keep(patience)
            left = began + patience.budget - patience.clock()
            got = self._try(question, parse, max(min(left, patience.attempt), 0.05))
            if not isinstance(got, Trouble):
                return got
            wait = patience.wait(tried, got.after)
            if tried >= patience.tries or patience.clock() + wait >= began + patience.budget:
                ended = got.ended(tried, patience.clock() - began, patience.now())
                raise Unanswered(self.sentence(path, ended), got.status)
            patience.sleep(wait)

    def _try(self, question: Question, parse: Callable[[bytes], Read], seconds: float) -> Read | Trouble:
        """Ask once, cut off after so many seconds whatever the tool does."""
        path, patience = question.path, question.patience or self._patience
        refused: SourceError | None = None
        with self._wire.watched(seconds) as is_cut:
            try:
                got = self._exchange(question, seconds)
            except TooLarge:
                refused = Oversized(self.sentence(path, f"gives more than {patience.largest:,} bytes."))
            except _FINAL:
                refused = SourceError(self.sentence(path, "is no address. Correct base_url."))
            except _FAULTS as error:
                got = Trouble(_words(error))
        if refused:  # raised out here, so that no exception with an address in it hangs on to it
            raise refused
        if isinstance(got, Trouble) and got.is_final and got.status:
            mend = self._mends.get(got.status, _MENDS.get(got.status, ""))
            raise Refused(self.sentence(path, got.refusal(mend)), got.status)
        if is_cut():
            return Trouble(f"there was no whole answer within {seconds:.0f} s")
        if isinstance(got, Trouble):
            return got
        try:
            return parse(got)
        except Unreadable as error:
            return Trouble(str(error))

    def _exchange(self, question: Question, seconds: float) -> bytes | Trouble:
        patience = question.patience or self._patience
        ends = patience.clock() + seconds
        with self._requests.request(
            question.method,
            self._base + question.path,
            params=question.params,
            data=question.body,
            headers=question.headers,
            timeout=(min(patience.connect, seconds), min(patience.read, seconds)),
            stream=True,
            allow_redirects=False,
        ) as answer:
            coding = answer.headers.get("Content-Encoding", "").strip().lower()
            status = answer.status_code
            largest = patience.largest if status == 200 else _SMALL
            try:
                if question.file is not None and status == 200:
                    save_body(answer.raw, coding, question.file, largest, lambda: patience.clock() > ends)
                    return b""
                body = read_body(answer.raw, coding, largest, lambda: patience.clock() > ends)
            except (*_FAULTS, TooLarge):
                if status == 200:
                    raise
                body = b""  # a refusal counts, however badly it is worded
            if status == 200:
                return body
            after = patience.asked(self._asks_to_wait(answer.headers))
            if after is None and status == 429:
                after = self._limit_wait
            return Trouble(description(body), status, after)

    def keep_secret(self, value: str) -> None:
        """Never say this either: a secret that the tool handed out, such as the key of a session."""
        self._secrets.keep(value)

    def hide(self, words: str) -> str:
        """Leave secrets out of words of the tool."""
        return self._secrets.hide(words)

    def sentence(self, path: str, words: str) -> str:
        """Say something of a path: source and place in front, secrets left out."""
        return self.hide(f"source '{self._name}': {host_of(self._base)}{path} {words}")


def _settle(session: requests.Session, base: str) -> None:
    """Ask the environment for proxies and certificates once; requests would do so for each call anew."""
    found = session.merge_environment_settings(base, {}, None, None, None)
    session.trust_env = False
    session.proxies, session.verify, session.cert = found["proxies"], found["verify"], found["cert"]


def _opening(source_name: str, headers: Mapping[str, str] | Sign) -> Callable[[Any], Any]:
    """Set the secret headers on each request: as `auth`, which a .netrc of the user cannot overrule."""
    if callable(headers):
        sign = headers

        def signed(request: Any) -> Any:
            request.headers.update(sign(request.path_url, request.body or b""))
            return request

        return signed
    for name, value in headers.items():
        if not value.isascii() or not value.isprintable():
            raise SourceError(
                f"source '{source_name}': the secret for {name} holds signs that no such secret has, "
                "such as a line break. Copy it again."
            )

    def opened(request: Any) -> Any:
        request.headers.update(headers)
        return request

    return opened


def _words(error: BaseException) -> str:
    """Say what kind of fault it was; never the words of the exception, which hold the address."""
    if isinstance(error, Unreadable):
        return str(error)
    said = next((words for kind, words in _KINDS if isinstance(error, kind)), "the exchange broke off")
    return f"{said} ({type(error).__name__})"
