"""Eight desk workers, a step that promises and a step that sends, all at once on one ledger."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from flows import ledger
from flows.mail.links import Links, Ticket
from tests.desk.serving import MONDAY, Page
from tests.installations import clean_environment

KEY = "the key of this test"
OWNERS = """owner_id,team_id,name,email
anna,shop,Anna,anna@acme.example
bert,shop,Bert,bert@acme.example
"""
STEPS = """
import sys
from pathlib import Path
from flows import ledger
from flows.mail.letters import assignment_letter
from flows.mail.outbox import open_door
from flows.mail.sending import send_waiting
from flows.mail.message import Sender
from flows.records import Promise
from tests.desk.serving import MONDAY, facts

url, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
sender = Sender("feedback@acme.example")
with ledger.open_ledger(url) as book:
    for number in range(count):
        told = facts(f"key-{number}")
        one = Promise(f"key-{number}", "recover", "r", "anna", "shop", "rule", MONDAY, "b", told)
        ledger.promise(book, [one], lambda _, told=told: assignment_letter([told], sender, MONDAY), MONDAY)
        if sys.argv[4] == "send":
            send_waiting(book, [open_door("", sender.address, Path(folder))], MONDAY)
"""


@pytest.fixture
def desk(ledger_url: str, tmp_path: Path) -> Iterator[str]:
    """Let `heardback desk` serve with eight workers."""
    (tmp_path / "programme").mkdir()
    (tmp_path / "programme" / "owners.csv").write_text(OWNERS)
    (tmp_path / "programme" / "teams.csv").write_text("team_id,name\nshop,Shop\n")
    (tmp_path / "heardback.yml").write_text("sources: []\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = clean_environment(
        HEARDBACK_LEDGER_URL=ledger_url,
        HEARDBACK_SECRET_KEY=KEY,
        HEARDBACK_NOW=MONDAY.isoformat(),
        PYTHONPATH=":".join(path for path in sys.path if path),
    )
    words = [sys.executable, "-m", "flows.cli", "desk", "--port", str(port), "--workers", "8"]
    started = subprocess.Popen(
        words, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    patience = time.monotonic() + 300
    while time.monotonic() < patience:
        try:
            if requests.get(f"{url}/healthz", timeout=20).status_code == 200:
                break
        except requests.ConnectionError:
            assert started.poll() is None
            time.sleep(0.1)
    assert time.monotonic() < patience
    yield url
    started.terminate()
    started.wait(60)


def work_through(desk: str, links: Links, keys: list[str], said: list[int], seed: int) -> None:
    """Press buttons on every follow-up as several impatient people would."""
    chance = random.Random(seed)
    for key in chance.sample(keys, len(keys)):
        path = f"{desk}/a/{links.token(Ticket(key, 'anna', 0, MONDAY))}"
        for action in ("attempted", "contacted", "raise"):
            page = requests.get(path, timeout=60)
            patience = time.monotonic() + 120
            while page.status_code == 404 and time.monotonic() < patience:  # not promised yet
                time.sleep(0.02)
                page = requests.get(path, timeout=60)
            said += [page.status_code] if page.status_code >= 500 else []
            if action in Page(page.text).actions():
                form = Page(page.text).form(action)
                form["note"] = f"{seed} {chance.random()}"
                answer = requests.post(path, data=form, timeout=60, allow_redirects=False)
                said.append(answer.status_code)


def at_once(desk: str, url: str, folder: Path, count: int, people: int) -> None:
    """Let steps and people work at once, then count what the ledger holds."""
    links, keys = Links([KEY]), [f"key-{number}" for number in range(count)]
    words = [sys.executable, "-c", STEPS, url, str(folder / "letters"), str(count)]
    environment = clean_environment(PYTHONPATH=":".join(path for path in sys.path if path))
    steps = [subprocess.Popen([*words, what], env=environment) for what in ("send", "promise")]
    said: list[int] = []
    threads = [
        threading.Thread(target=work_through, args=(desk, links, keys, said, seed)) for seed in range(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [step.wait(300) for step in steps] == [0, 0]

    answers = Counter(said)
    assert set(answers) <= {303, 409}, answers
    with ledger.open_ledger(url) as book:
        events = Counter(row["event"] for row in ledger.events_after(book, 0))
        numbers = [row["event_id"] for row in ledger.events_after(book, 0)]
        histories = ledger.history_of(book, keys)
        letters = ledger.letters_by_status(book)
        standing = {key: (ledger.find_assignment(book, key) or {})["status"] for key in keys}
    assert events.pop("assigned") == count
    assert sum(events.values()) == answers[303]  # no press was lost, none counted twice
    assert len(numbers) == len(set(numbers))
    assert set(standing.values()) == {"contacted"}
    for key in keys:
        assert histories[key][-1]["details"]["status"] == standing[key]
        assert Counter(row["event"] for row in histories[key])["contacted"] == 1
    assert letters["sent"] + letters.get("queued", 0) == count
    assert len(list((folder / "letters" / "new").iterdir())) == letters["sent"]


def test_desk_and_steps_share_a_ledger(desk: str, ledger_url: str, tmp_path: Path) -> None:
    at_once(desk, ledger_url, tmp_path, count=12, people=4)


@pytest.mark.prove
def test_desk_and_steps_share_a_ledger_for_long(desk: str, ledger_url: str, tmp_path: Path) -> None:
    at_once(desk, ledger_url, tmp_path, count=150, people=12)
