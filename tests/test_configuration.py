"""What `heardback.yml` may hold: the schema that is shipped, and the example."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from flows.configuration import Configuration, json_schema
from flows.records import ConfigurationError
from flows.settings import read_configuration

ROOT = Path(__file__).parent.parent


def test_the_shipped_schema_is_the_one_of_today() -> None:
    shipped = (ROOT / "flows" / "heardback.schema.json").read_text(encoding="utf-8")

    assert shipped == json_schema(), "python -m flows.configuration > flows/heardback.schema.json"


def test_the_example_is_read() -> None:
    read = read_configuration(ROOT / "heardback.example.yml")

    assert [source.name for source in read.sources] == ["shop_typeform", "shop_floor", "crm"]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("sources: []\nletters: {owner_cap: 3}\n", 2, "Did you mean 'owner_cap_per_day'?"),
        ("sources: []\ncompany: {timezone: Europe/Amstredam}\n", 2, "is no time zone"),
        ("sources:\n- {name: a, tool: files}\n- {name: a, tool: files}\n", 1, "two sources are called 'a'"),
        ("sources:\n- name: a\n  tool: survymonkey\n", 3, "is not known"),
        ("sources: []\nletters:\n  quiet_hours: late\n", 3, "quiet_hours"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, line: int, sentence: str) -> None:
    path = tmp_path / "heardback.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        read_configuration(path)

    assert f"line {line}:" in str(refused.value) and sentence in str(refused.value)


def test_everything_but_sources_has_a_default() -> None:
    assert Configuration.model_validate(yaml.safe_load("sources: []")).follow_ups.within_days == 14
