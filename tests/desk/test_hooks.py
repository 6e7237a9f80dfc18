"""Webhooks: whose signature holds is kept and counts once, however often and by whichever way it comes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
import requests

from demo.tools.formbricks import FakeFormbricks
from demo.tools.local import LocalTool
from demo.tools.qualtrics import FakeQualtrics
from demo.tools.surveymonkey import FakeSurveyMonkey
from demo.tools.typeform import FakeTypeform
from demo.tools.zendesk import FakeZendesk
from flows import ledger, settings
from flows.collect import bring, bring_all
from flows.ledger import Ledger
from flows.orchestration import Work
from flows.report import Report
from flows.serving import hooks_of
from flows.warehouse import raw
from tests.desk.serving import MONDAY, Hall
from tests.surveys import test_formbricks, test_qualtrics, test_surveymonkey

SAMPLES = Path(__file__).parents[1] / "surveys" / "samples"
SECRETS = {
    "typeform": "a secret of ours",
    "surveymonkey": "client-7&secret-9",
    "formbricks": "whsec_" + base64.b64encode(b"twenty-four bytes, 24 b!").decode(),
    "qualtrics": "shared key",
    "zendesk": "signing secret",
}
ITEM = json.loads((SAMPLES / "typeform_page.json").read_text())["items"][0]
SAID = json.loads((SAMPLES / "formbricks_page.json").read_text())["data"][0]
SAID["contactAttributes"] = None  # so that who it was is told by the contact alone
ANSWER = json.loads((SAMPLES / "zendesk_answers.json").read_text())["survey_responses"][0]
BEGAN = int(MONDAY.timestamp())


def delivery(item: dict[str, Any] = ITEM) -> bytes:
    """Deliver a response of Typeform as its sample of a webhook does: titles, plain days, no browser."""
    told = {
        name: item[name]
        for name in ("token", "landed_at", "submitted_at", "hidden", "calculated", "variables")
        if name in item
    }
    answers = [
        {**one, "date": one["date"][:10]} if "date" in one else one for one in reversed(item["answers"])
    ]
    form = {"id": "aB3dE5fG", "title": "How was it?", "fields": [{"id": "npsFld000001", "type": "nps"}]}
    inner = {"form_id": "aB3dE5fG", **told, "definition": form, "answers": answers}
    return json.dumps({"event_id": "01H", "event_type": "form_response", "form_response": inner}).encode()


def of_formbricks(**changes: Any) -> bytes:
    """Deliver a response of Formbricks: a contact for its id, and a little of the survey."""
    data = {name: value for name, value in {**SAID, **changes}.items() if name != "contactId"}
    data |= {"contact": {"id": SAID["contactId"], "userId": "u-77"}, "survey": {"title": "How?"}, "tags": []}
    return json.dumps({"webhookId": "w", "event": "responseFinished", "data": data}).encode()


def of_surveymonkey(response_id: str, kind: str = "response_completed") -> bytes:
    resources = {"respondent_id": response_id, "survey_id": test_surveymonkey.SURVEY, "collector_id": "1"}
    told = {"name": "hook", "event_type": kind, "event_id": "10", "object_type": "response"}
    return json.dumps({**told, "object_id": response_id, "resources": resources}).encode()


def of_qualtrics(response_id: str) -> bytes:
    message = {"Status": "Complete", "SurveyID": test_qualtrics.SURVEY, "ResponseID": response_id}
    text = json.dumps(message)
    code = hmac.new(SECRETS["qualtrics"].encode(), text.encode(), hashlib.sha512).hexdigest()
    topic = f"acme.surveyengine.completedResponse.{test_qualtrics.SURVEY}"
    return f"Topic={topic}&MSG={quote_plus(text)}&HMAC={code}".encode()


def of_zendesk(response_id: str) -> bytes:
    told = {"type": "zen:event-type:survey_response.submitted", "id": "e-1", "event": {}}
    return json.dumps({**told, "detail": {"id": response_id}}).encode()


BODIES = {
    "typeform": delivery(),
    "surveymonkey": of_surveymonkey("5007154325"),
    "formbricks": of_formbricks(),
    "qualtrics": of_qualtrics("R_1"),
    "zendesk": of_zendesk(ANSWER["id"]),
}


def signed(tool: str, body: bytes, secret: str = "", at: str = "") -> dict[str, str]:
    """Sign a delivery by the recipe of the tool's documentation."""
    key = (secret or SECRETS[tool]).encode()

    def coded(key: bytes, message: bytes, way: str = "sha256") -> str:
        return base64.b64encode(hmac.new(key, message, way).digest()).decode()

    if tool == "typeform":
        return {"Typeform-Signature": "sha256=" + coded(key, body)}
    if tool == "surveymonkey":
        return {"Sm-Apikey": "client-7", "Sm-Signature": coded(key, body, "sha1")}
    if tool == "formbricks":
        at = at or str(BEGAN)
        code = coded(base64.b64decode(key.decode()[6:]), f"msg_1.{at}.".encode() + body)
        heads = {"webhook-id": "msg_1", "webhook-timestamp": at}
        return {**heads, "webhook-signature": f"v1,b2xkIG9uZQ== v1,{code}"}
    if tool == "zendesk":
        at, name = at or "2026-05-04T09:00:00Z", "X-Zendesk-Webhook-Signature"
        return {f"{name}-Timestamp": at, name: coded(key, at.encode() + body)}
    return {"Content-Type": "application/x-www-form-urlencoded"}


