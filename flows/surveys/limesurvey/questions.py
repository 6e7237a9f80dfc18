"""What a LimeSurvey survey asks: its questions, what their codes mean, which of them are hidden.

A column of an export is called by the question's code and the part: `SAT[SQ001]`, `CHAN[other]`. The
reference of a question is the same with slashes: `SAT/SQ001`. Facts: `list_questions` gives questions and,
with a `parent_qid`, their parts; `get_question_properties` gives `answeroptions` by code, or as a plain list
where PHP finds the codes to be 0, 1, 2 …, or a sentence where there are none.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.surveys.templates import text_of

OTHER = "-oth-"
_NO_DATA = ("X", "*")
# Scales that a type has by itself.
SCALES = {"5": (1.0, 5.0), "A": (1.0, 5.0), "B": (1.0, 10.0)}
_WITH_CODES = frozenset("L!OFHR1")
_TAG = re.compile(r"<[^<>]*>")
_COLUMN = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


@dataclass(frozen=True, slots=True)
class Question:
    """Carry one question: its code, type, text, parts by code (of two scales where it has two), labels."""

    code: str
    type: str
    text: str
    parts: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))
    labels: Mapping[str, str] = field(default_factory=dict)
    has_other: bool = False
    is_hidden: bool = False

    @property
    def scale(self) -> tuple[float, float] | None:
        """Give the lowest and highest value where the type, or labels that all are numbers, tell them."""
        if self.type in SCALES:
            return SCALES[self.type]
        if self.type == "R" or len(self.labels) < 2:
            return None
        try:
            values = [float(label) for label in self.labels.values()]
        except ValueError:
            return None
        return (min(values), max(values)) if -math.inf < min(values) < max(values) < math.inf else None

    def described(self) -> Iterator[dict[str, Any]]:
        """Give one description for each column that it fills."""
        low, high = self.scale or (None, None)
        for ref, text in self._refs():
            yield {"ref": ref, "type": self.type, "text": text, "low": low, "high": high}

    def _refs(self) -> Iterator[tuple[str, str]]:
        rows, columns = self.parts
        if self.type == "R":
            count = len(self.labels) or len(rows)
            yield from ((f"{self.code}/{place}", f"{self.text} ({place})") for place in range(1, count + 1))
        elif self.type in (":", ";"):
            for row, text in rows.items():
                for column, more in columns.items():
                    yield f"{self.code}/{row}_{column}", f"{self.text} – {text} – {more}"
        elif rows:
            ends = ("/1", "/2") if self.type == "1" else ("",)
            for row, text in rows.items():
                yield from ((f"{self.code}/{row}{end}", f"{self.text} – {text}") for end in ends)
                if self.type == "P":
                    yield f"{self.code}/{row}comment", f"{self.text} – {text}"
        else:
            yield self.code, self.text
        if self.type == "O":
            yield f"{self.code}/comment", self.text
        if self.has_other and rows:
            yield f"{self.code}/other", self.text


def questions_of(listed: list[Any], details: Mapping[str, Mapping[str, Any]]) -> dict[str, Question]:
    """Put the questions of a survey together, by code; `details` holds their properties by question id."""
    items = [one for one in listed if isinstance(one, dict)]
    parts: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
    for one in sorted(items, key=_order):
        if (parent := text_of(one.get("parent_qid"))) not in (None, "0"):
            scale = 1 if text_of(one.get("scale_id")) == "1" else 0
            parts.setdefault(str(parent), ({}, {}))[scale][str(text_of(one.get("title")))] = plain(
                one.get("question")
            )
    found = {}
    for one in items:
        qid, code = text_of(one.get("qid")), text_of(one.get("title"))
        if qid is None or code is None or text_of(one.get("parent_qid")) not in (None, "0"):
            continue
        told = details.get(qid, {})
        kind = text_of(one.get("type")) or ""
        found[code] = Question(
            code,
            kind,
            plain(one.get("question")),
            parts.get(qid, ({}, {})),
            labels_of(told.get("answeroptions")) if kind in _WITH_CODES else {},
            text_of(one.get("other")) == "Y",
            # An equation has a value that nobody gave: like a hidden question it is a property.
            kind == "*" or _is_hidden(told.get("attributes")),
        )
    return {code: question for code, question in found.items() if question.type != "X"}


def ids_to_ask(listed: list[Any]) -> list[str]:
    """Give the ids of the questions whose properties matter: all but parts and plain texts on the page."""
    return [
        qid
        for one in listed
        if isinstance(one, dict)
        and text_of(one.get("parent_qid")) in (None, "0")
        and one.get("type") not in _NO_DATA
        and (qid := text_of(one.get("qid")))
    ]


def labels_of(options: Any) -> dict[str, str]:
    """Give the label of each code."""
    pairs = enumerate(options) if isinstance(options, list) else _items(options)
    return {
        str(code): plain(option["answer"])
        for code, option in pairs
        if isinstance(option, dict) and "answer" in option
    }


def column_parts(name: str) -> tuple[str, list[str]] | None:
    """Take a column's name apart into the question's code and its parts; None for another spelling."""
    found = _COLUMN.fullmatch(name)
    if not found:
        return None
    return found[1], re.findall(r"\[([^\[\]]*)\]", found[2])


def plain(text: Any) -> str:
    """Write a text of the editor, which is HTML, as plain text on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", text if isinstance(text, str) else "")).split())


def _items(options: Any) -> Any:
    return options.items() if isinstance(options, dict) else ()


def _order(question: Mapping[str, Any]) -> float:
    try:
        return float(question.get("question_order") or 0)
    except (TypeError, ValueError):
        return 0.0


def _is_hidden(attributes: Any) -> bool:
    return isinstance(attributes, dict) and text_of(attributes.get("hidden")) == "1"
