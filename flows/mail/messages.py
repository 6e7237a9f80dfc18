"""All that letters and the desk say, for translators.

`python -m flows.mail.messages fr > flows/mail/catalogues/fr.po` begins a language.
One that has a file already comes back with what is translated and room for what is not.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from flows.mail.languages import CATALOGUES

# One file for a language: letters and the pages of the desk.
_FOLDERS = (Path(__file__).parent, Path(__file__).parent.parent / "desk")
_KEYWORDS = {"_": None, "gettext": None, "_n": (1, 2), "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
_OPTIONS = {"**.j2": {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true"}}


def messages() -> Catalog:
    """Collect every text of templates and code, without translations."""
    found = Catalog(charset="utf-8")
    for folder in _FOLDERS:
        for _, _, message, _, context in extract_from_dir(folder, _METHODS, _OPTIONS, _KEYWORDS):
            found.add(message, context=context)
    return found


def catalogue(language: str) -> Catalog:
    """Read what a language has translated; empty, with its plural forms, where it has no file."""
    path = CATALOGUES / f"{language}.po"
    if not path.is_file():
        return Catalog(locale=language.replace("-", "_"), charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def draft(language: str) -> str:
    """Give a language's file with every text, translated or with room for it."""
    whole = catalogue(language)
    whole.update(messages(), no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(written, whole, omit_header=False, no_location=True, width=0)
    return written.getvalue().decode("utf-8")


if __name__ == "__main__":
    print(draft(sys.argv[1]), end="")