class Slow(FakeQualtrics):
    """Tell in exports of nothing that was recorded only just now."""

    def chosen(self, there: list[Any], wanted: dict[str, Any], known: Any) -> list[Any]:
        return []


@pytest.fixture
def tools() -> Iterator[dict[str, LocalTool]]:
    """Serve the five tools, each with a survey and no response."""
    with ExitStack() as stack:
        made: dict[str, LocalTool] = {
            "typeform": FakeTypeform([{"id": "aB3dE5fG", "fields": []}], {}, "t", now=MONDAY),
            "formbricks": FakeFormbricks([test_formbricks.survey()], [], "t", now=MONDAY),
            "surveymonkey": FakeSurveyMonkey([test_surveymonkey.survey()], {}, "t", now=MONDAY),
            "qualtrics": Slow([test_qualtrics.survey()], {}, "t", now=MONDAY),
            "zendesk": FakeZendesk(
                surveys=json.loads((SAMPLES / "zendesk_surveys.json").read_text())["surveys"]
            ),
        }
        yield {name: stack.enter_context(tool) for name, tool in made.items()}


@pytest.fixture
def work(tmp_path: Path, tools: dict[str, LocalTool], monkeypatch: pytest.MonkeyPatch) -> Work:
    """Make an installation that reads the five tools, each with a webhook, and one that has none."""
    token = {"zendesk": "zd_local"}
    sources = [
        {
            "name": f"our_{name}",
            "tool": name,
            "token": token.get(name, "t"),
            "base_url": tool.url,
            "webhook_secret": f"${{SECRET_{name.upper()}}}",
        }
        for name, tool in tools.items()
    ]
    mute = {"name": "mute", "tool": "typeform", "token": "t", "webhook_secret": "${NOT_SET}"}
    none = {"name": "none", "tool": "typeform", "token": "t"}
    (tmp_path / "heardback.yml").write_text(json.dumps({"sources": [*sources, mute, none]}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "heardback.yml"))
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HEARDBACK_LEDGER_URL", raising=False)
    for name, secret in SECRETS.items():
        monkeypatch.setenv(f"SECRET_{name.upper()}", secret)
    return Work(settings.load(), MONDAY, tmp_path / "home", "run", "collect", Report())


@pytest.fixture
def hall(work: Work) -> Iterator[Hall]:
    """Serve the desk over the installation's ledger."""
    with ledger.open_ledger(work.settings.ledger_address) as book:
        hooks, faults = hooks_of(work.settings)
        assert ["NOT_SET" in fault for fault in faults] == [True]
        served = Hall(book, hooks=hooks)
        yield served
        served.close()


def deliver(hall: Hall, tool: str, body: bytes, **more: str) -> int:
    """Deliver as the tool does; gives the status."""
    headers = signed(tool, body, **more)
    return requests.post(f"{hall.url}/hooks/our_{tool}", data=body, headers=headers, timeout=30).status_code


def collected(work: Work, tool: str) -> list[tuple[Any, ...]]:
    """Collect from a tool; gives its versions in raw."""
    bring_all(work, [f"our_{tool}"], None, bring.fn)
    return versions(work, tool)


