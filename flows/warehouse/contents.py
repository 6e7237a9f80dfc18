"""What is published: every mart of the warehouse and those of our own, nothing of any other schema.

Marts come as tables, whatever they are in the warehouse; only a view over marts alone stays a view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb

from flows.warehouse.connections import quoted
from flows.warehouse.mirroring import Mirrored, digest_of, mirror, named
from flows.warehouse.own_marts import OWN, tell
from flows.warehouse.views import marts_only

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Descriptions = dict[tuple[str, str | None], str]

_FEWEST_EMPLOYEES = 5


def _protected(mart: str, cell: str, *, people: str, counted: str) -> str:
    """Leave out what few employees said; a pooled row made of one employee journey alone would say it too."""
    return f"""(
    with employee_journeys as (select journey_id from warehouse.marts.journeys where audience = 'employee'),
    employee_cells as (
        select {cell}, sum({counted}) as {counted} from warehouse.marts.{mart}
        where touchpoint_id = 'all' and journey_id in (from employee_journeys) group by all)
    select * from warehouse.marts.{mart} as cells
    where {people} >= {_FEWEST_EMPLOYEES} or not (
        journey_id in (from employee_journeys)
        or (journey_id = 'all' and ({cell}, {counted}) in (from employee_cells)))
) as cells"""


_METRICS = _protected(
    "journey_metrics",
    "period, period_start, segment_type, segment, survey_kind, metric",
    people="respondent_count",
    counted="answer_count",
)


def _of_metrics(mart: str, period: str) -> str:
    """Leave out what is told of a cell of journey_metrics that is left out."""
    cell = "journey_id, touchpoint_id, survey_kind, metric"
    return f"""(
    select * from warehouse.marts.{mart} as told
    where respondent_count = 0 or ({cell}) in (
        select ({cell}) from {_METRICS} where period = '{period}' and segment_type = 'all')
) as told"""


def _of_pain_points(mart: str, condition: str) -> str:
    """Leave out what few employees complained of and what is made of it; `few` lists these pain points."""
    return f"""(
    with few as (
        select pain_point_id from warehouse.marts.pain_points
        where customer_count < {_FEWEST_EMPLOYEES}
            and journey_id in (select journey_id from warehouse.marts.journeys where audience = 'employee'))
    select * from warehouse.marts.{mart} as told where {condition}
) as told"""


_NOT_OF_FEW = "pain_point_id not in (from few)"
# Marts that do not go out row for row.
SOURCES = {
    "journey_metrics": _METRICS,
    "touchpoint_map": _of_metrics("touchpoint_map", "all"),
    "goal_progress": _of_metrics("goal_progress", "rolling_90d"),
    "outcomes": _protected(
        "outcomes",
        "segment_type, segment, metric, score_class",
        people="customer_count",
        counted="customer_count",
    ),
    "pain_points": _of_pain_points("pain_points", _NOT_OF_FEW),
    "pain_point_answers": _of_pain_points("pain_point_answers", _NOT_OF_FEW),
    "priorities": _of_pain_points("priorities", _NOT_OF_FEW),
    "key_battle_pain_points": _of_pain_points("key_battle_pain_points", _NOT_OF_FEW),
    # Without them a battle would not add up, and by what is missing it would tell of them.
    "key_battles": _of_pain_points(
        "key_battles",
        "battle_id not in (select battle_id from warehouse.marts.key_battle_pain_points "
        "where pain_point_id in (from few))",
    ),
}


def names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """List what belongs into the published file, by name."""
    return sorted([*_tables(connection), *_views(connection), *OWN])


def fill(
    connection: duckdb.DuckDBPyConnection,
    kept: Rows,
    advance: Callable[[], object],
) -> list[Mirrored]:
    """Make the draft say what the warehouse and `kept` say; whatever else is in it goes."""
    tables, views = _tables(connection), _views(connection)
    _drop_others(connection, {*tables, *OWN})
    told = []
    for name in tables:
        told.append(mirror(connection, name, SOURCES.get(name, _mart(name)), _target(name)))
        advance()
    told += _own(connection, kept)
    for name, query in views.items():
        connection.execute(f"create view {_target(name)} as {query}")
        digest, rows = digest_of(connection, _target(name)), _count(connection, _target(name))
        told.append(Mirrored(name, rows, digest, 0))
        advance()
    _describe(connection, views)
    return told


def refresh(connection: duckdb.DuckDBPyConnection, kept: Rows) -> list[Mirrored]:
    """Write only our own marts: the build that stands is published already."""
    told = _own(connection, kept)
    _describe(connection, _views(connection))
    return told


def newest_response(connection: duckdb.DuckDBPyConnection) -> Any:
    """Tell when the newest response of the warehouse was submitted (naive UTC), None without any."""
    row = connection.execute("select max(submitted_at) from warehouse.marts.responses").fetchone()
    return row[0] if row else None


def _own(connection: duckdb.DuckDBPyConnection, kept: Rows) -> list[Mirrored]:
    return [mirror(connection, name, tell(connection, name, kept[name]), _target(name)) for name in OWN]


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'marts' "
        "and not contains(table_name, '__dbt_')"  # what a killed build left behind
    ).fetchall()
    deep = [name for name, query in _all_views(connection).items() if query is None]
    return sorted([*(name for (name,) in found), *deep])


def _views(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return {name: query for name, query in _all_views(connection).items() if query is not None}


def _all_views(connection: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """Give every view of the marts: its query if it is over marts alone, else None."""
    found = connection.execute(
        "select view_name, sql from duckdb_views() where database_name = 'warehouse' "
        "and schema_name = 'marts' and not contains(view_name, '__dbt_')"
    ).fetchall()
    return {name: marts_only(connection, sql.split(" AS ", 1)[1].rstrip(";\n")) for name, sql in found}


def _drop_others(connection: duckdb.DuckDBPyConnection, wanted: set[str]) -> None:
    """Empty the draft of what is not a wanted table of it; views are cheap and always made anew."""
    views = "select schema_name, view_name from duckdb_views() where database_name = 'published'"
    for schema, name in connection.execute(f"{views} and not internal").fetchall():
        connection.execute(f"drop view published.{named(schema)}.{named(name)}")
    tables = "select schema_name, table_name from duckdb_tables() where database_name = 'published'"
    for schema, name in connection.execute(tables).fetchall():
        if schema != "main" or name not in wanted:
            connection.execute(f"drop table published.{named(schema)}.{named(name)}")


def _describe(connection: duckdb.DuckDBPyConnection, views: Mapping[str, str]) -> None:
    """Let every published table and column carry the description of the model that made it."""
    wanted = _descriptions(connection, "warehouse", "marts") | _own_descriptions()
    present = _descriptions(connection, "published", "main")
    for (table, column), text in wanted.items():
        if present.get((table, column)) == text:
            continue
        kind = "view" if table in views else "table"
        what = f"column {_target(table)}.{named(column)}" if column else f"{kind} {_target(table)}"
        connection.execute(f"comment on {what} is {quoted(text)}")


def _descriptions(connection: duckdb.DuckDBPyConnection, database: str, schema: str) -> Descriptions:
    found = connection.execute(
        """
        select database_name, schema_name, table_name as name, null as column_name, comment
        from duckdb_tables()
        union all select database_name, schema_name, view_name, null, comment from duckdb_views()
        union all select database_name, schema_name, table_name, column_name, comment from duckdb_columns()
        """
    ).fetchall()
    return {
        (name, column): text
        for in_database, in_schema, name, column, text in found
        if (in_database, in_schema) == (database, schema) and text and "__dbt_" not in name
    }


def _own_descriptions() -> Descriptions:
    of_tables: Descriptions = {(name, None): mart.sentence for name, mart in OWN.items()}
    of_columns: Descriptions = {
        (name, column): text for name, mart in OWN.items() for column, (_, text) in mart.columns.items()
    }
    return of_tables | of_columns


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _mart(name: str) -> str:
    return f"warehouse.marts.{named(name)}"


def _target(name: str) -> str:
    return f"published.main.{named(name)}"
