"""What a theme's pattern may say: what RE2 (DuckDB) and Java (Spark) both understand in the same way.

No look-around, no back references, no `\\b` (it knows no Unicode): a word is bounded by `<` and `>` instead.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

# Letters, digits and `_` as Python has them, the marks that sit on letters, and the joiners inside words.
JOINERS = "\u200c\u200d"
_REFUSED = (
    (r"\(\?<?[=!]", "looks around, which DuckDB cannot do", "Match the words themselves."),
    (r"\(\?P?[<']|\(\?P=", "names a group", "Use a plain group (…)."),
    (r"\(\?>|[*+?}]\+", "is possessive", "Use a plain repetition."),
    (r"\(\?[a-zA-Z-]", "sets flags; case never matters anyway", "Remove the (?…)."),
    (r"\(\?(?!:)", "has a (? that engines read differently", "Use a plain group (…)."),
    (r"\\[bB]", "uses \\b, which knows no Unicode", "Write <word> for a whole word."),
    (r"\\[1-9kg]", "refers back to a group", "Write the words out."),
    (
        r"\\([^dDwWsStnrf!-/:-@\[-`{-~]|$)",
        "uses an escape that engines read differently",
        "Write the letters.",
    ),
    (
        r"(?<!\\)\{(?![0-9]{1,3}(,([0-9]{1,3})?)?\})",
        "has a { that repeats nothing",
        "Write \\{ for the sign.",
    ),
    (r"(?<!\\)[<>][*+?{]", "repeats the edge of a word", "Write \\< for the sign."),
)
_TOKENS = re.compile(
    r"(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<bar>\|)|(?P<repeat>(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})\??)"
    r"|(?P<edge>[<>^$])|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<one>\\?.)",
    re.DOTALL,
)
# RE2 refuses a part that repeats more often, and what needs more memory than it is given; ten such do not.
MOST_STEPS, _MOST_REPEATS = 20_000, 1000


@dataclass(frozen=True, slots=True)
class Token:
    """Hold a piece of a pattern: open, close, bar, repeat, edge (`< > ^ $`), set (`[…]`), one (character)."""

    kind: str
    text: str


def fault_in(pattern: str) -> tuple[str, str] | None:
    """Say what is wrong with a pattern and how to mend it; None where both engines take it."""
    bare = pattern.replace("\\\\", "  ")
    for refused, why, mend in _REFUSED:
        if re.search(refused, bare):
            return f"the pattern {why}.", mend
    if re.search(r"\[[^\]]*(\[|&&|\\[WSD])", bare.replace("\\[", "  ")):
        return (
            "the pattern has [, &&, \\D, \\W or \\S inside brackets.",
            "Write \\[ for a bracket that is meant.",
        )
    try:
        re.compile(pattern)
        compiled(pattern)
    except re.error as error:
        return (
            f"the pattern cannot be read: {error}.",
            "Put a backslash before a character that is meant as it is.",
        )
    if _has_ends_inside(tokens(pattern)):
        return "the pattern has a ^ or $ where no text can begin or end.", "Write \\^ or \\$ for the sign."
    if steps(pattern) > MOST_STEPS:
        return "the pattern repeats too much.", "Repeat a part less often: .{0,40} reaches over some words."
    return None


def tokens(pattern: str) -> list[Token]:
    """Cut a pattern, brought to NFC, into its pieces."""
    text = unicodedata.normalize("NFC", pattern)
    return [Token(str(found.lastgroup), found[0]) for found in _TOKENS.finditer(text)]


def _has_ends_inside(pieces: list[Token]) -> bool:
    """Tell whether anything but an edge of a word stands before a `^` or after a `$`."""
    mirrored = {"open": "close", "close": "open"}
    backwards = [Token(mirrored.get(piece.kind, piece.kind), piece.text) for piece in reversed(pieces)]
    return _goes_on_after("$", pieces) or _goes_on_after("^", backwards)


def _goes_on_after(end: str, pieces: list[Token]) -> bool:
    for place, piece in enumerate(pieces):
        if piece.kind == "edge" and piece.text == end:
            skipped = depth = 0  # in another alternative; how deep in groups of it
            for after in pieces[place + 1 :]:
                if skipped:
                    depth += (after.kind == "open") - (after.kind == "close")
                    skipped = depth >= 0
                elif after.kind == "bar":
                    skipped, depth = 1, 0
                elif after.kind not in ("close", "edge"):
                    return True
    return False


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Give the pattern as Python reads it, for examples: without case, `<` and `>` at the edges of words."""
    return re.compile("".join(_in_python(token) for token in tokens(pattern)), re.IGNORECASE)


def finds(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches somewhere in a text, which is brought to NFC first."""
    return compiled(pattern).search(unicodedata.normalize("NFC", text)) is not None


def _in_python(token: Token) -> str:
    if token.kind == "edge":
        edges = {"<": f"(?<![{word_set()}])", ">": f"(?![{word_set()}])", "$": r"\Z"}
        return edges.get(token.text, token.text)
    if token.text.lower() == r"\w":
        return ("[^" if token.text[1].isupper() else "[") + word_set() + "]"
    if token.kind == "set":
        return re.sub(r"\\(.)", lambda found: word_set() if found[1] == "w" else found[0], token.text)
    return token.text


@cache
def word_set() -> str:
    """Give what words are made of, as Python writes the inside of a set."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0xE01F0):
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return r"\w" + "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges) + JOINERS


def steps(pattern: str) -> int:
    """Count about how many steps RE2 makes of a pattern; a repeated part counts as often as it may come.

    Beyond what RE2 repeats at most, the count is 10⁹.
    """
    sums, depths, last, depth = [0], [1], 0, 1
    for token in tokens(pattern):
        if token.kind == "open":
            sums.append(0)
            depths.append(1)
            continue
        if token.kind == "repeat":
            times = max([int(number) for number in re.findall("[0-9]+", token.text)] or [1])
            sums[-1] += last * (times - 1)
            depth *= times
        elif token.kind == "close":
            last, depth = sums.pop(), depths.pop()
            sums[-1] += last
        else:
            last, depth = (1000 if re.search(r"\\[wWsSdD]", token.text) else 10), 1
            sums[-1] += last
        depths[-1] = max(depths[-1], depth)
        if depth > _MOST_REPEATS:
            return 10**9
    return sums[0]
