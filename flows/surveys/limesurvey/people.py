"""The participants behind the tokens of responses: who they are, and what is known of them.

Asked for by token, so that it costs as much as there are new responses. Facts: `list_participants` leaves out
attributes that a survey does not have; a condition may be a list that begins with `IN` (versions that know no
operators take all of the list for values, which finds the same people).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.surveys.limesurvey.remote import Remote, Said, decoded
from flows.surveys.templates import text_of

_AT_ONCE = 200
_CONTACTS = {"email": "email", "firstname": "first_name", "lastname": "last_name"}


@dataclass(frozen=True, slots=True)
class Person:
    """Carry one participant: contact details, and attributes under the names people gave them."""

    contacts: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)


class People:
    """Look up the participants of one survey."""

    def __init__(self, remote: Remote, survey_id: str, descriptions: Any) -> None:
        """Take the survey and the property `attributedescriptions`: JSON in a text, or already read."""
        self._remote, self._survey_id = remote, survey_id
        self._names = attribute_names(descriptions)
        self.warning = ""

    def behind(self, tokens: Iterable[str]) -> dict[str, Person]:
        """Give the participants by token; where they cannot be read there is a `warning`, and nobody."""
        wanted = list(dict.fromkeys(tokens))
        found: dict[str, Person] = {}
        for place in range(0, len(wanted), _AT_ONCE):
            some = wanted[place : place + _AT_ONCE]
            try:
                told = self._remote.call(
                    "list_participants",
                    int(self._survey_id) if self._survey_id.isdigit() else self._survey_id,
                    0,
                    len(some) + 1,
                    False,
                    ["language", *self._names],
                    {"token": ["IN", *some]},
                )
            except Said as said:
                if said.says("no permission"):
                    self.warning = (
                        f"{said} Its responses are read without their participants; give the user the "
                        "survey's permission to read participants."
                    )
                    return found
                if said.says("no survey participants"):
                    continue
                raise
            found |= dict(self._person(one) for one in told or () if isinstance(one, dict))
        return found

    def _person(self, told: Mapping[str, Any]) -> tuple[str, Person]:
        info = told.get("participant_info")
        info = info if isinstance(info, dict) else {}
        contacts = {name: text for key, name in _CONTACTS.items() if (text := text_of(info.get(key)))}
        named = {"language": "language", **self._names}
        properties = {
            name: text
            for key, name in named.items()
            if (text := text_of(told.get(key)) or text_of(info.get(key)))
        }
        return text_of(told.get("token")) or "", Person(contacts, properties)


def attribute_names(descriptions: Any) -> dict[str, str]:
    """Give the attributes with their names: the description people see, else the name of the column."""
    if isinstance(descriptions, str):
        try:
            descriptions = decoded(descriptions.encode("utf-8", "surrogatepass"))
        except ValueError:
            return {}
    if not isinstance(descriptions, dict):
        return {}
    return {
        str(key): text_of(told.get("description") if isinstance(told, dict) else told) or str(key)
        for key, told in descriptions.items()
        if str(key).startswith("attribute_")
    }
