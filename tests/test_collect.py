"""Collect from the outside: a local Typeform, files, faults in their way, and what `raw` holds afterwards."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.tools.typeform import FakeTypeform
from flows import cli
from flows.collect import first_instant
from flows.records import ConfigurationError
from flows.warehouse import builds, raw
from tests import prefect_api
from tests.installations import clean_environment

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
FORM = {"id": "aB3dE5fG", "type": "quiz", "title": "How was it?", "fields": []}
CONFIGURATION = """\
company: {timezone: Europe/Amsterdam}
sources:
  - {name: forms, tool: typeform, base_url: "${FORMS_URL}", token: "${FORMS_TOKEN}"}
  - {name: kiosk, tool: files, path: "kiosk-*.csv", survey_id: visit, response_id: "{id}",
     submitted_at: "{at}"}
  - {name: crm, tool: files, holds: customers, path: customers.csv}
"""
KIOSK = "id,at,score\n1,2026-05-01T10:00:00Z,5\n2,2026-05-01T11:00:00Z,3\n3,never,1\n"
CUSTOMERS = "customer_id,name,segment\nc1,Ann,gold\nc2,Bob,\n"


def item(number: int, text: str = "fine") -> dict[str, Any]:
    at = f"{NOW - timedelta(hours=number + 1):%Y-%m-%dT%H:%M:%SZ}"
    field = {"id": "f1", "ref": "why", "type": "long_text"}
    answer = {"field": field, "type": "text", "text": f"{text} {number}"}
    ids = {"token": f"t{number:05}", "response_id": f"t{number:05}"}
    return {
        **ids,
        "landed_at": at,
        "submitted_at": at,
        "hidden": {"customer": f"c{number}"},
        "answers": [answer],
    }


class Shop:
    """Hold an installation with a local Typeform, and collect in it as the command line does."""

    def __init__(self, folder: Path, tool: FakeTypeform, api: str) -> None:
        self.folder, self.home, self.tool = folder, folder / "home", tool
        self.environment = clean_environment(
            FORMS_URL=tool.url,
            FORMS_TOKEN=tool.token,
            HEARDBACK_HOME=str(self.home),
            HEARDBACK_NOW=NOW.isoformat(),
            PREFECT_API_URL=api,
            PYTHONPATH=str(ROOT),
        )
        (folder / "programme").mkdir(parents=True)
        self.write("heardback.yml", CONFIGURATION)
        self.write("kiosk-1.csv", KIOSK)
        self.write("customers.csv", CUSTOMERS)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a collect in a process of its own."""
        command = [sys.executable, "-m", "flows.cli", "collect", *words]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, **pipes)

    def collect(self, *words: str, **settings: str | None) -> int:
        """Collect in this process, as the command would; gives its exit status."""
        with pytest.MonkeyPatch.context() as patched:
            patched.chdir(self.folder)
            patched.setattr(sys, "argv", ["heardback", "collect", *words])
            for name in set(os.environ) - set(self.environment):
                patched.delenv(name)
            for name, value in {**self.environment, **settings}.items():
                patched.setenv(name, value) if value is not None else patched.delenv(name, False)
            with pytest.raises(SystemExit) as ended:
                cli.main()
        return int(str(ended.value.code))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with raw.opened(self.home, read_only=True) as connection:
            return connection.execute(query).fetchall()

    def said(self) -> list[str]:
        """Give all sentences said so far."""
        log = (self.home / "logs" / "heardback.jsonl").read_text(encoding="utf-8")
        return [json.loads(line)["sentence"] for line in log.splitlines()]

    def outcomes(self) -> list[tuple[Any, ...]]:
        """Give how the fetches of the last load of each source ended."""
        query = "select source_name, arg_max(outcome, load_id) from fetches group by all order by all"
        return self.rows(query)

    def has_each_once(self, count: int) -> bool:
        """Tell whether each of the form's responses is stored just once."""
        found = self.rows("select response_id from responses where source_name = 'forms' order by all")
        return found == [(f"t{number:05}",) for number in range(count)]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve Prefect's API once for all of these tests, as an operator's own server."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.settings import PREFECT_API_URL, temporary_settings

    home = tmp_path_factory.mktemp("prefect")
    with prefect_api.serving(home) as url:
        assert (home / "prefect" / "prefect.db").exists()
        with temporary_settings({PREFECT_API_URL: url}):
            yield url
            APILogWorker.drain_all()  # what is still queued finds no server afterwards
            EventsWorker.drain_all()


