"""Languages: gettext catalogues, one file each, and the pseudo-locale that shows what none of them covers.

`catalogues/<language>.po` holds all that a reader of that language sees, and the words to reply with: adding
a language is adding a file. English stands in the templates; its file holds the reply words alone.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "catalogues"
PSEUDO = "en-XA"

Translate = Callable[[str], str]

_NAMED = re.compile(r"%\(\w+\)[sd]")
_ACCENTED = str.maketrans("AEIOUYaeiouycnlr", "ÀÉÎÕÜÝàéîõüýçñļŕ")


class _Pseudo(gettext.NullTranslations):
    """Wrap each text in brackets and put accents on it: what stays bare on a page was never translated.

    Reply words are those of another language: people have to type them.
    """

    def __init__(self, typed: gettext.NullTranslations) -> None:
        super().__init__()
        self._typed = typed

    def gettext(self, message: str) -> str:
        """Give the text as a reader of the pseudo-locale sees it."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Give the singular or plural as such a reader sees it."""
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """Give reply words as they are typed."""
        return self._typed.pgettext(context, message)


def pseudo(message: str) -> str:
    """Put accents and brackets on a text; what is filled in later stays as it is."""
    words, names = _NAMED.split(message), [*_NAMED.findall(message), ""]
    pieces = zip(words, names, strict=True)
    return "⟦" + "".join(word.translate(_ACCENTED) + name for word, name in pieces) + "⟧"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Read the catalogue of a language (`de-AT` falls back on `de`, an unknown one on English)."""
    if language.replace("_", "-").lower() == PSEUDO.lower():
        return _Pseudo(translations("en"))
    for name in (language.replace("_", "-"), language.replace("_", "-").partition("-")[0]):
        path = CATALOGUES / f"{name}.po"
        if name.replace("-", "").isalnum() and path.is_file():
            compiled = io.BytesIO()
            with path.open("rb") as file:
                write_mo(compiled, read_po(file, locale=name.replace("-", "_")))
            compiled.seek(0)
            return gettext.GNUTranslations(compiled)
    return gettext.NullTranslations()


def has_catalogue(language: str) -> bool:
    """Tell whether letters can be written in a language; if not, their words are English."""
    return isinstance(translations(language), gettext.GNUTranslations)


def languages() -> list[str]:
    """List the languages that have a catalogue."""
    return sorted(path.stem for path in CATALOGUES.glob("*.po"))


@cache
def locale_of(language: str) -> Locale:
    """Find the rules for dates and numbers of a language tag; English where no catalogue speaks it."""
    if not has_catalogue(language):
        return Locale.parse("en")
    for name in (language, language.replace("_", "-").partition("-")[0]):
        try:
            return Locale.parse(name.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            continue
    return Locale.parse("en")
