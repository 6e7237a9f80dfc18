"""The language of a response as its tool and its hidden fields tell it."""

from __future__ import annotations

import re

from flows.surveys.templates import text_of

_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?")


def first_language(*told: object) -> str | None:
    """Give the first of these that looks like a language tag, as it was told; None where none does."""
    texts = (text_of(one) for one in told)
    return next((text for text in texts if text and _TAG.fullmatch(text)), None)