def versions(work: Work, tool: str) -> list[tuple[Any, ...]]:
    with raw.opened(work.home) as connection:
        query = "select response_id, is_deleted, customer_id from responses where tool = ? order by all"
        return connection.execute(query, [tool]).fetchall()


def waiting(book: Ledger, tool: str) -> int:
    return len(ledger.inbox_waiting(book, f"our_{tool}"))


@pytest.mark.parametrize("tool", BODIES)
def test_a_delivery_is_kept_once_where_its_signature_holds(hall: Hall, tool: str) -> None:
    body, url = BODIES[tool], f"{hall.url}/hooks/our_{tool}"
    other = body.replace(b"HMAC=", b"HMAC=0") if tool == "qualtrics" else body + b" "
    bad = [
        requests.post(url, data=other, headers=signed(tool, body), timeout=30),
        requests.post(url, data=body.split(b"&HMAC")[0], timeout=30),
        requests.post(url, data=b"", headers=signed(tool, body), timeout=30),
        requests.post(f"{hall.url}/hooks/nobody", data=body, headers=signed(tool, body), timeout=30),
        requests.post(f"{hall.url}/hooks/none", data=body, headers=signed(tool, body), timeout=30),
        requests.post(f"{hall.url}/hooks/mute", data=body, headers=signed(tool, body), timeout=30),
        requests.post(url, data=b" " * (4 * 1024 * 1024 + 1), timeout=30),
        requests.put(url, data=body, headers=signed(tool, body), timeout=30),
        requests.head(f"{hall.url}/hooks/none", timeout=30),
    ]
    assert [one.status_code for one in bad] == [401, 401, 401, 404, 404, 404, 413, 405, 404]
    assert [requests.request(how, url, timeout=30).status_code for how in ("HEAD", "GET")] == [200, 200]
    if tool != "qualtrics":
        assert deliver(hall, tool, body, secret="whsec_b3RoZXI=") == 401
    for old, new in ((f"{BEGAN - 301}", f"{BEGAN + 301}"), ("2026-05-04T08:54:59Z", "2026-05-04T09:05:01Z")):
        if tool in ("formbricks", "zendesk"):  # the other tool's way to write a time is none here either
            assert [deliver(hall, tool, body, at=at) for at in (old, new)] == [401, 401]
    assert ledger.inbox_count(hall.book) == 0
    assert [deliver(hall, tool, body) for _ in range(2)] == [200, 200]
    [row] = ledger.inbox_waiting(hall.book, f"our_{tool}")
    assert (row["body"], row["received_at"], row["taken_at"]) == (body, MONDAY, None)
    assert requests.get(f"{hall.url}/healthz", timeout=30).text == "ok\n"


def test_typeform_by_webhook_and_by_pull_is_one_version(
    hall: Hall, work: Work, tools: dict[str, LocalTool]
) -> None:
    tool = tools["typeform"]
    assert isinstance(tool, FakeTypeform)
    tool.token = "another"  # it refuses for now: a delivery counts all the same
    assert deliver(hall, "typeform", delivery()) == 200
    assert (
        deliver(hall, "typeform", b'{"event_type": "form_response", "form_response": {"form_id": "x"}}')
        == 200
    )
    assert collected(work, "typeform") == [(ITEM["response_id"], False, "C-1042")]
    assert ["401" in failure for failure in work.report.failures] == [True]
    assert waiting(hall.book, "typeform") == 0
    tool.token, tool.now, tool.responses["aB3dE5fG"] = "t", None, [ITEM]
    assert collected(work, "typeform") == [(ITEM["response_id"], False, "C-1042")]
    with raw.opened(work.home) as connection:
        [(reason,)] = connection.execute("select reason from rejects").fetchall()
    assert reason == "it has neither response_id nor token"


def test_formbricks_late_deliveries_change_nothing(
    hall: Hall, work: Work, tools: dict[str, LocalTool]
) -> None:
    tool, once = tools["formbricks"], (SAID["id"], False, SAID["contactId"])
    assert isinstance(tool, FakeFormbricks)
    tool.now = None
    assert deliver(hall, "formbricks", of_formbricks()) == 200
    assert collected(work, "formbricks") == [once]
    tool.responses = [SAID]
    assert collected(work, "formbricks") == [once]
    early = of_formbricks(updatedAt="2026-05-04T08:30:00.000Z", finished=False, data={})
    assert deliver(hall, "formbricks", early) == 200
    assert collected(work, "formbricks") == [once]
    assert waiting(hall.book, "formbricks") == 0


