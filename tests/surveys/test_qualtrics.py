"""Qualtrics: exports are started, waited for, unpacked; nothing is lost, nothing comes twice."""

from __future__ import annotations

import io
import json
import random
import traceback
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from demo.tools.local import Faulty
from demo.tools.qualtrics import FakeQualtrics
from flows.surveys.body import Unreadable
from flows.surveys.qualtrics import export
from flows.surveys.qualtrics.unpacked import lines_of

from .collecting import NOW, Item, Store
from .conftest import Clock

TOKEN = "qx_s3cret+/="
SURVEY = "SV_ai71yqu2ZLvpadf"
SAMPLES = Path(__file__).parent / "samples"
BEGAN = datetime(2026, 5, 1, tzinfo=UTC)
EXPORT = f"/API/v3/surveys/{SURVEY}/export-responses"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"qualtrics_{name}.json").read_bytes())


def survey(survey_id: str = SURVEY, **more: Any) -> Item:
    definition, schema = ({"SurveyID": survey_id, "Questions": {}}, {"properties": {}})
    usual = {"id": survey_id, "name": "How/was: it?", "lastModified": "2026-04-01T00:00:00Z"}
    return {**usual, "definition": definition, "schema": schema, **more}


def said(response_id: str, at: datetime, score: int = 9, **values: Any) -> Item:
    text = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    told = {"startDate": text, "endDate": text, "recordedDate": text, "status": 0, "finished": 1}
    return {"responseId": response_id, "values": {**told, "QID1": score, **values}, "labels": {"QID1": "x"}}


def still_open(response_id: str, at: datetime, score: int = 9) -> Item:
    item = said(response_id, at, score, finished=0)
    del item["values"]["recordedDate"]
    return {**item, "_open": True}


def many(count: int) -> list[Item]:
    return [said(f"R_{n:04}", BEGAN + timedelta(minutes=n)) for n in range(count)]


@contextmanager
def serving(
    items: list[Item] | Mapping[str, list[Item]],
    surveys: list[Item] | None = None,
    fault: Faulty | None = None,
    kind: type[FakeQualtrics] = FakeQualtrics,
) -> Iterator[tuple[FakeQualtrics, Store]]:
    responses = items if isinstance(items, Mapping) else {SURVEY: items}
    with kind(surveys or [survey()], responses, TOKEN, now=NOW, fault=fault) as tool:
        yield tool, Store.of(tool, tool="qualtrics", token=TOKEN)


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> bool:
    handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
    return True


def instead(end: str, body: bytes, status: int = 200) -> Faulty:
    return lambda handler: handler.path.endswith(end) and reply(handler, body, status)


def recorded_jobs(tool: FakeQualtrics) -> list[Item]:
    return [body for body in tool.bodies if "exportResponsesInProgress" not in body]


# ---------------------------------------------------------------- what is read


def test_every_sample_of_the_documentation() -> None:
    answers = {
        "/API/v3/surveys": "surveys",
        f"/API/v3/survey-definitions/{SURVEY}": "definition",
        f"/API/v3/surveys/{SURVEY}/response-schema": "schema",
        EXPORT: "started",
        f"{EXPORT}/ES_0VuZjzyVbU3UZ81": "ready",
    }

    files: list[str] = []

    def documented(handler: BaseHTTPRequestHandler) -> bool:
        if "distributions" in handler.path:
            return reply(handler, b'{"result": {"elements": [], "nextPage": null}}')
        if handler.path.endswith("/file"):
            files.append(handler.path)
            if len(files) == 1:  # nobody is answering just now
                return reply(handler, b'{"responses": []}')
        name = answers.get(handler.path, "export")  # the file, plain, one document
        return reply(handler, (SAMPLES / f"qualtrics_{name}.json").read_bytes())

    with serving([], fault=documented) as (_, store):
        assert store.run() is None

    done, left = (store.newest[item["responseId"]] for item in sample("export")["responses"])
    assert (done.customer_id, done.account_id, done.email) == ("cust-1042", "A-778", "alice@example.com")
    assert (done.language, done.submitted_at) == ("EN", datetime(2025, 5, 13, 19, 27, 18, 487000, UTC))
    assert (left.is_complete, left.language) == (False, "FR")
    assert left.submitted_at == datetime(2025, 5, 7, 10, 4, 28, tzinfo=UTC), "when the person stopped"
    assert done.payload in (SAMPLES / "qualtrics_export.json").read_bytes(), "kept exactly as it came"
    definition = json.loads(store.definitions[0].payload)
    assert definition == {"definition": sample("definition")["result"], "schema": sample("schema")["result"]}
    assert json.loads(store.cursors[SURVEY, "responses"])["token"] == "UQhcCBAIGwgGCFkI"
    assert (store.rejects, store.warnings) == ([], [])


