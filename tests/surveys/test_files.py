"""Files of answers and customers: what is new is read, once, and nothing of it is lost."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.configuration import Source
from flows.records import Page, SourceError
from flows.surveys import Asked, pages
from flows.surveys.occurrences import Occurrences

NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)
FORM: dict[str, Any] = {
    "path": "*.csv",
    "survey_id": "visit",
    "response_id": "{id}",
    "submitted_at": "{at}",
    "submitted_at_format": "%d.%m.%Y %H:%M",
    "timezone": "Europe/Amsterdam",
}
HEAD = "id,at,smile,why\n"


@dataclass
class Folder:
    """Hold a folder of files and how far they were read, as `raw` would."""

    path: Path
    cursors: dict[tuple[str, str], str] = field(default_factory=dict)
    fault: str = ""

    def write(self, name: str, content: str | bytes) -> Path:
        place = self.path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return place

    def asked(self, since: datetime | None = None, **more: Any) -> Asked:
        source = Source.model_validate({"name": "kiosk", "tool": "files", **FORM, **more})
        return Asked(source, NOW, self.path, dict(self.cursors), since)

    def pages(self, **more: Any) -> Iterator[Page]:
        """Read what is new, noting the cursors of each page as it comes."""
        self.fault = ""
        try:
            for page in pages(self.asked(**more)):
                yield page
                self.cursors.update({(one.survey_id, one.kind): one.position for one in page.cursors})
        except SourceError as error:
            self.fault = str(error)

    def read(self, **more: Any) -> Page:
        """Read what is new as one page."""
        whole = Page()
        for page in self.pages(**more):
            for name in ("responses", "customers", "rejects", "cursors", "warnings"):
                getattr(whole, name).__iadd__(getattr(page, name))
            whole.scope = page.scope or whole.scope
        return whole


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def ids(page: Page) -> list[str]:
    return [response.response_id for response in page.responses]


def test_a_row_becomes_a_response_ordered_by_role(folder: Folder) -> None:
    folder.write(
        "a.csv",
        "id, at ,card,lang,store,E-Mail,Name,smile,why,empty\n"
        'R1,04.05.2026 09:15,C7,2,Noord,ada@example.com,Ada,5,"slow, but kind", \n',
    )

    [response] = folder.read(
        customer_id="{card}",
        language="{lang}",
        channel="kiosk",
        maps={"lang": {1: "en", 2: "de"}},
        properties=[" store "],
    ).responses

    assert (response.survey_id, response.response_id) == ("visit", "R1")
    assert response.submitted_at == datetime(2026, 5, 4, 7, 15, tzinfo=UTC)  # summer time in Amsterdam
    assert (response.customer_id, response.language, response.channel) == ("C7", "de", "kiosk")
    assert json.loads(response.payload) == {
        "fields": {"id": "R1", "at": "04.05.2026 09:15", "card": "C7", "lang": "2"},
        "properties": {"store": "Noord"},
        "contacts": {"E-Mail": "ada@example.com", "Name": "Ada"},
        "answers": {"smile": "5", "why": "slow, but kind"},
    }


def test_what_feeds_a_contact_is_private_and_own_names_fill_fields(folder: Folder) -> None:
    folder.write(
        "a.csv", "id,at,customer_id,weight,address,grade\nR1,04.05.2026 09:15,C1,12,ada@x.example,gold\n"
    )

    [response] = folder.read(email="{address}", segment="{grade}", properties=["address"]).responses

    assert (response.email, response.customer_id, response.weight) == ("ada@x.example", "C1", None)
    payload = json.loads(response.payload)
    assert payload["contacts"] == {"address": "ada@x.example"}
    assert payload["properties"] == {"segment": "gold"}
    assert payload["answers"] == {"weight": "12"}


def test_only_new_and_changed_files_are_read(folder: Folder) -> None:
    first = folder.write("2026/a.csv", HEAD + "R1,04.05.2026 09:15,5,ok\n")
    folder.write("2026/05/b.csv", HEAD + "R2,04.05.2026 09:20,4,\n")
    folder.write("c.txt", "not asked for")

    assert ids(folder.read(path="**/*.csv")) == ["R2", "R1"]  # 2026/05/b.csv before 2026/a.csv
    assert folder.read(path="**/*.csv") == Page()

    # Touched: no rows, and from then on not opened either.
    os.utime(first, ns=(1, 1))
    touched = folder.read(path="**/*.csv")
    assert (ids(touched), touched.scope, len(touched.cursors)) == ([], None, 1)
    assert folder.read(path="**/*.csv") == Page()

    folder.write("2026/a.csv", HEAD + "R1,04.05.2026 09:15,1,no\nR3,04.05.2026 09:30,3,\n")
    changed = folder.read(path="**/*.csv")
    assert (ids(changed), changed.scope) == (["R1", "R3"], "2026/a.csv")

    first.unlink()
    assert folder.read(path="**/*.csv") == Page()
    assert folder.fault == ""


def test_a_file_that_was_not_changed_is_not_opened(folder: Folder) -> None:
    place = folder.write("a.csv", HEAD + "R1,04.05.2026 09:15,5,ok\n")
    folder.read()
    stat = place.stat()
    # Other bytes under the same size and time: whoever opened it would see them.
    place.write_bytes(place.read_bytes().replace(b"R1", b"R9"))
    os.utime(place, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    assert folder.read() == Page()
    # A backfill reads all there is.
    assert ids(folder.read(since=NOW)) == ["R9"]


def test_a_file_that_is_still_written_is_read_again(folder: Folder) -> None:
    rows = "".join(f"R{n},04.05.2026 09:15,5,ok\n" for n in range(12_000))
    place = folder.write("a.csv", HEAD + rows)

    found: list[Page] = []
    for page in folder.pages():
        if not found:
            with place.open("a") as file:
                file.write("LATE,04.05.2026 09:16,1,\n")
        found.append(page)

    assert [len(page.responses) for page in found[:2]] == [5_000, 5_000]
    assert {page.scope for page in found} == {"a.csv"}
    assert folder.cursors == {}
    assert "changed while it was read" in found[-1].warnings[0]
    assert len(ids(folder.read())) == 12_001
    assert folder.read() == Page()


def test_the_cursor_comes_with_the_last_page_only(folder: Folder) -> None:
    rows = "".join(f"R{n},04.05.2026 09:15,5,ok\n" for n in range(10_001))
    folder.write("a.csv", HEAD + rows)

    found = list(folder.pages())

    assert [(len(page.responses), len(page.cursors)) for page in found] == [(5_000, 0), (5_000, 0), (1, 1)]


def test_pages_of_long_comments_are_short(folder: Folder) -> None:
    rows = "".join(f"R{n},04.05.2026 09:15,5,{'x' * 1_000_000}\n" for n in range(20))
    folder.write("a.csv", HEAD + rows)

    found = list(folder.pages())

    assert sum(len(page.responses) for page in found) == 20
    assert max(len(page.responses) for page in found) <= 8


def test_the_later_line_comes_later(folder: Folder) -> None:
    folder.write("a.csv", HEAD + "R1,04.05.2026 09:15,5,first\nR1,04.05.2026 09:15,1,second\n")

    found = folder.read()

    assert ids(found) == ["R1", "R1"]
    assert [json.loads(one.payload)["answers"]["why"] for one in found.responses] == ["first", "second"]


def test_rows_that_cannot_be_used_are_rejects_with_their_place(folder: Folder) -> None:
    folder.write(
        "till/a.csv",
        HEAD
        + "R1,04.05.2026 09:15,5,ok\n"
        + "R2,04.05.2026 12:4R3,04.05.2026 12:44,3,\n"
        + ",04.05.2026 09:15,5,who is it\n"
        + "R4,yesterday,5,when\n"
        + "\n"
        + 'R5,04.05.2026 09:15,5,"never closed\n'
        + "R6,,2,no time at all\n",
    )

    found = folder.read(path="till/*.csv")

    assert ids(found) == ["R1", "R6"]
    assert found.responses[1].submitted_at is None
    assert [(one.reason.split(":")[0], one.response_id) for one in found.rejects] == [
        ("till/a.csv, line 3", "R2"),
        ("till/a.csv, line 4", None),
        ("till/a.csv, line 5", "R4"),
        ("till/a.csv, line 7", None),
    ]
    assert found.rejects[0].payload == b"R2,04.05.2026 12:4R3,04.05.2026 12:44,3,\n"
    assert "yesterday" not in found.rejects[2].reason
    assert {one.survey_id for one in found.rejects} == {"visit"}


def test_a_file_that_is_refused_does_not_stop_the_others(folder: Folder) -> None:
    folder.write("a.csv", "id,at,smile,smile\nR1,04.05.2026 09:15,5,4\n")
    folder.write("b.csv", "number,at,smile,ada@example.com\nR2,04.05.2026 09:15,5,4\n")
    folder.write("c.csv", "")
    folder.write("d.csv", "id,at\n")
    folder.write("e.csv", "smile,at,id\n5,04.05.2026 09:15,R3\n")

    found = folder.read()

    assert ids(found) == ["R3"]
    assert found.warnings == ["source 'kiosk': c.csv is empty."]
    assert "a.csv was not read: the column 'smile' stands there more than once" in folder.fault
    assert "b.csv was not read: it has no column 'id' (named by response_id)" in folder.fault
    assert "number, at, smile, …" in folder.fault
    assert "ada@" not in folder.fault
    assert sorted(name for name, _ in folder.cursors) == ["c.csv", "d.csv", "e.csv"]
    # What was refused is refused again until it is mended; the rest is done with.
    assert folder.read() == Page()
    assert "a.csv" in folder.fault and "b.csv" in folder.fault
    folder.write("a.csv", HEAD + "R1,04.05.2026 09:15,5,4\n")
    assert ids(folder.read()) == ["R1"]


def test_another_order_of_columns_is_the_same_answer(folder: Folder) -> None:
    folder.write("a.csv", HEAD + "R1,04.05.2026 09:15,5,ok\n")
    [before] = folder.read().responses
    folder.write("a.csv", "why,new,at,id,smile\nok,,04.05.2026 09:15,R1,5\n")
    [after] = folder.read().responses
    folder.write("a.csv", "why,new,at,id,smile\nok,,04.05.2026 09:15,R1,4\n")
    [edited] = folder.read().responses

    assert before == after
    assert edited.content_hash != before.content_hash


def test_another_template_is_another_version(folder: Folder) -> None:
    folder.write("a.csv", HEAD + "R1,04.05.2026 09:15,5,ok\n")
    [before] = folder.read().responses
    folder.cursors.clear()
    [after] = folder.read(channel="kiosk").responses

    assert len({before.content_hash, after.content_hash}) == 2


def test_without_an_id_the_row_is_the_id(folder: Folder) -> None:
    text = "at,smile\n04.05.2026 09:15,5\n04.05.2026 09:15,5\n04.05.2026 09:16,5\n04.05.2026 09:15,5\n"
    folder.write("a.csv", text)
    first = ids(folder.read(response_id=None))
    # The same rows in another file, with other columns' order: the same four answers.
    folder.write("b.csv", "smile,at\n" + "".join(f"5,04.05.2026 09:{m}\n" for m in (16, 15, 15, 15)))
    second = ids(folder.read(response_id=None, properties=["smile"]))

    # Three people may press the same button in one minute: none of them is lost.
    assert len(set(first)) == 4
    assert set(first) == set(second)


def test_equal_rows_are_counted_also_in_long_files() -> None:
    dice = random.Random(3)
    seen: Counter[int] = Counter()
    occurrences = Occurrences()
    for _ in range(600_000):
        row = dice.randrange(400_000)
        seen[row] += 1
        assert occurrences.number(hashlib.sha256(row.to_bytes(4, "big")).digest()) == seen[row]


def test_survey_and_id_out_of_columns(folder: Folder) -> None:
    folder.write("a.csv", "shop,n,at\nA,1,04.05.2026 09:15\nB,2,04.05.2026 09:15\n,3,04.05.2026 09:15\n")

    found = folder.read(survey_id="{shop}", response_id="{shop}-{n}")

    assert [(one.survey_id, one.response_id) for one in found.responses] == [("A", "A-1"), ("B", "B-2")]
    assert [one.survey_id for one in found.rejects] == [""]


def test_json_lines_name_their_own_columns(folder: Folder) -> None:
    rows: list[Mapping[str, Any]] = [
        {"id": 1, "at": "2026-05-04T09:15:00+02:00", "smile": 5},
        {"at": "2026-05-04T09:15:00Z", "smile": 4},
        {"smile": 3, "id": 2, "extra": {"a": [1]}, "at": "2026-05-04"},
        {"id": 3, "why": "\ud83d"},
    ]
    folder.write("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))

    found = folder.read(path="*.jsonl", submitted_at_format=None)

    assert ids(found) == ["1", "2"]
    assert found.responses[0].submitted_at == datetime(2026, 5, 4, 7, 15, tzinfo=UTC)
    assert json.loads(found.responses[1].payload)["answers"] == {"smile": "3", "extra": '{"a":[1]}'}
    assert [one.reason.split(":")[0] for one in found.rejects] == ["a.jsonl, line 2", "a.jsonl, line 4"]


def test_customers(folder: Folder) -> None:
    folder.write(
        "crm.csv",
        "Number,Full name,email,phone,annual_value,may_contact,left_at,shoe size\n"
        "C1,Ada,ada@example.com,+31 20 1,1200.50,yes,,41\n"
        ",Nobody,,,,,,\n"
        "C2,Bo,,,much,perhaps,2026-01-01,\n",
    )
    mapped = {
        "path": "crm.csv",
        "holds": "customers",
        "customer_id": "{Number}",
        "customer_name": "{Full name}",
    }
    folder_source = {**dict.fromkeys(FORM), "timezone": "UTC", **mapped}

    found = folder.read(**folder_source)

    assert [one.customer_id for one in found.customers] == ["C1", "C2"]
    first, second = (one.cells for one in found.customers)
    assert list(first) == [
        *("customer_id", "account_id", "name", "email", "phone", "segment", "persona", "audience"),
        *("annual_value", "currency", "language", "may_contact", "owner_id", "left_at"),
    ]
    assert (first["name"], first["phone"], first["annual_value"]) == ("Ada", "+31 20 1", "1200.50")
    assert (second["annual_value"], second["may_contact"], second["email"]) == ("much", "perhaps", None)
    assert [one.reason for one in found.rejects] == ["crm.csv, line 3: it has no customer_id."]
    assert folder.read(**folder_source) == Page()

    folder.write("crm.csv", "name,email\nAda,ada@example.com\n")
    folder.read(**{**folder_source, "customer_id": None, "customer_name": None})
    assert "has no column 'customer_id'" in folder.fault


def test_a_path_that_leads_nowhere_is_said(folder: Folder) -> None:
    assert "no file" in folder.read(path="nothing-*.csv").warnings[0]
    folder.read(path=None)
    assert "needs a `path`" in folder.fault


def test_two_hundred_columns(folder: Folder) -> None:
    names = [f"q{n}" for n in range(200)]
    folder.write(
        "a.csv", ",".join(["id", "at", *names]) + "\nR1,04.05.2026 09:15," + ",".join("5" * 200) + "\n"
    )

    [response] = folder.read().responses

    assert json.loads(response.payload)["answers"] == dict.fromkeys(names, "5")


def test_a_file_without_a_header_is_noticed(folder: Folder) -> None:
    folder.write("a.csv", "17,2026-05-04,5,ada@example.com\n18,2026-05-04,4,bo@example.com\n")

    found = folder.read(response_id=None, submitted_at=None)

    assert "seems to have no header" in found.warnings[0]
    assert "ada@" not in found.warnings[0]


@given(
    st.lists(
        st.lists(st.sampled_from(["", " ", "1", "a,b", 'q"', "x\ny", "é", "\0", '"']), max_size=4), max_size=8
    ),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_row_is_a_response_a_reject_or_blank(
    tmp_path: Path, grid: list[list[str]], quoting: Any
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator="\n").writerows([["id", "smile", "why"], *grid])
    folder = Folder(tmp_path)
    folder.write("a.csv", text.getvalue())

    found = folder.read(submitted_at=None)

    filled = [row for row in grid if any(map(str.strip, row))]
    whole = [row for row in filled if len(row) >= 3 and not any(map(str.strip, row[3:]))]
    good = [row for row in whole if row[0].strip()]
    assert ids(found) == [row[0].strip() for row in good]
    assert len(found.rejects) == len(filled) - len(good)
