"""What a saved response answers, and what its survey was sent with.

Facts: a further question has a type, and its value stands under the name of that type: a text, a number, one
choice or a list of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from flows.surveys.templates import member, text_of


def kind_of(item: dict[str, Any]) -> str:
    """Name the kind of survey, in small letters."""
    return (text_of(item.get("survey_type")) or "").lower()


def answers_in(item: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Give score, comment and further answers, of several things chosen one each."""
    for ref, kind in (("score", kind_of(item)), ("comment", "comment")):
        if text := text_of(item.get(ref)):
            yield {"ref": ref, "type": kind, "text": text}
    further = item.get("additional_answers")
    for answer in further if isinstance(further, list) else ():
        question = member(answer, "question")
        if not isinstance(question, dict):
            continue
        kind, asked = text_of(question.get("type")) or "", text_of(question.get("text")) or ""
        ref = text_of(question.get("id")) or "q_" + hashlib.sha256(asked.encode()).hexdigest()[:12]
        value = member(answer, f"value.{kind}")
        for one in value if isinstance(value, list) else [value]:
            told = {"ref": ref, "type": kind, "question": asked}
            if isinstance(one, dict) and (text := text_of(one.get("text"))):
                yield {**told, "text": text, "choice": text_of(one.get("id")) or text}
            elif text := text_of(one):
                yield {**told, "text": text}


def properties_in(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give what the survey was sent with, by name, and the tags."""
    told = item.get("person_properties")
    for name, value in (told if isinstance(told, dict) else {}).items():
        if text := text_of(value):
            yield name, text
    tags = item.get("tags")
    if isinstance(tags, list) and (kept := sorted(text for one in tags if (text := text_of(one)))):
        yield "tags", ";".join(kept)
