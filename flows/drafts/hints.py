"""What a header or a question speaks of, by the words that `unmapped_questions` goes by too.

The list of words is a macro of the dbt project (`wordings.sql`), which is read here as dbt reads it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from jinja2 import Environment

_FILE = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "wordings.sql"


@cache
def wordings() -> tuple[dict[str, list[str]], dict[str, re.Pattern[str]]]:
    """Read the words of each kind, and the pattern that the engines are given for them."""
    returned: list[dict[str, list[str]]] = []
    read = Environment(extensions=["jinja2.ext.do"])  # noqa: S701 - it makes patterns, no page
    read.globals["return"] = returned.append
    macros = vars(read.from_string(_FILE.read_text(encoding="utf-8")).module)
    macros["wordings"]()
    (words,) = returned
    return words, {kind: re.compile(str(macros["pattern_of"](listed))) for kind, listed in words.items()}


def hints_at(header: str, kind: str) -> bool:
    """Tell whether a header holds a word of a kind."""
    return bool(wordings()[1][kind].search(words_of(header)))


def is_word(text: str, kind: str) -> bool:
    """Tell whether a text is one of the words of a kind and nothing else."""
    return text in wordings()[0][kind]


def words_of(header: str) -> str:
    """Write a header in lower case with blanks between its words: `CustomerID` is `customer id`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-./]+", " ", header)
    return " ".join(unicodedata.normalize("NFC", split).casefold().split())
