"""Small pictures for letters: how a score went week by week, with its interval; no words in them.

Words stand beside the picture, in the reader's language, and in its text alternative. The ground is
transparent and the colours hold on light and dark pages alike.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1120, 240  # twice what is shown, for dense screens
_FINER = 2
_MARGIN = 24
_LINE, _BAND, _GRID = (47, 125, 225, 255), (47, 125, 225, 70), (128, 140, 156, 150)


@dataclass(frozen=True, slots=True)
class Point:
    """Hold one week's score with its interval; `place` is the week's number from the left, 0 first."""

    place: int
    score: float
    low: float
    high: float


def trend(points: Sequence[Point], weeks: int, lowest: float, highest: float) -> bytes:
    """Draw a line with its band over `weeks` weeks, the scale running from `lowest` to `highest`; a PNG.

    A week without a score is a gap. Raises ValueError when there is nothing to draw.
    """
    if not points or highest <= lowest:
        raise ValueError("a trend needs points and a scale")
    width, height, margin = WIDTH * _FINER, HEIGHT * _FINER, _MARGIN * _FINER

    def at(place: float, score: float) -> tuple[float, float]:
        right = margin + (width - 2 * margin) * (place / max(weeks - 1, 1))
        share = (min(max(score, lowest), highest) - lowest) / (highest - lowest)
        return right, height - margin - (height - 2 * margin) * share

    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture, "RGBA")
    for level in (lowest, (lowest + highest) / 2, highest):
        pen.line([at(0, level), at(weeks - 1, level)], fill=_GRID, width=2 * _FINER)
    for stretch in _stretches(points):
        above = [at(one.place, one.high) for one in stretch]
        below = [at(one.place, one.low) for one in reversed(stretch)]
        if len(stretch) > 1:
            pen.polygon(above + below, fill=_BAND)
            pen.line([at(one.place, one.score) for one in stretch], _LINE, 5 * _FINER, joint="curve")
        else:
            pen.line([above[0], below[0]], fill=_BAND, width=10 * _FINER)
    for one in points:
        across, down = at(one.place, one.score)
        wide = (10 if one is points[-1] else 5) * _FINER
        pen.ellipse((across - wide, down - wide, across + wide, down + wide), fill=_LINE)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


def _stretches(points: Sequence[Point]) -> list[list[Point]]:
    """Cut the points where a week is missing."""
    cut: list[list[Point]] = []
    for one in points:
        if cut and one.place == cut[-1][-1].place + 1:
            cut[-1].append(one)
        else:
            cut.append([one])
    return cut
