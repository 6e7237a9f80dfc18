"""Serve the desk: the pages on which owners say what came of their follow-ups.

reads and writes: ledger
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flows import ledger, programme, settings
from flows.configuration import Source
from flows.desk.app import application
from flows.desk.office import Office
from flows.directory import directory_of
from flows.letterhead import letterhead
from flows.records import ConfigurationError, HeardbackError, SourceError
from flows.settings import Settings, with_secrets
from flows.signing import links
from flows.surveys.signatures import CHECKS

_KEEP_ALIVE_SECONDS = 10
_PATIENCE_SECONDS = 120  # a worker that is still starting on a busy machine is not dead


def serve(chosen: Settings, host: str, port: int, workers: int) -> None:
    """Serve until interrupted; raises HeardbackError where the ledger or the address cannot be used."""
    import uvicorn

    _prepare(chosen)
    for fault in hooks_of(chosen)[1]:
        print(fault, flush=True)
    print(
        f"The desk is open at http://{_shown(host)}:{port} ({workers} at work). Ctrl-C closes it.", flush=True
    )
    # No access log: the paths are the permissions.
    options: dict[str, Any] = {
        "factory": True,
        "host": host,
        "port": port,
        "workers": workers,
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "timeout_keep_alive": _KEEP_ALIVE_SECONDS,
        "timeout_worker_healthcheck": _PATIENCE_SECONDS,
        "backlog": 4096,
    }
    try:
        uvicorn.run("flows.serving:desk", **options)
    except SystemExit as stopped:
        if stopped.code:
            raise HeardbackError(
                f"The desk could not be opened at {host}:{port}. Is the port taken? --port names another."
            ) from None


def desk() -> Any:
    """Make the desk of one worker process, out of the environment."""
    chosen = settings.load()
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("heardback.desk").setLevel(logging.INFO)
    book = ledger.open_ledger(chosen.ledger_address)
    hooks, _ = hooks_of(chosen)
    return application(Office(book, links(chosen), letterhead(chosen), chosen.now, hooks))


def hooks_of(
    chosen: Settings,
) -> tuple[dict[str, Callable[[Mapping[str, str], bytes, datetime], bool]], list[str]]:
    """Give the signature check of each source that has a webhook_secret, and what keeps one from having it.

    The secret alone is looked up: the desk needs no token of a tool.
    """
    hooks: dict[str, Callable[[Mapping[str, str], bytes, datetime], bool]] = {}
    faults = []
    for source in chosen.configuration.sources:
        if not (source.webhook_secret or "").strip():
            continue
        if source.tool not in CHECKS:
            tools = ", ".join(CHECKS)
            faults.append(
                f"source '{source.name}': {source.tool} delivers nothing; webhooks are for {tools}."
            )
            continue
        alone = Source(name=source.name, tool=source.tool, webhook_secret=source.webhook_secret)
        try:
            secret = (with_secrets(alone).webhook_secret or "").strip()
        except SourceError as fault:
            faults.append(f"{fault} Until it is, its webhook is refused (404).")
        else:
            hooks[source.name] = partial(CHECKS[source.tool], secret)
    return hooks, faults


def _prepare(chosen: Settings) -> None:
    """Find out before anything is served whether it can be; keep what can be chosen as it is now."""
    links(chosen)
    with ledger.open_ledger(chosen.ledger_address) as book:
        tables, faults = programme.read(chosen.programme_folder)
        if faults:
            raise ConfigurationError("\n".join(str(fault) for fault in faults))
        if any(table.rows for table in tables.values()):
            ledger.keep_directory(book, directory_of(tables), chosen.now())


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
