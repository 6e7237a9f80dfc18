"""Small installations for tests: a file of answers, what `init` drafts from it, and a clean environment."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import prefect_api, project_read

NOW = "2026-05-04T09:00:00Z"
ANSWERS = """\
Response ID,Submitted At,Customer ID,Email Address,How likely are you to recommend us?,What could we improve?
r1,2026-05-03T10:11:00Z,c1,ann@example.com,3,"The queue was far too long, and nobody came"
r2,2026-05-03T11:12:00Z,c2,bob@example.com,9,Great service
r3,2024-05-02T11:12:00Z,c3,cem@example.com,0,Long ago I was not happy at all
"""


def clean_environment(**settings: str) -> dict[str, str]:
    """Give the environment without the user's own settings of Heardback, Prefect and dbt, and with these.

    Where the tests share a Prefect server, it is set.
    """
    foreign = ("HEARDBACK_", "PREFECT_", "DBT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **prefect_api.shared(), **settings}


class Installation:
    """Hold a folder with configuration, programme and answers, and run commands in it."""

    def __init__(
        self, folder: Path, answers: str = ANSWERS, *, is_alone: bool = False, **settings: str
    ) -> None:
        """Draft an installation from the answers; `settings` are environment variables for every command.

        One that is alone has its Prefect embedded and reads the project by itself, also where tests share.
        """
        self.folder = folder
        self.home = folder / ".heardback"
        self.environment = clean_environment(HEARDBACK_NOW=NOW, **settings)
        if is_alone:
            for name in prefect_api.shared():
                self.environment.pop(name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "answers.csv").write_text(answers, encoding="utf-8")
        drafted = self.run("init", "--from", "answers.csv")
        assert drafted.returncode == 0, drafted.stdout + drafted.stderr
        if not is_alone:
            project_read.lend(self.home)

    def copied(self, folder: Path) -> Installation:
        """Give the same installation, as it stands, in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        twin = copy.copy(self)
        twin.folder, twin.home = folder, folder / ".heardback"
        return twin

    def command(self, *words: str) -> list[str]:
        """Give the words of one command."""
        return [sys.executable, "-m", "flows.cli", *words]

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        ran = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env={**self.environment, **settings},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        if ran.returncode == 0:
            project_read.keep(self.home)
        return ran

    def start(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        """Start one command and leave it running."""
        return subprocess.Popen(
            self.command(*words),
            cwd=self.folder,
            env={**self.environment, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def add_answers(self, *lines: str) -> None:
        """Append lines to the file of answers."""
        with (self.folder / "answers.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

    def letters(self) -> list[Path]:
        """List the letters in the Maildir."""
        return sorted(path for part in ("new", "cur") for path in (self.home / "letters" / part).glob("*"))