def test_surveys_over_pages_and_a_next_page_elsewhere_is_not_followed() -> None:
    surveys = [survey(f"SV_{n:03}") for n in range(101)]
    with serving({"SV_100": [said("R_1", BEGAN)]}, surveys) as (tool, store):
        assert store.run() is None
        assert (len({one.survey_id for one in store.definitions}), list(store.newest)) == (101, ["R_1"])
        tool.requests.clear()
        listed = tool.listed
        tool.listed = lambda query: {**listed(query), "nextPage": "https://evil.example/API/v3/surveys"}  # type: ignore[method-assign]
        store.run()
        assert not [path for path in tool.requests if "definitions" in path], (
            "unchanged ones are not read again"
        )
        assert "SV_100" not in "".join(tool.requests)


def test_previews_are_set_aside_and_embedded_data_found_by_any_name() -> None:
    preview = {**said("R_p", BEGAN), "labels": {"status": "Survey Preview"}}
    coded, odd = (
        said("R_s", BEGAN, status=8),
        said("R_o", BEGAN, **{"Kunden.Nr": 17, "userLanguage": "PT-BR"}),
    )
    with serving([preview, coded, odd]) as (_, store):
        store = store.changed(customer_id="{values.Kunden.Nr}")
        store.run()

    assert {one.response_id: one.level for one in store.rejects} == {"R_p": "response", "R_s": "response"}
    assert [(one.customer_id, one.language) for one in store.newest.values()] == [("17", "PT-BR")]


# ---------------------------------------------------------------- what is new


def check_all_is_read(tool: FakeQualtrics, store: Store) -> None:
    assert store.run() is None
    assert set(store.versions) == {item["responseId"] for item in tool.responses[SURVEY]}


def check_what_lies_at_the_edge_of_the_window_is_read(tool: FakeQualtrics, store: Store) -> None:
    """Without a token, what changed exactly a day before the last export began must still be read."""
    store.run()
    store.cursors[SURVEY, "responses"] = json.dumps({"token": None, "began": NOW.isoformat()})
    tool.responses[SURVEY].append(said("R_late", NOW - timedelta(hours=24)))
    store.run()
    assert "R_late" in store.versions


def check_times_are_told(tool: FakeQualtrics, store: Store) -> None:
    store.run()
    assert store.versions and all(one.submitted_at for one in store.newest.values())


class Exclusive(FakeQualtrics):
    """Leave out what changed at startDate itself."""

    def chosen(self, there: list[Item], wanted: Item, known: Mapping[str, str] | None) -> list[Item]:
        start = wanted.get("startDate", "")
        return [
            one for one in super().chosen(there, wanted, known) if one["values"].get("recordedDate") != start
        ]


class OffByOne(FakeQualtrics):
    """Lose the last response of a file."""

    def packed(self, survey: str, items: list[Item], wanted: Item) -> bytes:
        return super().packed(survey, items[:-1], wanted)


class Dropping(FakeQualtrics):
    """Tell no dates."""

    def packed(self, survey: str, items: list[Item], wanted: Item) -> bytes:
        kept = [{**one, "values": {"QID1": one["values"]["QID1"]}} for one in items]
        return super().packed(survey, kept, wanted)


Check = Callable[[FakeQualtrics, Store], None]
TWINS: list[tuple[Check, type[FakeQualtrics]]] = [
    (check_what_lies_at_the_edge_of_the_window_is_read, Exclusive),
    (check_all_is_read, OffByOne),
    (check_times_are_told, Dropping),
]


@pytest.mark.parametrize(("check", "twin"), TWINS)
def test_a_tool_that_behaves_otherwise_is_noticed(check: Check, twin: type[FakeQualtrics]) -> None:
    with serving(many(5)) as (tool, store):
        check(tool, store)
    with serving(many(5), kind=twin) as (tool, store), pytest.raises(AssertionError):
        check(tool, store)