def test_what_is_only_named_is_asked_for_where_the_pull_has_not_brought_it(
    hall: Hall, work: Work, tools: dict[str, LocalTool]
) -> None:
    monkey, qualtrics, zendesk = (tools[name] for name in ("surveymonkey", "qualtrics", "zendesk"))
    assert isinstance(monkey, FakeSurveyMonkey)
    assert isinstance(qualtrics, FakeQualtrics)
    assert isinstance(zendesk, FakeZendesk)
    monkey.responses[test_surveymonkey.SURVEY] = [
        test_surveymonkey.answered(name, "04T08:00:00") for name in ("r1", "r2")
    ]
    assert len(collected(work, "surveymonkey")) == 2
    # Changed long ago, as far as the tool tells: no list of changes shows it any more.
    monkey.responses[test_surveymonkey.SURVEY].append(test_surveymonkey.answered("late", "01T08:00:00"))
    for name in ("late", "r1", "never there"):
        assert deliver(hall, "surveymonkey", of_surveymonkey(name)) == 200
    monkey.requests.clear()
    assert [name for name, *_ in collected(work, "surveymonkey")] == ["late", "r1", "r2"]
    asked = [
        path.split("/")[5] for path in monkey.requests if path.endswith("/details") and "responses" in path
    ]
    assert asked == ["late", "never%20there"]
    # It goes on to list for a while what it says was deleted.
    assert deliver(hall, "surveymonkey", of_surveymonkey("r2", "response_deleted")) == 200
    assert collected(work, "surveymonkey")[2:] == [("r2", False, None), ("r2", True, None)]

    assert collected(work, "qualtrics") == []
    late = test_qualtrics.said("R_1", test_qualtrics.BEGAN)
    qualtrics.responses[test_qualtrics.SURVEY] = [late]
    assert deliver(hall, "qualtrics", of_qualtrics("R_1")) == 200
    assert [name for name, *_ in collected(work, "qualtrics")] == ["R_1"]

    zendesk.answers = []
    assert collected(work, "zendesk") == []
    assert deliver(hall, "zendesk", of_zendesk(ANSWER["id"])) == 200
    zendesk.answers = [ANSWER]
    first = collected(work, "zendesk")
    assert [name for name, *_ in first] == [ANSWER["id"]]
    assert [waiting(hall.book, name) for name in ("surveymonkey", "qualtrics", "zendesk")] == [0, 0, 0]
    bring_all(
        work, ["our_zendesk"], datetime(2024, 1, 1, tzinfo=UTC), bring.fn
    )  # the list tells it in fewer words
    assert versions(work, "zendesk") == first


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from flows import ledger, settings
from flows.collect import bring, bring_all
from flows.orchestration import Work
from flows.report import Report
if sys.argv[2] == "before":
    from flows.warehouse.landing import Landing
    Landing.end = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
else:
    ledger.mark_taken = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
now, home = datetime.fromisoformat(sys.argv[1]), settings.load().home_folder
work = Work(settings.load(), now, home, "r", "c", Report())
bring_all(work, ["our_typeform"], None, bring.fn)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_between_raw_and_ledger_neither_loses_nor_doubles(hall: Hall, work: Work, moment: str) -> None:
    for number in range(3):
        assert deliver(hall, "typeform", delivery({**ITEM, "token": f"t{number}"})) == 200
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, MONDAY.isoformat(), moment],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert waiting(hall.book, "typeform") == 3
    assert len(versions(work, "typeform")) == (0 if moment == "before" else 3)
    assert [name for name, *_ in collected(work, "typeform")] == ["t0", "t1", "t2"]
    assert waiting(hall.book, "typeform") == 0


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.prove)])
def test_many_at_once_lose_nothing(hall: Hall, work: Work, count: int) -> None:
    bodies = [delivery({**ITEM, "token": f"t{number:04}"}) for number in range(count)]
    with ThreadPoolExecutor(min(count, 200)) as pool:
        statuses = list(pool.map(lambda body: deliver(hall, "typeform", body), bodies))
    assert statuses == [200] * count
    assert waiting(hall.book, "typeform") == count
    assert len(collected(work, "typeform")) == count
    assert waiting(hall.book, "typeform") == 0
