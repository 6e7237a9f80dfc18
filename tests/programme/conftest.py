"""A sound little programme that each test spoils in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SOUND = {
    "journeys": (
        "journey_id,name,position,audience,strategic_weight,owner_team_id\nbuy,Buying,1,customer,0.6,shop\n"
    ),
    "touchpoints": (
        "touchpoint_id,journey_id,stage,position,name,is_moment_of_truth,owner_team_id\n"
        "checkout,buy,Pay,1,Checkout,true,shop\n"
    ),
    "teams": "team_id,name,email,timezone,calendar_id\nshop,Shop,shop@example.com,Europe/Berlin,office\n",
    "owners": "owner_id,team_id,name,email\nana,shop,Ana,ana@example.com\nben,shop,Ben,ben@example.com\n",
    "calendars": "calendar_id,weekday,opens_at,closes_at\noffice,1,09:00,12:00\noffice,1,13:00,24:00\n",
    "routing": (
        "rule_id,position,action,metric,score_class,team_id,follow_up_kind,clock,respond_within_hours\n"
        "detractors,1,assign,nps,detractor,shop,recover,elapsed,48\n"
    ),
    "questions": (
        "source_name,survey_id,question_ref,metric,scale_min,scale_max,journey_id,touchpoint_id\n"
        "web,s1,q1,nps,0,10,buy,checkout\n"
    ),
    "themes": "theme_id,name,kind,language,pattern\nqueue,Queues,complaint,en,<queue|<wait\n",
}


@pytest.fixture
def sound() -> dict[str, str]:
    """Give the text of each sound table."""
    return dict(SOUND)


@pytest.fixture
def programme(tmp_path: Path) -> Callable[..., Path]:
    """Write the sound programme with some tables changed (text, or bytes as they are); gives its folder."""

    def written(**changed: str | bytes) -> Path:
        folder = tmp_path / "programme"
        folder.mkdir(exist_ok=True)
        for name, content in {**SOUND, **changed}.items():
            (folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return written