def test_a_second_run_asks_behind_the_token_and_brings_only_what_is_new_or_edited() -> None:
    with serving(many(2500)) as (tool, store):
        check_all_is_read(tool, store)
        assert recorded_jobs(tool) == [
            {"format": "ndjson", "compress": True, "sortByLastModifiedDate": True, "allowContinuation": True}
        ]
        tool.requests.clear()
        edited = {**said("R_0003", BEGAN, 2), "_changed": "2026-05-04T00:00:00Z"}
        tool.responses[SURVEY][3] = edited
        tool.responses[SURVEY].append(said("R_old", BEGAN - timedelta(days=400)))  # recorded late
        check_all_is_read(tool, store)
        assert "allowContinuation" not in recorded_jobs(tool)[1]
        assert recorded_jobs(tool)[1]["continuationToken"] == "token-0001"
        assert len(tool.requests) == 2 + 2 * 3, "surveys, sendings, and twice start, poll, file"
        assert len(list(tool.jobs.values())[3].content) < 1000

    assert {key for key, kept in store.versions.items() if len(kept) > 1} == {"R_0003"}


def test_open_then_closed_unfinished_or_recorded_and_what_is_volatile_is_no_change() -> None:
    with serving([still_open("R_a", BEGAN, 3), still_open("R_b", BEGAN, 5)]) as (tool, store):
        store.run()
        assert [one.is_complete for one in store.newest.values()] == [False, False]
        tool.responses[SURVEY] = [said("R_a", NOW - timedelta(hours=1), 3), said("R_b", NOW, 5, finished=0)]
        tool.responses[SURVEY][1]["values"]["endDate"] = "2026-05-01T00:00:00Z"
        store.run()
        kept = store.newest
        assert (kept["R_a"].is_complete, kept["R_b"].is_complete) == (True, False)
        assert kept["R_b"].submitted_at == BEGAN
        turned = said("R_a", NOW - timedelta(hours=1), 3, duration=99, ipAddress="203.0.113.9", QID1_DO=["1"])
        tool.responses[SURVEY][0] = {**dict(reversed(turned.items())), "_changed": "2026-05-05T00:00:00Z"}
        store.run()

    assert {key: len(kept) for key, kept in store.versions.items()} == {"R_a": 2, "R_b": 2}


@pytest.mark.parametrize("before", [0, 1, 5])
def test_a_cache_that_hands_out_an_older_file_costs_nothing(before: int) -> None:
    items = [said(f"R_{number}", BEGAN + timedelta(minutes=number)) for number in range(before)]
    with serving(items) as (tool, store):
        assert store.run() is None
        for number in range(before, 12):
            tool.responses[SURVEY].append(said(f"R_{number}", NOW + timedelta(minutes=number)))
        tool.now = NOW + timedelta(hours=1)
        older = list(tool.jobs.values())[-1].content  # with nothing before, that of an empty survey
        tool.fault = instead("/file", older)
        assert store.run(now=tool.now) is None
        assert [("12 responses" in warning) for warning in store.warnings] == [True][before:]
        assert len(store.newest) == before
        tool.fault = None
        assert store.run(now=tool.now) is None
        assert len(store.newest) == 12
        assert max(len(versions) for versions in store.versions.values()) == 1


def test_an_old_or_refused_token_falls_back_to_the_window() -> None:
    with serving(many(3)) as (tool, store):
        store.run()
        tool.now = NOW + timedelta(days=8)
        store.run(now=tool.now)
        assert recorded_jobs(tool)[-1]["startDate"] == "2026-05-04T00:00:00Z"
        tool.tokens.clear()
        tool.responses[SURVEY].append(said("R_new", tool.now - timedelta(hours=3)))
        assert store.run(now=tool.now) is None
        assert [*recorded_jobs(tool)[-2:]][1]["allowContinuation"] is True

    assert len(store.versions) == 4


@pytest.mark.parametrize("killed_after", range(6))
def test_killed_anywhere_it_goes_on_with_the_same_job(killed_after: int) -> None:
    """The pages are: definition, job, three of responses, cursor."""
    with serving(many(2500)) as (tool, store):
        store.run(killed_after=killed_after)
        check_all_is_read(tool, store)

        assert {len(versions) for versions in store.versions.values()} == {1}
        # Behind a job that was noted comes one for what is new since; one that was not is started again.
        behind = ["continuationToken" in body for body in recorded_jobs(tool)]
        assert behind == ([False] if killed_after == 0 else [False, killed_after > 1])


