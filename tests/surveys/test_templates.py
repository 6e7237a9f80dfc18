"""Templates, maps, times and weights: what a person configured is what a response says."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.configuration import Source
from flows.records import SourceError
from flows.surveys.envelope import Envelope
from flows.surveys.templates import Unfit, member, template_of

HIDDEN = {
    "hidden": {"customer": " C-1042 ", "plan": "", "count": 3, "half": 0.5, "none": None, "deep": {"x": "y"}}
}


def source(**fields: Any) -> Source:
    return Source(name="web", tool="files", **fields)


def filled(row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return Envelope(source(**fields)).fill(row.get)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{hidden.customer}", "C-1042"),
        ("{ hidden.customer }", "C-1042"),
        ("acme/{hidden.customer}", "acme/C-1042"),
        ("{hidden.customer}-{hidden.count}", "C-1042-3"),
        ("{hidden.half}", "0.5"),
        ("{hidden.deep.x}", "y"),
        ("kiosk", "kiosk"),
        ("{hidden.plan}", None),
        ("{hidden.none}", None),
        ("{hidden.missing}", None),
        ("{hidden.deep}", None),
        ("{hidden.customer.more}", None),
        ("{hidden.customer}/{hidden.missing}", None),
        ("{toString}", None),
        ("", None),
    ],
)
def test_a_template_gives_text_or_nothing(template: str, value: str | None) -> None:
    made = template_of(source(customer_id=template), "customer_id")

    assert made is not None
    assert made(partial(member, HIDDEN)) == value


@pytest.mark.parametrize("template", ["{customer", "customer}", "{}", "{ }", "{a{b}}"])
def test_a_brace_without_partner_is_named(template: str) -> None:
    with pytest.raises(SourceError, match=r"source 'web': account_id is .* brace"):
        Envelope(source(account_id=template))


@pytest.mark.parametrize("written", ["1", " 1 ", "1.0", "01", "1,00", "+1", "1e0"])
@pytest.mark.parametrize("named", ["language", "LANG", " LANG "])
def test_a_map_is_named_by_field_or_column_and_its_keys_are_numbers_where_both_are(
    named: str, written: str
) -> None:
    row = {"LANG": written}

    assert filled(row, language="{LANG}", maps={named: {1: "en", 2: "es"}}) == {"language": "en"}


def test_a_map_keeps_what_it_does_not_name_and_translates_once() -> None:
    swap = {"a": "b", "b": "a"}

    assert filled({"language": "a"}, language="{language}", maps={"language": swap}) == {"language": "b"}
    assert filled({"L": "x"}, language="{L}", maps={"language": swap}) == {"language": "x"}
    assert filled({"L": "A"}, language="{L}", maps={"L": swap}) == {"language": "A"}


def test_a_map_of_a_dotted_member() -> None:
    made = Envelope(source(channel="{hidden.count}", maps={"hidden.count": {"3": "kiosk"}}))

    assert made.fill(partial(member, HIDDEN)) == {"channel": "kiosk"}


# Golden values: the tz database, by hand. Amsterdam skips 2 to 3 on 2026-03-29, has it twice on 2026-10-25.
@pytest.mark.parametrize(
    ("text", "written", "zone", "instant"),
    [
        ("2026-05-04T09:15:41Z", None, "America/Los_Angeles", (2026, 5, 4, 9, 15, 41)),
        ("2026-05-04T09:15:41+02:00", None, "UTC", (2026, 5, 4, 7, 15, 41)),
        (" 2026-05-04 ", None, "UTC", (2026, 5, 4)),
        ("2026-05-04 09:15", None, "Europe/Amsterdam", (2026, 5, 4, 7, 15)),
        ("04.05.2026 09:15", "%d.%m.%Y %H:%M", "Europe/Amsterdam", (2026, 5, 4, 7, 15)),
        ("25.10.2026 02:30", "%d.%m.%Y %H:%M", "Europe/Amsterdam", (2026, 10, 25, 0, 30)),
        ("29.03.2026 02:30", "%d.%m.%Y %H:%M", "Europe/Amsterdam", (2026, 3, 29, 1, 30)),
        ("4.5.2026 9:05 PM", "%d.%m.%Y %I:%M %p", "UTC", (2026, 5, 4, 21, 5)),
        ("04/05/26 10:00 +0530", "%d/%m/%y %H:%M %z", "UTC", (2026, 5, 4, 4, 30)),
    ],
)
def test_times_become_instants(text: str, written: str | None, zone: str, instant: tuple[int, ...]) -> None:
    row = {"at": text}
    made = filled(row, submitted_at="{at}", submitted_at_format=written, timezone=zone)

    assert made == {"submitted_at": datetime(*instant, tzinfo=UTC)}  # type: ignore[misc, arg-type]
    assert made["submitted_at"].utcoffset().total_seconds() == 0


def test_a_time_made_of_a_text_and_a_column() -> None:
    fields = {
        "submitted_at": "2018-05-{INTDATE}",
        "submitted_at_format": "%Y-%m-%d",
        "timezone": "America/Los_Angeles",
    }

    assert filled({"INTDATE": "7"}, **fields) == {"submitted_at": datetime(2018, 5, 7, 7, tzinfo=UTC)}
    assert filled({"INTDATE": " "}, **fields) == {}


@pytest.mark.parametrize(
    ("text", "written", "zone"),
    [
        ("2026-13-45", None, "UTC"),
        ("ann@example.com", None, "UTC"),
        ("0001-01-01T00:00:00+14:00", None, "UTC"),
        ("31.02.2026", "%d.%m.%Y", "UTC"),
        ("04.05.2026 x", "%d.%m.%Y", "UTC"),
        ("0001-01-01", "%Y-%m-%d", "Asia/Tokyo"),
        ("٠٤.٠٥.2026", "%d.%m.%Y %H", "UTC"),
    ],
)
def test_a_bad_time_is_a_reason_that_names_no_one(text: str, written: str | None, zone: str) -> None:
    with pytest.raises(Unfit, match="submitted_at is no time") as caught:
        filled({"at": text}, submitted_at="{at}", submitted_at_format=written, timezone=zone)

    assert text not in str(caught.value)


@pytest.mark.parametrize("written", ["%Q", "%", ""])
def test_an_unknown_format_ends_the_source(written: str) -> None:
    with pytest.raises(SourceError, match="submitted_at_format"):
        Envelope(source(submitted_at="{at}", submitted_at_format=written))


@pytest.mark.parametrize(("text", "value"), [("1.5", 1.5), (" 2 ", 2.0), ("0,25", 0.25), ("1e-3", 0.001)])
def test_weights_are_positive_numbers(text: str, value: float) -> None:
    assert filled({"w": text}, weight="{w}") == {"weight": value}


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e999", "heavy", "1_000", "0x1", "0.0"])
def test_other_weights_are_a_reason(text: str) -> None:
    with pytest.raises(Unfit, match="weight is not a positive number"):
        filled({"w": text}, weight="{w}")


def test_a_missing_weight_is_none() -> None:
    assert filled({"w": ""}, weight="{w}") == {}


def test_defaults_serve_what_is_not_configured_and_the_first_filled_wins() -> None:
    defaults = {"customer_id": ("{a}", "{b}"), "email": ("{mail}",)}
    row = {"a": "", "b": "B", "c": "C", "mail": "ann@example.com"}

    assert Envelope(source(), defaults).fill(row.get) == {"customer_id": "B", "email": "ann@example.com"}
    assert Envelope(source(customer_id="{c}"), defaults).fill(row.get)["customer_id"] == "C"
    assert Envelope(source(customer_id="{missing}"), defaults).fill(row.get).get("customer_id") is None


def test_an_envelope_names_its_columns() -> None:
    fields = {"customer_id": "{a}-{b}", "submitted_at": "{ at }", "weight": "{w}", "channel": "kiosk"}

    assert Envelope(source(**fields)).names == ["a", "b", "at", "w"]


VALUES = (
    st.none()
    | st.text("a1, ", max_size=3)
    | st.integers(-2, 2)
    | st.floats(0, 2)
    | st.booleans()
    | st.just([])
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(("who", "else", "at", "heavy"), VALUES)), max_size=5))
def test_many_records_are_filled_as_each_of_them(rows: list[dict[str, Any]]) -> None:
    told = {"account_id": "{else}/{who}", "channel": "kiosk", "language": "{who}", "weight": "{heavy}"}
    maps = {"language": {"a": "en", "1": "de"}}
    envelope = Envelope(
        source(submitted_at="{at}", submitted_at_format="%Y", maps=maps, **told),
        {"customer_id": ("{who}", "{else}")},
        lambda name: lambda row: row[name],
    )
    faults: dict[int, str] = {}
    columns = envelope.columns(lambda name: [row[name] for row in rows], len(rows), faults)

    for place, row in enumerate(rows):
        try:
            expected = envelope.fill(row)
        except Unfit as unfit:
            assert faults.pop(place) == str(unfit)
            continue
        assert {
            name: column[place] for name, column in columns.items() if column[place] is not None
        } == expected
    assert not faults


def test_a_hash_of_bytes_changes_with_what_is_made_of_them() -> None:
    told, ways = [b"{}"], ({}, {"customer_id": "{a}"}, {"customer_id": "{b}"}, {"timezone": "Europe/Warsaw"})
    maps = ({"maps": {"a": {"x": "y"}}, "customer_id": "{a}"}, {"submitted_at_format": "%Y-%m-%d"})

    found = [
        Envelope(source(**more)).hashes(told, [is_complete]) for more in ways + maps for is_complete in (0, 1)
    ]
    assert len({one for [one] in found}) == 12
    assert Envelope(source()).hashes([b"{} "], [True]) != Envelope(source()).hashes(told, [True])
    assert Envelope(source()).hashes(told, [True]) == Envelope(source()).hashes(told, [True])
