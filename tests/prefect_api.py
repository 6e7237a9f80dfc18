"""One Prefect server for all tests that need none of their own, as an operator's own would serve many homes.

Every command that starts an embedded server pays seconds for it; those few tests that are about the embedded
one leave this out.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Not one of Heardback's or Prefect's own names: tests clear those away.
SHARED = "SHARED_PREFECT_API"

# In a process of its own: where Prefect was imported before, it no longer hears of home and telemetry.
_SERVER = """
import sys
from pathlib import Path
from flows.prefect_server import prefect_api
with prefect_api(Path(sys.argv[1])):
    from prefect.settings import PREFECT_API_URL, get_current_settings
    assert not get_current_settings().server.analytics_enabled
    print(PREFECT_API_URL.value(), flush=True)
    sys.stdin.read()
"""


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Serve Prefect's API, kept in a folder, and give its address; it ends with this process at last."""
    foreign = ("HEARDBACK_", "PREFECT_", "DBT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    command = [sys.executable, "-c", _SERVER, str(home)]
    with subprocess.Popen(
        command,
        cwd=Path(__file__).parents[1],
        env={**kept, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None and server.stdout is not None
        url = server.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), url
        try:
            yield url
        finally:
            server.stdin.close()
            server.wait(60)


def shared() -> dict[str, str]:
    """Give the settings that lead a command to the shared server; none where none is served."""
    url = os.environ.get(SHARED)
    quiet = {"PREFECT_LOGGING_LEVEL": "ERROR", "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}
    return {"PREFECT_API_URL": url, **quiet} if url else {}
