"""Views of the warehouse, read as DuckDB reads them: as a syntax tree, not by a pattern over their text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb


def marts_only(connection: duckdb.DuckDBPyConnection, query: str) -> str | None:
    """Give a query over marts alone without their schema, None where it reads anything else.

    Without a schema it serves in a file of any name.
    """
    row = connection.execute("select json_serialize_sql(?)", [query]).fetchone()
    tree = json.loads(row[0]) if row else {}
    tables = list(_tables(tree))
    if any(table["schema_name"] not in ("", "marts") for table in tables):  # "": a CTE of its own
        return None
    for table in tables:
        table["catalog_name"] = table["schema_name"] = ""
        table["qualified_name"]["path"] = table["qualified_name"]["path"][-1:]
    row = connection.execute("select json_deserialize_sql(?::json)", [json.dumps(tree)]).fetchone()
    return str(row[0]) if row else None


def _tables(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict) and node.get("type") == "BASE_TABLE":
        yield node
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for part in parts:
        yield from _tables(part)
