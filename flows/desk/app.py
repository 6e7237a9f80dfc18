"""The addresses of the desk, and which page answers them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from flows import ledger
from flows.desk import pages
from flows.desk.actions import press
from flows.desk.customers import ADDRESSES
from flows.desk.entry import Expired, follow_up_behind, lists_behind, to_lists
from flows.desk.forms import Form, Refused, form_state, form_token, read_form
from flows.desk.fresh import send_fresh
from flows.desk.guard import Guard
from flows.desk.hooks import deliver, knock
from flows.desk.lists import list_page
from flows.desk.numbers import metrics
from flows.desk.office import Office
from flows.desk.quick_fixes import is_quick_fix, press_quick_fix, show_quick_fix
from flows.desk.rendering import STYLE, STYLE_PATH, Eye, page
from flows.desk.told import take_told, told_page
from flows.desk.words import fault_advice, fault_title
from flows.records import HeardbackError

READ = ["GET", "HEAD"]


def application(office: Office) -> Guard:
    """Put the pages together behind their guard."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.office = office
    app.add_api_route("/a/{token}", show_follow_up, methods=READ, response_model=None)
    app.add_api_route("/a/{token}", press_follow_up, methods=["POST"], response_model=None)
    app.add_api_route("/a/{token}/fresh", press_fresh, methods=["POST"], response_model=None)
    app.add_api_route("/l/{token}", show_list, methods=READ, response_model=None)
    app.add_api_route("/l/{token}/told", show_told, methods=READ, response_model=None)
    app.add_api_route("/l/{token}/told", press_told, methods=["POST"], response_model=None)
    for address, (look, pressed) in ADDRESSES.items():
        app.add_api_route(address, look, methods=READ, response_model=None)
        app.add_api_route(address, pressed, methods=["POST"], response_model=None)
    app.add_api_route("/hooks/{name}", knock, methods=READ, response_model=None)
    app.add_api_route("/hooks/{name}", deliver, methods=["POST"], response_model=None)
    app.add_api_route("/healthz", healthz, methods=READ, response_model=None)
    app.add_api_route("/metrics", show_metrics, methods=READ, response_model=None)
    app.add_api_route("/robots.txt", robots, methods=READ, response_model=None)
    app.add_api_route(STYLE_PATH, style, methods=READ, response_model=None)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _unknown)
    app.add_exception_handler(HeardbackError, _busy)
    return Guard(app, office.host, office.prefix)


def show_follow_up(request: Request, token: str) -> Response:
    """Show one follow-up; nothing is written."""
    office = _office(request)
    if is_quick_fix(office, token):
        return show_quick_fix(office, token, request.query_params.get("noted", ""))
    ticket, assignment = follow_up_behind(office, token)
    asked, noted = request.query_params.get("do", ""), request.query_params.get("noted", "")
    directory = ledger.read_directory(office.book)
    return pages.follow_up_page(office, token, ticket, assignment, directory, asked=asked, noted=noted)


def press_follow_up(request: Request, token: str) -> Response:
    """Note what a press says, once, and show the follow-up again."""
    office, form = _office(request), _form(request)
    if is_quick_fix(office, token):
        return press_quick_fix(office, token, form)
    ticket, assignment = follow_up_behind(office, token)
    state = form_state(office.links, token, form.values.get("token", ""))
    directory = ledger.read_directory(office.book)
    try:
        action = press(office, ticket, form, state, directory)
    except Refused as refused:
        if refused.word in ("handed_over", "unknown_link"):
            raise
        now = ledger.find_assignment(office.book, ticket.key) or assignment
        why = (refused.status, refused.word, refused.field)
        return pages.follow_up_page(
            office, token, ticket, now, directory, asked=form.line("action"), refused=why, given=form.values
        )
    if action == "hand_over":  # this link has just died
        return RedirectResponse(f"{to_lists(office, ticket)}?noted={action}", 303)
    return RedirectResponse(f"{office.prefix}/a/{token}?noted={action}", 303)


def press_fresh(request: Request, token: str) -> Response:
    """Send a fresh link to the address that the old one went to."""
    office, form = _office(request), _form(request)
    try:
        ticket, assignment = follow_up_behind(office, token)
    except Expired as expired:
        ticket, assignment = expired.ticket, expired.assignment
    form_state(office.links, token, form.values.get("token", ""))
    eye = pages.eye_of(office, assignment["facts"] or {})
    try:
        send_fresh(office, ticket)
    except Refused as refused:
        return page(office, "fresh", eye, refused.status, word=refused.word)
    return page(office, "fresh", eye, word="sent")


def show_list(request: Request, token: str) -> Response:
    """Show an owner's lists."""
    office = _office(request)
    ticket = lists_behind(office, token)
    query = request.query_params
    directory = ledger.read_directory(office.book)
    return list_page(office, ticket, directory, query.get("show", "mine"), query.get("noted", ""))


def show_told(request: Request, token: str) -> Response:
    """Show the form "a customer told me …"."""
    office = _office(request)
    return told_page(office, token, lists_behind(office, token), ledger.read_directory(office.book))


def press_told(request: Request, token: str) -> Response:
    """Take what a customer told, once."""
    office, form = _office(request), _form(request)
    ticket = lists_behind(office, token)
    once = form_state(office.links, token, form.values.get("token", ""))
    if not isinstance(once, str):
        raise Refused(403, "no_token")
    directory = ledger.read_directory(office.book)
    try:
        take_told(office, ticket, form, once, directory)
    except Refused as refused:
        return told_page(office, token, ticket, directory, refused, form.values)
    return RedirectResponse(f"{office.prefix}/l/{token}?noted=told", 303)


def healthz(request: Request) -> Response:
    """Tell whether the ledger answers."""
    ledger.letters_by_status(_office(request).book)
    return PlainTextResponse("ok\n")


def show_metrics(request: Request) -> Response:
    """Show counts for monitoring."""
    return PlainTextResponse(metrics(_office(request)), media_type="text/plain; version=0.0.4")


def robots() -> Response:
    """Keep search engines out."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


def style() -> Response:
    """Give the look of the pages; its address changes with it."""
    return Response(STYLE, media_type="text/css", headers={"cache-control": "public, max-age=86400"})


def _office(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


def _form(request: Request) -> Form:
    return read_form(request.scope, request.headers.get("content-type", ""))


def _eye(office: Office) -> Eye:
    return Eye(office.sender.language, office.sender.timezone)


def _fault(office: Office, status: int, word: str, eye: Eye | None = None, **shown: Any) -> HTMLResponse:
    eye = eye or _eye(office)
    title, advice = fault_title(word, eye.translate), fault_advice(word, eye.translate)
    given = {"fresh": "", "token": "", **shown}
    return page(office, "fault", eye, status, title=title, advice=advice, **given)


def _refused(request: Request, error: Exception) -> Response:
    office = _office(request)
    assert isinstance(error, Refused)
    if isinstance(error, Expired):
        token = str(request.path_params.get("token"))
        shown = {"fresh": f"{office.prefix}/a/{token}/fresh", "token": form_token(office.links, token, 0)}
        eye = pages.eye_of(office, error.assignment["facts"] or {})
        return _fault(office, error.status, error.word, eye, **shown)
    return _fault(office, error.status, error.word)


def _unknown(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    word = "method" if status == 405 else "unknown_link"
    return _fault(_office(request), status, word)


def _busy(request: Request, error: Exception) -> Response:
    answer = _fault(_office(request), 503, "busy")
    answer.headers["retry-after"] = "5"
    return answer
