"""The words of the drafted `heardback.yml` and `.env.example`."""

from __future__ import annotations

import json

from flows.drafts.roles import Roles

_HEAD = """\
# What Heardback asks and the rules it keeps. Every key but `sources` has a default; see `heardback doctor`.
# Secrets are written ${NAME} and come from the environment or from .env (see .env.example).

company:
  name: Acme
  language: en
  timezone: UTC            # that of days, weeks and months in the marts, e.g. Europe/Amsterdam
  currency: EUR

# numbers: {suppress_below: 30, flag_points_wider_than: 40, flag_share_wider_than: 0.20}
# follow_ups: {within_days: 14, join_open: true, close_after_days: 7}   # older answers never become letters
# letters: {owner_cap_per_day: 10, quiet_hours: "21:00-07:00"}          # in the recipient's zone
# contact: {days_between: 30}

"""

_NO_SOURCES = """\
sources: []
# sources:
#   - name: shop_typeform
#     tool: typeform
#     token: ${TYPEFORM_TOKEN}
#     surveys: all
#   - name: shop_floor
#     tool: files                       # CSV, JSON lines, Parquet, Excel
#     path: data/shop-floor-*.csv
#     survey_id: shop-floor
#     response_id: "{receipt}"          # templates over the file's columns
#     submitted_at: "{answered_at}"
"""

_LATER = """\

# A list of customers (who they are, who may be contacted) is one more source:
#   - name: crm
#     tool: files
#     holds: customers
#     path: data/customers.csv
"""

ENVIRONMENT = """\
# Copy this to .env and fill in what you need; a name may also be NAME_FILE, a file with the value.
# HEARDBACK_HOME=.heardback
# HEARDBACK_SMTP_URL=smtp://user:password@mail.example.com:587   # else letters go to a folder
# HEARDBACK_MAIL_FROM=heardback@example.com
# HEARDBACK_MAIL_REPLY_TO=feedback@example.com
# HEARDBACK_LEDGER_URL=postgresql+psycopg://user:password@host/heardback
# TYPEFORM_TOKEN=
"""

_SAID = {
    "response_id": "what tells one answer from another",
    "customer_id": "who answered",
    "account_id": "the customer's company",
    "email": "kept private, never published",
}
_MISSING = {
    "response_id": '    # response_id: "{…}"    # nothing but the whole row tells answers apart',
    "submitted_at": '    # submitted_at: "{…}"   # no column was understood as a time: name one here',
}
_ORDER = ["response_id", "submitted_at", "customer_id", "account_id", "email", "language", "channel"]


def configuration(
    source_name: str = "", path: str = "", survey_id: str = "", roles: Roles | None = None
) -> str:
    """Write `heardback.yml` with one source of files, or with examples only."""
    if roles is None:
        return _HEAD + _NO_SOURCES
    lines = [
        "sources:",
        f"  - name: {source_name}",
        "    tool: files",
        f"    path: {_quoted(path)}",
        f"    survey_id: {_quoted(survey_id)}",
        *_templates(roles),
    ]
    if roles.properties:
        listed = ", ".join(_quoted(name) for name in roles.properties)
        lines.append(f"    properties: [{listed}]    # kept with the answer, usable as segments")
    return _HEAD + "\n".join(lines) + "\n" + _LATER


def _templates(roles: Roles) -> list[str]:
    lines = [said for field, said in _MISSING.items() if field not in roles.templates]
    for field in sorted(roles.templates, key=_ORDER.index):
        said = f"    # {_SAID[field]}" if field in _SAID else ""
        lines.append(f"    {field}: {_quoted(roles.templates[field])}{said}")
        if field == "submitted_at":
            if roles.time_format:
                lines.append(f"    submitted_at_format: {_quoted(roles.time_format)}")
            lines.append("    timezone: UTC        # for times without an offset, e.g. Europe/Amsterdam")
    return lines


def _quoted(text: str) -> str:
    """Write text as JSON does, which YAML reads."""
    return json.dumps(text, ensure_ascii=False)
