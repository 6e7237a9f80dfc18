"""What test files share: the order in which they are dealt to workers, one Prefect server, one demo."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import FileLock

from tests import prefect_api, project_read
from tests.demos import run_demo

_OPEN = ExitStack()

# Each of these takes longer than half a minute, most of it in whole runs in fresh homes.
LONG = (
    "tests/test_run.py",
    "tests/test_check.py",
    "tests/test_first_hour.py",
    "tests/test_deployments.py",
    "tests/dbt/test_drivers.py",
    "tests/test_demo.py",
    "tests/test_collect.py",
    "tests/test_publish.py",
    "tests/test_rebuild.py",
    "tests/warehouse/test_mirroring.py",
    "tests/test_transform.py",
    "tests/test_package.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Share Prefect and the project as dbt read it; a run without workers is too short to gain by it."""
    if getattr(config.option, "numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ:
        home = Path(_OPEN.enter_context(tempfile.TemporaryDirectory(prefix="prefect-")))
        os.environ[prefect_api.SHARED] = _OPEN.enter_context(prefect_api.serving(home))
        os.environ[project_read.FOLDER] = _OPEN.enter_context(tempfile.TemporaryDirectory(prefix="read-"))


def pytest_unconfigure() -> None:
    """End what was served."""
    _OPEN.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; the order inside a file stays."""
    ranks = {name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(LONG)))


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo once, where a `.env` of the user lies; gives its home, to be read only, and what it said.

    Workers of pytest-xdist wait for whoever came first.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo"
    said = folder / "said.txt"
    with FileLock(folder.with_suffix(".lock")):
        if not said.exists():
            folder.mkdir()
            (folder / ".env").write_text("HEARDBACK_SMTP_URL=smtp://127.0.0.1:1\nHEARDBACK_HOME=elsewhere\n")
            ran = run_demo(folder / "home", folder)
            assert ran.returncode == 0, ran.stdout + ran.stderr
            said.write_text(ran.stdout, encoding="utf-8")
    return folder / "home", said.read_text(encoding="utf-8")
