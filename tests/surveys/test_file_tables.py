"""Every kind of file gives the same text, and a broken row costs only itself."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from flows.surveys.tables import Empty, Row, Unreadable, opened
from flows.surveys.tables.lines import as_bytes

QUICK = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
GRID = st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6)


def rows_of(path: Path, content: bytes | str) -> list[Row]:
    """Write a file and read its rows."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(opened(path).rows)


def good(rows: list[Row]) -> list[dict[str, str | None]]:
    return [row.cells for row in rows if row.cells]


def broken(rows: list[Row]) -> dict[int, str]:
    return {row.place: row.reason for row in rows if row.cells is None}


@given(
    GRID,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@QUICK
def test_what_the_csv_module_wrote_comes_back(
    tmp_path: Path, grid: list[list[str]], mark: str, encoding: str, end: str, quoting: Any
) -> None:
    if any("\r" in cell for row in grid for cell in row):
        quoting = csv.QUOTE_ALL  # the module of Python 3.11 leaves a lone CR without quotes
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark, lineterminator=end, quoting=quoting).writerows([["a", "b", "c"], *grid])

    rows = rows_of(tmp_path / "x.csv", text.getvalue().encode(encoding))

    filled = [row for row in grid if any(map(str.strip, row))]
    assert broken(rows) == {}
    assert [list((row or {}).values()) for row in good(rows)] == filled


@given(
    st.text(st.sampled_from('a1,;"\n\r \t\0é'), max_size=60), st.sampled_from(["utf-8", "utf-16", "cp1252"])
)
@QUICK
def test_no_character_of_any_text_is_lost(tmp_path: Path, body: str, encoding: str) -> None:
    rows = rows_of(tmp_path / "x.csv", ("one,two\n" + body).encode(encoding))

    # Read as lines of the file again, whatever became of each.
    assert "".join(str(row.text) for row in rows) == body
    assert all(row.cells is not None or row.reason for row in rows)


@given(st.binary(max_size=80))
@QUICK
def test_no_byte_of_any_file_is_lost(tmp_path: Path, body: bytes) -> None:
    rows = rows_of(tmp_path / "x.csv", b"\xef\xbb\xbfone,two\n" + body)

    assert b"".join(as_bytes(row.text) for row in rows) == body


def test_an_open_quote_costs_only_its_record(tmp_path: Path) -> None:
    lines = ["id,score,why"] + [f"{n},{n % 11},fine" for n in range(1, 2001)]
    lines[1000] = '1000,5,"it was never closed'

    rows = rows_of(tmp_path / "x.csv", "\n".join(lines) + "\n")

    assert [row["id"] for row in good(rows)] == [str(n) for n in range(1, 2001) if n != 1000]
    assert broken(rows) == {1001: "a double quote is opened and never closed"}
    assert next(row.text for row in rows if row.cells is None) == '1000,5,"it was never closed\n'


def test_an_open_quote_that_meets_another_costs_only_its_record(tmp_path: Path) -> None:
    text = 'id,why,score\n1,"open,3\n2,"fine",4\n3,"a ""word"" here",5\n4,"two\nlines",6\n'

    rows = rows_of(tmp_path / "x.csv", text)

    assert good(rows) == [
        {"id": "2", "why": "fine", "score": "4"},
        {"id": "3", "why": 'a "word" here', "score": "5"},
        {"id": "4", "why": "two\nlines", "score": "6"},
    ]
    assert list(broken(rows)) == [2]


def test_an_open_quote_that_meets_an_inch_far_below_costs_only_its_record(tmp_path: Path) -> None:
    lines = [
        "id,day,score,why",
        '1,Mo,5,"open',
        *(f"{n},Mo,5,ok" for n in range(2, 200)),
        '200,Mo,5,screen of 12"',
    ]
    letter = '201,Mo,5,"Dear all,\nslow, cold, and dear,\nbut\n\nkind"'

    rows = rows_of(tmp_path / "x.csv", "\n".join([*lines, letter]) + "\n")

    assert [row["id"] for row in good(rows)] == [str(n) for n in range(2, 202)]
    assert good(rows)[-2]["why"] == 'screen of 12"'
    assert good(rows)[-1]["why"] == "Dear all,\nslow, cold, and dear,\nbut\n\nkind"
    assert list(broken(rows)) == [2]


