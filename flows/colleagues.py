"""Who works here today, as the programme tables say: owners, their managers, and where each is written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows import programme
from flows.letterhead import letterhead
from flows.mail.escalating import Office, Rules
from flows.settings import Settings

Cells = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Staff:
    """Hold the rows of owners and teams by id."""

    owners: Mapping[str, Cells] = field(default_factory=dict)
    teams: Mapping[str, Cells] = field(default_factory=dict)

    def up_to_date(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Give a follow-up's facts with its owner's and team's name, address, language and zone of today."""
        known, owner = self.owners.get(facts.get("owner_id") or ""), facts.get("owner") or {}
        team = self.teams.get(facts.get("team_id") or "")
        changed = dict(facts)
        if known is not None:
            own_team = self.teams.get(known.get("team_id") or "") or {}
            zone = known.get("timezone") or own_team.get("timezone") or owner.get("timezone")
            language = known.get("language") or own_team.get("language") or owner.get("language")
            name = known.get("name") or owner.get("name")
            changed["owner"] = {
                **owner, "name": name, "email": known.get("email"), "language": language, "timezone": zone
            }  # fmt: skip
        if team is not None:
            changed["team"] = {"id": facts["team_id"], "name": team.get("name"), "email": team.get("email")}
        return changed

    def manager_of(self, owner_id: str, team_id: str) -> dict[str, Any] | None:
        """Give who is told when an owner does not act: the owner's manager, else the team's, or None.

        Their own language and zone are not known unless they are owners too; else it is the team's.
        """
        owner, team = self.owners.get(owner_id) or {}, self.teams.get(team_id) or {}
        email = owner.get("manager_email") or team.get("manager_email")
        if not email:
            return None
        person = next((one for one in self.owners.values() if _same(one.get("email"), email)), {})
        return {
            "email": email,
            "name": person.get("name"),
            "language": person.get("language") or team.get("language"),
            "timezone": person.get("timezone") or team.get("timezone"),
            "team": team.get("name"),
        }

    def may_speak_for(self, address: str, assignment: Mapping[str, Any]) -> str | None:
        """Give the owner in whose name an address may answer, or None.

        That is the present owner; where letters go to the team, as the owner has no address, also a mate.
        """
        owner_id, team_id = str(assignment["owner_id"]), assignment["team_id"]
        facts = self.up_to_date({**(assignment["facts"] or {}), "owner_id": owner_id, "team_id": team_id})
        mine = (facts.get("owner") or {}).get("email")
        if mine:
            return owner_id if _same(mine, address) else None
        if _same((facts.get("team") or {}).get("email"), address):
            return owner_id
        mates = ((name, row) for name, row in self.owners.items() if row.get("team_id") == team_id)
        return next((name for name, row in mates if _same(row.get("email"), address)), None)


def staff(settings: Settings) -> Staff:
    """Read who works here from the programme tables."""
    tables, _ = programme.read(settings.programme_folder)
    owners = {row["owner_id"]: row for row in tables["owners"].rows if row["owner_id"]}
    teams = {row["team_id"]: row for row in tables["teams"].rows if row["team_id"]}
    return Staff(owners, teams)


def office_of(settings: Settings, now: datetime) -> tuple[Office, Staff]:
    """Give what writing to colleagues needs: who signs, the rules of reminders, who is who today."""
    people, rules = staff(settings), settings.configuration.letters
    kept = Rules(rules.remind_before_hours, rules.escalate_after_hours, rules.quiet_hours)
    return Office(letterhead(settings), kept, now, people.up_to_date, people.manager_of), people


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and str(one).strip().lower() == str(other).strip().lower()