def test_what_came_after_a_job_was_noted_is_read_in_the_same_run() -> None:
    with serving(many(3)) as (tool, store):
        store.run(killed_after=2)  # definition, job
        tool.responses[SURVEY] += [
            said("R_new", NOW),
            {**said("R_0000", BEGAN, 1), "_changed": NOW.isoformat()},
        ]
        del tool.responses[SURVEY][0]
        check_all_is_read(tool, store)

        assert json.loads(store.newest["R_0000"].payload)["values"]["QID1"] == 1
        assert [sorted(body) for body in recorded_jobs(tool)][1][1] == "continuationToken"


def happen(chance: random.Random, tool: FakeQualtrics, now: datetime, response_id: str) -> None:
    """Let somebody begin, finish, or an answer be edited."""
    listed, score = tool.responses[SURVEY], chance.randint(0, 10)
    what = chance.random()
    if listed and what < 0.2:
        place = chance.randrange(len(listed))
        old = listed[place]
        at = now if old.get("_open") else datetime.fromisoformat(old["values"]["recordedDate"])
        listed[place] = {**said(old["responseId"], at, score), "_changed": now.isoformat()}
    else:
        listed.append((still_open if what < 0.5 else said)(response_id, now, score))


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(n, marks=pytest.mark.prove) for n in range(4, 400))]
)
def test_random_histories_end_as_the_tool_says(seed: int) -> None:
    """Answers begin, end, are edited; jobs fail; runs come at random times and are killed at random pages."""
    chance, now = random.Random(seed), BEGAN
    with serving([]) as (tool, store):
        for number in range(chance.randint(10, 60)):
            now += timedelta(minutes=chance.randint(1, 90))
            happen(chance, tool, now, f"R_{number}")
            if chance.random() < 0.2:
                now += timedelta(hours=chance.choice((0, 1, 30, 200)))
                tool.now, tool.failing = now, len(tool.jobs) + chance.choice((0, 0, 1))
                store.run(now=now, killed_after=chance.choice((None, None, 0, 1, 2, 3, 5)))
        tool.now, tool.failing = now, 0
        assert store.run(now=now) is None
        said_there = {one["responseId"]: one["values"] for one in tool.responses[SURVEY]}

    assert {key: json.loads(one.payload)["values"] for key, one in store.newest.items()} == said_there


def test_backfill_reads_from_a_date_and_moves_no_cursor() -> None:
    items = [said(f"R_{n}", BEGAN + timedelta(days=n)) for n in range(5)]
    with serving([*items, still_open("R_open", BEGAN)]) as (tool, store):
        store.cursors[SURVEY, "responses"] = "kept"
        before = dict(store.cursors)
        store.run(since=BEGAN + timedelta(days=3))
        assert recorded_jobs(tool)[0]["startDate"] == "2026-05-04T00:00:00Z"

    assert (set(store.versions), store.cursors) == ({"R_3", "R_4", "R_open"}, before)


def sending(sending_id: str, at: str, kind: str = "Invite", parent: str | None = None, **stats: Any) -> Item:
    told = {"id": sending_id, "parentDistributionId": parent, "requestType": kind, "sendDate": at}
    return {**told, "headers": {"fromEmail": "x@example.com"}, "stats": stats}


def test_sendings_count_at_the_time_people_were_asked_first() -> None:
    first, later = "2026-05-01T08:00:00Z", "2026-05-04T08:00:00Z"
    with serving(many(2)) as (tool, store):
        tool.distributions[SURVEY] = [
            *(sending(f"EMD_{n}", first, sent=1, started=0, finished=0) for n in range(120)),
            sending("EMD_r", later, "Reminder", "EMD_0", sent=1, started=1, finished=1),
            sending("EMD_t", later, "ThankYou", "EMD_0", sent=1),
            sending("EMD_bad", first, sent="many"),
        ]
        store.run()
        tool.distributions[SURVEY][0]["stats"] |= {"started": 1, "opened": 1}
        store.run()
    kept = {one.invitation_id: one for one in store.invitations}
    counts = {key: (one.invited_count, one.started_count, one.completed_count) for key, one in kept.items()}

    assert len(kept) == 121 and counts["EMD_0"] == (1, 1, 0) and counts["EMD_r"] == (0, 1, 1)
    assert {one.invited_at for one in kept.values()} == {datetime(2026, 5, 1, 8, tzinfo=UTC)}
    assert len({one.content_hash for one in store.invitations if one.invitation_id == "EMD_0"}) == 2
    assert "stats.sent is no count" in store.rejects[0].reason
    assert b"example.com" not in b"".join(one.payload for one in store.invitations)


