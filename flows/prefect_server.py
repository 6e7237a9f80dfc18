"""Prefect, embedded: its API in a thread of this very process, so that nothing is left behind when we die.

With PREFECT_API_URL set, the operator's own server is used and none is started.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from flows import settings

_START_TIMEOUT = 180.0


@contextlib.contextmanager
def prefect_api(home: Path) -> Iterator[str]:
    """Offer a Prefect API and yield the tag its runs carry; runs that a kill left open are closed."""
    tag = "home-" + hashlib.sha256(str(home).encode()).hexdigest()[:10]
    embedded = not settings.environment("PREFECT_API_URL")
    settings.default_environment(_quiet(home) if embedded else {"DO_NOT_TRACK": "1"})
    with _embedded_api() if embedded else contextlib.nullcontext():
        from prefect import tags

        _close_killed_runs(tag)
        with tags(tag):
            yield tag


def _quiet(home: Path) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "ERROR",
        # A run keeps its log with the tracebacks; the terminal is told in sentences.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
        "PREFECT_CLI_COLORS": "false",
    }


@contextlib.contextmanager
def _embedded_api() -> Iterator[None]:
    # Prefect asks these two when it decides which of its background services an embedded server needs.
    settings.set_environment({"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"})
    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(ephemeral=True), log_level="critical", access_log=False)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    _wait_for(server, thread)
    try:
        with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{listening.getsockname()[1]}/api"}):
            # The heartbeat costs up to a second a flow, and its environment variable cannot say "none".
            get_current_settings().flows.heartbeat_frequency = None
            try:
                yield
            finally:
                _drain()
    finally:
        server.should_exit = True
        thread.join(15)


def _wait_for(server: object, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_TIMEOUT
    while not getattr(server, "started", False):
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("Prefect's embedded API did not start; `heardback --debug` shows more.")
        time.sleep(0.02)


def _drain() -> None:
    """Send what is still queued before the API goes away: otherwise the process hangs a minute at its end."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all()
    EventsWorker.drain_all()


def _close_killed_runs(tag: str) -> None:
    """Mark as crashed what still claims to run: we hold the home's lock, so it was killed."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
        FlowRunFilterTags,
    )
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    unfinished = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[tag]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING])),
    )
    with get_client(sync_client=True) as client:
        for flow_run in client.read_flow_runs(flow_run_filter=unfinished):
            client.set_flow_run_state(flow_run.id, Crashed(message="The process was killed."), force=True)
