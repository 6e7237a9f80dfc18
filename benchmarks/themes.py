"""`themes_vs_python_re`: 50 patterns in 20 languages over 5 million comments, in SQL and with Python's `re`.

Both are whole processes that read the same comments out of the same DuckDB file and end with the number of
comments by theme and language, which must be equal. SQL is what dbt compiles of `comment_themes`, on two
threads; dbt's start is no part of it. Python goes through the comments on one core with the same patterns.
"""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import duckdb

from benchmarks.harness import BUILD, DidNotEnd, middle, python
from benchmarks.spoken import SPOKEN
from flows.programme.pattern_sql import theme_patterns
from flows.programme.patterns import compiled

COMMENTS, ROUNDS, SMALL = 5_000_000, 2, 20_000
FOLDER = BUILD / "bench" / "themes"
BATCH = 50_000
# Four to seventeen words a comment; one in five holds what a pattern of its language finds.
_SAID = """
create table intermediate.int_answers_judged as
with numbered as (
    select i, spoken.*, hash(i) as chance
    from range({count}) as numbers(i)
    inner join spoken on i % (select count(*) from spoken) = spoken.no
),
told as (
    select *,
        list_transform(
            range(4 + (chance % 14)::bigint), lambda k: words[1 + (hash(i, k) % len(words))::bigint]
        ) as said,
        case
            when chance // 64 % 5 = 0 then found[1 + (chance // 1024 % len(found))::bigint] else ''
        end as held
    from numbered
)
select i::varchar as answer_key, i::varchar as response_key, 1::bigint as load_id, language,
    'kiosk' as source_name, 'visit' as survey_id, 'why' as question_ref, 'comment' as metric,
    null::varchar as choice_id, null::double as value_number,
    case when chance // 4096 % 9 = 0 then upper(text) else text end as value_text
from (
    select *,
        replace(array_to_string(said[1:3] || [held] || said[4:], ' '), ' ', mark) as text
    from told
) as told
"""
_COUNTED = """
select theme_id || ' ' || language, count(*)
from warehouse.marts.comment_themes
inner join warehouse.intermediate.int_answers_judged on comment_key = answer_key
group by all
"""


def measure() -> dict[str, float]:
    """Give how many times faster SQL finds themes than Python; raises DidNotEnd where they differ."""
    sql, by_python = [], []
    for count, rounds in ((SMALL, 1), (COMMENTS, ROUNDS)):
        python("benchmarks.themes", "prepare", count, seconds=900)
        for _ in range(rounds):
            one, other = python("benchmarks.themes", "sql"), python("benchmarks.themes", "re", seconds=1800)
            _compare()
            if count == COMMENTS:
                sql.append(one)
                by_python.append(other)
    return {
        "themes_vs_python_re": middle(by_python) / middle(sql),
        "themes_5m_seconds": middle(sql),
        "themes_5m_python_re_seconds": middle(by_python),
        "themes_5m_peak_mb": sql[0].peak_mb,
        "themes_5m_found": float(sum(_told("sql").values())),
    }


def _compare() -> None:
    ours, theirs = _told("sql"), _told("re")
    if ours != theirs or not ours:
        wrong = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))
        raise DidNotEnd(f"themes: SQL and Python do not find the same: {', '.join(wrong[:5])}")


def _told(way: str) -> dict[str, int]:
    told: dict[str, int] = json.loads((FOLDER / f"{way}.json").read_text(encoding="utf-8"))
    return told


def _themes() -> list[dict[str, str | None]]:
    """Give the rows of `themes`: a pattern of a language each."""
    return [
        {"theme_id": f"{language} {number}", "language": language, "pattern": pattern}
        for language, (_, _, found) in SPOKEN.items()
        for number, pattern in enumerate(found)
    ]


def prepare(count: int) -> None:
    """Make the comments and let dbt compile the model over them."""
    from flows import building
    from flows.warehouse import computed, raw

    shutil.rmtree(FOLDER, ignore_errors=True)
    with raw.opened(FOLDER):
        pass
    now = datetime(2026, 5, 5, 12, tzinfo=UTC)
    computed.begin_build(
        FOLDER, {"now": now}, segment_types=[], sources=[], openings=[], patterns=theme_patterns(_themes())
    )
    with computed.opened(FOLDER) as connection:
        connection.execute("create schema staging")
        connection.execute("create schema intermediate")
        connection.execute("create schema marts")
        names = ("theme_id", "theme_code", "source_name", "survey_id", "question_ref")
        columns = ", ".join(f"{name} varchar" for name in names)
        connection.execute(f"create table staging.stg_programme__themes ({columns})")
        connection.execute(
            "create temp table spoken "
            "(no int, language varchar, mark varchar, words varchar[], found varchar[])"
        )
        connection.executemany("insert into spoken values (?, ?, ?, ?, ?)", list(_spoken()))
        connection.execute(_SAID.format(count=count))
    building.prepare(FOLDER)
    from dbt.cli.main import dbtRunner

    target = FOLDER / "target"
    told = ["--quiet", "--no-version-check", "--full-refresh", "--target-path", str(target)]
    outcome = dbtRunner().invoke(["compile", "--select", "comment_themes", *told])
    if not outcome.success:
        sys.exit("dbt could not compile comment_themes")
    [path] = (target / "compiled").rglob("marts/comment_themes.sql")
    shutil.copyfile(path, FOLDER / "comment_themes.sql")


def _spoken() -> Iterator[tuple[int, str, str, list[str], list[str]]]:
    """Give the languages; words that patterns find as they are, in capitals, and letter and accent apart."""
    for no, (language, (mark, words, found)) in enumerate(SPOKEN.items()):
        finds = [find for finds in found.values() for find in finds.split("|")]
        apart = [unicodedata.normalize("NFD", find) for find in finds]
        yield no, language, mark, words.split(), [*finds, *finds, *apart]


def by_sql() -> None:
    """Find themes as the warehouse does, within the bounds that dbt's connection has."""
    bounds = {"threads": "2", "memory_limit": "4GB", "preserve_insertion_order": "false"}
    with duckdb.connect(config=bounds) as connection:
        connection.execute(f"attach '{FOLDER / 'warehouse.duckdb'}' as warehouse")
        connection.execute("use warehouse")
        sql = (FOLDER / "comment_themes.sql").read_text(encoding="utf-8")
        connection.execute(f"create or replace table warehouse.marts.comment_themes as {sql}")
        _keep("sql", dict(connection.execute(_COUNTED).fetchall()))


def by_re() -> None:
    """Find themes comment by comment."""
    patterns: dict[str, list[tuple[str, Callable[[str], object]]]] = {}
    for row in _themes():
        spoken = patterns.setdefault(str(row["language"]), [])
        spoken.append((str(row["theme_id"]), compiled(str(row["pattern"])).search))
    found: Counter[str] = Counter()
    with duckdb.connect(
        str(FOLDER / "warehouse.duckdb"), read_only=True, config={"threads": "1"}
    ) as connection:
        rows = connection.execute("select language, value_text from intermediate.int_answers_judged")
        while batch := rows.fetchmany(BATCH):
            for language, text in batch:
                text = unicodedata.normalize("NFC", text)
                for theme_id, search in patterns[language]:
                    if search(text):
                        found[f"{theme_id} {language}"] += 1
    _keep("re", found)


def _keep(way: str, counts: dict[str, int]) -> None:
    (FOLDER / f"{way}.json").write_text(json.dumps(counts), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        {"sql": by_sql, "re": by_re}[sys.argv[1]]()