def test_a_whole_record_of_several_lines_is_rejected_as_one(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "x.csv", 'id,why\n1,"two\nlines",9\n2,ok\n')

    assert good(rows) == [{"id": "2", "why": "ok"}]
    assert [(row.place, row.text) for row in rows if row.cells is None] == [(2, '1,"two\nlines",9\n')]


def test_cells_are_counted(tmp_path: Path) -> None:
    text = "a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n\n,,\n1,,\n"

    rows = rows_of(tmp_path / "x.csv", text)

    assert [row.place for row in rows if row.cells] == [2, 5, 8]
    assert [row.place for row in rows if row.cells == {}] == [6, 7]
    assert broken(rows) == {
        3: "it has 2 cells where the header has 3; it was cut short",
        4: "it has 4 cells where the header has 3; text that holds a separator belongs into double quotes",
    }


def test_lines_count_as_in_an_editor(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "x.csv", 'sep=;\r\n\r\na;b\n"x\r\ny";1\rz;2\r\nbroken\n')

    assert good(rows) == [{"a": "x\r\ny", "b": "1"}, {"a": "z", "b": "2"}]
    assert [row.place for row in rows] == [4, 6, 7]
    assert list(broken(rows)) == [7]


def test_the_hint_of_excel_wins_over_the_header(tmp_path: Path) -> None:
    assert good(rows_of(tmp_path / "x.csv", "sep=;\na,1;b,2\nx;y\n")) == [{"a,1": "x", "b,2": "y"}]


def test_hostile_text_is_text(tmp_path: Path) -> None:
    cells = {
        "nul": "a\0b",
        "formula": '=HYPERLINK("http://x.example","click")',
        "html": "<script>alert(1)</script>",
        "hebrew": "\u202bהכול נהדר\u202c, תודה",
        "long": "x" * 1_000_000,
    }
    text = io.StringIO(newline="")
    csv.writer(text).writerows([cells.keys(), cells.values()])

    assert good(rows_of(tmp_path / "x.csv", text.getvalue())) == [cells]


@pytest.mark.parametrize(
    ("content", "expected", "lines"),
    [
        # Windows-1252 as Excel saves it, to the last line.
        ("a\nplain\ncafé – 5 €\n".encode("cp1252"), ["plain", "café – 5 €"], []),
        # One system writes UTF-8, another appends Windows-1252.
        ("a\nnaïve\n".encode() + "café\ndéjà\n".encode("cp1252"), ["naïve", "café", "déjà"], []),
        # A file of UTF-8 with one damaged line: guessing its letters would be worse than asking.
        ("a\nnaïve\ndéjà\n".encode() + b"caf\xe9\n", ["naïve", "déjà"], [4]),
        (b"\xef\xbb\xbfa\ncaf\xe9\nok\n", ["ok"], [2]),
        # 0x81 means nothing in Windows-1252.
        (b"a\ncaf\xe9\nx\x81y\n", ["café"], [3]),
        ("a\nok\n".encode("utf-16-le") + b"x\x00\x00\xd8y\x00\n\x00", ["ok"], [3]),
    ],
)
def test_encodings(tmp_path: Path, content: bytes, expected: list[str], lines: list[int]) -> None:
    rows = rows_of(tmp_path / "x.csv", content)

    assert [row["a"] for row in good(rows)] == expected
    assert list(broken(rows)) == lines


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,score, id,why,score\n1,2,3,4,5\n", "'id', 'score' stand"),
        (b'"id,score\n1,2\n', "header, line 1"),
        (b"PK\x03\x04 and so on", "Excel or zip"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        rows_of(tmp_path / "x.csv", content)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b" , ,\n,,\n", b"sep=;\n"])
def test_files_that_hold_nothing(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Empty):
        rows_of(tmp_path / "x.csv", content)


def test_columns_without_a_name_are_called_by_their_place(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "x.csv", ",score, ,\n0,5,x\n1,4\n")

    assert good(rows) == [
        {"column 1": "0", "score": "5", "column 3": "x"},
        {"column 1": "1", "score": "4"},
    ]


