"""The web shop's sittings as Formbricks tells them: read by its connector, they are the same sittings."""

from __future__ import annotations

from datetime import datetime

from demo import forms, web_survey
from demo.show import MADE
from demo.story import DAY_TWO, tell
from demo.tools.formbricks import FakeFormbricks
from flows.configuration import Source
from tests.surveys.collecting import Store


def test_every_sitting_at_the_web_shop_is_read_with_who_when_and_in_which_language() -> None:
    told = tell().items[forms.WEB]
    with FakeFormbricks(
        [web_survey.definition(MADE)], [web_survey.response(item) for item in told], "t", now=DAY_TWO
    ) as tool:
        store = Store(Source(name="web", tool="formbricks", base_url=tool.url, token="t"))
        assert store.run(now=DAY_TWO) is None
    wanted = sorted(
        (
            datetime.fromisoformat(item["submitted_at"]),
            item["hidden"]["customer_id"],
            item["hidden"]["language"],
        )
        for item in told
    )
    read = sorted(
        (one.submitted_at, one.customer_id, one.language) for one in store.newest.values() if one.submitted_at
    )
    assert read == wanted and len(read) > 500
    assert store.rejects == [] and len(store.definitions) == 1
