"""`heardback demo`: the whole road twice at a made-up company, then what happened."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console

from demo import files, forms, owners, screen, web_survey
from demo.home import fresh
from demo.mail import MailServer
from demo.serving import PORT, free_port, serve_desk
from demo.story import DAY_ONE, DAY_TWO, Story, tell
from demo.tools.formbricks import FakeFormbricks
from demo.tools.local import LocalTool
from demo.tools.typeform import FakeTypeform
from flows import ledger, settings

TOKEN = "tfp_hazel_and_thrush"  # noqa: S105 (opens nothing but the demo's own server)
WEB_TOKEN = "fbk_hazel_and_thrush"  # noqa: S105 (neither does this)
Tools = tuple[LocalTool, LocalTool]
MADE = DAY_ONE - timedelta(days=200)
COMPANY = Path(__file__).parent / "company"
_console = Console(highlight=False, soft_wrap=True)


def run_demo(home: Path | None = None, *, keep_serving: bool = False) -> int:
    """Run both days in a home of its own and show what came of them; 0, or the status of a day that failed.

    With `keep_serving` the desk and the survey tools stay up until somebody interrupts.

    Raises ConfigurationError (status 2) where the home is a folder that no demo made.
    """
    own = home or Path(settings.environment("HEARDBACK_HOME") or ".heardback-demo")
    with fresh(own.expanduser().resolve()) as folder:
        story = tell()
        shutil.copytree(COMPANY, folder / "company")
        with (
            _typeform(story) as forms_tool,
            _formbricks(story) as web,
            MailServer(folder / "letters") as mail,
        ):
            tools = (forms_tool, web)
            port = free_port() if keep_serving else PORT
            _isolate(folder, tools, mail, port)
            status = _two_days(folder, story, tools)
            return status or (_keep_serving(folder, tools, port) if keep_serving else 0)


def _two_days(folder: Path, story: Story, tools: Tools) -> int:
    _say(f"Hazel & Thrush sells furniture. Its survey tools answer at {_where(tools)}, its home is {folder}.")
    data = folder / "company" / "data"
    files.write_day_one(data, story)
    if status := _day(folder, tools, "Day one", DAY_ONE):
        return status
    with ledger.open_ledger(settings.load().ledger_address) as book:
        count = owners.answer(book)
    _say(f"\nOwners opened their letters and answered {count} times; meanwhile customers went on answering.")
    files.write_day_two(data, story)
    if status := _day(folder, tools, "Day two", DAY_TWO):
        return status
    screen.show(_console, folder)
    return 0


def _keep_serving(folder: Path, tools: Tools, port: int) -> int:
    _say(f"\nThe survey tools answer at {_where(tools)}, buttons in letters open the desk. Ctrl-C ends all.")
    sys.stdout.flush()
    return serve_desk(folder, port)


def _where(tools: Tools) -> str:
    return " and ".join(tool.url for tool in tools)


def _typeform(story: Story) -> FakeTypeform:
    asked = [form for form in forms.FIELDS if form != forms.WEB]
    definitions = [forms.definition(form, MADE) for form in asked]
    return FakeTypeform(definitions, {form: story.items[form] for form in asked}, TOKEN)


def _formbricks(story: Story) -> FakeFormbricks:
    told = [web_survey.response(item) for item in story.items[forms.WEB]]
    return FakeFormbricks([web_survey.definition(MADE)], told, WEB_TOKEN)


def _isolate(folder: Path, tools: Tools, mail: MailServer, port: int) -> None:
    """Forget the user's own settings, so that nothing of theirs is read or written to; say the demo's."""
    for prefix in ("HEARDBACK_", "PREFECT_", "DBT_"):
        settings.unset_environment(prefix)
    settings.set_environment(
        {
            "HEARDBACK_HOME": str(folder),
            "HEARDBACK_CONFIG": str(folder / "company" / "heardback.yml"),
            "HEARDBACK_SMTP_URL": mail.url,
            "HEARDBACK_BASE_URL": f"http://127.0.0.1:{port}",
            "HEARDBACK_MAIL_FROM": "heardback@hazelthrush.example",
            "HAZEL_TYPEFORM_URL": tools[0].url,
            "HAZEL_TYPEFORM_TOKEN": TOKEN,
            "HAZEL_FORMBRICKS_URL": tools[1].url,
            "HAZEL_FORMBRICKS_TOKEN": WEB_TOKEN,
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }
    )


def _day(folder: Path, tools: Tools, name: str, now: datetime) -> int:
    """Walk the road once in a process of its own; it starts where no `.env` lies."""
    _say(f"\n{name}, {now:%A %d %B %Y, %H:%M} UTC: heardback run")
    for tool in tools:
        tool.now = now
    settings.set_environment({"HEARDBACK_NOW": now.isoformat()})
    sys.stdout.flush()
    status = subprocess.run([sys.executable, "-m", "flows.cli", "run"], cwd=folder / "company").returncode
    if status:
        _say(f"{name} ended with status {status}; {folder / 'logs'} says more.")
    return status


def _say(sentence: str) -> None:
    _console.print(sentence, markup=False)
