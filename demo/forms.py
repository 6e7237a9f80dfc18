"""The questionnaires of Hazel & Thrush as Typeform tells them; `web_survey` tells one as Formbricks does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

DELIVERY, WEB, HELP, FRIENDS = "Dlv7Kq2M", "Web3Pn8R", "Hlp5Tz1W", "Rel9Xc4B"
HIDDEN = ["customer_id", "language", "channel", "touchpoint", "order_no", "email"]


def _field(ref: str, kind: str, title: str, **properties: Any) -> dict[str, Any]:
    identifier = (ref.replace("_", "") + "000000000000")[:12]
    return {
        "id": identifier,
        "ref": ref,
        "type": kind,
        "title": title,
        "properties": properties,
        "validations": {"required": False},
    }


def _stars(ref: str, title: str) -> dict[str, Any]:
    return _field(ref, "rating", title, steps=5, shape="star")


def _agree(ref: str, title: str) -> dict[str, Any]:
    labels = {"left": "Disagree", "center": "Neutral", "right": "Agree"}
    return _field(ref, "opinion_scale", title, steps=7, start_at_one=True, labels=labels)


def _choices(ref: str, title: str, *labels: str) -> dict[str, Any]:
    choices = [
        {"id": f"{ref}{number}", "ref": f"{ref}-{number}", "label": label}
        for number, label in enumerate(labels)
    ]
    return _field(
        ref, "multiple_choice", title, allow_multiple_selection=True, allow_other_choice=True, choices=choices
    )


WISHES = ("Small sofas", "Evening deliveries", "Repairs")
CONTACT = _field(
    "contact", "group", "May we call you?", fields=[_field("callback_number", "phone_number", "Your number")]
)
FIELDS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    DELIVERY: (
        "After the delivery",
        [
            _agree("slot_ease", "Agreeing on a date was easy"),
            _stars("delivery_day", "How satisfied are you with the day of delivery?"),
            _stars("assembly", "How satisfied are you with the assembly?"),
            _stars("delivery_hoped", "How good a day of delivery did you expect?"),
            _field("delivery_words", "long_text", "What should we know?"),
        ],
    ),
    WEB: (
        "After the order",
        [
            _stars("website", "How do you like the web shop?"),
            _agree("order_ease", "Placing the order was easy"),
            _field("web_words", "long_text", "What should we know?"),
        ],
    ),
    HELP: (
        "After we helped",
        [
            _agree("help_ease", "It was easy to get help"),
            _stars("help_solved", "How satisfied are you with the result?"),
            _field("help_words", "long_text", "What should we know?"),
            CONTACT,
        ],
    ),
    FRIENDS: (
        "Twice a year",
        [
            _field("recommend", "nps", "How likely are you to recommend us?", steps=11, start_at_one=False),
            _field("recommend_why", "long_text", "Why?"),
            _stars("by_delivery_day", "Looking back: the day of delivery"),
            _stars("by_phone_support", "Looking back: our help by telephone"),
            _stars("by_shop_visit", "Looking back: our shops"),
            _stars("by_website", "Looking back: our web shop"),
            _stars("by_assembly", "Looking back: the assembly"),
            _stars("delivery_matters", "How important is a delivery that keeps its word?"),
            _choices("want_more", "What would you like more of?", *WISHES),
        ],
    ),
}


def definition(form_id: str, made_at: datetime) -> dict[str, Any]:
    """Give a form as `GET /forms/{id}` tells it; links are the server's to add."""
    title, fields = FIELDS[form_id]
    made = made_at.isoformat(timespec="seconds")
    return {
        "id": form_id,
        "type": "quiz",
        "title": title,
        "settings": {"language": "en", "is_public": True, "is_trial": False, "progress_bar": "proportion"},
        "hidden": HIDDEN,
        "fields": fields,
        "created_at": made,
        "last_updated_at": made,
        "published_at": made,
    }


def answer(form_id: str, ref: str, value: int | str | list[str]) -> dict[str, Any]:
    """Give one answer as it stands in a response: the value under the name of its type."""
    field = next(found for found in _flat(FIELDS[form_id][1]) if found["ref"] == ref)
    said: dict[str, Any] = {"field": {"id": field["id"], "type": field["type"], "ref": ref}}
    if isinstance(value, list):
        known = {choice["label"]: choice for choice in field["properties"]["choices"]}
        chosen = {
            "ids": [known[label]["id"] for label in value],
            "refs": [known[label]["ref"] for label in value],
        }
        return {**said, "type": "choices", "choices": {**chosen, "labels": value}}
    written = "phone_number" if field["type"] == "phone_number" else "text"
    kind = "number" if isinstance(value, int) else written
    return {**said, "type": kind, kind: value}


def _flat(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [inner for field in fields for inner in [field, *field["properties"].get("fields", [])]]
