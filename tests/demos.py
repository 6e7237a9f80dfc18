"""Running the demo as a user does, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# A user's own settings: none of them may be acted on.
HOSTILE_SETTINGS = {
    "HEARDBACK_SMTP_URL": "smtp://127.0.0.1:1",
    "HEARDBACK_LEDGER_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "HEARDBACK_CONFIG": "/nonexistent/heardback.yml",
    "HEARDBACK_PROGRAMME": "/nonexistent/programme",
    "HEARDBACK_NOW": "2001-01-01T00:00:00Z",
    "PREFECT_API_URL": "http://127.0.0.1:1/api",
    "HTTP_PROXY": "http://127.0.0.1:1",
}


def run_demo(home: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `heardback demo` for a home, with settings around it that it has to ignore."""
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", "demo"],
        env={**os.environ, **HOSTILE_SETTINGS, "HEARDBACK_HOME": str(home)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=1100,
    )
