"""What is read of one survey, in which order, and how far it was read.

A run asks for the index of all ids, which is small, and reads whole what is new: ids it does not know, and
responses touched since a day before the newest change it has seen, complete or not. An id that is known and
not in the index any more was deleted. So a late completion and an edit of an old response are found, and what
is asked for in whole does not grow with what is stored; the index does, there is no smaller question.

Where a survey keeps no date stamps the index tells nothing of edits. Then incomplete responses are read again
each time, and all of them where participants may change what they sent (`alloweditaftercompletion`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from flows.records import Cursor, Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.limesurvey import ids
from flows.surveys.limesurvey.definitions import definition_page
from flows.surveys.limesurvey.ids import Ids
from flows.surveys.limesurvey.index import entries
from flows.surveys.limesurvey.news import News, Terms, news_in, wall_clock
from flows.surveys.limesurvey.questions import Question, ids_to_ask, questions_of
from flows.surveys.limesurvey.remote import Remote, Said
from flows.surveys.limesurvey.rows import Maker
from flows.surveys.limesurvey.state import ASKED, LISTED, READ, READING, Outline, State, Stop
from flows.surveys.limesurvey.windows import Windows
from flows.surveys.told import name_of

_PROPERTIES = ["sid", "language", "additional_languages", "anonymized", "datestamp", "active"]
_PROPERTIES += ["alloweditaftercompletion", "attributedescriptions"]


class Survey:
    """Read one survey of a server."""

    def __init__(
        self, asked: Asked, remote: Remote, envelope: Envelope, survey_id: str, listed: dict[str, object]
    ) -> None:
        """Take what is asked for, the calls, the envelope of its responses, and what lists say of it."""
        self._asked, self._remote, self._envelope = asked, remote, envelope
        self._id, self._listed = survey_id, listed
        self._number: int | str = int(survey_id) if survey_id.isascii() and survey_id.isdigit() else survey_id
        self._state = State.at(self._noted(READ)) or State()
        self._stop = Stop.at(self._noted(READING), self._noted(LISTED))
        if self._stop:
            known = np.union1d(self._state.known, self._stop.read)
            self._state = replace(self._state, known=known, mark=self._state.mark or self._stop.mark)
        self._options_missing = False

    def is_gone(self) -> bool:
        """Tell whether the server does not know the survey; to one that it may not read it is not gone."""
        try:
            self._remote.call("get_survey_properties", self._number, ["sid"])
        except Said as said:
            return said.says("invalid survey")
        return False

    def pages(self) -> Iterator[Page]:
        """Give the definition where it changed or is needed, then what is new; raises Said, SourceError."""
        if text(self._listed.get("active")) == "N" and self._noted(ASKED):
            return  # nobody can answer it, and what it asks is known
        told = self._remote.call("get_survey_properties", self._number, _PROPERTIES)
        properties = told if isinstance(told, dict) else {}
        listed = self._list_questions()
        is_active = text(properties.get("active", self._listed.get("active"))) != "N"
        terms = self._terms(properties)
        found = entries(self._remote, self._id, is_dated=terms.is_dated)
        news = news_in(found, terms) if is_active else News()
        outline = {"survey": self._listed, "properties": properties, "questions": listed}
        known, told_now = (
            Outline.at(self._noted(ASKED)),
            self._outline(outline, is_needed=len(news.wanted) > 0),
        )
        questions = questions_of(listed, told_now.details)
        if told_now != known:
            page = definition_page(self._id, {**outline, "details": told_now.details}, questions)
            if not self._asked.since:
                page.cursors.append(Cursor(self._id, ASKED, told_now.position()))
            yield page
        if is_active:
            yield from self._responses(news, terms, questions, properties)

    def _responses(
        self, news: News, terms: Terms, questions: dict[str, Question], properties: dict[str, Any]
    ) -> Iterator[Page]:
        series = self._state.series + news.begins_anew
        maker = Maker(self._asked.source, self._id, questions, self._envelope, series)
        windows = Windows(self._remote, self._id, maker, properties.get("attributedescriptions"))
        # What was read and vanished since stays among them until its tombstone is written.
        begun = self._stop.read if self._stop else ids.ids()
        listed = [Cursor(self._id, LISTED, ids.written(np.union1d(news.wanted, begun)))]
        for page, last in windows.pages(news.wanted):
            if not self._asked.since:
                stop = Stop(news.mark, last).after(self._stop)
                page.cursors += [*listed, Cursor(self._id, READING, stop.position())]
                listed = []
            yield page
        page = Page(warnings=list(windows.warnings))
        if not self._asked.since:
            page.warnings += self._warnings(news)
            page.responses += map(maker.gone, news.vanished(self._state).tolist())
            is_dated = terms.is_dated if windows.is_dated is None else windows.is_dated
            page.cursors = self._cursors(news, series, windows.missing, is_dated=is_dated)
        yield page

    def _cursors(self, news: News, series: int, missing: Ids, *, is_dated: bool) -> list[Cursor]:
        """Note what is known now; what the server listed and then did not give stays to be asked for."""
        known = np.setdiff1d(news.present, missing)
        state = State(
            news.mark, is_dated, known, news.open if not is_dated else ids.ids(), news.first, series
        )
        cursors = [Cursor(self._id, READ, state.position())]
        if len(news.wanted) or self._noted(READING):
            cursors += [Cursor(self._id, kind, "") for kind in (READING, LISTED)]
        return cursors

    def _warnings(self, news: News) -> list[str]:
        said = []
        if news.begins_anew:
            said.append(
                f"the survey {self._id} began to number its responses anew; the new ones are kept beside "
                f"those read before, as {self._state.series + 2}/ID."
            )
        if news.is_emptied(self._state):
            said.append(
                f"of the responses of the survey {self._id} that were read before none is there any more. "
                "That is so when a survey was switched off and on again, so they are kept."
            )
        if self._options_missing:
            said.append(f"the survey {self._id} does not tell what its codes mean; they stand as answers.")
        return [self._remote.sentence(words) for words in said]

    def _terms(self, properties: dict[str, Any]) -> Terms:
        zone = ZoneInfo(self._asked.source.timezone)
        stamped = text(properties.get("datestamp"))
        # "I" is inherited from a group that cannot be asked: then the responses themselves tell.
        is_dated = stamped == "Y" or (stamped != "N" and bool(self._state.is_dated))
        return Terms(
            self._state,
            self._stop,
            is_dated,
            text(properties.get("alloweditaftercompletion")) != "N",
            wall_clock(self._asked.now.astimezone(zone)),
            wall_clock(self._asked.since.astimezone(zone)) if self._asked.since else "",
        )

    def _list_questions(self) -> list[Any]:
        try:
            listed = self._remote.call("list_questions", self._number)
        except Said as said:
            if said.says("no questions found"):
                return []
            raise
        if not isinstance(listed, list):
            raise SourceError(self._remote.sentence(f"gives no list of questions of the survey {self._id}."))
        return listed

    def _outline(self, outline: dict[str, Any], *, is_needed: bool) -> Outline:
        """Give the outline as it is known, or asked for anew where it changed or a new day needs it."""
        try:
            digest = name_of(outline)
        except UnicodeEncodeError:
            digest = ""
        day = f"{self._asked.now:%Y-%m-%d}"
        known = Outline.at(self._noted(ASKED))
        if known and known.digest == digest and (known.day == day or not is_needed):
            return known
        return Outline(digest, day, {qid: self._details(qid) for qid in ids_to_ask(outline["questions"])})

    def _details(self, qid: str) -> dict[str, Any]:
        try:
            told = self._remote.call("get_question_properties", int(qid), ["answeroptions", "attributes"])
        except (Said, ValueError):
            self._options_missing = True
            return {}
        return told if isinstance(told, dict) else {}

    def _noted(self, kind: str) -> str:
        return self._asked.cursors.get((self._id, kind), "")


def text(value: object) -> str:
    """Give a setting as it is written."""
    return value if isinstance(value, str) else ""
