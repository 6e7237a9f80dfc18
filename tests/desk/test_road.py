"""From a letter out of a real mail server to the mart: its link, a real browser, the next run."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import requests

from flows import ledger
from tests.desk.browsing import chromium, keep, window
from tests.installations import Installation
from tests.mail.conftest import FreePort, Postmaster, parse

LATER = "2026-05-04T12:00:00Z"


@pytest.fixture(scope="module")
def mail() -> Iterator[Postmaster]:
    """Serve mail on a free port of this machine."""
    keeper = Postmaster()
    controller = FreePort(keeper, hostname="127.0.0.1", port=0, server_kwargs={"enable_SMTPUTF8": False})
    controller.start()
    keeper.url = f"smtp://127.0.0.1:{controller.port}"
    yield keeper
    controller.stop()


@pytest.fixture(scope="module")
def port() -> int:
    """Find a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, mail: Postmaster, port: int) -> Installation:
    """Make an installation that writes to one owner and has playbooks, and walk the road once."""
    made = Installation(
        tmp_path_factory.mktemp("road"),
        HEARDBACK_SMTP_URL=mail.url,
        HEARDBACK_MAIL_FROM="feedback@acme.example",
        HEARDBACK_BASE_URL=f"http://127.0.0.1:{port}",
    )
    programme = made.folder / "programme"
    (programme / "root_causes.csv").write_text("root_cause_id,name,language\nstaffing,Too few people,en\n")
    (programme / "playbooks.csv").write_text(
        "touchpoint_id,theme_id,follow_up_kind,language,next_step\n*,*,recover,en,Offer a call back\n"
    )
    owners = (programme / "owners.csv").read_text().splitlines()
    header = owners[0].split(",")
    team = (programme / "teams.csv").read_text().splitlines()[1].split(",")[0]
    given = {
        "owner_id": "anna",
        "team_id": team,
        "name": "Anna",
        "email": "anna@acme.example",
        "language": "en",
    }
    row = ",".join(given.get(column, "") for column in header)
    (programme / "owners.csv").write_text(f"{owners[0]}\n{row}\n")
    done = made.run("run")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="module")
def desk(installation: Installation, port: int) -> Iterator[str]:
    """Let `heardback desk` serve with two workers."""
    started = installation.start("desk", "--port", str(port), "--workers", "2", HEARDBACK_NOW=LATER)
    url = f"http://127.0.0.1:{port}"
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        try:
            if requests.get(f"{url}/healthz", timeout=5).text == "ok\n":
                break
        except requests.ConnectionError:
            assert started.poll() is None, started.stdout.read() if started.stdout else ""
            time.sleep(0.1)
    yield url
    started.terminate()
    started.wait(20)


def asked(installation: Installation, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(installation.home / "published" / "marts.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_letter_is_taken_its_link_opened_and_resolved(
    installation: Installation, mail: Postmaster, desk: str, tmp_path: Path
) -> None:
    [(recipients, body)] = mail.letters
    assert recipients == ["anna@acme.example"]
    letter = parse(body)
    text, html = (str(letter.get_body((kind,)).get_content()) for kind in ("plain", "html"))
    links = re.findall(rf"{desk}/a/[\w.\-]+(?:\?do=\w+)?", text)
    assert sorted(set(re.findall(rf"{desk}/a/[\w.\-]+(?:\?do=\w+)?", html))) == sorted(set(links))
    assert [link.partition("?do=")[2] for link in links] == ["acknowledge", "contacted", "resolve", ""]
    (tmp_path / "letter.html").write_text(html, encoding="utf-8")

    with chromium() as browser:
        with window(browser, 600) as page:
            page.goto((tmp_path / "letter.html").as_uri())
            keep(page, "letter")
        with window(browser, 360) as page:
            page.goto((tmp_path / "letter.html").as_uri())
            keep(page, "letter-360")
        with window(browser, java_script_enabled=False) as page:
            page.goto(next(link for link in links if link.endswith("do=resolve")))
            assert "The queue was far too long" in page.inner_text("main")
            assert "Offer a call back" in page.inner_text("main")
            keep(page, "desk-follow-up")
            page.get_by_label("What was the root cause?").select_option("staffing")
            page.get_by_label("What was the customer told?").fill("We open a second till.")
            page.get_by_role("button", name="Done", exact=True).click()
            page.wait_for_url("**noted=resolve")
            assert "Noted: resolved" in page.inner_text("main")
            page.get_by_role("link", name="A customer told me").click()
            page.get_by_label("What did the customer say").fill("The new till is lovely")
            page.get_by_label("Customer number").fill("c77")
            page.get_by_label("E-mail").fill("lea@example.com")
            page.get_by_role("button", name="Send it in").click()
            page.wait_for_url("**noted=told")

    done = installation.run("run", HEARDBACK_NOW="2026-05-04T13:00:00Z")
    assert done.returncode == 0, done.stdout + done.stderr
    assert asked(
        installation,
        "select status, root_cause_id, owner_id, resolved_at::varchar, told_at::varchar from follow_ups",
    ) == [("closed", "staffing", "anna", "2026-05-04 12:00:00", "2026-05-04 12:00:00")]
    assert asked(
        installation,
        "select source_name, survey_id, customer_id, submitted_at::varchar from responses "
        "where source_name = 'desk'",
    ) == [("desk", "told", "c77", "2026-05-04 12:00:00")]
    assert asked(installation, "select text from comments where text like '%lovely%'") == [
        ("The new till is lovely",)
    ]
    assert asked(installation, "select * from unmapped_questions where source_name = 'desk'") == []
    with ledger.open_ledger(f"sqlite:///{installation.home / 'ledger.sqlite'}") as book:
        assert ledger.inbox_waiting(book, "desk") == []
    everywhere = subprocess.run(
        ["grep", "-rlc", "lea@example.com", str(installation.home / "published")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert everywhere.stdout == ""


def test_the_key_is_made_once_and_only_we_read_it(installation: Installation) -> None:
    path = installation.home / "secret_key"
    key = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(key.strip()) >= 32
    assert installation.run("collect").returncode == 0
    assert path.read_text() == key


@pytest.mark.parametrize("command", ["run", "desk"])
def test_a_public_address_without_a_key_is_refused(installation: Installation, command: str) -> None:
    done = installation.run(command, HEARDBACK_BASE_URL="https://feedback.acme.example")
    assert (done.returncode, done.stdout) == (2, "")
    assert "HEARDBACK_SECRET_KEY must be set" in done.stderr
