"""Any bytes are read without an exception, and any cells come back as they were written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.programme import read
from flows.programme.sheets import decode, parse

CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


@given(st.binary(max_size=200))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_bytes_are_read(content: bytes) -> None:
    sheet = parse(decode(content), "x.csv")
    assert len(sheet.rows) == len(sheet.lines)
    assert all(len(row) == len(sheet.header) for row in sheet.rows)


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_cells_come_back(rows: list[list[str]], separator: str, encoding: str, line_end: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([["one", "two", "three"], *rows])
    sheet = parse(decode(text.getvalue().encode(encoding)), "x.csv")
    stripped = [[cell.strip() for cell in row] for row in rows]
    assert sheet.header == ["one", "two", "three"]
    assert sheet.rows == [row for row in stripped if any(row)]
    assert sheet.faults == []


def test_lines_are_those_of_an_editor() -> None:
    sheet = parse('a,b\r\n\r\n"x\r\ny",1\r\nz,2\r\n', "x.csv")
    assert sheet.lines == [3, 5]


def test_a_cell_of_a_megabyte(tmp_path: Path) -> None:
    (tmp_path / "playbooks.csv").write_text("follow_up_kind,next_step\nrecover," + "x" * 1_000_000 + "\n")
    tables, faults = read(tmp_path)
    assert faults == []
    assert len(tables["playbooks"].rows[0]["next_step"] or "") == 1_000_000


@pytest.mark.parametrize(
    "content", [b"\x00", b"\xff\xfe", b"\xfe\xff\x00", b'"', b"a\x00b,c\n1,2\n", b"\r\r\r"]
)
def test_odd_beginnings(content: bytes) -> None:
    parse(decode(content), "x.csv")
