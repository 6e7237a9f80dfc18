"""Theme patterns as DuckDB and Spark take them: without look-around, marks in the text tell where words end.

A marked text has `LEFT` wherever a word may begin and `RIGHT` wherever one may end; there `<` and `>` ask for
the mark, and every character lets marks stand before it. Without bounds a pattern is matched over plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from flows.programme.patterns import JOINERS, Token, steps, tokens, word_set
from flows.records import ThemePattern

# Characters that no text may hold: Unicode keeps them for such use inside a program.
LEFT, RIGHT = "\U0010fffe", "\U0010ffff"
_MARKS = rf"[{LEFT}{RIGHT}]*"
_SETS = {
    "d": r"\p{Nd}",
    "s": r"\x{09}-\x{0d}\x{1c}-\x{1f}\x{85}\p{Z}",
    "w": rf"\p{{L}}\p{{M}}\p{{N}}_{JOINERS}",
}
_CONTROLS = {"n": r"\x{0a}", "t": r"\x{09}", "r": r"\x{0d}", "f": r"\x{0c}"}
# Letters that are one to Python without case, not to RE2: the Turkish i, and two ways to join s and t.
_FAMILIES = ("iI\u0130\u0131", "\ufb05\ufb06")
_ORDER = "^<>$"


def theme_patterns(rows: Iterable[Mapping[str, str | None]]) -> list[ThemePattern]:
    """Join the patterns of a theme and language (`*`: any) to one and put it in the words of the engines."""
    joined: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["pattern"] and row["theme_id"]:
            joined.setdefault((row["theme_id"], row["language"] or "*"), []).append(row["pattern"])
    return [
        ThemePattern(
            theme_id=theme_id,
            language=language,
            plain="|".join(in_plain_text(pattern) for pattern in patterns),
            marked="|".join(in_marked_text(pattern) for pattern in patterns)
            if any(_is_bounded(pattern) for pattern in patterns)
            else None,
            steps=sum(steps(pattern) for pattern in patterns),
        )
        for (theme_id, language), patterns in sorted(joined.items())
    ]


def in_plain_text(pattern: str) -> str:
    """Give the pattern without the edges of words: what it finds, and maybe more."""
    return "".join(_plain(token) for token in tokens(pattern) if token.text not in ("<", ">"))


def in_marked_text(pattern: str) -> str:
    """Give the pattern for a marked text, where it finds exactly what it says."""
    pieces, written, after_letter = _ordered(tokens(pattern)), [], False
    for place, token in enumerate(pieces):
        is_letter = token.kind == "one" and len(token.text) == 1 and _is_letter(token.text)
        text = _marked(token)
        if token.kind in ("one", "set") and not (is_letter and after_letter):
            is_repeated = place + 1 < len(pieces) and pieces[place + 1].kind == "repeat"
            text = f"(?:{_MARKS}{text})" if is_repeated else _MARKS + text
        written.append(text)
        after_letter = is_letter
    return "".join(written)


def _is_bounded(pattern: str) -> bool:
    return any(token.text in ("<", ">") for token in tokens(pattern))


def _ordered(pieces: list[Token]) -> list[Token]:
    """Put edges that meet at one place into the order in which their marks stand there, each once."""
    ordered: list[Token] = []
    run: set[str] = set()
    for piece in [*pieces, Token("end", "")]:
        if piece.kind == "edge":
            run.add(piece.text)
            continue
        ordered.extend(Token("edge", text) for text in sorted(run, key=_ORDER.index))
        ordered.append(piece)
        run.clear()
    return ordered[:-1]


def _plain(token: Token) -> str:
    if token.kind == "edge":
        return r"\z" if token.text == "$" else token.text
    return _characters(token, "")


def _marked(token: Token) -> str:
    if token.kind == "edge":
        return {"^": "^", "<": LEFT, ">": f"{LEFT}?{RIGHT}", "$": rf"{_MARKS}\z"}[token.text]
    return _characters(token, LEFT + RIGHT)


def _characters(token: Token, never: str) -> str:
    """Write a piece for the engines; what is not this or that is not one of `never` either."""
    text = token.text
    if token.kind == "set":
        return _set(text, never)
    if token.kind != "one":
        return text
    if text == ".":
        return rf"[^\x{{0a}}{never}]"
    if len(text) == 2 and text[1].lower() in _SETS:
        return f"[{f'^{never}' if text[1].isupper() else ''}{_SETS[text[1].lower()]}]"
    if len(text) == 2 and text[1] in _CONTROLS:
        return _CONTROLS[text[1]]
    letter = text[-1]
    family = next((family for family in _FAMILIES if letter in family), None)
    return f"[{family}]" if family else _literal(letter)


def _set(text: str, never: str) -> str:
    is_negated = text.startswith("[^")
    items = re.findall(r"\\.|.", text[2 if is_negated else 1 : -1], re.DOTALL)
    written, place = [], 0
    while place < len(items):
        if place + 2 < len(items) and items[place + 1] == "-":
            last = min(items[place + 2][-1], "\U0010fffd")
            written.append(f"{_member(items[place])}-{_literal(last)}")
            place += 3
        else:
            written.append(_member(items[place]))
            place += 1
    in_python = re.compile(text, re.IGNORECASE)
    kin = [one for one in "".join(_FAMILIES) if (in_python.match(one) is None) == is_negated]
    return f"[{'^' + never if is_negated else ''}{''.join(written)}{''.join(kin)}]"


def _member(item: str) -> str:
    if len(item) == 2 and item[1] in _SETS:
        return _SETS[item[1]]
    if len(item) == 2 and item[1] in _CONTROLS:
        return _CONTROLS[item[1]]
    return _literal(item[-1])


def _literal(letter: str) -> str:
    if ord(letter) < 32:
        return rf"\x{{{ord(letter):02x}}}"
    return f"\\{letter}" if letter in r"\.+*?()|[]{}^$-&~#" else letter


def _is_letter(letter: str) -> bool:
    return re.fullmatch(f"[{word_set()}]", letter) is not None
