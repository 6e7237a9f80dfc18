"""What every request must hold to before a page sees it, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 128 * 1024
# Survey tools deliver whole answers here, with the form that asked; their signature is their permission.
HOOKS, LARGEST_DELIVERY = "/hooks/", 4 * 1024 * 1024
# Mail programs press this for their users (RFC 8058); the signed address is all the permission it takes.
UNSUBSCRIBE = "/u/"
BODY, FAULT = "heardback.body", "heardback.fault"

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: browsers would then call the origin of our own forms `null`, as that of anybody's.
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}


class Guard:
    """Stand before the pages: bodies of a bearable size, posts from our own pages only, strict headers.

    What is wrong is left in the scope as (status, word) under FAULT, so that a page in the house's look says
    it; the body lies there under BODY.
    """

    def __init__(self, app: ASGIApp, host: str, prefix: str) -> None:
        """Name the public host, and the path below which a proxy passes requests on."""
        self.app, self.host, self.prefix = app, host, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request and pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["path"] = self._within(scope["path"])
        if scope["method"] not in ("GET", "HEAD"):
            headers = Headers(scope=scope)
            is_bidden = scope["path"].startswith((UNSUBSCRIBE, HOOKS)) or not self._is_foreign(headers)
            scope[FAULT] = None if is_bidden else (403, "cross_site")
            if scope[FAULT] is None:
                is_delivery = scope["path"].startswith(HOOKS)
                largest = LARGEST_DELIVERY if is_delivery else LARGEST_BODY
                scope[BODY] = await _body(headers, receive, largest)
                if scope[BODY] is None:
                    scope[FAULT] = (413, "too_large")
        await self.app(scope, receive, _with_headers(send))

    def _within(self, path: str) -> str:
        inside = bool(self.prefix) and (path == self.prefix or path.startswith(f"{self.prefix}/"))
        return (path[len(self.prefix) :] or "/") if inside else path

    def _is_foreign(self, headers: Headers) -> bool:
        """Tell whether a browser says that a post comes from elsewhere."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return True
        said = headers.get("origin") or headers.get("referer")
        if said is None:  # no browser, or one that says nothing: the form's token decides
            return False
        try:
            host = urlsplit(said).netloc
        except ValueError:
            return True
        return host == "" or host not in (headers.get("host"), self.host)


async def _body(headers: Headers, receive: Receive, largest: int) -> bytes | None:
    """Read a body; None for one that is too large, however it was announced."""
    announced = headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > largest:
        return None
    read = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(read)
        read += message.get("body", b"")
        if len(read) > largest:
            return None
        if not message.get("more_body"):
            return bytes(read)


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add(message)
        await send(message)

    return sent


def _add(message: MutableMapping[str, Any]) -> None:
    given = {name.lower() for name, _ in message["headers"]}
    message["headers"] = [
        *message["headers"],
        *((name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in given),
    ]
