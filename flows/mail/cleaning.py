"""Text from outside made safe for headers and bodies, and addresses that cannot be read as two.

Feedback is hostile input: a name may carry line breaks, a comment may turn the reading direction around.
"""

from __future__ import annotations

import re
import unicodedata
from email.headerregistry import Address
from email.utils import parseaddr

import idna

# Characters that turn or hide text; a header has no way to end what they begin.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LOCAL = re.compile(r"[^\s\x00-\x1f\x7f\"(),:;<>@\[\\\]]+")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
LONGEST_NAME = 120


def one_line(text: object, longest: int = 500) -> str:
    """Make text fit for a header or a line: no controls, no direction marks, single blanks, cut with `…`."""
    kept = (
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Zs") else one for one in _whole(str(text))
    )
    line = " ".join(_BIDI.sub("", "".join(kept)).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def body_text(text: object) -> str:
    """Make text fit for a body: line ends as LF, no other controls but the tab; everything else stays."""
    lines = _whole(str(text)).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) != "Cc")


def isolated(text: str) -> str:
    """Wrap each line that runs from right to left, or could, so that its direction ends with it."""
    return "\n".join(
        f"{FIRST_STRONG_ISOLATE}{line}{POP_ISOLATE}" if _turns(line) else line for line in text.split("\n")
    )


def address(text: str, name: str = "") -> Address:
    """Read one address such as `ann@example.com` or `Ann <ann@example.com>`; the domain comes back in IDNA.

    `name` replaces the name that stands in the text. Raises ValueError when it is not exactly one address.
    """
    shown, bare = parseaddr(text) if "<" in text else ("", text.strip())
    local, at, domain = bare.rpartition("@")
    if not at or len(bare) > 254 or not _LOCAL.fullmatch(local) or local[0] == "." or local[-1] == ".":
        raise ValueError(f"'{one_line(text)}' is no e-mail address")
    return Address(one_line(name or shown, LONGEST_NAME), local, _host(domain, text))


def _turns(line: str) -> bool:
    return bool(_BIDI.search(line)) or any(unicodedata.bidirectional(one) in ("R", "AL") for one in line)


def _host(domain: str, text: str) -> str:
    try:
        host = idna.encode(domain, uts46=True).decode("ascii") if not domain.isascii() else domain.lower()
    except idna.IDNAError:
        host = ""
    if not _HOST.fullmatch(host) or ".." in host:
        raise ValueError(f"'{one_line(text)}' has no domain that can be written to")
    return host


def _whole(text: str) -> str:
    """Replace halves of surrogate pairs, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
