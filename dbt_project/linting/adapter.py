"""Stand in for dbt's adapter while sqlfluff renders a model: seams show their DuckDB side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, name: str, package: str = "") -> Callable[..., Any]:
    """Find the DuckDB side of a seam among the macros that the model sees."""
    return context.resolve(f"duckdb__{name}")


def get_relation(database: str, schema: str, identifier: str) -> None:
    """Find no relation: models show their full build."""
    return
