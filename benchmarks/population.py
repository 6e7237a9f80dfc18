"""A company of any size for the transform benchmarks: customers, two years of answers, 40 touchpoints.

Of 20 responses 19 rate one touchpoint (csat and nps, every third with a comment in one of four languages),
and one is about the whole relationship: nps of the company and 11 of the 40 touchpoints rated. That is
50 answers to metric questions per 20 responses. A tenth of the customers belong to accounts of five.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.warehouse import raw

NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)
TOUCHPOINTS, JOURNEYS, RATED = 40, 8, 11
SEGMENTS = ["segment", "persona", "audience", "channel", "language", "store"]
SOURCES = [
    {"name": "kiosk", "tool": "files", "path": "*.csv", "survey_id": "visit"},
    {"name": "crm", "tool": "files", "path": "crm/*.csv", "holds": "customers"},
]
PROGRAMME = {
    "journeys": "journey_id,name,position,audience,strategic_weight,owner_team_id\n"
    + "".join(f"j{n},Journey {n},{n},customer,0.5,care\n" for n in range(JOURNEYS)),
    "teams": "team_id,name,email\ncare,Care,care@example.com\n",
    "owners": "owner_id,team_id,name,email\nann,care,Ann,ann@example.com\nbob,care,Bob,bob@example.com\n",
    "touchpoints": "touchpoint_id,journey_id,position,name\n"
    + "".join(f"t{n},j{n % JOURNEYS},{n},Place {n}\n" for n in range(TOUCHPOINTS)),
    "questions": "source_name,survey_id,question_ref,metric,scale_min,scale_max,touchpoint_id,survey_kind\n"
    "*,*,smile,csat,1,5,,\n*,*,recommend,nps,0,10,,\n*,*,why,comment,,,,\n*,*,overall,nps,0,10,,relational\n"
    + "".join(f"*,*,rate_t{n},rating,1,5,t{n},relational\n" for n in range(TOUCHPOINTS)),
    "themes": "theme_id,name,kind,language,pattern\nwaiting,Waiting,complaint,en,<wait\n"
    "waiting,Waiting,complaint,de,wart\nwaiting,Waiting,complaint,pl,czeka\n"
    "waiting,Waiting,complaint,he,חיכ\nprice,Price,complaint,en,expensive|price\n"
    "price,Price,complaint,de,teuer\nstaff,Staff,praise,en,friendly|kind>\nstaff,Staff,praise,de,freundlich\n",
    "goals": "goal_id,journey_id,touchpoint_id,metric,survey_kind,target_score,by_date\n"
    "g1,j1,,csat,transactional,0.6,2026-12-31\n",
    "routing": "rule_id,position,action,score_class,team_id,follow_up_kind,respond_within_hours\n"
    "unhappy,1,assign,detractor,care,recover,48\n",
}
_CUSTOMERS = """
insert into customers
select 'crm', 'C' || n, {load}, n, timestamp '2024-04-01 08:00:00', hash(n),
    case when n % 10 = 0 then 'A' || (n // 50) end, 'Person ' || n, 'c' || n || '@example.com', null,
    ['gold', 'silver', 'iron'][n % 3 + 1], ['family', 'business', 'student', 'senior'][n // 3 % 4 + 1],
    'customer',
    (100 + n % 900)::varchar, 'EUR', null, case when n % 50 = 0 then 'no' else 'yes' end, null,
    case when n % 17 = 0 then '2026-01-' || lpad((n % 28 + 1)::varchar, 2, '0') || 'T00:00:00Z' end
from range({customers}) as numbers(n)
"""
# Numbers are scattered by multiplying with primes and by a hash; no two columns walk in step.
_RESPONSES = """
insert into responses
with numbered as (
    select i, (hash(i) % 1000003)::bigint as h, ['en', 'de', 'pl', 'he'][i * 31 // 7 % 4 + 1] as tongue
    from range({first}, {last}) as numbers(i)
),
said as (
    select
        *, h * 7 % 40 as place,
        case tongue
            when 'en' then 'I had to ' || ['wait very long at the desk', 'pay a high price for it',
                'ask three times', 'smile: friendly people', 'come back again'][h % 5 + 1]
                || ' on my visit number ' || i
            when 'de' then 'Ich musste ' || ['lange warten', 'viel bezahlen, zu teuer', 'zweimal fragen',
                'lachen, so freundlich war man', 'wiederkommen'][h % 5 + 1] || ' beim Besuch Nummer ' || i
            when 'pl' then 'Bardzo długo ' || ['czekałem', 'szukałem', 'płaciłem'][h % 3 + 1]
                || ', wizyta ' || i
            else 'היה ' || ['חיכיתי הרבה', 'יקר מאוד', 'נחמד'][h % 3 + 1] || ' ביקור ' || i
        end as words
    from numbered
)
select
    'kiosk', 'files', 'visit', i::varchar, {load}, i, 'run', {fetched}, hash(i), false,
    {submitted}, true, 'C' || (i * 7919 % {customers}), null, null, tongue,
    ['kiosk', 'web', 'app'][h // 5 % 3 + 1], null, null,
    case when i % 20 = 19
        then '{{"fields":{{}},"properties":{{"store":"' || (h % 20) || '"}},"contacts":{{}},'
            || '"answers":{{"overall":"' || (h * 13 % 11) || '",' || array_to_string(list_transform(
                range({rated}), lambda k: '"rate_t' || ((i // 20 * {rated} + k) % 40) || '":"'
                || least(5, greatest(1, h * 13 % 11 // 2 + (h // (k + 1)) % 3 - 1)) || '"'), ',') || '}}}}'
        else '{{"fields":{{}},"properties":{{"store":"' || (h % 20) || '","touchpoint":"t' || place
            || '"}},"contacts":{{}},"answers":{{"smile":"' || (h * 3 % 5 + 1)
            || '","recommend":"' || (h * 13 % 11) || '","why":"'
            || case when i % 3 = 0 then words else '' end || '"}}}}'
    end
from said
"""


@dataclass(frozen=True, slots=True)
class Size:
    """Say how many answers to metric questions are stored, and of how many customers."""

    answers: int
    customers: int

    @property
    def responses(self) -> int:
        """Give the number of responses that hold so many answers."""
        return self.answers * 20 // 50


def write_programme(folder: Path) -> None:
    """Write the programme tables into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in PROGRAMME.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def land_stored(home: Path, size: Size) -> None:
    """Land the customers, and two years of answers up to two days ago, as load 1."""
    with raw.opened(home) as connection:
        connection.execute(_CUSTOMERS.format(load=1, customers=size.customers))
        seconds = f"(hash(i + 7) % {729 * 86400})::bigint"
        _land(
            connection, 1, 0, size.responses, size, f"timestamp '2026-05-03 11:00:00' - to_seconds({seconds})"
        )


def land_new(home: Path, load: int, first: int, count: int, size: Size, late: int) -> None:
    """Land responses of the last two days, numbered from `first`, `late` of them dated anywhere."""
    submitted = (
        f"timestamp '2026-05-05 11:00:00' - to_seconds((hash(i + 7) % case when i % {count} < {late} "
        f"then {730 * 86400} else {2 * 86400} end)::bigint)"
    )
    with raw.opened(home) as connection:
        _land(connection, load, first, first + count, size, submitted)


def _land(
    connection: duckdb.DuckDBPyConnection, load: int, first: int, last: int, size: Size, submitted: str
) -> None:
    connection.execute(
        _RESPONSES.format(
            load=load,
            first=first,
            last=last,
            customers=size.customers,
            fetched="timestamp '2026-05-05 11:30:00'",
            submitted=submitted,
            rated=RATED,
        )
    )
    connection.execute("insert into loads values (?, 'run', 'kiosk', now()::timestamp)", [load])
    connection.execute(
        "insert into fetches values (?, 'kiosk', 'files', timestamp '2026-05-05 11:30:00', 'read', null, ?)",
        [load, last - first],
    )
