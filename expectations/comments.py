"""What must hold of the mart `comments`; what they say is published as it was written."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold
from expectations.phrases import language_tags, own_key, with_response


class EveryCommentHasItsOwnKey(MustHold):
    description: str = "Every comment has a key, and no two have the same."
    severity = CRITICAL
    things: ClassVar[str] = "comments"
    may_be_empty: ClassVar[bool] = True
    query: str = own_key("comment_key")


class EveryCommentBelongsToAResponse(MustHold):
    description: str = "Every comment belongs to a response that is there."
    severity = CRITICAL
    things: ClassVar[str] = "comments"
    may_be_empty: ClassVar[bool] = True
    query: str = with_response()


class EveryCommentNamesItsLanguageByTag(MustHold):
    description: str = "Every language of a comment is a language tag (BCP 47)."
    severity = WARNING
    things: ClassVar[str] = "comments with a language"
    may_be_empty: ClassVar[bool] = True
    query: str = language_tags()
