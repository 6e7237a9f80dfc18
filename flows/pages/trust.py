"""Whether the page can be trusted: as of when it is, which source was left out, what the checks found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.pages import words

Row = Mapping[str, Any]
Facts = Mapping[str, Sequence[Row]]
_OUTCOMES = {"broken": "Does not hold", "could_not_tell": "Could not tell"}


@dataclass(frozen=True, slots=True)
class Source:
    """Hold a source: when it was read and what it told last; `trouble` says why it is left out, if it is."""

    name: str
    tool: str
    read: str
    newest: str
    responses: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold a check that does not hold, or could not look."""

    sentence: str
    severity: str
    outcome: str
    observed: str
    since: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Hold as of when the page is and what it was made from."""

    published: str
    published_iso: str
    data_until: str
    build_id: str
    version: str
    zone: str
    sources: tuple[Source, ...]
    left_out: tuple[Source, ...]
    findings: tuple[Finding, ...]
    held: int
    looked: int
    quarantine: tuple[str, ...]


def stand(facts: Facts, zone: str) -> Stand:
    """Gather what the page rests on."""
    about = facts["about"][0]
    sources = tuple(_source(row, zone) for row in facts["sources"])
    broken = [row for row in facts["findings"] if row["outcome"] in _OUTCOMES]
    return Stand(
        published=words.moment(about["published_at"], zone),
        published_iso=about["published_at"].isoformat(),
        data_until=words.moment(about["data_until"], zone) if about["data_until"] else "",
        build_id=about["build_id"],
        version=about["version"],
        zone=zone,
        sources=sources,
        left_out=tuple(source for source in sources if source.trouble),
        findings=tuple(_finding(row, zone) for row in broken),
        held=sum(row["outcome"] == "held" for row in facts["findings"]),
        looked=len(facts["findings"]),
        quarantine=tuple(_set_aside(row) for row in facts["quarantine"]),
    )


def _source(row: Row, zone: str) -> Source:
    trouble = ""
    if row["is_left_out"]:
        never = row["last_fetched_at"] is None
        trouble = "never read yet" if never else "its last reading failed; what came since is missing"
    return Source(
        name=words.harmless(row["source_name"]),
        tool=words.plain(row["tool"]),
        read=words.moment(row["last_fetched_at"], zone),
        newest=words.moment(row["last_submitted_at"], zone) if row["last_submitted_at"] else "–",
        responses=words.number(row["response_count"]),
        trouble=trouble,
    )


def _finding(row: Row, zone: str) -> Finding:
    return Finding(
        sentence=words.harmless(row["sentence"]),
        severity=row["severity"],
        outcome=_OUTCOMES[row["outcome"]],
        observed=words.harmless(row["observed"] or ""),
        since=words.moment(row["since"], zone) if row["since"] else "",
    )


def _set_aside(row: Row) -> str:
    what = words.counted(row["count"], words.plain(row["level"]))
    return f"{what} from {words.harmless(row['source_name'])}"
