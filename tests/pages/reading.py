"""Reading a page as a parser does: its headings, landmarks, pictures, ids, and the text in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_LANDMARKS = {"header", "nav", "main", "footer"}


@dataclass
class Read:
    """Hold what stands in a page."""

    language: str | None = None
    headings: list[int] = field(default_factory=list)
    landmarks: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    referred: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    # Of each picture: what it says it is and shows; None where it is told to be decoration.
    pictures: list[str | None] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = Read()
        self._hidden = 0
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told, read = dict(attrs), self.read
        read.tags.add(tag)
        if tag == "html":
            read.language = told.get("lang")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            read.headings.append(int(tag[1]))
        if tag in _LANDMARKS:
            read.landmarks.append(tag)
        if told.get("id"):
            read.ids.append(str(told["id"]))
        for name in ("aria-labelledby", "aria-describedby"):
            read.referred += (told.get(name) or "").split()
        read.loaded += [str(told[name]) for name in ("src", "srcset", "xlink:href", "data") if told.get(name)]
        if tag == "link":
            read.loaded.append(str(told.get("href")))
        if tag == "svg" and told.get("role") == "img":
            read.pictures.append("")
        elif tag == "svg" and "svg" not in self._open:
            read.pictures.append(None)
        if tag not in ("meta", "link", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        here = self._open[-1] if self._open else ""
        if here in ("title", "desc") and "svg" in self._open and self.read.pictures[-1] is not None:
            self.read.pictures[-1] += " ".join(data.split()) + "\n"
        elif here != "style":
            self.read.text.append(data)


def read(page: str) -> Read:
    """Read a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.read


def words_of(page: str) -> str:
    """Give the text of a page, blanks made single."""
    return " ".join(" ".join(read(page).text).split())
