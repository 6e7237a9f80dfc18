"""The shape of `heardback.yml`: every key, its meaning and its default; an unknown key is refused.

Pure models: reading the file and the environment is `settings.py`'s business.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

# One line a tool.
TOOLS = (
    "delighted",
    "files",
    "formbricks",
    "hubspot",
    "limesurvey",
    "mopinion",
    "qualtrics",
    "surveymonkey",
    "typeform",
    "zendesk",
)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except Exception as error:
        raise ValueError(
            f"'{name}' is no time zone of the tz database (for example Europe/Amsterdam)"
        ) from error
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value)]


class Model(BaseModel):
    """Refuse what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Company(Model):
    """Say who runs this, in which language, zone and currency."""

    name: str = "Acme"
    language: str = "en"
    timezone: Zone = "UTC"
    currency: str = "EUR"
    help_email: str = ""


class Numbers(Model):
    """Set the limits of the verdicts: effective answers, points of a score, share of a share."""

    suppress_below: int = Field(30, ge=0)
    flag_points_wider_than: float = Field(40, ge=0)
    flag_share_wider_than: float = Field(0.20, ge=0)


class FollowUps(Model):
    """Say which answers may still become letters and when a resolved follow-up closes by itself (days)."""

    within_days: int = Field(14, ge=0)
    join_open: bool = True
    close_after_days: int = Field(7, ge=0)


class Letters(Model):
    """Keep letters bearable: caps a day, quiet hours, how long links live, how many connections."""

    owner_cap_per_day: int = Field(10, ge=1)
    quiet_hours: str = Field("", pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
    link_days: int = Field(14, ge=1)
    connections: int = Field(4, ge=1, le=32)
    remind_before_hours: float = Field(4, ge=0)
    escalate_after_hours: float = Field(0, ge=0)


class Contact(Model):
    """Set how many days lie between two contacts of one customer."""

    days_between: int = Field(30, ge=0)


class DataTeam(Model):
    """Say who hears about doubtful data."""

    email: str = ""
    notify_url: str = ""


class Source(Model):
    """Describe one survey tool's account or one set of files; templates (`{hidden.customer}`) fill fields."""

    name: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
    tool: str
    holds: Literal["responses", "customers"] = "responses"
    path: str | None = None
    token: str | None = None
    base_url: str | None = None
    data_center: str | None = None
    public_key: str | None = None
    private_key: str | None = None
    username: str | None = None
    password: str | None = None
    subdomain: str | None = None
    webhook_secret: str | None = None
    surveys: Literal["all"] | list[Text] = "all"
    survey_id: Text | None = None
    response_id: Text | None = None
    submitted_at: Text | None = None
    submitted_at_format: str | None = None
    timezone: Zone = "UTC"
    customer_id: Text | None = None
    account_id: Text | None = None
    email: Text | None = None
    language: Text | None = None
    channel: Text | None = None
    audience: Text | None = None
    weight: Text | None = None
    phone: Text | None = None
    segment: Text | None = None
    persona: Text | None = None
    annual_value: Text | None = None
    currency: Text | None = None
    may_contact: Text | None = None
    owner_id: Text | None = None
    left_at: Text | None = None
    customer_name: Text | None = None
    maps: dict[str, dict[Text, Text]] = {}
    properties: list[Text] = []

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, name: str) -> str:
        if name == "desk":
            raise ValueError("the name 'desk' belongs to what customers tell at the desk; choose another")
        return name

    @field_validator("tool")
    @classmethod
    def _tool_is_known(cls, tool: str) -> str:
        if tool in TOOLS:
            return tool
        raise ValueError(f"the tool '{tool}' is not known; known are {', '.join(TOOLS)}")


class Configuration(Model):
    """Hold one installation's sources and rules, as `heardback.yml` says them."""

    company: Company = Company()
    segments: list[str] = ["segment", "persona", "audience", "channel", "language"]
    numbers: Numbers = Numbers()
    follow_ups: FollowUps = FollowUps()
    letters: Letters = Letters()
    contact: Contact = Contact()
    data_team: DataTeam = DataTeam()
    sources: list[Source]

    @field_validator("sources")
    @classmethod
    def _names_differ(cls, sources: list[Source]) -> list[Source]:
        seen: set[str] = set()
        for source in sources:
            if source.name in seen:
                raise ValueError(f"two sources are called '{source.name}'; every name is used once")
            seen.add(source.name)
        return sources

    @field_validator("segments", mode="before")
    @classmethod
    def _segments_may_be_empty(cls, value: Any) -> Any:
        return [] if value is None else value


def json_schema() -> str:
    """Give the JSON Schema of `heardback.yml` for editors: `python -m flows.configuration` prints it."""
    return json.dumps(Configuration.model_json_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(json_schema(), end="")