@pytest.fixture
def shop(tmp_path: Path, api: str) -> Iterator[Shop]:
    """Open a shop whose form has 2,500 answers."""
    with FakeTypeform([FORM], {FORM["id"]: [item(number) for number in range(2500)]}, "tfp_secret") as tool:
        yield Shop(tmp_path / "shop", tool, api)


def test_everything_comes_once_and_again_only_what_is_new(shop: Shop) -> None:
    assert shop.collect() == 0
    assert shop.has_each_once(2500)
    assert shop.rows("select count(*) from responses where source_name = 'kiosk'") == [(2,)]
    assert shop.rows("select customer_id, name, segment from customers order by 1") == [
        ("c1", "Ann", "gold"),
        ("c2", "Bob", None),
    ]
    assert shop.rows("select scope, payload from rejects")[0][0] == "kiosk-1.csv"
    assert "forms: 2,500 new responses, 1 new survey." in shop.said()
    assert "kiosk: 2 new responses, 1 record set aside." in shop.said()
    assert "crm: 2 new customers." in shop.said()

    before = builds.raw_facts(shop.home).marks
    assert shop.collect() == 0
    after = builds.raw_facts(shop.home).marks
    assert {part for part in before if before[part] != after[part]} == {"fetches"}
    assert shop.said()[-3:] == ["forms: nothing new.", "kiosk: nothing new.", "crm: nothing new."]

    shop.tool.responses[FORM["id"]].append({**item(0, "late"), "token": "t99999", "response_id": "t99999"})
    shop.write("kiosk-1.csv", KIOSK.replace(",5", ",4").replace("never", "2026-05-01T12:00:00Z"))
    assert shop.collect() == 0
    assert shop.said()[-3:-1] == ["forms: 1 new response.", "kiosk: 1 new response, 1 changed response."]
    listed = "select count(*) from rejects where load_id = (select max(load_id) from scopes)"
    assert shop.rows(listed) == [(0,)], "what was mended in the file is no longer set aside"


def test_a_backfill_finds_what_lies_before_the_cursor_and_moves_none(shop: Shop) -> None:
    assert shop.collect("--source", "forms") == 0
    assert shop.rows("select distinct source_name from loads") == [("forms",)]
    items = shop.tool.responses[FORM["id"]]
    items[100], items[1000] = item(100, "edited"), item(1000, "edited")  # 4 and 41 days old
    cursors = shop.rows("select * from cursors order by all")

    assert shop.collect("--source", "forms") == 0
    assert shop.said()[-1] == "forms: nothing new."
    assert shop.collect("--source", "forms", "--since", "2026-04-20") == 0
    assert shop.said()[-1] == "forms: 1 changed response."
    assert shop.collect("--source", "forms", "--since", "2026-01-01") == 0
    assert shop.said()[-1] == "forms: 1 changed response."
    assert shop.rows("select * from cursors order by all") == cursors
    asked = [path for path in shop.tool.requests if "since=" in path]
    assert any("since=2026-04-19T22%3A00%3A00" in path for path in asked), "midnight in Amsterdam"


def test_a_backfill_of_files_leaves_the_cursors_to_the_next_collect(shop: Shop) -> None:
    shop.collect("--source", "kiosk")
    cursors = shop.rows("select * from cursors order by all")
    shop.write("kiosk-1.csv", KIOSK + "4,2026-05-02T12:00:00Z,2\n")

    assert shop.collect("--source", "kiosk", "--since", "2026-05-02") == 0
    assert shop.rows("select * from cursors order by all") == cursors
    assert shop.collect("--source", "kiosk") == 0
    assert shop.rows("select * from cursors order by all") != cursors
    found = shop.rows("select response_id from responses order by all")
    assert found == [("1",), ("2",), ("4",)]


