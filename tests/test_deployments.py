"""A real Prefect server and a process worker: everything is deployed, scheduled, and `run` ends well."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.installations import Installation

ROOT = Path(__file__).parent.parent
PREFECT = [sys.executable, "-m", "prefect"]
pytestmark = pytest.mark.xdist_group("prefect")


class Server:
    """Hold a Prefect server, a deployed installation and a worker of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.installation = Installation(folder / "shop")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.api = f"http://127.0.0.1:{self.port}/api"
        self.environment = {
            **self.installation.environment,
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_CLI_PROMPT": "false",
            "DO_NOT_TRACK": "1",
            "HEARDBACK_ROOT": str(ROOT),
            "HEARDBACK_HOME": str(self.installation.home),
            "HEARDBACK_CONFIG": str(self.installation.folder / "heardback.yml"),
        }

    def prefect(self, *words: str, seconds: int = 180) -> str:
        """Run one of Prefect's own commands; fails with what it printed."""
        done = subprocess.run(
            [*PREFECT, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextlib.contextmanager
    def background(self, name: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run one of Prefect's long commands and end it, with all it started, afterwards."""
        with (self.folder / f"{name}.log").open("wb") as log:
            child = subprocess.Popen(
                [*PREFECT, *words],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                yield child
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGINT)
                try:
                    child.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(child.pid, signal.SIGKILL)

    def wait_until_up(self, child: subprocess.Popen[bytes]) -> None:
        """Wait until the server answers."""
        end = time.monotonic() + 1000
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.api}/health", timeout=5):
                return
            assert child.poll() is None and time.monotonic() < end, "the Prefect server did not start"
            time.sleep(0.2)

    def ask(self, path: str, **body: Any) -> list[dict[str, Any]]:
        """Filter something through the server's API."""
        request = urllib.request.Request(
            f"{self.api}/{path}/filter", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server, deploy everything, twice, and start a worker."""
    made = Server(tmp_path_factory.mktemp("deployments"))
    start = ("server", "start", "--host", "127.0.0.1", "--port", str(made.port))
    with made.background("server", *start) as child:
        made.wait_until_up(child)
        made.prefect("work-pool", "create", "heardback", "--type", "process")
        for _ in range(2):
            made.prefect("--no-prompt", "deploy", "--all")
        with made.background("worker", "worker", "start", "--pool", "heardback", "--type", "process"):
            yield made


def test_every_step_is_deployed_one_at_a_time(server: Server) -> None:
    written = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    deployed = server.ask("deployments")

    assert sorted(one["entrypoint"] for one in deployed) == sorted(one["entrypoint"] for one in written)
    verbs = {one["entrypoint"].split(":")[1] for one in deployed}
    steps = {"listen", "collect", "transform", "check", "publish", "assign", "notify", "remind", "digest"}
    assert verbs == {"run", *steps}
    assert {one["global_concurrency_limit"]["limit"] for one in deployed} == {1}


def test_schedules_fire(server: Server) -> None:
    scheduled: list[dict[str, Any]] = []
    end = time.monotonic() + 300
    while not scheduled and time.monotonic() < end:
        waiting = {"state": {"type": {"any_": ["SCHEDULED"]}}}
        scheduled = [run for run in server.ask("flow_runs", flow_runs=waiting) if run["auto_scheduled"]]
        time.sleep(0.5)

    assert scheduled


def test_a_run_ends_well_and_its_history_can_be_looked_at(server: Server) -> None:
    said = server.prefect("deployment", "run", "run/early", "--watch", seconds=1000)
    assert "Completed" in said, said

    shop = server.installation
    assert len(shop.letters()) == 1
    with duckdb.connect(str(shop.home / "published" / "marts.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from responses").fetchone() == (3,)
    artifacts = {one["key"]: one for one in server.ask("artifacts")}
    assert artifacts["what-the-run-did"]["type"] == "table"
    counted = {row["what"]: row["count"] for row in json.loads(artifacts["what-the-run-did"]["data"])}
    assert counted["letters sent"] == 1
    assert not (shop.home / "prefect").exists(), "an embedded server was started beside the operator's own"
