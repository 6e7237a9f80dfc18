"""Deliveries of survey tools: whose signature holds lies in the ledger's inbox before it is answered.

The signature is all the permission it takes. What a delivery says is read by `collect`, never here.
"""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from flows import ledger
from flows.desk.guard import BODY, FAULT
from flows.desk.office import Office

_UNKEPT = {"authorization", "cookie", "proxy-authorization"}


def knock(request: Request, name: str) -> Response:
    """Tell a tool that looks (GET, HEAD) before it delivers whether its address is one; writes nothing."""
    office: Office = request.app.state.office
    return _said(200, "ok") if name in office.hooks else _said(404, "there is no such source")


def deliver(request: Request, name: str) -> Response:
    """Keep a delivery, each body once; nothing is written of one that is refused."""
    office: Office = request.app.state.office
    hook = office.hooks.get(name)
    if hook is None:
        return _said(404, "there is no such source")
    fault, body = request.scope.get(FAULT), request.scope.get(BODY)
    if fault or not isinstance(body, bytes):
        return _said(413, "the delivery is too large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    now = office.clock()
    if not hook(headers, body, now):
        return _said(401, "the signature does not hold")
    kept = {name: value for name, value in headers.items() if name not in _UNKEPT}
    # Tools deliver again what they think was not taken, word for word.
    key = f"{name}/{hashlib.sha256(body).hexdigest()}"
    ledger.put_into_inbox(office.book, name, body, kept, now, key)
    return _said(200, "ok")


def _said(status: int, words: str) -> Response:
    return PlainTextResponse(f"{words}\n", status)
