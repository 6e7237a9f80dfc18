"""The module in CONTRIBUTING.md does what it says there."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from demo.tools.local import LocalTool, Refusal, Request
from flows.configuration import Source

from .collecting import Store

RECIPES = Path(__file__).parents[2] / "CONTRIBUTING.md"


class Postbox(LocalTool):
    """Give answers behind a number, to who knows the token."""

    answers: list[Any]

    def answer(self, request: Request) -> Any:
        if request.headers.get("Authorization") != "Bearer s3cret":
            raise Refusal(401, {"message": "who are you?"})
        after, limit = int(request.query["after"]), int(request.query["limit"])
        behind = [one for one in self.answers if not isinstance(one, dict) or one["number"] > after]
        return {"answers": behind[:limit]}


@pytest.fixture
def postbox() -> ModuleType:
    """Take the module out of the recipe."""
    recipe = RECIPES.read_text(encoding="utf-8").partition("## Add a survey tool")[2]
    [written] = re.findall(r"```python\n(.*?)```", recipe.partition("## Add a metric")[0], re.DOTALL)
    module = ModuleType("postbox")
    exec(compile(written, str(RECIPES), "exec"), module.__dict__)
    return module


def test_the_module_of_the_recipe_reads_a_tool(postbox: ModuleType) -> None:
    told = {"at": "2026-05-04T09:00:00Z", "score": 9, "why": "Fast", "email": "ann@example.com"}
    with Postbox() as tool:
        tool.answers = [{"number": number, **told} for number in range(1, 251)]
        for number in (8, *range(101, 201)):
            tool.answers[number - 1]["at"] = "noon"
        source = Source(name="box", tool="files", token="s3cret", base_url=tool.url)
        store = Store(source, ask=postbox.pages)
        assert store.run() is None
        assert (len(store.versions), len(store.rejects)) == (149, 101)
        assert store.rejects[0].reason.startswith("submitted_at is no time")
        tool.answers.append({"number": 251, **told})
        tool.requests.clear()
        store.run()
        refused = store.changed(token="other").run()

    assert tool.requests[0] == "/answers?after=250&limit=100"
    assert store.newest["251"].email == "ann@example.com"
    assert "HTTP 401" in str(refused) and "other" not in str(refused)
