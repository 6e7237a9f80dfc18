"""One library, one door: an import anywhere else is named here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOORS: dict[str, tuple[str, ...]] = {
    "requests": ("flows/surveys/session.py",),
    "duckdb": ("flows/warehouse/", "expectations/dialect.py"),
    "prefect": (
        "flows/run.py",
        "flows/collect.py",
        "flows/transform.py",
        "flows/check.py",
        "flows/publish.py",
        "flows/assign.py",
        "flows/notify.py",
        "flows/listen.py",
        "flows/remind.py",
        "flows/digest.py",
        "flows/prefect_server.py",
    ),
    "dbt": ("flows/transform.py", "flows/building.py", "flows/documenting.py"),
    "great_expectations": ("expectations/",),
    "sqlalchemy": ("flows/ledger/", "expectations/dialect.py"),
    "itsdangerous": ("flows/mail/links.py",),
    "fastapi": ("flows/desk/app.py",),
    "starlette": ("flows/desk/",),
    "uvicorn": ("flows/prefect_server.py", "flows/serving.py"),
    "smtplib": ("flows/mail/outbox.py", "flows/mail/wire.py"),
    "imaplib": ("flows/mail/mailbox.py",),
    "imap_tools": ("flows/mail/mailbox.py", "flows/mail/replies.py"),
    "apprise": ("flows/mail/channels.py",),
    "PIL": ("flows/mail/charts.py",),
}


def imported(path: Path) -> set[str]:
    """Name the top-level packages a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def strays(library: str, root: Path) -> list[str]:
    """List the files of the house that import a library although they are not its door."""
    files = [path for folder in ("flows", "expectations") for path in (root / folder).rglob("*.py")]
    inside = {path.relative_to(root).as_posix(): path for path in files}
    return [
        name
        for name, path in sorted(inside.items())
        if library in imported(path) and not name.startswith(DOORS[library])
    ]


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_library_comes_in_by_its_door_only(library: str) -> None:
    assert strays(library, ROOT) == []


def test_a_stray_import_is_found(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "digest.py").write_text("import requests\n")

    assert strays("requests", tmp_path) == ["flows/digest.py"]


def test_only_settings_reads_the_environment() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for folder in ("flows", "expectations")
        for path in (ROOT / folder).rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8") or "os.getenv" in path.read_text(encoding="utf-8")
    ]

    assert readers == ["flows/settings.py"]


def test_nothing_in_flows_is_called_like_a_library() -> None:
    import sys
    from importlib.metadata import packages_distributions

    taken = set(sys.stdlib_module_names) | set(packages_distributions())
    ours = {path.stem for path in (ROOT / "flows").iterdir() if path.suffix == ".py" or path.is_dir()}

    assert ours & taken - {"__init__", "__pycache__"} == set()
