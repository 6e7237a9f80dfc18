"""What comments are about, and why things go wrong: themes and root causes."""

from __future__ import annotations

from flows.programme.cells import Flag, Id, Language, Text
from flows.programme.words import Row, ThemeKind


class Theme(Row):
    """Describe one way to recognise a theme: a pattern over comments of a language, or a tool's own code."""

    theme_id: Id = None
    name: Text = None
    kind: ThemeKind = None
    language: Language = None
    pattern: Text = None
    theme_code: Text = None
    source_name: Text = None
    survey_id: Text = None
    question_ref: Text = None
    example: Text = None
    counter_example: Text = None


class RootCause(Row):
    """Name one reason why customers were let down, in one language."""

    root_cause_id: Id = None
    name: Text = None
    language: Language = None
    is_structural: Flag = None
    team_id: Text = None