# ---------------------------------------------------------------- jobs and their files


def test_a_job_is_waited_for_started_again_when_it_fails_and_given_up_on(clock: Clock) -> None:
    with serving(many(3)) as (tool, store):
        tool.polls, tool.failing = 3, 2
        assert store.run(patience=clock.patience()) is None
        assert (len(store.versions), len(tool.bodies)) == (3, 4)
        assert clock.slept == [0.5] * 12
        tool.polls, tool.failing = 0, 99
        assert "failed 3 times" in str(store.run(patience=clock.patience()))


class Small(FakeQualtrics):
    """Fail where a file would hold more than 300 responses, as Qualtrics does above 1.8 GB."""

    def packed(self, survey: str, items: list[Item], wanted: Item) -> bytes:
        self.failing = len(self.jobs) + (len(items) > 300)
        return super().packed(survey, items, wanted)


class Broken(FakeQualtrics):
    """Fail whatever is asked of recorded responses."""

    def packed(self, survey: str, items: list[Item], wanted: Item) -> bytes:
        self.failing = len(self.jobs) + ("exportResponsesInProgress" not in wanted)
        return super().packed(survey, items, wanted)


def test_what_is_too_large_for_one_file_comes_in_parts() -> None:
    with serving(many(1000), kind=Small) as (tool, store):
        check_all_is_read(tool, store)
        assert {len(versions) for versions in store.versions.values()} == {1}
        tool.responses[SURVEY].append(said("R_new", NOW))
        tool.bodies.clear()
        check_all_is_read(tool, store)
        assert recorded_jobs(tool)[0]["startDate"] == "2026-05-04T00:00:00Z", "a day before, once"
        check_all_is_read(tool, store)
        assert "continuationToken" in recorded_jobs(tool)[-1]

    with serving(many(3), kind=Broken) as (tool, store):
        assert "failed, an hour that" in str(store.run()) and len(tool.bodies) < 30


def test_a_job_that_is_not_ready_within_an_hour_is_gone_on_with_by_the_next_run(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "READY_WITHIN", 60.0)  # as long a wait with fewer questions
    with serving(many(3)) as (tool, store):
        store.run()
        tool.responses[SURVEY].append(said("R_new", NOW))
        tool.polls = 10**6
        tool.fault = lambda _: setattr(tool, "polls", 0 if len(tool.bodies) % 2 == 0 else 10**6) or False
        error = store.run(patience=clock.patience())
        assert "within an hour" in str(error) and clock.passed <= 60
        tool.fault, tool.polls = None, 0
        for job in tool.jobs.values():
            job.polls = 0
        started = len(recorded_jobs(tool))
        check_all_is_read(tool, store)
        assert len(recorded_jobs(tool)) == started + 1, "no other job for the same, one for what came since"


