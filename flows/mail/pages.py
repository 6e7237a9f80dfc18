"""How words become pages: one environment of templates per language, styles written into the elements."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from flows.mail.cleaning import isolated
from flows.mail.languages import locale_of, translations

TEMPLATES = Path(__file__).parent / "templates"

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def rendered(name: str, language: str, shown: dict[str, Any]) -> tuple[str, str]:
    """Give a letter's text and its page; `shown` are the values that the templates of that name ask for."""
    whole = {**_tongue(language), **shown}
    environment = _environment(language)
    text = environment.get_template(f"{name}.txt.j2").render(whole)
    page = environment.get_template(f"{name}.html.j2").render(whole)
    return text, _inliner.inline(page)


def _tongue(language: str) -> dict[str, str]:
    """Tell the language and direction of the page: English where there is no catalogue."""
    written = locale_of(language)
    direction = "rtl" if written.character_order == "right-to-left" else "ltr"
    return {"language": written.language, "direction": direction}


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters["isolated"] = isolated
    return environment
