"""The words that somebody wrote themselves in an answer: without what they quote, without their signature."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from flows.mail.cleaning import body_text

# How mail programs of every language begin what they quote: a line of dashes or underscores, words between.
_RULE = re.compile(r"\s*(-{2,}|_{5,}|\*{5,}|—{2,}).*|\s*>.*")
_ATTRIBUTION = re.compile(r".*\S+@\S+.*[:：]\s*$|.*<\S+@\S+>.*")
_HEADER = re.compile(r"\s*\*?[^\s:][^:]{0,20}[:：]\*?\s.*\S+@\S+.*")
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"}
_SILENT = {"style", "script", "head", "title", "blockquote"}


def own_words(text: str, html: str = "", our_addresses: tuple[str, ...] = ()) -> str:
    """Give what the writer wrote above the quotation; from the page where there is no plain text."""
    lines = body_text(text or _Plain(html).text).split("\n")
    kept: list[str] = []
    for line in lines:
        if _begins_quotation(line, our_addresses):
            if _ATTRIBUTION.fullmatch(line):
                _drop_beginning(kept)
            break
        kept.append(line.strip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _begins_quotation(line: str, our_addresses: tuple[str, ...]) -> bool:
    if _RULE.fullmatch(line) or _ATTRIBUTION.fullmatch(line) or _HEADER.fullmatch(line):
        return True
    return any(one and one in line for one in our_addresses)


def _drop_beginning(kept: list[str]) -> None:
    """Drop the first line of an attribution that was wrapped: it stands right above, after a blank line."""
    if len(kept) > 1 and kept[-1] and not kept[-2]:
        kept.pop()


class _Plain(HTMLParser):
    """Read a page's text, leaving out what it quotes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self._silent = "", 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        is_quote = "quote" in (named.get("class") or "") or "appendonsend" in (named.get("id") or "")
        if tag in _BLOCKS:
            self.text += "\n"
        if self._silent or tag in _SILENT or is_quote:
            self._silent += tag not in ("br", "img", "meta", "link", "hr", "input")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag not in ("br", "img", "meta", "link", "hr", "input"):
            self._silent -= 1
        elif tag in ("p", "div"):
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data.replace("\n", " ")