def packed(*texts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in enumerate(texts):
            archive.writestr(f"../{number}.json", text)
    return made.getvalue()


LINE = json.dumps(said("R_good", BEGAN)).encode()


@pytest.mark.parametrize(
    "file",
    [
        packed(LINE),
        packed(b"\xef\xbb\xbf" + LINE + b"\r\n\n"),
        packed(b'{"responses": [%s]}' % LINE),
        packed(b'\n{\n  "responses": [\n%s\n]\n}' % LINE),
        packed(LINE, b"another member is not looked at"),
        LINE + b"\n",
    ],
)
def test_files_in_every_dress(file: bytes) -> None:
    with serving([], fault=instead("/file", file)) as (_, store):
        assert store.run() is None

    assert (list(store.versions), store.rejects) == (["R_good"], [])


@pytest.mark.parametrize("file", [packed(), packed(LINE)[:-30], b"<html>Login</html>", b"PK\x03\x04"])
def test_a_broken_file_is_fetched_again_and_the_job_not_lost(file: bytes, clock: Clock) -> None:
    with serving(many(3)) as (tool, store):
        tool.fault = instead("/file", file)
        assert "file" in str(store.run(patience=clock.patience()))
        tool.fault = None
        check_all_is_read(tool, store)


def test_lines_that_cannot_be_understood_are_set_aside_whole() -> None:
    bad = [
        b'{"responseId": "R_1", "values": {"x": "\\ud83d"}}',
        b'"x"',
        b'{"values": {}}',
        b'{"responseId": "R_2"}',
    ]
    late = LINE.replace(b"R_good", b"R_3").replace(b"2026-05-01", b"2026-05-41")
    with serving([], fault=instead("/file", packed(b"\n".join([*bad, late, LINE])))) as (_, store):
        assert store.run() is None

    assert {one.payload for one in store.rejects} == {*bad, late} and list(store.versions) == ["R_good"]


def test_a_file_is_unpacked_in_little_memory_and_never_beyond_its_limits() -> None:
    line = b'{"responseId": "R", "values": {"QID1_TEXT": "%s"}}\n' % (b"x" * 1000)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w") as inner:
        for _ in range(20):
            inner.write(line * 1000)
    tracemalloc.start()
    count = sum(1 for _ in lines_of(made))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000 and peak < 2_000_000, "21 MB pass through two"
    with pytest.raises(Unreadable, match="unpacks to more"):
        list(lines_of(made, largest=1_000_000))
    long = io.BytesIO(packed(b'{"a": "%s"}\n{"b": 1}\n' % (b"y" * 5_000_000)))
    first, second = lines_of(long, longest=1_000_000)
    assert (first.is_whole, len(first.raw), second.raw) == (False, 1_000_001, b'{"b": 1}')


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("end", "status", "words"),
    [
        ("/surveys", 401, "API token"),
        (SURVEY, 403, "access to this survey"),
        ("/export-responses", 403, "access to this survey"),
    ],
)
def test_a_refusal_is_said_with_its_mend_and_without_the_token(end: str, status: int, words: str) -> None:
    echo = json.dumps({"meta": {"error": {"errorMessage": f"no {TOKEN}"}}}).encode()
    with serving(many(2), fault=instead(end, echo, status)) as (_, store):
        error = store.run()

    said_all = "".join(traceback.format_exception(error)) if error else ""
    assert words in said_all and "no ***" in said_all and TOKEN not in said_all + repr(store.warnings)


class Together(FakeQualtrics):
    """End no job before three surveys have one; count the surveys whose jobs wait for their files."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.waiting: set[str] = set()
        self.most = 0

    def _state(self, survey: str, progress_id: str) -> Item:
        self.waiting.add(survey)
        self.most = max(self.most, len(self.waiting))
        if len({job.survey for job in self.jobs.values()}) < 3:
            return {"percentComplete": 50.0, "status": "inProgress"}
        return super()._state(survey, progress_id)

    def _file(self, survey: str, file_id: str) -> Any:
        self.waiting.discard(survey)
        return super()._file(survey, file_id)


def test_jobs_of_a_few_surveys_are_waited_for_at_once(clock: Clock) -> None:
    names = [f"SV_{n}" for n in range(6)]
    responses = {name: [said(f"R_{name}", BEGAN)] for name in names}
    with serving(responses, [survey(name) for name in names], kind=Together) as (tool, store):
        assert store.run(patience=clock.patience()) is None

        assert set(store.newest) == {f"R_{name}" for name in names}
        assert isinstance(tool, Together) and 2 <= tool.most <= 3, "no more than the tool bears"
        assert {survey for survey, kind in store.cursors if kind == "responses"} == set(names)


def test_gone_unreadable_and_refused_surveys_keep_no_other_out(clock: Clock) -> None:
    gone = json.dumps(sample("error")).encode()
    with serving({SURVEY: many(2)}, [survey("SV_gone"), survey()]) as (tool, store):
        tool.fault = lambda handler: (
            ("SV_gone" in handler.path and reply(handler, gone, 404))
            or (handler.path.endswith("response-schema") and reply(handler, b"{}", 403))
            or (len(tool.bodies) == 0 and handler.command == "POST" and reply(handler, b'{"meta": {}}', 400))
        )
        store.run(patience=clock.patience())

    said_all = " ".join(store.warnings)
    assert "Survey not found" in said_all and "SV_gone" in said_all and "response-schema" in said_all


@pytest.mark.parametrize("center", [None, "", "fra1/evil.example", "evil.example/", "a.b.c"])
def test_a_data_center_that_can_be_none_is_named(center: str | None) -> None:
    with serving([]) as (_, store):
        assert "data_center" in str(store.changed(base_url=None, data_center=center).run())
        assert "has no token" in str(store.changed(token="").run())