def test_many_open_quotes_do_not_take_for_ever(tmp_path: Path) -> None:
    lines = [f'{n},"open,3' if n % 2 else f'{n},"",3' for n in range(40_000)]

    rows = rows_of(tmp_path / "x.csv", "id,why,score\n" + "\n".join(lines) + "\n")

    assert len(good(rows)) == 20_000
    assert len(broken(rows)) == 20_000


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        '{"id": 12345678901234567890123, " score ": 3.0, "w": 0.10, "ok": true, "none": null, "nan": NaN}',
        '{"id": "7", "tags": ["a", {"n": 1.50}], "why": "שלום \\u0000"}',
        "",
        '{"id": 8, "id": 9}',
        "[1]",
        '{"id": 10',
        "[" * 100_000,
    ]

    rows = rows_of(tmp_path / "x.jsonl", "\n".join(lines))

    assert good(rows) == [
        {"id": "12345678901234567890123", "score": "3", "w": "0.10", "ok": "true", "none": None, "nan": None},
        {"id": "7", "tags": '["a",{"n":1.50}]', "why": "שלום \0"},
    ]
    assert list(broken(rows)) == [4, 5, 6, 7]
    with pytest.raises(Unreadable, match="one JSON array"):
        rows_of(tmp_path / "y.json", "[\n" + json.dumps({"id": 1}) + "]")


def test_parquet(tmp_path: Path) -> None:
    amsterdam = timezone(timedelta(hours=2))
    table = pa.table(
        {
            "id": [3.0, 4.5, None],
            " at ": [datetime(2026, 5, 4, 9, 15), datetime(2026, 5, 4), None],
            "told": pa.array(
                [datetime(2026, 5, 4, 9, tzinfo=amsterdam), None, None],
                pa.timestamp("ns", "Europe/Amsterdam"),
            ),
            "day": pa.array([date(2026, 5, 4), None, None]),
            "ok": [True, False, None],
            "tags": [["a"], None, None],
        }
    )
    parquet.write_table(table, tmp_path / "x.parquet")

    rows = list(opened(tmp_path / "x.parquet").rows)

    assert rows[0].cells == {
        "id": "3",
        "at": "2026-05-04T09:15:00",
        "told": "2026-05-04T09:00:00+02:00",
        "day": "2026-05-04",
        "ok": "true",
        "tags": '["a"]',
    }
    assert rows[1].cells is not None and (rows[1].cells["id"], rows[1].cells["told"]) == ("4.5", None)
    assert rows[2] == Row(3, {})
    (tmp_path / "y.parquet").write_bytes(b"PAR1 no PAR1")
    with pytest.raises(Unreadable, match="Parquet"):
        opened(tmp_path / "y.parquet")


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden, sheet = book.active, book.create_sheet("answers")
    assert hidden is not None
    hidden.sheet_state = "hidden"
    hidden.append(["not", "this"])
    book.active = 1
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = "id", "at", "day", " why "
    sheet["B4"], sheet["C4"], sheet["D4"] = 3, datetime(2026, 5, 4, 9, 15), date(2026, 5, 4)
    sheet["B6"], sheet["E6"] = 3.5, "<b>שלום</b>\nמחר"
    book.save(tmp_path / "x.xlsx")

    table = opened(tmp_path / "x.xlsx")

    assert (table.header, table.unit) == (("id", "at", "day", "why"), "row")
    assert list(table.rows) == [
        Row(4, {"id": "3", "at": "2026-05-04T09:15:00", "day": "2026-05-04", "why": None}),
        Row(5, {}),
        Row(6, {"id": "3.5", "at": None, "day": None, "why": "<b>שלום</b>\nמחר"}),
    ]
    (tmp_path / "y.xlsx").write_text("id,score\n1,2\n")
    with pytest.raises(Unreadable, match="workbook"):
        opened(tmp_path / "y.xlsx")


def test_all_kinds_say_the_same(tmp_path: Path) -> None:
    dice = random.Random(7)
    words = ["", "5", "slow, but kind", 'a "word"', "שורה\nשנייה", "=1+1"]
    names = ["id", "score", "why"]
    grid = [[str(n), str(dice.randint(0, 10)), dice.choice(words)] for n in range(200)]
    with (tmp_path / "x.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *grid])
    (tmp_path / "x.jsonl").write_text(
        "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in grid), encoding="utf-8"
    )
    parquet.write_table(
        pa.table({name: [row[place] for row in grid] for place, name in enumerate(names)}),
        tmp_path / "x.parquet",
    )
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [names, *grid]:
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s"  # else =1+1 is a formula that nobody has worked out
    book.save(tmp_path / "x.xlsx")

    read = [
        [{name: text or None for name, text in (row or {}).items()} for row in good(list(opened(path).rows))]
        for path in sorted(tmp_path.glob("x.*"))
    ]

    assert len(read) == 4
    assert read[0] == read[1] == read[2] == read[3]
    assert len(read[0]) == 200
