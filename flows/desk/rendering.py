"""How a page is made: a template, the reader's language, its direction; everything is escaped."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from flows.desk.office import Office
from flows.mail.cleaning import one_line
from flows.mail.languages import has_catalogue, locale_of, translations
from flows.mail.views import Reader
from flows.mail.words import in_short

TEMPLATES = Path(__file__).parent / "templates"
STYLE = (TEMPLATES / "desk.css").read_bytes()
STYLE_PATH = f"/desk-{hashlib.sha256(STYLE).hexdigest()[:12]}.css"


@dataclass(frozen=True, slots=True)
class Eye:
    """Say for whom a page is made: in which language and zone."""

    language: str
    zone: str

    @property
    def locale(self) -> Locale:
        """Give the rules for dates and numbers."""
        return locale_of(self.language)

    def translate(self, words: str) -> str:
        """Say words in the reader's language."""
        return translations(self.language).gettext(words)

    def reader(self, owner_id: str, now: datetime) -> Reader:
        """Give the reader that a letter to the same person is written for."""
        return Reader(owner_id, self.zone, self.language, self.locale, translations(self.language), now)

    def brief(self, moment: datetime) -> str:
        """Write day and time in the reader's zone."""
        return in_short(moment, self.zone, self.locale)


def page(office: Office, name: str, eye: Eye, status: int = 200, **shown: Any) -> HTMLResponse:
    """Make a page out of a template."""
    written = eye.locale if has_catalogue(eye.language) else locale_of("en")
    given = {
        "language": written.language,
        "direction": "rtl" if written.character_order == "right-to-left" else "ltr",
        "style": f"{office.prefix}{STYLE_PATH}",
        "company": one_line(office.sender.company),
        "help_email": one_line(office.sender.help_email),
        "lists": "",
        "here": "",
    }
    html = _environment(eye.language).get_template(f"{name}.html.j2").render({**given, **shown})
    return HTMLResponse(html, status)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
