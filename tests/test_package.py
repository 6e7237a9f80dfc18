"""What pip installs stands alone: run from an empty folder it finds its SQL, templates, pages and demo."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.installations import ANSWERS, NOW, clean_environment

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("flows", "expectations", "demo", "dbt_project")
# What working in the repository leaves there; .gitignore names the same.
LEFT_BY_WORK = {"__pycache__", "target", "logs", ".user.yml"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `pip install .` does."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    words = [*pip, "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    built = subprocess.run(words, capture_output=True, text=True, timeout=600)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("heardback-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    words = [*pip, "--no-index", "--target", str(folder), str(wheel)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for name in PACKAGES
        for path in (folder / name).rglob("*")
        if path.is_file() and not LEFT_BY_WORK & set(path.relative_to(folder).parts)
    }


def run(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command; the libraries are those of this environment."""
    environment = clean_environment(HEARDBACK_NOW=NOW, PYTHONPATH=str(installed))
    command = [str(installed / "bin" / "heardback"), *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False
    )


def test_the_wheel_holds_every_file_of_the_house(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as inside:
        held = {name for name in inside.namelist() if name.split("/")[0] in PACKAGES}
    kinds = {Path(name).suffix for name in held}

    assert files(ROOT) - held == set()
    assert {".py", ".sql", ".yml", ".j2", ".po", ".js", ".css"} <= kinds
    assert "dbt_project/profiles.yml" in held
    assert not [name for name in held if LEFT_BY_WORK & set(name.split("/"))]


def test_installed_it_works_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    environment = clean_environment(PYTHONPATH=str(installed))
    where = "import demo, expectations, flows; print(demo.__file__, expectations.__file__, flows.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert [Path(one).parents[1] for one in found.stdout.split()] == [installed] * 3

    before = files(installed)
    assert "transform" in run(installed, tmp_path, "--help").stdout
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    for words in (("init", "--from", "answers.csv"), ("doctor",), ("collect",), ("transform",)):
        done = run(installed, tmp_path, *words)
        assert done.returncode == 0, (words, done.stdout + done.stderr)
    assert (tmp_path / ".heardback" / "warehouse.duckdb").exists()
    assert files(installed) == before  # an installation may be read-only