def test_a_missing_secret_costs_its_own_source_only(shop: Shop) -> None:
    assert shop.collect(FORMS_TOKEN=None) == 1
    assert shop.outcomes() == [("crm", "ok"), ("forms", "failed"), ("kiosk", "ok")]
    assert shop.rows("select count(*) from responses") == [(2,)]
    missing = "source 'forms' needs the environment variable FORMS_TOKEN, which is not set."
    assert shop.said().count(missing) == 1
    assert shop.rows("select message from fetches where outcome = 'failed'") == [(missing,)]
    assert shop.collect() == 0
    assert shop.has_each_once(2500)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--source", "kiosc"), "There is no source 'kiosc' in the configuration. Did you mean 'kiosk'?"),
        (("--source", "x"), "Configured are: forms, kiosk, crm."),
        (("--since", "yesterday"), "--since is 'yesterday'; write a date, like 2026-01-31."),
        (("--since", "2026-05-05"), "lies in the future"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    shop: Shop, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    assert shop.collect(*words) == 2
    assert sentence in capsys.readouterr().err
    assert not (shop.home / "raw.duckdb").exists()
    assert shop.tool.requests == []


def test_a_day_begins_at_its_midnight() -> None:
    assert first_instant("2026-03-29", "Europe/Amsterdam", NOW) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert first_instant("2026-05-04", "Asia/Tokyo", NOW) == datetime(2026, 5, 3, 15, tzinfo=UTC)
    with pytest.raises(ConfigurationError):
        first_instant("0001-01-01", "Asia/Tokyo", NOW)


def test_another_configuration_reads_again_and_another_secret_does_not(shop: Shop) -> None:
    shop.collect()
    shop.tool.token = "tfp_rotated"
    assert shop.collect(FORMS_TOKEN="tfp_rotated") == 0
    assert shop.said()[-3] == "forms: nothing new."

    mapped = CONFIGURATION.replace('FORMS_TOKEN}"', 'FORMS_TOKEN}", account_id: "{hidden.customer}"')
    shop.write("heardback.yml", mapped.replace('"kiosk-*.csv"', '"kiosk-*.csv", channel: kiosk'))
    assert shop.collect(FORMS_TOKEN="tfp_rotated") == 0
    again = "; its configuration changed, so all of it was read again."
    assert shop.said()[-2] == "kiosk: 2 changed responses, 1 record set aside" + again
    assert shop.said()[-3].endswith(again)
    newest = (
        "select count(*) from responses where source_name = 'forms' and load_id = 7 and account_id = 'c7'"
    )
    assert shop.rows(newest) == [(1,)]
    assert shop.collect(FORMS_TOKEN="tfp_rotated") == 0
    assert shop.said()[-3:-1] == ["forms: nothing new.", "kiosk: nothing new."]


def answered(status: int, body: bytes, *headers: tuple[str, str]) -> Callable[[Any], None]:
    """Answer with this, whatever is asked."""

    def answer(handler: Any) -> None:
        handler.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()

    return answer


def hung_up(handler: Any) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def cut_short(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"total_items": 2500, "items": [')
    handler.wfile.flush()
    hung_up(handler)


def endless(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(10_000):
            handler.wfile.write(b'{"items": [' + b" " * 1_000_000)
    except OSError:
        handler.close_connection = True


def dripping(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    try:
        for _ in range(10_000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.2)
    except OSError:
        handler.close_connection = True


def on_page_two(fault: Callable[[Any], None], times: int) -> Callable[[Any], bool]:
    """Put a fault before the second page of responses, the first few times it is asked for."""
    left = [times]

    def broken(handler: Any) -> bool:
        if "before=" not in handler.path or left[0] <= 0:
            return False
        left[0] -= 1
        fault(handler)
        return True

    return broken


PASSING = {
    "429": answered(429, b"{}", ("Retry-After", "0")),
    "500": answered(500, b"oops"),
    "html": answered(200, b"<html>Back soon</html>"),
    "reset": hung_up,
    "cut": cut_short,
}
LASTING = {
    "429": answered(429, b"{}", ("Retry-After", "86400")),
    "403": answered(403, b'{"code": "FORBIDDEN", "description": "No scope."}'),
}
PATIENT = {"500": PASSING["500"], "reset": hung_up}


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_passes_is_not_noticed(shop: Shop, name: str) -> None:
    shop.tool.fault = on_page_two(PASSING[name], 1)

    assert shop.collect("--source", "forms") == 0
    assert shop.has_each_once(2500)


@pytest.mark.parametrize("name", LASTING)
def test_a_fault_that_lasts_ends_its_source_and_nothing_else(shop: Shop, name: str) -> None:
    shop.tool.fault = on_page_two(LASTING[name], 10_000)

    assert shop.collect() == 1
    check_failed(shop)


def check_failed(shop: Shop) -> None:
    """Check that a collect told in a sentence what failed, kept the rest, and the next one has everything."""
    assert shop.outcomes() == [("crm", "ok"), ("forms", "failed"), ("kiosk", "ok")]
    ((message,),) = shop.rows("select distinct message from fetches where outcome = 'failed'")
    assert "source 'forms'" in message and "127.0.0.1" in message
    assert shop.tool.token not in "".join(shop.said()) and message in shop.said()
    assert shop.rows("select count(*) from responses where source_name = 'forms'") == [(1000,)]
    assert shop.rows("select count(*) from responses where source_name = 'kiosk'") == [(2,)]
    shop.tool.fault = None
    assert shop.collect() == 0
    assert shop.has_each_once(2500)


def patiently(folder: Path, api: str, faults: dict[str, Callable[[Any], None]], seconds: float) -> None:
    """Collect under several lasting faults at the same time, since each is waited for."""
    items = {FORM["id"]: [item(number) for number in range(2500)]}
    shops = {}
    for name, fault in faults.items():
        tool = FakeTypeform([FORM], items, "tfp_secret", fault=on_page_two(fault, 10_000))
        shops[name] = Shop(folder / name, tool, api)
    started = {name: one.start() for name, one in shops.items()}
    try:
        for name, process in started.items():
            out, err = process.communicate(timeout=seconds)
            assert process.returncode == 1, f"{name}: {out}{err}"
            assert out.count("source 'forms'") == 1, out
            check_failed(shops[name])
    finally:
        for name, process in started.items():
            process.kill()
            shops[name].tool.close()


def test_a_tool_that_stays_broken_is_waited_for_and_then_left(tmp_path: Path, api: str) -> None:
    patiently(tmp_path, api, PATIENT, 120)


@pytest.mark.prove
def test_a_body_without_end_is_left(tmp_path: Path, api: str) -> None:
    patiently(
        tmp_path,
        api,
        {"endless": endless, "dripping": dripping, "cut": cut_short, "html": PASSING["html"]},
        400,
    )


def test_two_collects_at_once(shop: Shop) -> None:
    def wait(handler: Any) -> bool:
        while not released and time.monotonic() < end:
            time.sleep(0.02)
        return False

    released: list[bool] = []
    end = time.monotonic() + 300
    shop.tool.fault = wait
    first = shop.start()
    while not shop.tool.requests and time.monotonic() < end:
        time.sleep(0.02)
    second = shop.start()
    _, refused = second.communicate(timeout=60)
    released.append(True)
    out, err = first.communicate(timeout=60)

    assert second.returncode == 4
    assert f"process {first.pid}" in refused and "--wait" in refused
    assert first.returncode == 0, out + err
    assert shop.has_each_once(2500)


def test_another_process_in_raw_is_named(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.collect("--source", "crm")
    holds = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", holds, str(shop.home / "raw.duckdb")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "open\n"
        status = shop.collect()
        other.communicate("")

    assert status == 4
    assert f"PID {other.pid}" in capsys.readouterr().err
    assert shop.collect() == 0
    assert shop.has_each_once(2500)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_full_disk_is_said_and_loses_nothing(shop: Shop, small_disk: Path) -> None:
    shop.environment["HEARDBACK_HOME"] = str(small_disk / "home")
    shop.home = small_disk / "home"
    texts = [os.urandom(600).hex() for _ in range(2500)]
    shop.tool.responses[FORM["id"]] = [item(number, text) for number, text in enumerate(texts)]
    full = shop.start()
    out, err = full.communicate(timeout=120)

    assert full.returncode == 1, out + err
    assert "raw.duckdb" in out + err and "Traceback" not in out, out + err
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    assert shop.collect() == 0
    assert shop.has_each_once(2500)
    assert shop.rows("select count(*) from customers") == [(2,)]
